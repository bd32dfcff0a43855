"""REINFORCE with the group's mean as a baseline."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...core.trajectory import Batch
from .base import AdvantageEstimator, returns_to_go

__all__ = ["Reinforce"]


@dataclass(frozen=True)
class Reinforce(AdvantageEstimator):
    """Gives each step its return-to-go minus the mean return of the group's episodes.

        A_{i,k} = Ret_{i,k} - mean_j Ret_{j,0}

    Source: Williams (1992). Status: confirmed.
    Traps: the baseline is that of the first step; where much is paid early, late steps stand below it by their place
    alone. The mean holds the episode itself, which scales the baseline's effect by (n - 1) / n.

    Args:
        gamma: discount of the return.
    """

    gamma: float = 1.0

    def __call__(self, batch: Batch, payments: list[np.ndarray]) -> list[np.ndarray]:
        """Return the advantages."""
        returns = [returns_to_go(paid, self.gamma) for paid in payments]
        found = list(returns)
        for rows in batch.group_rows:
            baseline = sum(returns[row][0] for row in rows) / len(rows)
            for row in rows:
                found[row] = returns[row] - baseline
        return found
