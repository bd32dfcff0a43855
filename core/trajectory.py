"""What happened, as data: every learned or group-wise method is a pure function of trajectories."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

__all__ = ["Batch", "Group", "Step", "Trajectory"]


@dataclass
class Step:
    """One step as it is recorded.

    Attributes:
        obs, action, next_obs: as the env gave and took them.
        terminated, truncated: how the episode stood after the step.
        success: the objective's verdict after the step.
        state, next_state: the world's privileged state, or None if it was not recorded.
        admissible: the actions that would have done something, empty if the world does not say.
        valid: whether the action did something.
        tag: a label that the policy gave the step, such as "explore".
        logp: log-probability of the action under the policy that took it.
        state_key: equal for steps taken in the same situation; groups steps across trajectories.
        snapshot: the env before the step, for branching.
        reward: the env's own reward.
        text: what the env said beside the observation after the step (the info keys in its `text_info`).
        scores: what each scorer said of the step, one column a scorer. "paid" is what the run's reward paid,
            "value" what the policy expected.
        inputs, choice: what the policy read and what it chose, in its own form, for learning from the step later.
    """

    obs: Any
    action: Any
    next_obs: Any
    terminated: bool = False
    truncated: bool = False
    success: bool = False
    state: Any = None
    next_state: Any = None
    admissible: tuple[Any, ...] = ()
    valid: bool = True
    tag: str = ""
    logp: float = 0.0
    state_key: Hashable = None
    snapshot: bytes | None = None
    reward: float = 0.0
    text: dict[str, Any] = field(default_factory=dict)
    scores: dict[str, float] = field(default_factory=dict)
    inputs: Any = None
    choice: Any = None


@dataclass
class Trajectory:
    """One episode, or a segment of one: its task, its steps and what the objective said in the end.

    Attributes:
        task_id, seed: what was played.
        steps: T steps.
        objective: the true score of the episode, in [0, 1]; only evaluation and diagnostics read it.
        metrics: more figures of the episode, such as the number of retrievals.
        truncated: the time limit ended it.
        last_value: what the policy expected of the situation after the last step; 0 if the episode terminated there.
    """

    task_id: str
    seed: int
    steps: list[Step]
    objective: float = 0.0
    metrics: dict[str, float] = field(default_factory=dict)
    truncated: bool = False
    last_value: float = 0.0

    def __len__(self) -> int:
        return len(self.steps)

    @property
    def outcome(self) -> float:
        """What the env itself paid over the episode: 1 for a success in most text worlds, F1 in question answering."""
        return float(sum(step.reward for step in self.steps))

    def column(self, name: str) -> np.ndarray:
        """Return the scores of one scorer, (T,).

        Raises:
            KeyError: the scorer has not scored this trajectory.
        """
        try:
            return np.array([step.scores[name] for step in self.steps])
        except KeyError:
            has = sorted(self.steps[0].scores)
            raise KeyError(f"no scores {name!r} on the trajectory of task {self.task_id!r}; it has {has}") from None

    def write(self, name: str, values: np.ndarray) -> None:
        """Set the column of one scorer to `values`, (T,)."""
        for step, value in zip(self.steps, np.asarray(values, dtype=float).tolist(), strict=True):
            step.scores[name] = value


@dataclass
class Group:
    """Trajectories of the same task instance, for advantages that compare within a group."""

    task_id: str
    trajectories: list[Trajectory]


@dataclass
class Batch:
    """The groups of one training iteration.

    What is computed for a batch (rewards, advantages) is a list with one array (T,) for each of its trajectories, in
    the order of `trajectories`.
    """

    groups: list[Group]
    iteration: int = 0

    @property
    def trajectories(self) -> list[Trajectory]:
        """All trajectories, group after group."""
        return [one for group in self.groups for one in group.trajectories]

    @property
    def group_rows(self) -> list[range]:
        """For each group, where its trajectories stand in `trajectories`."""
        ends = np.cumsum([len(group.trajectories) for group in self.groups]).tolist()
        return [range(end - len(group.trajectories), end) for end, group in zip(ends, self.groups, strict=True)]
