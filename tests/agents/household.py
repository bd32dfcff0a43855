"""What the tests of agents share: a small part of the household, and text situations from it."""

from __future__ import annotations

from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium.vector import VectorEnv

from guerdon.wrappers.text_encoder import EncodeTextVector

__all__ = ["HOUSEHOLD", "SMALL", "encodings", "small_vector"]

HOUSEHOLD = "guerdon:guerdon/Household-v0"
SMALL: dict[str, Any] = {"split": "valid_seen", "task_types": (1,)}


def small_vector(num_envs: int, mode: str = "Disabled", **kwargs: Any) -> VectorEnv:
    """Make a vector env of simple games."""
    return gym.make_vec(HOUSEHOLD, num_envs=num_envs, autoreset_mode=mode, **SMALL, **kwargs)


def encodings(num_envs: int = 6, steps: int = 12) -> dict[str, np.ndarray]:
    """Return the encoded situations of `num_envs` games after some random steps."""
    env, rng = EncodeTextVector(small_vector(num_envs), max_actions=64), np.random.default_rng(0)
    obs, _ = env.reset(seed=0)
    for _ in range(steps):
        obs = env.step([rng.choice(np.flatnonzero(mask)) for mask in env.action_masks()])[0]
    return obs
