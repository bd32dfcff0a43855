"""manipulation/pick-place-expert: grasp, and carry to the target."""

from __future__ import annotations

from .base import register
from .manipulation_moves import Grasping

__all__ = ["PickPlaceExpert"]


@register
class PickPlaceExpert(Grasping):
    """Goes above the cube, down, grasps, and carries it to the target."""

    name = "manipulation/pick-place-expert"
    worlds = ("PickPlace",)
