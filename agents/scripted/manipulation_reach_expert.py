"""manipulation/reach-expert: straight to the target."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .base import ScriptedPolicy, register
from .manipulation_moves import SHUT, Seen, toward

__all__ = ["ReachExpert"]


@register
class ReachExpert(ScriptedPolicy):
    """Goes straight to the target."""

    name = "manipulation/reach-expert"
    worlds = ("Reach",)

    def act(self, observation: Any, info: Mapping[str, Any]) -> Any:
        """Return the next action."""
        return toward(Seen(observation).to_target, SHUT)
