"""What sampled distances are measured on: situations of an env, a random step from each, and random play after that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import gymnasium as gym
import numpy as np

from ...core.random import derive_seed
from ...core.trajectory import Step, Trajectory
from ..noisy import open_player

__all__ = ["Fan", "sample_fans"]


@dataclass(frozen=True)
class Fan:
    """One situation s and what random play leads to from it; each trajectory begins with its own first state.

    Attributes:
        step: one random action from s, a trajectory of one step.
        here: M random plays from s.
        there: M random plays from the state after `step`; empty if the episode ended with it.
    """

    step: Trajectory
    here: list[Trajectory]
    there: list[Trajectory]


def sample_fans(
    env_id: str,
    env_kwargs: Mapping[str, Any],
    situations: int,
    rollouts: int,
    horizon: int,
    seed: int,
    cover: str = "expert:0.2",
) -> tuple[list[Fan], int]:
    """Return fans from situations that a policy gets into, and the env steps that they took.

    Time limits do not count: a fan goes on as if there were none.

    Args:
        env_id: an env whose state can be saved and restored.
        env_kwargs: its arguments.
        situations: N.
        rollouts: M, random plays from each of the two states.
        horizon: steps of a random play.
        seed: seeds everything.
        cover: who plays to get into the situations, as in `open_player`; every second episode is played at random.

    Raises:
        ValueError: the env cannot save its state.
    """
    limited = gym.make(env_id, **env_kwargs)
    env: Any = limited.unwrapped
    if not hasattr(env, "snapshot"):
        raise ValueError(f"{env_id} cannot save its state (`snapshot`), so no two plays can begin alike")
    length = limited.spec.max_episode_steps if limited.spec and limited.spec.max_episode_steps else 100
    rng = np.random.default_rng(derive_seed(seed, "fans"))
    drift = open_player("random", env_id, env.action_space)
    drift.seed(derive_seed(seed, "drift"))
    player = _Hand(env)
    fans: list[Fan] = []
    saved: list[tuple[bytes, Any, Any]] = []
    episode = 0
    while len(saved) < situations:
        actor = open_player(cover if episode % 2 == 0 else "random", env_id, env.action_space)
        actor.seed(derive_seed(seed, "cover", episode))
        found = player.wander(actor, derive_seed(seed, "episode", episode) % 2**31, length)
        want = min(4, situations - len(saved), len(found))
        saved += [found[i] for i in sorted(rng.choice(len(found), want, replace=False).tolist())]
        episode += 1
    for begun in saved:
        (step,) = player.play(begun, drift, 1, 1)
        over = step.steps[-1].terminated
        after = None if over else (env.snapshot(), step.steps[-1].next_obs, player.info)
        here = player.play(begun, drift, horizon, rollouts)
        fans.append(Fan(step, here, [] if after is None else player.play(after, drift, horizon, rollouts)))
    taken = player.steps
    limited.close()
    return fans, taken


class _Hand:
    """Plays one env by actors and records what happens."""

    def __init__(self, env: Any):
        self.env, self.steps = env, 0
        self.info: dict[str, Any] = {}
        self._text = tuple(env.metadata.get("text_info", ()))

    def wander(self, actor: Any, seed: int, length: int) -> list[tuple[bytes, Any, Any]]:
        """Play an episode; return its situations as (snapshot, observation, info), the last one left out."""
        obs, info = self.env.reset(seed=seed)
        found, fresh = [], True
        for _ in range(length):
            found.append((self.env.snapshot(), obs, info))
            obs, _, over, _, info = self._step(actor, obs, info, fresh)
            fresh = False
            if over:
                break
        return found

    def play(self, begun: tuple[bytes, Any, Any], actor: Any, horizon: int, times: int) -> list[Trajectory]:
        """Return `times` plays of at most `horizon` steps from a situation."""
        plays = []
        for _ in range(times):
            snapshot, obs, info = begun
            self.env.restore(snapshot)
            steps: list[Step] = []
            for _ in range(horizon):
                before = self.env.state
                new, own, over, action, info = self._step(actor, obs, info, not steps)
                said = {key: info[key] for key in self._text if key in info}
                steps.append(
                    Step(
                        obs=obs,
                        action=action,
                        next_obs=new,
                        terminated=over,
                        success=bool(info["is_success"]),
                        state=before,
                        next_state=self.env.state,
                        reward=float(own),
                        text=said,
                    )
                )
                obs = new
                if over:
                    break
            self.info = info
            plays.append(Trajectory(str(getattr(self.env, "task", "")), 0, steps))
        return plays

    def _step(self, actor: Any, obs: Any, info: Mapping[str, Any], fresh: bool) -> tuple[Any, Any, bool, Any, Any]:
        columns = {key: [value] for key, value in info.items()}
        seen = {key: value[None] for key, value in obs.items()} if isinstance(obs, Mapping) else [obs]
        action = actor.act(seen, columns, np.array([fresh]))[0]
        new, own, terminated, _, told = self.env.step(action)
        self.steps += 1
        return new, own, bool(terminated), action, told
