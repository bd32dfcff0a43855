"""The policies that every manipulation task has: random, and one that does nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ...envs.manipulation.tasks.base import TASKS
from .base import ScriptedPolicy, register

__all__ = ["RobotIdle", "RobotRandom"]


@register
class RobotRandom(ScriptedPolicy):
    """Moves the gripper at random; the floor. For control="end_effector"."""

    name = "manipulation/random"
    worlds = tuple(TASKS)

    def act(self, observation: Any, info: Mapping[str, Any]) -> Any:
        """Return a random action."""
        return self.rng.uniform(-1, 1, 4).astype(np.float32)


@register
class RobotIdle(ScriptedPolicy):
    """Stays where it is with the gripper open. For control="end_effector"."""

    name = "manipulation/idle"
    worlds = tuple(TASKS)

    def act(self, observation: Any, info: Mapping[str, Any]) -> Any:
        """Return no displacement."""
        return np.array([0.0, 0.0, 0.0, 1.0], dtype=np.float32)
