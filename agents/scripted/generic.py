"""The policies that every text world has: the expert, the random and the lazy one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .base import ScriptedPolicy, register

__all__ = ["Expert", "Lazy", "Random"]


@register
class Expert(ScriptedPolicy):
    """Follows a shortest plan, which the env knows; the ceiling. At a dead end it takes the first action."""

    name = "expert"

    def act(self, observation: Any, info: Mapping[str, Any]) -> Any:
        """Return the expert's action."""
        return info["expert_action"] or info["admissible_actions"][0]


@register
class Random(ScriptedPolicy):
    """Takes any admissible action, all equally likely; the floor."""

    name = "random"

    def act(self, observation: Any, info: Mapping[str, Any]) -> Any:
        """Return a random admissible action."""
        actions = info["admissible_actions"]
        return actions[int(self.rng.integers(len(actions)))]


@register
class Lazy(ScriptedPolicy):
    """Never does anything that could matter: looks, or takes the first action in the list."""

    name = "lazy"

    def act(self, observation: Any, info: Mapping[str, Any]) -> Any:
        """Return "look" where there is such a thing."""
        actions = info["admissible_actions"]
        return "look" if "look" in actions else actions[0]
