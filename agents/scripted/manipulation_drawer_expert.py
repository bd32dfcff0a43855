"""manipulation/drawer-open-expert and drawer-close-expert: pull the handle, or push it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from .base import ScriptedPolicy, register
from .manipulation_moves import SHUT, Grasping, Seen, toward

__all__ = ["DrawerCloseExpert", "DrawerOpenExpert"]


@register
class DrawerOpenExpert(Grasping):
    """Takes the handle from above and pulls."""

    name = "manipulation/drawer-open-expert"
    worlds = ("DrawerOpen",)


@register
class DrawerCloseExpert(ScriptedPolicy):
    """Comes down before the handle, with the gripper shut, and pushes."""

    name = "manipulation/drawer-close-expert"
    worlds = ("DrawerClose",)

    def act(self, observation: Any, info: Mapping[str, Any]) -> Any:
        """Return the next action."""
        seen = Seen(observation)
        before = seen.to_object + np.array([-0.045, 0.0, 0.0])
        if seen.to_object[0] < 0.02 or abs(before[1]) > 0.02:  # above the handle or beside it
            return toward(before + np.array([-0.02, 0.0, 0.08]), SHUT)
        if abs(before[2]) > 0.015:
            return toward(before, SHUT)
        return toward(seen.to_target * 1.5 + np.array([0.0, before[1], before[2]]), SHUT)
