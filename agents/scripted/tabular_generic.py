"""The policies that every tabular env has: the expert, the random and the lazy one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .base import ScriptedPolicy, register

__all__ = ["TabularExpert", "TabularLazy", "TabularRandom"]

WORLDS = ("Tree", "Grid", "PadTrap", "Hacks")


@register
class TabularExpert(ScriptedPolicy):
    """Takes a best action, which the env knows; the ceiling. At a dead end it takes the first one."""

    name = "tabular/table-expert"
    worlds = WORLDS

    def act(self, observation: Any, info: Mapping[str, Any]) -> Any:
        """Return the expert's action."""
        best = info["expert_action"]
        return (info["admissible_actions"] or [0])[0] if best is None else int(best)


@register
class TabularRandom(ScriptedPolicy):
    """Takes any admissible action, all equally likely; the floor."""

    name = "tabular/random"
    worlds = WORLDS

    def act(self, observation: Any, info: Mapping[str, Any]) -> Any:
        """Return a random admissible action."""
        actions = info["admissible_actions"] or [0]
        return actions[int(self.rng.integers(len(actions)))]


@register
class TabularLazy(ScriptedPolicy):
    """Always takes the last action in the list: left in a grid, the last branch of a tree, an answer at once."""

    name = "tabular/lazy"
    worlds = WORLDS

    def act(self, observation: Any, info: Mapping[str, Any]) -> Any:
        """Return the last admissible action."""
        return (info["admissible_actions"] or [0])[-1]
