"""Reach: bring the gripper to a point."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from ..robot.kinematics import TCP
from ..state import ManipulationState
from .base import Start, Task, register

__all__ = ["Reach"]


@register
class Reach(Task):
    """Bring the point between the finger pads to within 3 cm of the target, and be slower than 10 cm/s there.

    The target lies up to 15 cm (difficulty 0) or 30 cm (1) aside and 5 to 35 cm above the table.
    """

    name: ClassVar[str] = "Reach"
    goal: ClassVar[str] = "Bring the gripper to the green mark, and hold it still there."
    steps: ClassVar[int] = 40
    aims: ClassVar[tuple[tuple[str, str], ...]] = ((TCP, "target"),)
    near: ClassVar[float] = 0.03
    budget: ClassVar[int] = 100_000

    def build(self, spec: Any) -> None:
        """Nothing stands on the table."""

    def start(self, rng: np.random.Generator, difficulty: float) -> Start:
        """Draw the target."""
        side = 0.15 + 0.15 * difficulty
        x, y = rng.uniform(-0.1, 0.1), rng.uniform(-side, side)
        return {"target": (0.5 + x, y, rng.uniform(0.05, 0.35))}

    def secured(self, state: ManipulationState) -> np.ndarray:
        """Always: the gripper is the object."""
        return state.gap < np.inf

    def settled(self, state: ManipulationState) -> np.ndarray:
        """Slow."""
        return state.speed <= 0.1
