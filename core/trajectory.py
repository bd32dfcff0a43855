"""What happened, as data: every learned or group-wise method is a pure function of trajectories."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any

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
        scores: what each scorer said of the step, one column a scorer.
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


@dataclass
class Trajectory:
    """One episode: its task, its steps and what the objective said in the end."""

    task_id: str
    seed: int
    steps: list[Step]
    objective: float = 0.0
    metrics: dict[str, float] = field(default_factory=dict)
    truncated: bool = False

    def __len__(self) -> int:
        return len(self.steps)


@dataclass
class Group:
    """Trajectories of the same task instance, for advantages that compare within a group."""

    task_id: str
    trajectories: list[Trajectory]


@dataclass
class Batch:
    """The groups of one training iteration."""

    groups: list[Group]
    iteration: int = 0
