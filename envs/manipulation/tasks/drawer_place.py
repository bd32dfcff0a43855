"""DrawerPlace: open the drawer, put the cube in, shut it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from ..state import ManipulationState
from .base import Start, Task, register
from .cabinet import HANDLE, add_cabinet, draw_cabinet
from .drawer_open import AJAR
from .things import add_cube, add_mark

__all__ = ["DrawerPlace"]

HALF, OUT = 0.02, 0.16
INSIDE = (0.075, 0.0, 0.03)
"""Where the cube is to be, in the drawer's frame, in m."""
OPEN, IN = 0.04, 0.06
"""How near the handle to its open place, and the cube to its place, count as the first two aims, in m."""


@register
class DrawerPlace(Task):
    """Open the drawer by 12 to 18 cm, put the cube of 4 cm in it, and shut it to within 2 cm, at rest (5 cm/s).

    The cabinet stands nearly straight ahead, the cube on the table at its right or left side, nearer to the arm.
    """

    name: ClassVar[str] = "DrawerPlace"
    goal: ClassVar[str] = "Open the drawer, put the cube in it, and shut the drawer."
    steps: ClassVar[int] = 160
    aims: ClassVar[tuple[tuple[str, str], ...]] = (("handle", "opened"), ("object", "inside"), ("handle", "shut"))
    near: ClassVar[float] = 0.02
    camera: ClassVar[str] = "side"
    budget: ClassVar[int] = 500_000

    def build(self, spec: Any) -> None:
        """Put cabinet and cube on the table; the targets ride on the cabinet and on the drawer."""
        drawer = add_cabinet(spec, handle="handle")
        add_mark(drawer, "inside", INSIDE)
        x, y, z = HANDLE
        cabinet = spec.body("cabinet")
        add_mark(cabinet, "shut", (x, y, z + 0.004))
        add_mark(cabinet, "opened", (x - OUT, y, z + 0.004))
        add_cube(spec, HALF)

    def start(self, rng: np.random.Generator, difficulty: float) -> Start:
        """Draw the cabinet, and the cube beside the way of the drawer."""
        x, y, z, turn = draw_cabinet(rng, difficulty)
        y, turn = 0.3 * y, 0.3 * turn  # the hand is wide: the open drawer must leave it room at the cube
        side = float(rng.choice([-1.0, 1.0]))
        cube = rng.uniform(0.38, 0.46), y + side * rng.uniform(0.22, 0.23 + 0.03 * difficulty), HALF
        return {"cabinet": (x, y, z, turn), "drawer": rng.uniform(0.0, AJAR), "object": (*cube, rng.uniform(-0.5, 0.5))}

    def phase(self, at: Mapping[str, np.ndarray]) -> np.ndarray:
        """Open comes first; in an open drawer, the cube; with the cube in, shut."""
        opened = _apart(at["handle"], at["opened"]) <= OPEN
        inside = _apart(at["object"], at["inside"]) <= IN
        return np.where(inside, 2, np.where(opened, 1, 0))

    def secured(self, state: ManipulationState) -> np.ndarray:
        """Handle or cube between the pads; when the drawer is to be shut, the hand at the handle, within 5 cm."""
        return np.where(state.phase == 2, state.reach <= 0.05, state.grasped > 0)

    def settled(self, state: ManipulationState) -> np.ndarray:
        """At rest."""
        return state.speed <= 0.05


def _apart(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    x, y, z = ((one - other) ** 2).T
    return np.sqrt(x + y + z)
