"""What a manipulation task is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from ....core.registry import Registry
from ..state import ManipulationState

__all__ = ["TASKS", "Start", "Task", "register"]


@dataclass(frozen=True)
class Start:
    """How an episode begins.

    Attributes:
        target: where the object is to be, (3,), m.
        object: where it stands, (3,), m; None where there is none.
        turn: its heading about the vertical, radians.
    """

    target: np.ndarray
    object: np.ndarray | None = None
    turn: float = 0.0


class Task(ABC):
    """One task: what stands on the table, how episodes begin, when it is done.

    Class attributes:
        name: the env's name, such as "Reach".
        steps: control steps of an episode, at 20 Hz.
        has_object: whether there is a free thing called "object".
    """

    name: ClassVar[str]
    steps: ClassVar[int] = 60
    has_object: ClassVar[bool] = True

    @abstractmethod
    def build(self, spec: Any) -> None:
        """Add the task's things to an `mujoco.MjSpec` of table and arm."""

    @abstractmethod
    def start(self, rng: np.random.Generator, difficulty: float) -> Start:
        """Draw how an episode begins; `difficulty` in [0, 1] widens what can be drawn."""

    def secured(self, state: ManipulationState) -> np.ndarray:
        """Return where the object is under control, bool (...,): here, between both pads."""
        return state.grasped > 0

    @abstractmethod
    def success(self, state: ManipulationState) -> np.ndarray:
        """Return where the task counts as done, bool (...,), from all other fields of the state."""


TASKS: Registry[Task] = Registry("manipulation task", "guerdon.envs.manipulation.tasks")
"""All tasks by name, found by importing the modules of `guerdon.envs.manipulation.tasks`."""


def register(cls: type[Task]) -> type[Task]:
    """Class decorator: make a task known under its name."""
    TASKS.add(cls.name, cls())
    return cls
