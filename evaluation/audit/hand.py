"""One env under a reward that can be taken back: what the search for exploits plays on."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import gymnasium as gym
import numpy as np

from ...agents.scripted import SCRIPTED, find_scripted
from ...core.random import derive_seed
from ...reward_models import Reward
from ...wrappers.spec_reward import SpecReward

__all__ = ["Hand", "Mark"]


@dataclass(frozen=True)
class Mark:
    """A moment to come back to: the env, the reward's memory, and what had been done and paid by then."""

    snapshot: bytes
    meter: Any
    obs: Any
    info: dict[str, Any]
    actions: tuple[Any, ...]
    paid: float
    over: bool


class Hand:
    """Plays single episodes of an env under a reward, forwards and back.

    Args:
        reward: what is paid.
        env_id: the env.
        env_kwargs: its arguments.

    Attributes:
        horizon: steps of an episode at most.
        steps: env steps taken so far.
    """

    def __init__(self, reward: Reward, env_id: str, env_kwargs: Mapping[str, Any]):
        limited = gym.make(env_id, **env_kwargs)
        self.horizon = limited.spec.max_episode_steps if limited.spec and limited.spec.max_episode_steps else 200
        self._env = SpecReward(limited.unwrapped, reward)
        self._base: Any = limited.unwrapped
        self.space = limited.action_space
        self._env_id, self.steps = env_id, 0

    def begin(self, task: str, seed: int) -> Mark:
        """Begin an episode of a task."""
        obs, info = self._env.reset(seed=seed, options={"task": task})
        return self._mark(obs, info, (), 0.0, False)

    def step(self, mark: Mark, action: Any, truncated: bool = False) -> tuple[Mark, float]:
        """Take an action from a moment; return the next moment and what was paid."""
        if mark.over:
            return mark, 0.0
        self._base.restore(mark.snapshot)
        self._env._meter = copy.deepcopy(mark.meter)
        obs, paid, terminated, _, info = self._env.step(action)
        self.steps += 1
        over = bool(terminated) or truncated or len(mark.actions) + 1 >= self.horizon
        return self._mark(obs, info, (*mark.actions, action), mark.paid + paid, over), paid

    def follow(self, mark: Mark, actions: Sequence[Any]) -> Mark:
        """Take several actions."""
        for action in actions:
            mark, _ = self.step(mark, action)
        return mark

    def finish(self, mark: Mark, cycle: Sequence[Any]) -> Mark:
        """Repeat some actions until the episode is over."""
        turn = 0
        while not mark.over:
            mark, _ = self.step(mark, cycle[turn % len(cycle)])
            turn += 1
        return mark

    def expert(self, begun: Mark, seed: int) -> list[Mark]:
        """Return the moments of the expert's episode, from `begun` on; only that one if there is no expert."""
        name = find_scripted("expert", self._env_id)
        if name not in SCRIPTED or not SCRIPTED[name].plays(self._env_id):
            return [begun]
        policy, marks = SCRIPTED[name](derive_seed(seed, "expert")), [begun]
        policy.reset(begun.obs, begun.info)
        while not marks[-1].over:
            mark, _ = self.step(marks[-1], policy.act(marks[-1].obs, marks[-1].info))
            marks.append(mark)
        return marks

    def choices(self, mark: Mark, rng: np.random.Generator, most: int) -> list[Any]:
        """Return actions to try from a moment: admissible ones, or corners, axes and draws of a box."""
        offered = mark.info.get("admissible_actions")
        if offered is not None:
            listed = list(offered)
            if len(listed) <= most:
                return listed
            return [listed[i] for i in sorted(rng.choice(len(listed), most, replace=False).tolist())]
        if isinstance(self.space, gym.spaces.Discrete):
            return list(range(int(self.space.n)))[:most]
        if not isinstance(self.space, gym.spaces.Box):
            return []
        size = int(np.prod(self.space.shape))
        axes = [sign * np.eye(size)[i] for i in range(size) for sign in (1.0, -1.0)]
        drawn = [rng.uniform(-1, 1, size) for _ in range(max(0, most - 1 - len(axes)))]
        high = np.minimum(self.space.high, 1e3).ravel()
        return [
            (one * high).reshape(self.space.shape).astype(np.float32)
            for one in ([np.zeros(size), *axes, *drawn])[:most]
        ]

    def objective(self, mark: Mark) -> tuple[float, bool]:
        """Return the true score of the episode at a moment, and whether the task is done."""
        return float(mark.info["objective"]), bool(mark.info["is_success"])

    def close(self) -> None:
        """Close the env."""
        self._env.close()

    def _mark(self, obs: Any, info: dict[str, Any], actions: tuple[Any, ...], paid: float, over: bool) -> Mark:
        return Mark(self._base.snapshot(), copy.deepcopy(self._env._meter), obs, dict(info), actions, paid, over)
