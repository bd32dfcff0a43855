"""manipulation/push-expert: the cube slid between the pads."""

from __future__ import annotations

import numpy as np

from .base import register
from .manipulation_moves import SHUT, Grasping, Seen, toward

__all__ = ["PushExpert"]


@register
class PushExpert(Grasping):
    """Takes the cube and slides it to the target, which succeeds more surely than pushing it with one side."""

    name = "manipulation/push-expert"
    worlds = ("Push",)

    def carry(self, seen: Seen) -> np.ndarray:
        """Go over the table, with the fingers clear of it."""
        return toward(np.array([*seen.to_target[:2], 0.03 - seen.tcp[2]]), SHUT)
