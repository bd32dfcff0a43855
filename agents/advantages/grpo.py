"""GRPO: an episode is as good as it is above the others of its group."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...core.trajectory import Batch
from .base import AdvantageEstimator
from .statistics import spread, zscore

__all__ = ["GRPO"]


@dataclass(frozen=True)
class GRPO(AdvantageEstimator):
    """Gives every step of an episode the standardised sum of its payments within the group.

        A_i = (R_i - mean R) / (std R + 1e-6)

    Source: DeepSeekMath (arXiv 2402.03300, 2024); without `std`, Dr. GRPO (arXiv 2503.20783, 2025). Status: confirmed.
    Traps: the division makes a group of nearly equal payments as loud as one that differs; any positive affine
    change of the payments of a group leaves the advantages as they are. Where all are equal nothing is learned.

    Args:
        std: divide by the standard deviation of the group.
    """

    std: bool = True

    def __call__(self, batch: Batch, payments: list[np.ndarray]) -> list[np.ndarray]:
        """Return the advantages."""
        totals = np.array([paid.sum() for paid in payments])
        for rows in batch.group_rows:
            totals[rows] = zscore(totals[rows], self.std)
        return spread(totals, batch)
