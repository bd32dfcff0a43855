"""Every step against all steps of its group, each by its own payment."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...core.trajectory import Batch
from .base import AdvantageEstimator
from .statistics import zscore

__all__ = ["StepZ"]


@dataclass(frozen=True)
class StepZ(AdvantageEstimator):
    """Standardises the steps' own payments over all steps of the group; nothing is summed over time.

        A_{i,k} = (r_{i,k} - mean r) / (std r + 1e-6)

    Source: CAPO (arXiv 2508.02298, 2025), GRPO at the level of tokens. Status: from the paper's text.
    Traps: a long episode weighs more in the mean than a short one. What a step makes possible later is not
    credited to it unless its payment says so, as the outcome in every step does.

    Args:
        std: divide by the standard deviation.
    """

    std: bool = True

    def __call__(self, batch: Batch, payments: list[np.ndarray]) -> list[np.ndarray]:
        """Return the advantages."""
        found = list(payments)
        for rows in batch.group_rows:
            ends = np.cumsum([len(payments[row]) for row in rows])
            flat = zscore(np.concatenate([payments[row] for row in rows]), self.std)
            for row, part in zip(rows, np.split(flat, ends[:-1]), strict=True):
                found[row] = part
        return found
