"""How scripted solutions put a thing down: over the target, down, let go, up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from .manipulation_moves import OPEN, SHUT, Grasping, Seen, toward

__all__ = ["Placing"]


class Placing(Grasping):
    """Grasps, lifts, carries, lets go over the target, and then stays above.

    Class attributes:
        lift: how high above the target the object travels, in m.
        drop: how high above it the gripper opens, in m.
        kept: how near to the target the object is to stay; if it does not, it is taken again, in m.
    """

    lift: ClassVar[float] = 0.05
    drop: ClassVar[float] = 0.003
    kept: ClassVar[float] = 0.02
    hold = (0.0, 0.0, 0.006)  # the hand still sinks while the pads shut

    def reset(self, observation: Any, info: Mapping[str, Any]) -> None:
        """Forget what was held."""
        super().reset(observation, info)
        self.free = 0  # steps since the gripper opened

    def act(self, observation: Any, info: Mapping[str, Any]) -> Any:
        """Return the next action."""
        if self.free == 0:
            return super().act(observation, info)
        seen = Seen(observation)
        self.free += 1
        if self.free <= 3:  # the fingers open before they rise
            return toward(np.zeros(3), OPEN)
        if self.free > 8 and float(np.linalg.norm(seen.to_target)) > self.kept:
            self.free = self.shut = 0
        return toward(np.array([0.0, 0.0, min(0.12 + seen.to_object[2], 0.25 - seen.tcp[2])]), OPEN)

    def carry(self, seen: Seen) -> np.ndarray:
        """Lift the object, bring it over the target, lower it and let go."""
        way = seen.to_target
        aside = float(np.hypot(*way[:2]))
        if aside > 0.006:
            high = -way[2] > 0.5 * self.lift or aside < 0.02
            return toward(np.array([*(way[:2] if high else np.zeros(2)), way[2] + self.lift]), SHUT)
        if -way[2] > self.drop + 0.003:
            return toward(way + np.array([0.0, 0.0, self.drop]), SHUT)
        self.free = 1
        return toward(np.zeros(3), OPEN)
