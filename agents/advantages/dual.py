"""Process and outcome side by side: PRIME's two leave-one-out returns, and OPRL's episode and step advantages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal, get_args

import numpy as np

from ...core.names import check_name
from ...core.trajectory import Batch
from .base import AdvantageEstimator, returns_to_go
from .statistics import leave_one_out, spread, zscore

__all__ = ["EpisodeAndStep", "ProcessAndOutcome"]


@dataclass(frozen=True)
class ProcessAndOutcome(AdvantageEstimator):
    """Adds the return-to-go of centred process rewards to the centred outcome, and standardises the sum.

        r'_{i,k} = n/(n-1) r_{i,k} - (1/(n-1)) sum_j mean_l r_{j,l}
        A_{i,k} = sum_{l >= k} r'_{i,l} + RLOO(R)_i

    r is the scorer's column divided by the largest |return-to-go| of the batch (+ 1e-6), R the sum of the payments.

    Source: PRIME (arXiv 2502.01456, 2025). Status: confirmed in its code, where steps are tokens.
    Traps: what is compared is the mean reward of a step, yet it is summed over the steps to come. A group of one
    gets 0. With process rewards of 0 everywhere and no whitening it is RLOO on the payments.

    Args:
        column: the process rewards.
        weight: of the process part; the paper's is 1.
        whiten: standardise over all steps of the batch.
    """

    by_group: ClassVar[bool] = False

    column: str = "implicit"
    weight: float = 1.0
    whiten: bool = True

    def __call__(self, batch: Batch, payments: list[np.ndarray]) -> list[np.ndarray]:
        """Return the advantages."""
        process = _scaled(batch, self.column)
        totals = np.array([paid.sum() for paid in payments])
        for rows in batch.group_rows:
            n, means = len(rows), [process[row].mean() for row in rows]
            totals[rows] = leave_one_out(totals[rows])
            for row in rows:
                centred = (n * process[row] - sum(means)) / (n - 1) if n > 1 else np.zeros_like(process[row])
                process[row] = returns_to_go(centred)
        found = [a + self.weight * b for a, b in zip(spread(totals, batch), process, strict=True)]
        if not self.whiten:
            return found
        ends = np.cumsum([len(one) for one in found])
        return np.split(zscore(np.concatenate(found)), ends[:-1])


@dataclass(frozen=True)
class EpisodeAndStep(AdvantageEstimator):
    """Adds to the episode's advantage how far a step's own process reward is above the group's mean step.

        A_{i,k} = A_episode(R)_i + w (r_{i,k} - mean r over all steps of the group)

    r is the scorer's column divided by the largest |return-to-go| of the batch (+ 1e-6), R the sum of the payments.
    Steps are not summed over time: if the reward is a difference of potentials, it is an advantage already.

    Source: OPRL, also called iStar (arXiv 2509.19199, 2025). Status: confirmed in its code, but for the mean, which the
    code takes over one step of each trajectory and the paper over all steps, as here.
    Traps: the scale follows the batch's longest run of equal signs, so early in training noise is scaled up to 1.

    Args:
        column: the process rewards.
        weight: w.
        episode: "rloo", or "grpo" for the difference to the group's mean.
    """

    by_group: ClassVar[bool] = False

    column: str = "implicit"
    weight: float = 1.0
    episode: Literal["rloo", "grpo"] = "rloo"

    def __post_init__(self) -> None:
        check_name("episode advantage", self.episode, get_args(Literal["rloo", "grpo"]))

    def __call__(self, batch: Batch, payments: list[np.ndarray]) -> list[np.ndarray]:
        """Return the advantages."""
        process = _scaled(batch, self.column)
        totals = np.array([paid.sum() for paid in payments])
        for rows in batch.group_rows:
            own = totals[rows]
            totals[rows] = leave_one_out(own) if self.episode == "rloo" else zscore(own, std=False)
            mean = np.concatenate([process[row] for row in rows]).mean()
            for row in rows:
                process[row] = process[row] - mean
        return [a + self.weight * b for a, b in zip(spread(totals, batch), process, strict=True)]


def _scaled(batch: Batch, column: str) -> list[np.ndarray]:
    """Return a column, divided by the largest absolute return-to-go that it has anywhere in the batch."""
    scores = [one.column(column) for one in batch.trajectories]
    largest = max(float(np.abs(returns_to_go(one)).max()) for one in scores)
    return [one / (largest + 1e-6) for one in scores]
