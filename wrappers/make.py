"""The front door: an env with a reward on it, by two names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import gymnasium as gym
from gymnasium.vector import VectorEnv

from ..reward_models import Reward

__all__ = ["make", "make_vec"]


def make(env_id: str, reward: str | Mapping[str, Any] | Reward | None = None, **kwargs: Any) -> gym.Env:
    """Make an env of the suite, paying `reward`: `make("guerdon:guerdon/Household-v0", "household/busy-v1")`.

    Args:
        env_id: id with the module prefix, as in `gymnasium.make`.
        reward: id, expression or plain data; None leaves the env's own reward.
        kwargs: for `gymnasium.make`.
    """
    env = gym.make(env_id, **kwargs)
    if reward is None:
        return env
    from .spec_reward import SpecReward

    return SpecReward(env, reward)


def make_vec(
    env_id: str, num_envs: int, reward: str | Mapping[str, Any] | Reward | None = None, **kwargs: Any
) -> VectorEnv:
    """Make `num_envs` envs in one process, paying `reward`; see `make`."""
    env = gym.make_vec(env_id, num_envs=num_envs, **kwargs)
    if reward is None:
        return env
    from .spec_reward import SpecRewardVector

    return SpecRewardVector(env, reward)
