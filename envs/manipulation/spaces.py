"""The spaces of the manipulation envs."""

from __future__ import annotations

import numpy as np
from gymnasium.spaces import Box, Dict

__all__ = ["OBSERVATION_SIZE", "action_space", "observation_space"]

OBSERVATION_SIZE = 32


def observation_space() -> Dict:
    """Return the space of one observation; see `env.ManipulationEnv`."""
    sizes = {"observation": OBSERVATION_SIZE, "achieved_goal": 3, "desired_goal": 3}
    return Dict({key: Box(-np.inf, np.inf, (size,), np.float64) for key, size in sizes.items()})


def action_space(size: int) -> Box:
    """Return the space of one action, float32 in [-1, 1]."""
    return Box(-1.0, 1.0, (size,), np.float32)
