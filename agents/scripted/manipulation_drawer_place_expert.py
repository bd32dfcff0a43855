"""manipulation/drawer-place-expert: the three parts of the long task, one after the other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from .base import ScriptedPolicy, register
from .manipulation_drawer_expert import DrawerCloseExpert, DrawerOpenExpert
from .manipulation_moves import OPEN, SHUT, Seen, toward
from .manipulation_placing import Placing

__all__ = ["DrawerPlaceExpert"]


class _IntoDrawer(Placing):
    lift, drop, kept = 0.1, 0.045, 0.06


@register
class DrawerPlaceExpert(ScriptedPolicy):
    """Pulls the drawer out, a little further than it has to be, drops the cube into it, and pushes it shut."""

    name = "manipulation/drawer-place-expert"
    worlds = ("DrawerPlace",)

    FURTHER = 4
    """Steps of pulling on when the drawer counts as open."""

    def reset(self, observation: Any, info: Mapping[str, Any]) -> None:
        """Begin with the drawer."""
        self._parts: list[ScriptedPolicy] = [DrawerOpenExpert(), _IntoDrawer(), DrawerCloseExpert()]
        for part in self._parts:
            part.reset(observation, info)
        self._due, self._steps = 0, 0

    def act(self, observation: Any, info: Mapping[str, Any]) -> Any:
        """Return the next action."""
        seen = Seen(observation)
        due = round(3 * float(seen.aims_done))
        if due != self._due:
            self._parts[due].reset(observation, info)
            self._due, self._steps = due, 0
        self._steps += 1
        if due and self._steps <= 12:  # leave the last thing alone first
            if due == 1 and self._steps <= self.FURTHER:
                return toward(np.array([-0.03, 0.0, 0.0]), SHUT)
            return toward(np.array([0.0, 0.0, 0.0 if self._steps <= 7 else 0.22 - seen.tcp[2]]), OPEN)
        return self._parts[due].act(observation, info)
