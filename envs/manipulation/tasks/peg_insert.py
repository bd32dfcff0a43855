"""PegInsert: put a peg into a hole."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from ..state import ManipulationState
from .base import Start, Task, register
from .things import add_box, add_mark

__all__ = ["PegInsert"]

LENGTH, HALF = 0.05, 0.012
"""Half length and half thickness of the peg, in m."""
HOLE, HEIGHT = HALF + 0.004, 0.06
"""Half width of the hole, and how high its middle is, in m."""
DEPTH, FRAME = 0.04, 0.012
"""Half depth of the block; thickness of what is above the hole, thin because the hand passes over it, in m."""
SIDE = 0.03
"""Thickness of what is beside the hole, in m."""
IN_LINE = 0.95
"""Least cosine of the angle between peg and hole; a peg that is 4 cm in cannot tilt as far as that."""


@register
class PegInsert(Task):
    """Put a peg of 10 x 2.4 x 2.4 cm 5 cm deep, to within 1.2 cm, into a hole with 4 mm of play on every side.

    It counts while it is at rest (5 cm/s) and along the hole, held or not. The block stands ahead, its hole's mouth 58
    to 62 cm from the foot of the arm, 6 cm above the table, and up to 5 cm (difficulty 0) or 15 cm (1) aside; the peg
    lies before it along x, turned by up to 2 (0) or 7 degrees (1).
    """

    name: ClassVar[str] = "PegInsert"
    goal: ClassVar[str] = "Put the peg half into the hole of the block."
    near: ClassVar[float] = 0.012
    camera: ClassVar[str] = "side"
    budget: ClassVar[int] = 500_000

    def build(self, spec: Any) -> None:
        """Put peg and block on the table."""
        peg = spec.worldbody.add_body(name="object", pos=[0.4, 0, HALF])
        peg.add_freejoint(name="object")
        add_box(peg, (LENGTH, HALF, HALF), (0, 0, 0), "coral", "object")
        add_mark(peg, "object")
        block = spec.worldbody.add_body(name="block", mocap=True, pos=[0.6, 0, 0])
        floor = (HEIGHT - HOLE) / 2
        add_box(block, (DEPTH, HOLE + SIDE, floor), (DEPTH, 0, floor), "blue")
        add_box(block, (DEPTH, HOLE + SIDE, FRAME / 2), (DEPTH, 0, HEIGHT + HOLE + FRAME / 2), "blue")
        for side in (-1, 1):
            add_box(block, (DEPTH, SIDE / 2, HOLE), (DEPTH, side * (HOLE + SIDE / 2), HEIGHT), "blue")
        add_mark(block, "target", (0.0, 0.0, HEIGHT))

    def start(self, rng: np.random.Generator, difficulty: float) -> Start:
        """Draw peg and block."""
        side = 0.05 + 0.1 * difficulty
        peg = float(rng.uniform(0.38, 0.46)), float(rng.uniform(-side, side))
        block = float(rng.uniform(0.58, 0.62)), float(rng.uniform(-side, side))
        turn = float((0.03 + 0.09 * difficulty) * rng.uniform(-1, 1))
        return {"object": (*peg, HALF, turn), "block": (*block, 0.0)}

    def settled(self, state: ManipulationState) -> np.ndarray:
        """At rest and along the hole; a peg that stands across its mouth is nearly as close."""
        return (state.speed <= 0.05) & (np.abs(state.object_axis[..., 0]) >= IN_LINE)
