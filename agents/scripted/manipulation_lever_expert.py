"""manipulation/lever-pull-expert: take the ball, and pull the lever over."""

from __future__ import annotations

import numpy as np

from ...envs.manipulation.tasks.lever_pull import LENGTH
from .base import register
from .manipulation_turning import Turning

__all__ = ["LeverPullExpert"]


@register
class LeverPullExpert(Turning):
    """Takes the ball from above and leads it around the hinge."""

    name = "manipulation/lever-pull-expert"
    worlds = ("LeverPull",)

    def arm(self, axis: np.ndarray) -> np.ndarray:
        """See `Turning`: the lever's x axis is level while the lever is upright, and rises as it goes over."""
        level = max(float(np.hypot(axis[0], axis[1])), 1e-6)
        return LENGTH * np.array([-axis[2] * axis[0] / level, -axis[2] * axis[1] / level, level])
