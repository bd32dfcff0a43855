"""GAE: what followed a step against what the value head expected before it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ...core.trajectory import Batch
from .base import AdvantageEstimator, Each, returns_to_go
from .statistics import pooled_zscore, zscore

__all__ = ["GAE"]


@dataclass(frozen=True)
class GAE(AdvantageEstimator):
    """Sums temporal-difference errors, those further ahead less.

        delta_k = r_k + gamma V_{k+1} - V_k,   A_k = sum_{j >= k} (gamma lambda)^(j - k) delta_j

    V is the column "value"; behind the last step it is the trajectory's `last_value`, 0 if the episode ended there,
    so a segment cut out of an episode is continued by what the value head expects. lambda = 1 is return minus value,
    lambda = 0 the error of one step. The value head learns A_k + V_k.

    Source: "High-Dimensional Continuous Control Using Generalized Advantage Estimation" (arXiv 1506.02438, 2016).
    Status: confirmed.
    Traps: a value head that lags behind biases every advantage for lambda < 1.

    Args:
        gamma: discount.
        lam: lambda, in [0, 1].
        normalise: standardise the advantages over the batch.
    """

    by_group: ClassVar[bool] = False

    gamma: float = 0.99
    lam: float = 0.95
    normalise: bool = True

    def __call__(self, batch: Batch, payments: list[np.ndarray]) -> list[np.ndarray]:
        """Return the advantages."""
        plain = self._plain(batch, payments)
        if not self.normalise:
            return plain
        ends = np.cumsum([len(one) for one in plain])
        return np.split(zscore(np.concatenate(plain)), ends[:-1])

    def pooled(self, batch: Batch, payments: list[np.ndarray], each: Each) -> list[np.ndarray]:
        """Return the advantages of this process' part of a batch, standardised over the whole of it."""
        plain = self._plain(batch, payments)
        if not self.normalise:
            return plain
        ends = np.cumsum([len(one) for one in plain])
        whole = pooled_zscore(np.concatenate(plain) if plain else np.zeros(0), each)
        return np.split(whole, ends[:-1]) if plain else []

    def targets(self, batch: Batch, payments: list[np.ndarray]) -> list[np.ndarray]:
        """Return what the value head shall say of each step: its advantage, not normalised, plus its value."""
        plain = self._plain(batch, payments)
        return [credit + one.column("value") for credit, one in zip(plain, batch.trajectories, strict=True)]

    def _plain(self, batch: Batch, payments: list[np.ndarray]) -> list[np.ndarray]:
        found = []
        for one, paid in zip(batch.trajectories, payments, strict=True):
            values = np.append(one.column("value"), one.last_value)
            errors = paid + self.gamma * values[1:] - values[:-1]
            found.append(returns_to_go(errors, self.gamma * self.lam))
        return found
