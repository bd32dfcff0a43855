"""Going back into a finished episode of a deterministic world and playing it on from there, many times at once."""

from __future__ import annotations

import pickle
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import gymnasium as gym
import numpy as np

from ...core.trajectory import Trajectory
from .provers import Prover

__all__ = ["Branches", "Fork"]


@dataclass(frozen=True)
class Fork:
    """A situation within an episode, from which it can be played on.

    Attributes:
        snapshot: the env.
        info: what the env says there.
        inputs: what a prover that reads makes of it; None for one that does not.
        notes: its reader, pickled, as it stands after reading.
        steps: taken so far.
        earned: what the env has paid so far.
    """

    snapshot: bytes
    info: dict[str, Any]
    inputs: Any
    notes: bytes
    steps: int
    earned: float


@dataclass
class _Slot:
    fork: int
    env: Any
    reader: Any
    inputs: Any
    info: dict[str, Any]
    steps: int
    earned: float


class Branches:
    """Replays recorded actions from the reset of a task, then lets a prover finish the episode from any step.

    The world must have tasks (`reset(options={"task": id})`), `snapshot` and `restore`, and be deterministic.

    Args:
        env_id, env_kwargs: as for `gymnasium.make`.
        num_envs: episodes that are played on at once.

    Attributes:
        env_steps: all steps taken so far, replaying included.
    """

    def __init__(self, env_id: str, env_kwargs: Mapping[str, Any] | None = None, num_envs: int = 32):
        self.env_id, self.env_kwargs, self.num_envs = env_id, dict(env_kwargs or {}), num_envs
        self.env_steps = 0
        self._envs: list[Any] = []
        self._limit = 0

    def forks(self, trajectory: Trajectory, wanted: Collection[int], prover: Prover) -> list[Fork]:
        """Replay an episode and return the situations before the steps `wanted`, in order; T is after the last.

        Raises:
            ValueError: the world does not show what was recorded.
        """
        env, reader = self._env(0), prover.reader()
        found, earned, action = [], 0.0, None
        observation, info = env.reset(options={"task": trajectory.task_id})
        for k in range(max(wanted, default=-1) + 1):
            terminated, recorded = False, trajectory.steps[0].obs
            if k:
                action, recorded = trajectory.steps[k - 1].action, trajectory.steps[k - 1].next_obs
                observation, reward, terminated, _, info = env.step(action)
                self.env_steps += 1
                earned += float(reward)
            if terminated or not _same(observation, recorded):
                raise ValueError(
                    f"replaying task {trajectory.task_id!r} in {self.env_id} came to something else than recorded "
                    f"after {k} of {len(trajectory)} steps; branching needs a deterministic env and whole episodes"
                )
            inputs = None if reader is None else _read(reader, observation, info, action, fresh=k == 0)
            if k in wanted:
                found.append(Fork(env.snapshot(), info, inputs, pickle.dumps(reader), k, earned))
        return found

    def play(self, forks: Sequence[Fork], prover: Prover, times: int) -> list[list[float]]:
        """Finish the episode `times` times from each fork; return the outcomes of the whole episodes."""
        outcomes: list[list[float]] = [[] for _ in forks]
        jobs = iter([row for row in range(len(forks)) for _ in range(times)])
        slots = [slot for number in range(self.num_envs) if (slot := self._begin(number, forks, jobs)) is not None]
        while slots:
            actions = prover.choose([slot.inputs for slot in slots], [slot.info for slot in slots])
            for number, (slot, action) in enumerate(zip(slots, actions, strict=True)):
                observation, reward, terminated, truncated, slot.info = slot.env.step(action)
                self.env_steps += 1
                slot.steps += 1
                slot.earned += float(reward)
                if terminated or truncated or slot.steps >= self._limit:
                    outcomes[slot.fork].append(slot.earned)
                    slots[number] = self._begin(number, forks, jobs, slot.env)  # None if nothing is left to play
                elif slot.reader is not None:
                    slot.inputs = _read(slot.reader, observation, slot.info, action, fresh=False)
            slots = [slot for slot in slots if slot is not None]
        return outcomes

    def _begin(self, number: int, forks: Sequence[Fork], jobs: Any, env: Any = None) -> Any:
        row = next(jobs, None)
        if row is None:
            return None
        env, fork = env or self._env(number), forks[row]
        env.restore(fork.snapshot)
        return _Slot(row, env, pickle.loads(fork.notes), fork.inputs, fork.info, fork.steps, fork.earned)

    def _env(self, number: int) -> Any:
        while len(self._envs) <= number:
            env = gym.make(self.env_id, disable_env_checker=True, **self.env_kwargs)
            self._limit = (env.spec.max_episode_steps if env.spec else None) or 1_000_000
            self._envs.append(env.unwrapped)  # the limit counts from the reset, which a restored env has not seen
        return self._envs[number]


def _same(observation: Any, recorded: Any) -> bool:
    """Return whether two observations are equal, as far as numbers and words can be compared."""
    if isinstance(observation, dict):
        return isinstance(recorded, dict) and all(_same(value, recorded.get(key)) for key, value in observation.items())
    return bool(np.array_equal(observation, recorded))


def _read(reader: Any, observation: Any, info: Mapping[str, Any], action: Any, fresh: bool) -> Any:
    columns = {key: [value] for key, value in info.items()}
    return reader.read([observation], columns, np.array([fresh]), [action])[0]
