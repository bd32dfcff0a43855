"""GiGPO: episodes are compared within a group, and steps within the situations that the group shares."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np

from ...core.trajectory import Batch
from .base import AdvantageEstimator, returns_to_go
from .statistics import spread, zscore

__all__ = ["GiGPO"]


@dataclass(frozen=True)
class GiGPO(AdvantageEstimator):
    """Adds to an episode's advantage how a step turned out against others taken in the same situation.

        A_{i,k} = (R_i - mean R) + w (Ret_{i,k} - mean Ret over the steps of the group with the same state_key)

    Ret is discounted. A step whose situation nobody else met adds nothing, nor does one without a key.

    Source: "Group-in-Group Policy Optimization" (GiGPO, arXiv 2505.10978, 2025). Status: confirmed in code
    (Tongyi-ConvAI/Qwen-Character); the discount 0.95 and means without division are as recalled.
    Traps: without a discount, or a cost for each step, an outcome at the end says nothing about which of two
    actions from one situation is quicker.

    Args:
        weight: w.
        gamma: discount of the steps' returns.
        std: divide both parts by their standard deviation.
    """

    weight: float = 1.0
    gamma: float = 0.95
    std: bool = False

    def __call__(self, batch: Batch, payments: list[np.ndarray]) -> list[np.ndarray]:
        """Return the advantages."""
        totals = np.array([paid.sum() for paid in payments])
        returns = [returns_to_go(paid, self.gamma) for paid in payments]
        trajectories, inner = batch.trajectories, [np.zeros(len(paid)) for paid in payments]
        for rows in batch.group_rows:
            totals[rows] = zscore(totals[rows], self.std)
            shared: dict[Hashable, list[tuple[int, int]]] = defaultdict(list)
            for row in rows:
                for k, step in enumerate(trajectories[row].steps):
                    if step.state_key is not None:
                        shared[step.state_key].append((row, k))
            for places in shared.values():
                credit = zscore(np.array([returns[row][k] for row, k in places]), self.std)
                for (row, k), value in zip(places, credit.tolist(), strict=True):
                    inner[row][k] = value
        return [outer + self.weight * one for outer, one in zip(spread(totals, batch), inner, strict=True)]
