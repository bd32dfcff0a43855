"""A policy of our own as an actor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch

from .actor import Actor, rows_of
from .policies.base import Policy

__all__ = ["PolicyActor"]


class PolicyActor(Actor):
    """Plays a policy as it was trained: it draws its choices, unless `greedy`.

    Args:
        policy: the policy.
        greedy: take the likeliest choice instead. A policy that keeps nothing in mind can then run in circles.
    """

    def __init__(self, policy: Policy, greedy: bool = False):
        self.policy, self.greedy, self.name = policy, greedy, type(policy).__name__
        self._generator = torch.Generator(policy.device)
        self._reader: Any = None
        self._memory: Any = None
        self._last: list[Any] = []

    def seed(self, seed: int) -> None:
        """Start over with draws that depend on `seed` only."""
        self._generator.manual_seed(seed)
        self._reader = self._memory = None

    def act(self, observations: Any, infos: Mapping[str, Any], fresh: np.ndarray) -> list[Any]:
        """Ask the policy."""
        seen = rows_of(observations)
        if self._reader is None or len(self._last) != len(seen):
            self._reader, self._memory, self._last = self.policy.reader(len(seen)), None, [None] * len(seen)
        inputs = self._reader.read(seen, infos, np.asarray(fresh), self._last)
        decided = self.policy.decide(inputs, self._memory, np.asarray(fresh), self._generator, self.greedy)
        self._memory, self._last = decided.memory, list(decided.actions)
        return list(decided.actions)
