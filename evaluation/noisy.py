"""Whoever plays, with a share of random actions: how data gets good and bad behaviour of the same kind."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np

from ..agents.actor import Actor
from ..core.random import derive_seed
from .load import load_actor

__all__ = ["NoisyActor", "open_player"]


class NoisyActor(Actor):
    """Acts like another actor, but takes a random action with a fixed probability in each step.

    A random action is any admissible one, all equally likely, where the env says which are; else a draw from the space
    of actions. The other actor is asked in every step, so its notes stay right.

    Args:
        actor: who acts otherwise.
        chance: probability of a random action, in [0, 1].
        space: of one action.

    Attributes:
        tags: who chose each slot's last action, the name of the actor or "noise".
    """

    def __init__(self, actor: Actor, chance: float, space: gym.Space[Any]):
        if not 0 <= chance <= 1:
            raise ValueError(f"the chance of a random action is {chance}, not in [0, 1]")
        self.actor, self.chance, self.space = actor, chance, space
        self.name = f"{actor.name}:{chance:g}" if chance else actor.name
        self.tags: list[str] = []
        self._rng = np.random.default_rng(0)

    def seed(self, seed: int) -> None:
        """Seed the other actor and the noise."""
        self.actor.seed(seed)
        self._rng = np.random.default_rng(derive_seed(seed, "noise"))

    def act(self, observations: Any, infos: Mapping[str, Any], fresh: np.ndarray) -> list[Any]:
        """Ask the actor; replace some of what it says."""
        actions = list(self.actor.act(observations, infos, fresh))
        noisy = self._rng.random(len(fresh)) < self.chance
        for row in np.flatnonzero(noisy).tolist():
            offered = infos["admissible_actions"][row] if "admissible_actions" in infos else None
            actions[row] = self._draw(offered)
        self.tags = ["noise" if one else self.actor.name for one in noisy.tolist()]
        return actions

    def _draw(self, offered: Any) -> Any:
        if offered is not None and len(offered):
            return offered[int(self._rng.integers(len(offered)))]
        if isinstance(self.space, gym.spaces.Box):
            low, high = np.maximum(self.space.low, -1e3), np.minimum(self.space.high, 1e3)
            return self._rng.uniform(low, high).astype(self.space.dtype)
        if isinstance(self.space, gym.spaces.Discrete):
            return int(self._rng.integers(self.space.n) + self.space.start)
        raise ValueError(
            f"no random actions in {self.space}: it is no Box, no Discrete, and has no list of admissible ones"
        )


def open_player(policy: str | Path | Actor, env_id: str, space: gym.Space[Any]) -> NoisyActor:
    """Return who plays.

    Args:
        policy: a scripted policy or a run folder, as in `load_actor`; with ":P" at the end it takes a random action
            with probability P in each step ("expert:0.3"). Or an actor.
        env_id: where it plays.
        space: of one action.

    Raises:
        UnknownNameError: there is no such policy.
        ValueError: the probability is not in [0, 1], or the policy does not play this env.
    """
    if isinstance(policy, Actor):
        return policy if isinstance(policy, NoisyActor) else NoisyActor(policy, 0.0, space)
    name, sign, chance = str(policy).rpartition(":")
    try:
        noise = float(chance) if sign else 0.0
    except ValueError:  # a colon of a path
        name, noise = str(policy), 0.0
    name = name if sign else str(policy)
    return NoisyActor(load_actor(name, env_id=env_id), noise, space)
