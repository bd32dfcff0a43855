"""PlaceInBin: put a cube into an open bin and let go."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from ..state import ManipulationState
from .base import Start, Task, register
from .things import add_box, add_cube, add_mark

__all__ = ["PlaceInBin"]

HALF = 0.02
INSIDE, RIM, WALL, FLOOR = 0.07, 0.045, 0.003, 0.002
"""Half width of the bin's inside, height of its rim, half thickness of walls and floor, in m."""
CENTER, CUBE_FIELD, BIN_FIELD = np.array([0.5, 0.0]), np.array([0.1, 0.15]), np.array([0.07, 0.2])
APART = 0.18
"""Distance of the cube to the middle of the bin at least, in m: open fingers fit between them however it is turned."""


@register
class PlaceInBin(Task):
    """Put a cube of 4 cm into a bin of 14 x 14 x 4.5 cm and let go: at rest (5 cm/s), no pad on it.

    It may lie anywhere in the bin: the middle of a cube in a corner is 7.1 cm from the target, that of one outside 9.6
    cm. The bin stands up to 20 cm aside and 18 to 24 cm (difficulty 0) or 34 cm (1) from the cube, turned by up to 45
    degrees (1).
    """

    name: ClassVar[str] = "PlaceInBin"
    goal: ClassVar[str] = "Put the cube into the bin, and let go."
    near: ClassVar[float] = 0.072
    budget: ClassVar[int] = 500_000

    def build(self, spec: Any) -> None:
        """Put cube and bin on the table."""
        add_cube(spec, HALF)
        tray = spec.worldbody.add_body(name="bin", mocap=True, pos=[0.5, 0.2, 0])
        add_box(tray, (INSIDE, INSIDE, FLOOR), (0, 0, FLOOR), "blue")
        out = INSIDE + WALL
        for side in (-1, 1):
            add_box(tray, (WALL, INSIDE + 2 * WALL, RIM / 2), (side * out, 0, RIM / 2), "blue")
            add_box(tray, (INSIDE, WALL, RIM / 2), (0, side * out, RIM / 2), "blue")
        add_mark(tray, "target", (0.0, 0.0, 2 * FLOOR + HALF))

    def start(self, rng: np.random.Generator, difficulty: float) -> Start:
        """Draw cube and bin."""
        turn = float(rng.uniform(-np.pi / 4, np.pi / 4))
        bin_turn = float(difficulty * rng.uniform(-np.pi / 4, np.pi / 4))
        while True:
            cube = CENTER + rng.uniform(-CUBE_FIELD, CUBE_FIELD)
            tray = CENTER + rng.uniform(-BIN_FIELD, BIN_FIELD)
            if APART <= float(np.hypot(*(cube - tray))) <= 0.24 + 0.1 * difficulty:
                return {"object": (*cube, HALF, turn), "bin": (*tray, 0.0, bin_turn)}

    def secured(self, state: ManipulationState) -> np.ndarray:
        """Between both pads or in the bin, so that to let go there is no loss."""
        return (state.grasped > 0) | (state.gap <= self.near)

    def settled(self, state: ManipulationState) -> np.ndarray:
        """At rest and let go."""
        return (state.speed <= 0.05) & (state.touched == 0)
