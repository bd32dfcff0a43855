"""What the scripted solutions of the manipulation tasks share: what they see, and how they move."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from .base import ScriptedPolicy

__all__ = ["OPEN", "SHUT", "Grasping", "Seen", "toward"]

STEP = 0.05
"""Displacement of the gripper at an action of 1, in m."""
OPEN, SHUT = 1.0, -1.0


class Seen:
    """The parts of an observation that scripts use, see `envs.manipulation.env.ManipulationEnv`."""

    def __init__(self, observation: Mapping[str, np.ndarray]):
        numbers = observation["observation"]
        self.tcp, self.to_object, self.axis = numbers[15:18], numbers[21:24], numbers[27:30]
        self.to_target = observation["desired_goal"] - observation["achieved_goal"]
        self.velocity, self.touched = numbers[24:27], (numbers[30] > 0, numbers[31] > 0)
        self.grasped, self.aims_done = numbers[32] > 0, numbers[33]


def toward(way: np.ndarray, gripper: float, gain: float = 0.6) -> np.ndarray:
    """Return the action that moves the gripper along `way` (3,), in m; the nearer, the slower."""
    return np.array([*np.clip(gain * way / STEP, -1.0, 1.0), gripper], dtype=np.float32)


class Grasping(ScriptedPolicy):
    """Goes above the object, down, shuts the gripper, and then does what `carry` says.

    Class attributes:
        hold: where the object is taken, from its site, in m.
        above: how high above it the gripper comes from, in m.
        patience: steps that the pads are given to meet the object; thin things take longer.
    """

    hold: ClassVar[tuple[float, float, float]] = (0.0, 0.0, 0.0)
    above: ClassVar[float] = 0.08
    patience: ClassVar[int] = 12

    def reset(self, observation: Any, info: Mapping[str, Any]) -> None:
        """Forget how long the pads have been shut."""
        self.shut = 0

    def act(self, observation: Any, info: Mapping[str, Any]) -> Any:
        """Return the next action."""
        seen = Seen(observation)
        way = seen.to_object + np.array(self.hold)
        aside = float(np.hypot(*way[:2]))
        if not seen.grasped and self.shut == 0:
            if aside > 0.015:
                return toward(way + np.array([0.0, 0.0, self.above if aside > 0.03 else 0.03]), OPEN)
            if abs(way[2]) > 0.012:
                return toward(way, OPEN)
        if aside > 0.05 or abs(way[2]) > 0.05:  # lost
            self.shut = 0
            return toward(way + np.array([0.0, 0.0, self.above]), OPEN)
        self.shut += 1
        firm = self.shut > 3 and (seen.grasped or self.shut > self.patience)
        return self.carry(seen) if firm else toward(way if self.shut > 3 else np.zeros(3), SHUT)

    def carry(self, seen: Seen) -> np.ndarray:
        """Return the action while the object is held; here, it is taken to the target."""
        return toward(seen.to_target, SHUT)
