"""Plays a policy in many slots of one vector env and records every step."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import gymnasium as gym
import numpy as np
import torch
from gymnasium.vector import VectorEnv

from ...core.columns import merged
from ...core.random import derive_seed
from ...core.trajectory import Step, Trajectory
from ...reward_models import Reward
from ...wrappers.spec_reward import SpecRewardVector
from ..actor import rows_of
from ..episode_sums import EpisodeSums
from ..policies.base import Policy

__all__ = ["Player", "Script"]

PLAN = "plan_length"

Script = Callable[[Sequence[Any], Mapping[str, Any], np.ndarray], tuple[list[Any], list[Any], list[str]]]
"""Another hand than the policy's: (observations, infos, fresh) to actions taken, actions recorded as chosen, tags."""

OnEpisode = Callable[[dict[str, Any]], None]


class Player:
    """B slots of an env under a reward; it pickles in mid-episode.

    Args:
        env_id, env_kwargs: the env.
        reward: what each step is paid, in the column "paid".
        num_envs: B.
        seed: seeds the env and the draw of tasks.

    Attributes:
        record_plans: whether to record the privileged columns "plan_before" and "plan_after"; to be set before `begin`.
    """

    def __init__(
        self,
        env_id: str,
        env_kwargs: Mapping[str, Any],
        reward: Reward,
        num_envs: int,
        seed: int,
    ):
        env: VectorEnv = gym.make_vec(env_id, num_envs=num_envs, autoreset_mode="Disabled", **env_kwargs)
        self.env = SpecRewardVector(env, reward)
        self.num_envs, self.steps = num_envs, 0
        self._text = tuple(env.unwrapped.metadata.get("text_info", ()))
        self._seed, self._rng = seed, np.random.default_rng(derive_seed(seed, "tasks"))
        self.record_plans = False
        self._sums = EpisodeSums(num_envs)
        self._live: list[list[Step]] = [[] for _ in range(num_envs)]
        self._fresh = np.ones(num_envs, dtype=bool)
        self._last: list[Any] = [None] * num_envs
        self._reader: Any = None
        self._inputs: list[Any] = []
        self._memory: Any = None
        self._obs: Any = None
        self._infos: dict[str, Any] = {}

    @property
    def begun(self) -> bool:
        """Whether the first episodes have begun."""
        return self._reader is not None

    def draw_task(self) -> str:
        """Return a task of the env, drawn uniformly."""
        return self.env.unwrapped.catalogue.draw(self._rng, None)  # type: ignore[attr-defined]

    def begin(self, policy: Policy, tasks: Sequence[str] | None = None) -> None:
        """Begin an episode in every slot: of these tasks, or of drawn ones.

        Raises:
            ValueError: plans are to be recorded in an env that does not tell of them.
        """
        self._reader = policy.reader(self.num_envs)
        options = None if tasks is None else {"task": list(tasks)}
        obs, infos = self.env.reset(seed=derive_seed(self._seed, "train"), options=options)
        if self.record_plans and PLAN not in infos:
            raise ValueError(f"{self.env} does not say how long the shortest plan is, which a step scorer asks for")
        self._obs, self._infos = rows_of(obs), {key: value for key, value in infos.items() if self._wanted(key)}
        self._fresh[:] = True
        self._sums.begin(self._fresh, infos)
        self._inputs = self._reader.read(self._obs, self._infos, self._fresh, self._last)

    def advance(
        self,
        policy: Policy,
        generator: torch.Generator,
        next_task: Callable[[int], str] | None = None,
        on_episode: OnEpisode | None = None,
        script: Script | None = None,
    ) -> list[tuple[int, Trajectory]]:
        """Take one step in every slot and begin anew where an episode ended; return (slot, what was played) of those.

        Args:
            policy: who chooses.
            generator: where its draws come from.
            next_task: gives the task of a slot's next episode; None draws one.
            on_episode: told of each ended episode.
            script: another hand, which acts and says what is to be recorded as the policy's choice.
        """
        forced, taken = None, None
        if script is not None:
            taken, wanted, tags = script(self._obs, self._infos, self._fresh)
            forced = [policy.choice_of(*one) for one in zip(self._inputs, wanted, tags, strict=True)]
        decided = policy.decide(self._inputs, self._memory, self._fresh, generator, forced=forced)
        actions = decided.actions if taken is None else taken
        told = np.stack(actions) if isinstance(actions[0], np.ndarray) else actions
        obs, paid, terminated, truncated, info = self.env.step(told)
        self.steps += self.num_envs
        self._sums.add(paid, info)
        obs = rows_of(obs)
        self._record(decided, actions, obs, paid, terminated, truncated, info)
        self._memory, self._last = decided.memory, actions
        done = terminated | truncated
        ended: list[tuple[int, Trajectory]] = []
        if done.any():
            ended = self._finish(policy, obs, info, terminated, truncated)
            if on_episode is not None:
                for row, _ in ended:
                    on_episode({**self._sums.ended(row, info), "step": self.steps})
            again = None if next_task is None else [next_task(row) if over else None for row, over in enumerate(done)]
            options = {"reset_mask": done} | ({} if again is None else {"task": again})
            new, fresh_info = self.env.reset(options=options)
            new = rows_of(new)
            self._sums.begin(done, fresh_info)
            info = {key: merged(value, fresh_info[key], done) for key, value in info.items() if self._wanted(key)}
            obs = [new[row] if over else obs[row] for row, over in enumerate(done)]
        else:
            info = {key: value for key, value in info.items() if self._wanted(key)}
        self._obs, self._infos, self._fresh = obs, info, done
        self._inputs = self._reader.read(obs, info, done, actions)
        return ended

    def cut(self, policy: Policy) -> list[Trajectory]:
        """Return what the slots have played of their unfinished episodes since the last cut, and forget it."""
        values = policy.decide(self._inputs, self._memory, self._fresh, torch.Generator(), greedy=True).values
        parts = []
        for row, steps in enumerate(self._live):
            if steps:
                parts.append(Trajectory(self._sums.task(row), self._seed, steps, last_value=float(values[row])))
                self._live[row] = []
        return parts

    def _wanted(self, key: str) -> bool:
        return key in ("admissible_actions", "expert_action") or (self.record_plans and key == PLAN)

    def _record(
        self,
        decided: Any,
        actions: Sequence[Any],
        obs: Sequence[Any],
        paid: np.ndarray,
        terminated: np.ndarray,
        truncated: np.ndarray,
        info: Mapping[str, Any],
    ) -> None:
        own = info["reward_env"].tolist()
        won, failures = info["is_success"].tolist(), info.get("failure")
        logp, values, paid_ = decided.logp.tolist(), decided.values.tolist(), paid.tolist()
        over, cut = terminated.tolist(), truncated.tolist()
        offered = self._infos.get("admissible_actions")
        texts = [(key, info[key]) for key in self._text if key in info and key != "admissible_actions"]
        before, after = None, None
        if self.record_plans:
            before, after = self._infos[PLAN].tolist(), info[PLAN].tolist()
        for row, steps in enumerate(self._live):
            seen = self._obs[row]
            scores = {"paid": paid_[row], "value": values[row]}
            if before is not None and after is not None:
                scores["plan_before"], scores["plan_after"] = float(before[row]), float(after[row])
            steps.append(
                Step(
                    obs=seen,
                    action=actions[row],
                    next_obs=obs[row],
                    terminated=over[row],
                    truncated=cut[row],
                    success=won[row],
                    admissible=() if offered is None else offered[row],
                    valid=failures is None or failures[row] is None,
                    tag="" if decided.tags is None else decided.tags[row],
                    logp=logp[row],
                    state_key=seen if isinstance(seen, str | int) else None,
                    reward=own[row],
                    text={key: column[row] for key, column in texts},
                    scores=scores,
                    inputs=self._inputs[row],
                    choice=decided.choices[row],
                )
            )

    def _finish(
        self,
        policy: Policy,
        obs: Sequence[Any],
        info: Mapping[str, Any],
        terminated: np.ndarray,
        truncated: np.ndarray,
    ) -> list[tuple[int, Trajectory]]:
        """Return what ended; where the time limit did it, with what the policy still expected."""
        rows = np.flatnonzero(terminated | truncated)
        open_rows = rows[~terminated[rows]]
        values = dict.fromkeys(rows.tolist(), 0.0)
        if len(open_rows):
            infos = {key: value[open_rows] for key, value in info.items() if self._wanted(key)}
            no = np.zeros(len(open_rows), dtype=bool)
            seen, last = [obs[row] for row in open_rows], [self._last[row] for row in open_rows]
            inputs = self._reader.read(seen, infos, no, last, open_rows)
            memory = policy.pick_memory(self._memory, open_rows)
            guess = policy.decide(inputs, memory, no, torch.Generator(), greedy=True).values
            values |= dict(zip(open_rows.tolist(), guess.tolist(), strict=True))
        found = []
        for row, value in values.items():
            steps, self._live[row] = self._live[row], []
            figures = self._sums.ended(row, info)
            found.append(
                (
                    row,
                    Trajectory(
                        task_id=self._sums.task(row),
                        seed=self._seed,
                        steps=steps,
                        objective=figures["objective"],
                        metrics={"length": float(figures["episode"]["l"])},
                        truncated=bool(truncated[row] and not terminated[row]),
                        last_value=value,
                    ),
                )
            )
        return found
