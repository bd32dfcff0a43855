"""The policies that every manipulation task has: random, one that does nothing, and one that only goes near."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ...envs.manipulation.tasks.base import TASKS
from .base import ScriptedPolicy, register
from .manipulation_moves import OPEN, Seen, toward

__all__ = ["RobotHover", "RobotLazy", "RobotRandom"]


@register
class RobotRandom(ScriptedPolicy):
    """Moves the gripper at random; the floor. For control="end_effector"."""

    name = "manipulation/random"
    worlds = tuple(TASKS)

    def act(self, observation: Any, info: Mapping[str, Any]) -> Any:
        """Return a random action."""
        return self.rng.uniform(-1, 1, 4).astype(np.float32)


@register
class RobotLazy(ScriptedPolicy):
    """Stays where it is with the gripper open. For control="end_effector"."""

    name = "manipulation/lazy"
    worlds = tuple(TASKS)

    def act(self, observation: Any, info: Mapping[str, Any]) -> Any:
        """Return no displacement."""
        return np.array([0.0, 0.0, 0.0, 1.0], dtype=np.float32)


@register
class RobotHover(ScriptedPolicy):
    """Goes to the object from above and stays there with the gripper open. For control="end_effector"."""

    name = "manipulation/hover"
    worlds = tuple(TASKS)

    def act(self, observation: Any, info: Mapping[str, Any]) -> Any:
        """Return the way to the object, or over it as long as it is aside."""
        way = Seen(observation).to_object
        over = 0.08 if np.hypot(*way[:2]) > 0.02 else 0.0
        return toward(way + np.array([0.0, 0.0, over]), OPEN)
