"""manipulation/peg-insert-expert: the peg held at its rear and pushed into the hole."""

from __future__ import annotations

import numpy as np

from .base import register
from .manipulation_moves import SHUT, Grasping, Seen, toward

__all__ = ["PegInsertExpert"]

BEFORE = 0.07
"""How far before the target the peg is lined up, in m: its tip is 2 cm from the hole then."""


@register
class PegInsertExpert(Grasping):
    """Takes the peg at its rear, lines it up before the hole, and pushes it in."""

    name = "manipulation/peg-insert-expert"
    worlds = ("PegInsert",)
    hold = (-0.03, 0.0, 0.0)

    def carry(self, seen: Seen) -> np.ndarray:
        """Line up, go in."""
        way = seen.to_target
        off = float(np.hypot(*way[1:]))
        if off > 0.002 and way[0] > 0.055:
            return toward(way - np.array([BEFORE, 0.0, 0.0]), SHUT)
        return toward(way, SHUT, gain=0.4)  # so that it stops there
