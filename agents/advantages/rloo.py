"""RLOO: an episode is compared with the others of its group, not with itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...core.trajectory import Batch
from .base import AdvantageEstimator, returns_to_go
from .statistics import leave_one_out, spread

__all__ = ["RLOO", "StepRLOO"]


@dataclass(frozen=True)
class RLOO(AdvantageEstimator):
    """Gives every step of an episode the sum of its payments minus the mean sum of the other episodes of the group.

        A_i = R_i - (1 / (n - 1)) sum_{j != i} R_j

    The baseline does not depend on the episode itself, so the gradient is unbiased.

    Source: "Back to Basics" (arXiv 2402.14740, 2024). Status: confirmed.
    Traps: a group of one has nothing to compare with and gets 0.
    """

    def __call__(self, batch: Batch, payments: list[np.ndarray]) -> list[np.ndarray]:
        """Return the advantages."""
        totals = np.array([paid.sum() for paid in payments])
        for rows in batch.group_rows:
            totals[rows] = leave_one_out(totals[rows])
        return spread(totals, batch)


@dataclass(frozen=True)
class StepRLOO(AdvantageEstimator):
    """Gives each step its return-to-go minus what a step of the other episodes of the group returns on average.

        A_{i,k} = Ret_{i,k} - sum_{j != i} sum_l Ret_{j,l} / sum_{j != i} T_j

    The mean is over the others' steps, not over the others' means: an episode counts by its length, so that
    being split into few or many steps does not make a step look better.

    Source: the baseline of PURE (arXiv 2504.15275, 2025). Status: from its code, where steps are tokens; that the
    baseline is one mean over all steps of the others is our reading.
    Traps: a group of one gets 0. With payments that sum up, later steps return less than the average step by their
    place alone; payments bounded over the episode (`MinForm`, `Outcome`) are what it is for.

    Args:
        gamma: discount of the return.
    """

    gamma: float = 1.0

    def __call__(self, batch: Batch, payments: list[np.ndarray]) -> list[np.ndarray]:
        """Return the advantages."""
        returns = [returns_to_go(paid, self.gamma) for paid in payments]
        sums = np.array([one.sum() for one in returns])
        lengths = np.array([len(one) for one in returns], dtype=float)
        for rows in batch.group_rows:
            steps, total = lengths[rows].sum(), sums[rows].sum()
            for row in rows:
                if len(rows) == 1:
                    returns[row] = np.zeros(len(returns[row]))
                else:
                    returns[row] -= (total - sums[row]) / (steps - lengths[row])
        return returns
