"""The spaces of the manipulation envs."""

from __future__ import annotations

import numpy as np
from gymnasium.spaces import Box, Dict

__all__ = ["OBSERVATION_SIZE", "action_space", "observation_space"]

OBSERVATION_SIZE = 36
"""Numbers of an observation, goals apart, where there is one thing; each further one adds."""


def observation_space(size: int = OBSERVATION_SIZE) -> Dict:
    """Return the space of one observation; see `env.ManipulationEnv`."""
    sizes = {"observation": size, "achieved_goal": 3, "desired_goal": 3}
    return Dict({key: Box(-np.inf, np.inf, (size,), np.float64) for key, size in sizes.items()})


def action_space(size: int) -> Box:
    """Return the space of one action, float32 in [-1, 1]."""
    return Box(-1.0, 1.0, (size,), np.float32)
