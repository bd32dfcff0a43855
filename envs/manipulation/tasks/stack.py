"""Stack: put one cube on another and let go."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from ..state import ManipulationState
from .base import Start, Task, register
from .things import add_cube, add_mark, draw_apart

__all__ = ["Stack"]

HALF, BASE = 0.02, 0.025
UPRIGHT = BASE + 0.8 * (HALF + BASE)
"""The target is higher than this, in m, while the blue cube stands as it stood; once that has rolled, it is lower."""


@register
class Stack(Task):
    """Put a cube of 4 cm on a blue cube of 5 cm and let go: within 2 cm of the middle, at rest (5 cm/s), no pad on it.

    A cube that does not lie on the blue one is farther away than that. The blue cube may be moved, but has to be
    upright, because the target turns with it. Both lie in a field of 20 x 30 cm, 10 to 16 cm apart at difficulty 0, 10
    to 26 cm at 1, turned by up to 45 degrees.
    """

    name: ClassVar[str] = "Stack"
    goal: ClassVar[str] = "Put the coral cube on the blue cube, and let go."
    near: ClassVar[float] = 0.02
    budget: ClassVar[int] = 500_000

    def build(self, spec: Any) -> None:
        """Put both cubes on the table; the target is above the blue one and goes where it goes."""
        add_cube(spec, HALF)
        add_mark(add_cube(spec, BASE, "base", "blue"), "target", (0.0, 0.0, HALF + BASE))

    def start(self, rng: np.random.Generator, difficulty: float) -> Start:
        """Draw both cubes."""
        cube, base = draw_apart(rng, 0.1, 0.16 + 0.1 * difficulty)
        turn, base_turn = (float(turn) for turn in rng.uniform(-np.pi / 4, np.pi / 4, 2))
        return {"object": (*cube, HALF, turn), "base": (*base, BASE, base_turn)}

    def secured(self, state: ManipulationState) -> np.ndarray:
        """Between both pads or on the blue cube, so that to let go there is no loss."""
        return (state.grasped > 0) | (state.gap <= self.near)

    def settled(self, state: ManipulationState) -> np.ndarray:
        """At rest and let go, and the blue cube upright."""
        return (state.speed <= 0.05) & (state.touched == 0) & (state.target[..., 2] >= UPRIGHT)
