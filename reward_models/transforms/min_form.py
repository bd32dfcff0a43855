"""PURE: an episode is worth its worst step, not the sum of its steps."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from ...core.trajectory import Batch
from .base import Column, RewardTransform

__all__ = ["MinForm", "StrictMin"]


@dataclass(frozen=True)
class MinForm(RewardTransform):
    """Pays each step its score times its share of the blame: the softmax of the negative scores of the episode.

        r*_k = softmax_k(-r / T) r_k

    The plain return-to-go of these payments tends, as T goes to 0, to the smallest score for every step up to the
    worst one, and to 0 behind it. No return exceeds the largest |r|, so episodes do not earn more by being longer.

    Source: "Stop Summation: Min-Form Credit Assignment Is All Process Reward Model Needs for Reasoning" (PURE,
    arXiv 2504.15275, 2025). Status: confirmed in its code; T = 0.1 is the paper's.
    Traps: meant for undiscounted returns and scores in about [-1, 1]; on other scales T has to be scaled as well.
    How it can be gamed: an episode of one step has only one step that can be wrong, and if every score is positive
    the softmax spreads over many equal steps; pay the outcome as well. What a few long steps hide is not scored.

    Args:
        of: what is transformed.
        temperature: T, in units of the scores, above 0.
    """

    of: RewardTransform = field(default_factory=Column)
    temperature: float = 0.1

    def __post_init__(self) -> None:
        if not self.temperature > 0.0:
            raise ValueError(f"the temperature of the min-form is {self.temperature}; it must be above 0")

    def __call__(self, batch: Batch) -> list[np.ndarray]:
        """Return the weighted scores."""
        return [_weighted(scores, self.temperature) for scores in self.of(batch)]


@dataclass(frozen=True)
class StrictMin(RewardTransform):
    """Pays such that each step's undiscounted return-to-go is the smallest score from it onwards.

        sum_{j >= k} r*_j = min_{j >= k} r_j

    Source: PURE, as `MinForm`, without the softmax. Status: the limit is the paper's; here the steps behind the worst
    one are held to the worst that is still to come, where `MinForm` gives them nothing.

    Args:
        of: what is transformed.
    """

    of: RewardTransform = field(default_factory=Column)

    def __call__(self, batch: Batch) -> list[np.ndarray]:
        """Return the differences of the running minimum, taken from the end."""
        paid = []
        for scores in self.of(batch):
            worst = np.minimum.accumulate(scores[::-1])[::-1]
            paid.append(worst - np.append(worst[1:], 0.0))
        return paid


def _weighted(scores: np.ndarray, temperature: float) -> np.ndarray:
    blame = np.exp((scores.min() - scores) / temperature)
    return blame / blame.sum() * scores
