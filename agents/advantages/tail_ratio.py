"""PRL: the outcome, minus how far the rest of the episode strays from the reference policy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from ...core.names import check_name
from ...core.trajectory import Batch
from .base import AdvantageEstimator
from .base import returns_to_go as tail_sums
from .statistics import zscore

__all__ = ["TailRatio"]

Outcome = Literal["orm", "prm", "raw"]


@dataclass(frozen=True)
class TailRatio(AdvantageEstimator):
    """Takes from the outcome the log-ratio to the reference that is still to come, at the boundary of each step.

        A_k = A(y) - (1 / eta) sum_{l >= k} (log pi_old(a_l) - log pi_ref(a_l))

    With the raw outcome, the expected gradient is that of E[R] - KL(pi || pi_ref) / eta, whose optimum is
    pi_ref e^(eta R), normalised. No other KL term is needed. Reads `Step.logp` and the column "ref_logp".

    Source: "Process Reward Learning" (PRL, arXiv 2601.10201, 2026). Status: confirmed in its code, with eta 100 to
    200; that "prm" standardises over the steps of the group is our reading.
    Traps: with standardised outcomes eta is in units of the group's standard deviation. Every k sees the tail from its
    own boundary on: with `every` > 1 the steps before a boundary take the value at the boundary.

    Args:
        eta: one over the weight of the KL.
        outcome: "orm" standardises the sum of the payments in the group, "prm" standardises the whole over the
            group's steps, "raw" takes the sum as it is.
        every: steps between boundaries; the last step is always one.
    """

    eta: float = 100.0
    outcome: Outcome = "orm"
    every: int = 1

    def __post_init__(self) -> None:
        check_name("treatment of the outcome", self.outcome, get_args(Outcome))

    def __call__(self, batch: Batch, payments: list[np.ndarray]) -> list[np.ndarray]:
        """Return the advantages."""
        totals = np.array([paid.sum() for paid in payments])
        found = []
        for one in batch.trajectories:
            logp = np.array([step.logp for step in one.steps])
            tail = tail_sums(logp - one.column("ref_logp"))
            boundary = np.minimum((np.arange(len(one)) // self.every + 1) * self.every, len(one)) - 1
            found.append(-tail[boundary] / self.eta)
        for rows in batch.group_rows:
            if self.outcome == "orm":
                totals[rows] = zscore(totals[rows])
            for row in rows:
                found[row] += totals[row]
            if self.outcome == "prm":
                ends = np.cumsum([len(found[row]) for row in rows])
                flat = zscore(np.concatenate([found[row] for row in rows]))
                for row, part in zip(rows, np.split(flat, ends[:-1]), strict=True):
                    found[row] = part
        return found
