"""manipulation/button-press-expert: come from above, and press."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from .base import ScriptedPolicy, register
from .manipulation_moves import SHUT, Seen, toward

__all__ = ["ButtonPressExpert"]

TIPS = 0.011
"""How far the fingers look out below the point between the pads, in m."""


@register
class ButtonPressExpert(ScriptedPolicy):
    """Goes above the button with the gripper shut, and presses."""

    name = "manipulation/button-press-expert"
    worlds = ("ButtonPress",)

    def act(self, observation: Any, info: Mapping[str, Any]) -> Any:
        """Return the next action."""
        seen = Seen(observation)
        if float(np.hypot(*seen.to_object[:2])) > 0.02:
            return toward(seen.to_object + np.array([0.0, 0.0, TIPS + 0.03]), SHUT)
        return toward(seen.to_object + seen.to_target + np.array([0.0, 0.0, TIPS]), SHUT)
