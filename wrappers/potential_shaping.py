"""Adds potential-based shaping to whatever an env pays, by a potential of one's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gymnasium as gym
import numpy as np

from ..reward_models.potential.shaping import AtTruncation, Shaping

__all__ = ["PotentialShaping"]

ONE = np.zeros(1, dtype=int)


class PotentialShaping(gym.Wrapper):
    """Pays gamma * Phi(s') - Phi(s) on top of the env's reward; the best policy stays the best.

    Rules (see `Shaping`): Phi of a terminal state is 0; a truncated episode keeps its last potential, so the agent
    must bootstrap there; the old potential is the stored number, so Phi may change over time. `info["shaping"]` is
    what was added.

    Source: Ng, Harada and Russell (1999); Devlin and Kudenko (2012) for potentials that change.
    Gamed by: nothing if `gamma` is the agent's discount. With another one a dwelling reward is left over.

    Args:
        env: any single env.
        potential: called as `potential(env.unwrapped, observation)` after every step; returns Phi.
        gamma: the agent's discount.
        at_truncation: "bootstrap", or "zero" for an agent that takes time limits for ends.
    """

    def __init__(
        self,
        env: gym.Env,
        potential: Callable[[Any, Any], float],
        gamma: float,
        at_truncation: AtTruncation = "bootstrap",
    ):
        super().__init__(env)
        self.potential = potential
        self._shaping = Shaping(gamma, at_truncation)

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        """Reset the env and note the potential of its first state."""
        obs, info = self.env.reset(seed=seed, options=options)
        self._shaping.reset(self._phi(obs), ONE)
        info["shaping"] = 0.0
        return obs, info

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        """Step the env and add the shaping."""
        obs, reward, terminated, truncated, info = self.env.step(action)
        shaping = self._shaping.step(self._phi(obs), np.array([terminated]), np.array([truncated]), ONE)
        info["shaping"] = float(shaping[0])
        return obs, float(reward) + info["shaping"], terminated, truncated, info

    def _phi(self, obs: Any) -> np.ndarray:
        phi = float(self.potential(self.env.unwrapped, obs))
        if not np.isfinite(phi):
            raise ValueError(f"the potential is {phi}; cap it, so that it is finite everywhere")
        return np.array([phi])
