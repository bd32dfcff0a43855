"""What a manipulation task is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from ....core.registry import Registry
from ..state import ManipulationState

__all__ = ["TASKS", "Start", "Task", "register"]

Start = Mapping[str, Any]
"""How an episode begins: where things are, by name.

For a joint that slides or turns one number, in m or radians; for a free body, and for a mocap body that carries
furniture or marks a target, x, y, z in m and, if it is turned about the vertical, its heading in radians.
"""


class Task(ABC):
    """One task: what stands on the table, how episodes begin, when it is done.

    A task is a list of aims, mostly of one: bring a thing to where a target is. Things and targets are sites. A thing
    that pads can touch has a geom of the same name. A target that `build` does not make is a mark that stands still
    during an episode, and `start` says where.

    Class attributes:
        name: the env's name, such as "Reach".
        goal: what is to be done, in words.
        steps: control steps of an episode, at 20 Hz.
        aims: pairs of thing and target, in the order in which they are to be reached.
        near: how close to the target counts, in m.
        camera: which camera shows it best.
        budget: env steps that a comparison trains for; enough for robot-ppo under manipulation/staged-v1 where it
            learns the task at all.
    """

    name: ClassVar[str]
    goal: ClassVar[str]
    steps: ClassVar[int] = 60
    aims: ClassVar[tuple[tuple[str, str], ...]] = (("object", "target"),)
    near: ClassVar[float]
    camera: ClassVar[str] = "front"
    budget: ClassVar[int] = 500_000

    @abstractmethod
    def build(self, spec: Any) -> None:
        """Add the task's things to an `mujoco.MjSpec` of table and arm."""

    @abstractmethod
    def start(self, rng: np.random.Generator, difficulty: float) -> Start:
        """Draw how an episode begins; `difficulty` in [0, 1] widens what can be drawn."""

    def phase(self, at: Mapping[str, np.ndarray]) -> np.ndarray:
        """Return the number of the aim that is due (N,), int, from the positions (N, 3) of all things and targets.

        Only asked where there are several aims. It depends on nothing but where things are now.
        """
        raise NotImplementedError(f"{self.name} has {len(self.aims)} aims and does not say which is due")

    def secured(self, state: ManipulationState) -> np.ndarray:
        """Return where the object is under control, bool (...,): here, between both pads."""
        return state.grasped > 0

    @abstractmethod
    def settled(self, state: ManipulationState) -> np.ndarray:
        """Return where the object is as quiet and as free as it has to be at the target, bool (...,)."""

    def success(self, state: ManipulationState) -> np.ndarray:
        """Return where the task counts as done, bool (...,): the last aim is due, the object is there and settled."""
        done = (state.gap <= self.near) & (state.settled > 0)
        return done & (state.phase >= state.phases - 1) if len(self.aims) > 1 else done


TASKS: Registry[Task] = Registry("manipulation task", "guerdon.envs.manipulation.tasks")
"""All tasks by name, found by importing the modules of `guerdon.envs.manipulation.tasks`."""


def register(cls: type[Task]) -> type[Task]:
    """Class decorator: make a task known under its name."""
    TASKS.add(cls.name, cls())
    return cls
