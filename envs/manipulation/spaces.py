"""The spaces of the manipulation envs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from gymnasium.spaces import Box, Dict

from .robot.kinematics import REST

__all__ = ["OBSERVATION_SIZE", "action_space", "observation_scale", "observation_space"]

OBSERVATION_SIZE = 34
"""Numbers of an observation, goals apart, where there is one thing; each further one adds."""


def observation_space(size: int = OBSERVATION_SIZE, cameras: Sequence[str] = (), image_size: int = 84) -> Dict:
    """Return the space of one observation; see `env.ManipulationEnv`."""
    shape = image_size, image_size, 3
    sizes = {"observation": size, "achieved_goal": 3, "desired_goal": 3}
    numbers = {key: Box(-np.inf, np.inf, (size,), np.float64) for key, size in sizes.items()}
    return Dict({**numbers, **{name: Box(0, 255, shape, np.uint8) for name in cameras}})


def action_space(size: int) -> Box:
    """Return the space of one action, float32 in [-1, 1]."""
    return Box(-1.0, 1.0, (size,), np.float32)


def observation_scale(size: int = OBSERVATION_SIZE) -> dict[str, Any]:
    """Return typical values of an observation's numbers, for those who scale them: see `agents.policies.goal_features`.

    Returns:
        middle and spread (size,), and reach, the typical distance of object and target; in the observation's units.
    """
    parts = [
        (REST, [0.3] * 7),  # joint positions
        ([0.0] * 7, [0.5] * 7),  # their velocities
        ([0.04], [0.04]),  # opening
        ((0.5, 0.0, 0.15), [0.1] * 3),  # tcp
        ([0.0] * 3, [0.3] * 3),  # its velocity
        ([0.0] * 3, [0.1] * 3),  # object from the tcp
        ([0.0] * 3, [0.2] * 3),  # its velocity
        ([0.0] * 3, [1.0] * 3),  # its axis
        ([0.0] * 4, [1.0] * 4),  # touches, grasp, and the aims that are reached
        ([0.0] * (size - OBSERVATION_SIZE), [0.1] * (size - OBSERVATION_SIZE)),  # things from the tcp
    ]
    middle, spread = ([float(number) for part in column for number in part] for column in zip(*parts, strict=True))
    return {"middle": middle, "spread": spread, "reach": 0.1}
