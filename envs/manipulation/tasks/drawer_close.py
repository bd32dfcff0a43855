"""DrawerClose: push an open drawer shut."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from ..state import ManipulationState
from .base import Start, Task, register
from .cabinet import add_cabinet, draw_cabinet, handle_at

__all__ = ["DrawerClose"]


@register
class DrawerClose(Task):
    """Push the drawer shut, to within 1 cm, from 8 to 16 cm out, and leave it at rest (below 5 cm/s).

    The cabinet stands 57 to 62 cm ahead, up to 6 cm (difficulty 0) or 16 cm (1) aside, turned by up to 14 degrees (1).
    """

    name: ClassVar[str] = "DrawerClose"
    goal: ClassVar[str] = "Push the drawer shut."
    near: ClassVar[float] = 0.01
    camera: ClassVar[str] = "side"
    budget: ClassVar[int] = 150_000

    def build(self, spec: Any) -> None:
        """Put the cabinet on the table."""
        add_cabinet(spec)

    def start(self, rng: np.random.Generator, difficulty: float) -> Start:
        """Draw the cabinet and how far out the drawer is."""
        cabinet = draw_cabinet(rng, difficulty)
        return {"cabinet": cabinet, "drawer": rng.uniform(0.08, 0.16), "target": handle_at(cabinet, 0.0)}

    def secured(self, state: ManipulationState) -> np.ndarray:
        """The hand at the handle: within 5 cm."""
        return state.reach <= 0.05

    def settled(self, state: ManipulationState) -> np.ndarray:
        """At rest."""
        return state.speed <= 0.05
