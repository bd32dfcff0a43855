"""DrawerOpen: pull a drawer out, so far and no further."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from ..state import ManipulationState
from .base import Start, Task, register
from .cabinet import add_cabinet, draw_cabinet, handle_at

__all__ = ["DrawerOpen"]

AJAR = 0.05
"""How far out the drawer may begin, in m. Were it always shut, a hand that leans on it would never be told that it goes
the wrong way, and training can end there."""


@register
class DrawerOpen(Task):
    """Pull the drawer until its handle is within 2 cm of the mark, 10 to 16 cm out, and leave it at rest (5 cm/s).

    It begins ajar by up to 5 cm. The cabinet stands 57 to 62 cm ahead,
    up to 6 cm (difficulty 0) or 16 cm (1) aside, turned by up to 14 degrees (1).
    """

    name: ClassVar[str] = "DrawerOpen"
    goal: ClassVar[str] = "Pull the drawer out until its handle is at the green mark."
    near: ClassVar[float] = 0.02
    camera: ClassVar[str] = "side"
    budget: ClassVar[int] = 600_000

    def build(self, spec: Any) -> None:
        """Put the cabinet on the table."""
        add_cabinet(spec)

    def start(self, rng: np.random.Generator, difficulty: float) -> Start:
        """Draw the cabinet and how far the drawer is to come out."""
        cabinet = draw_cabinet(rng, difficulty)
        target = handle_at(cabinet, rng.uniform(0.1, 0.16))
        return {"cabinet": cabinet, "drawer": rng.uniform(0.0, AJAR), "target": target}

    def settled(self, state: ManipulationState) -> np.ndarray:
        """At rest."""
        return state.speed <= 0.05
