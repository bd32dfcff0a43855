"""RLVMR: episodes are compared by outcome, steps with those that carry the same tag."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...core.trajectory import Batch
from .base import AdvantageEstimator
from .statistics import spread, zscore

__all__ = ["PerTag"]


@dataclass(frozen=True)
class PerTag(AdvantageEstimator):
    """Mixes the advantage of the episode with that of the step among the group's steps of the same tag.

        A_{i,k} = alpha z_group(R_i + malformed_i) + (1 - alpha) z_{group, tag}(r_{i,k})

    R is the outcome; r what the transform paid. Within each (group, tag) the second part has mean 0, so no tag is
    worth more than another as such. Steps without a known tag have no cell of their own: what they were paid, a
    penalty, counts for the episode (malformed_i), since within a cell in which all pay it, it would vanish.

    Source: "RLVMR" (arXiv 2507.22844, 2025). Status: the two levels from the paper's text; alpha = 0.5 is ours.
    Traps: a tag used once in a group gets nothing from its rule.

    Args:
        alpha: weight of the episode, in [0, 1].
        tags: the known tags.
    """

    alpha: float = 0.5
    tags: Sequence[str] = ("planning", "explore", "reflection", "monitor")

    def __call__(self, batch: Batch, payments: list[np.ndarray]) -> list[np.ndarray]:
        """Return the advantages."""
        trajectories, inner = batch.trajectories, [np.zeros(len(paid)) for paid in payments]
        totals = np.array([one.outcome for one in trajectories])
        for rows in batch.group_rows:
            cells: dict[str, list[tuple[int, int]]] = defaultdict(list)
            for row in rows:
                for k, step in enumerate(trajectories[row].steps):
                    if step.tag in self.tags:
                        cells[step.tag].append((row, k))
                    else:
                        totals[row] += payments[row][k]
            for places in cells.values():
                credit = zscore(np.array([payments[row][k] for row, k in places]))
                for (row, k), value in zip(places, credit.tolist(), strict=True):
                    inner[row][k] = value
            totals[rows] = zscore(totals[rows])
        outer = spread(self.alpha * totals, batch)
        return [whole + (1.0 - self.alpha) * one for whole, one in zip(outer, inner, strict=True)]
