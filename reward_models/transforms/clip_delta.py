"""Clip and Delta: two ways to keep a process reward from being collected by more and more steps."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from ...core.trajectory import Batch
from .base import Column, RewardTransform

__all__ = ["Clip", "Delta"]


@dataclass(frozen=True)
class Clip(RewardTransform):
    """Pays no step more than nothing: only how far its score stays below a threshold counts.

        r_k = min(r(p_k) - eta, 0)

    Source: "On Designing Effective RL Reward at Training Time for LLM Reasoning" (arXiv 2410.15115, 2024). Status:
    the equation is confirmed in the paper's text; eta is about the mean score of a step there, 0.2 is our choice.
    Traps: with eta above what honest steps score, every honest step costs, and the policy learns to answer at once.
    How it can be gamed: fewer steps are never worse, so add `Outcome` and, after this, `Delta`.

    Args:
        of: what is transformed.
        threshold: eta, in units of the scores.
    """

    of: RewardTransform = field(default_factory=Column)
    threshold: float = 0.2

    def __call__(self, batch: Batch) -> list[np.ndarray]:
        """Return the clipped scores."""
        return [np.minimum(scores - self.threshold, 0.0) for scores in self.of(batch)]


@dataclass(frozen=True)
class Delta(RewardTransform):
    """Pays the difference to the next step, so that what is still to come from a step is its own score.

        r_k = r(p_k) - r(p_{k+1}) for k < K - 1,   r_{K-1} = r(p_{K-1}),   r_K = 0

    K is the last step, the answer. The undiscounted return-to-go of step k is r(p_k) for k < K, whatever K is.
    `Delta(Clip(...))` is the paper's best form.

    Source: as `Clip`. Status: confirmed in the paper's text.
    Traps: the score of the last step is not used, which is right if that is an answer that the outcome judges. A
    discount other than 1 breaks the telescope.
    How it can be gamed: each step is still credited with its own score, so a step that the scorer overrates is
    still preferred wherever it does not cost the outcome; `Clip` takes that away.

    Args:
        of: what is transformed.
    """

    of: RewardTransform = field(default_factory=Column)

    def __call__(self, batch: Batch) -> list[np.ndarray]:
        """Return the differences."""
        paid = []
        for scores in self.of(batch):
            judged = np.append(scores[:-1], 0.0)
            paid.append(judged - np.append(judged[1:], 0.0))
        return paid
