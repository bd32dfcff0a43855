"""manipulation/door-open-expert: take the handle, and swing the door."""

from __future__ import annotations

import numpy as np

from ...envs.manipulation.tasks.door_open import HANDLE
from .base import register
from .manipulation_turning import Turning

__all__ = ["DoorOpenExpert"]


@register
class DoorOpenExpert(Turning):
    """Takes the handle from above and leads it around the hinge."""

    name = "manipulation/door-open-expert"
    worlds = ("DoorOpen",)

    def arm(self, axis: np.ndarray) -> np.ndarray:
        """See `Turning`: the hinge is upright."""
        x, y = HANDLE
        return np.array([x * axis[0] - y * axis[1], x * axis[1] + y * axis[0], 0.0])
