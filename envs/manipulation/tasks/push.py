"""Push: slide a cube over the table to a point."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from ..state import ManipulationState
from .base import Start, Task, register
from .things import add_cube, draw_apart

__all__ = ["Push"]

HALF = 0.025


@register
class Push(Task):
    """Bring a cube of 5 cm to within 4 cm of a point on the table, and leave it at rest (below 5 cm/s).

    Cube and target lie anywhere in a field of 20 x 30 cm, 8 to 16 cm apart at difficulty 0, 8 to 24 cm at 1.
    """

    name: ClassVar[str] = "Push"
    goal: ClassVar[str] = "Slide the cube over the table to the green mark, and leave it at rest there."
    near: ClassVar[float] = 0.04
    budget: ClassVar[int] = 1_400_000

    def build(self, spec: Any) -> None:
        """Put the cube on the table."""
        add_cube(spec, HALF)

    def start(self, rng: np.random.Generator, difficulty: float) -> Start:
        """Draw cube and target."""
        cube, target = draw_apart(rng, 0.08, 0.16 + 0.08 * difficulty)
        turn = float(rng.uniform(-np.pi / 4, np.pi / 4))
        return {"target": (*target, HALF), "object": (*cube, HALF, turn)}

    def secured(self, state: ManipulationState) -> np.ndarray:
        """At the gripper: within 6 cm of it."""
        return state.reach <= 0.06

    def settled(self, state: ManipulationState) -> np.ndarray:
        """At rest."""
        return state.speed <= 0.05
