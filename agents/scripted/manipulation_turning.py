"""What the scripts share that turn something about a hinge: a door, a lever."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

import numpy as np

from .manipulation_moves import SHUT, Grasping, Seen, toward

__all__ = ["Turning"]


class Turning(Grasping):
    """Takes the object and leads it around its hinge, on the arc.

    Class attributes:
        reach_ahead: how far ahead on the arc the gripper is sent, at most, in radians.
    """

    reach_ahead: ClassVar[float] = 0.5

    @abstractmethod
    def arm(self, axis: np.ndarray) -> np.ndarray:
        """Return the object from the hinge (3,), in m, by the object's x axis (3,)."""

    def carry(self, seen: Seen) -> np.ndarray:
        """Go on along the arc, with the object in the middle of the hand."""
        arm = self.arm(seen.axis)
        goal = arm + seen.to_target
        across = goal - arm * float(arm @ goal) / float(arm @ arm)  # at a right angle to the arm
        length, part = float(np.linalg.norm(arm)), float(np.linalg.norm(across))
        angle = min(float(np.arctan2(part, arm @ goal / length)), self.reach_ahead)
        ahead = np.cos(angle) * arm + np.sin(angle) * length / max(part, 1e-9) * across
        return toward(ahead - arm + seen.to_object, SHUT)
