"""PickPlace: lift a cube and hold it at a point in the air or on the table."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from ..state import ManipulationState
from .base import Start, Task, register
from .things import add_cube, draw_apart

__all__ = ["PickPlace"]

HALF = 0.02


@register
class PickPlace(Task):
    """Bring a cube of 4 cm to within 4 cm of a point, and hold it still there (below 10 cm/s).

    Cube and target lie in a field of 20 x 30 cm; the target is 2 to 15 cm high at difficulty 0, up to 30 cm at 1.
    """

    name: ClassVar[str] = "PickPlace"
    goal: ClassVar[str] = "Lift the cube to the green mark, and hold it still there."
    near: ClassVar[float] = 0.04
    budget: ClassVar[int] = 600_000

    def build(self, spec: Any) -> None:
        """Put the cube on the table."""
        add_cube(spec, HALF)

    def start(self, rng: np.random.Generator, difficulty: float) -> Start:
        """Draw cube and target."""
        cube, target = draw_apart(rng, 0.05, 0.3)
        height = float(rng.uniform(HALF, 0.15 + 0.15 * difficulty))
        turn = float(rng.uniform(-np.pi / 4, np.pi / 4))
        return {"target": (*target, height), "object": (*cube, HALF, turn)}

    def settled(self, state: ManipulationState) -> np.ndarray:
        """Still."""
        return state.speed <= 0.1
