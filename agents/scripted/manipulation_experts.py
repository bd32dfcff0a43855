"""Scripted solutions of the manipulation tasks: ceilings for comparisons, and demonstrations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from .base import ScriptedPolicy, register

__all__ = ["PickPlaceExpert", "PushExpert", "ReachExpert"]

STEP = 0.05
"""Displacement of the gripper at an action of 1, in m."""
OPEN, SHUT = 1.0, -1.0


class Seen:
    """The parts of an observation that the experts use, see `envs.manipulation.env.ManipulationEnv`."""

    def __init__(self, observation: Mapping[str, np.ndarray]):
        numbers = observation["observation"]
        self.tcp, self.to_object, self.to_target = numbers[15:18], numbers[21:24], numbers[27:30]
        self.grasped = numbers[30] > 0 and numbers[31] > 0


def toward(way: np.ndarray, gripper: float, gain: float = 0.6) -> np.ndarray:
    """Return the action that moves the gripper along `way` (3,), in m; the nearer, the slower."""
    return np.array([*np.clip(gain * way / STEP, -1.0, 1.0), gripper], dtype=np.float32)


@register
class ReachExpert(ScriptedPolicy):
    """Goes straight to the target."""

    name = "manipulation/reach-expert"
    worlds = ("Reach",)

    def act(self, observation: Any, info: Mapping[str, Any]) -> Any:
        """Return the next action."""
        return toward(Seen(observation).to_target, SHUT)


@register
class PickPlaceExpert(ScriptedPolicy):
    """Goes above the cube, down, grasps, and carries it to the target."""

    name = "manipulation/pick-place-expert"
    worlds = ("PickPlace",)

    def reset(self, observation: Any, info: Mapping[str, Any]) -> None:
        """Forget how long the pads have been shut."""
        self._shut = 0

    def act(self, observation: Any, info: Mapping[str, Any]) -> Any:
        """Return the next action."""
        seen = Seen(observation)
        aside = float(np.hypot(*seen.to_object[:2]))
        if not seen.grasped and self._shut == 0:
            if aside > 0.015:
                above = seen.to_object + np.array([0.0, 0.0, 0.08 if aside > 0.03 else 0.03])
                return toward(above, OPEN)
            if abs(seen.to_object[2]) > 0.012:
                return toward(seen.to_object, OPEN)
        if aside > 0.05 or abs(seen.to_object[2]) > 0.05:  # lost
            self._shut = 0
            return toward(seen.to_object + np.array([0.0, 0.0, 0.08]), OPEN)
        self._shut += 1
        return toward(self._carry(seen), SHUT) if self._shut > 3 else toward(np.zeros(3), SHUT)

    def _carry(self, seen: Seen) -> np.ndarray:
        """Return where to go with the cube in the hand, from here."""
        return seen.to_target


@register
class PushExpert(PickPlaceExpert):
    """Takes the cube and slides it to the target, which succeeds more surely than pushing it with one side."""

    name = "manipulation/push-expert"
    worlds = ("Push",)

    def _carry(self, seen: Seen) -> np.ndarray:
        """Return the way over the table, with the fingers clear of it."""
        return np.array([*seen.to_target[:2], 0.03 - seen.tcp[2]])
