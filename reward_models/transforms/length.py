"""GRPO-lambda: short answers are worth more, but only for tasks that are already mastered."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ...core.trajectory import Batch, Group
from .base import RewardTransform

__all__ = ["BatchLength"]


@dataclass(frozen=True)
class BatchLength(RewardTransform):
    """Pays the outcome at the end; in the groups of the batch that succeed most, less for longer episodes.

        correct: R (1 - alpha sigmoid((L - mean L_correct) / std L_correct)),   wrong: R

    for the best `share` of the groups by accuracy, anew in each batch; the outcome R for all others. With outcomes in
    {0, 1} that is the paper's 1 - alpha sigmoid(.) and 0; with partial scores the discount is by the same factor.

    Source: "Stable Reinforcement Learning for Efficient Reasoning" (GRPO-lambda, arXiv 2505.18086, 2025). Status: the
    equation and share = 0.2 from the paper's text; alpha = 0.4 is our choice within its 0.2 to 0.6.
    Traps: share = 1 is the unstable baseline: where most fail, short failures and lucky short successes drag the
    length down before the task is learned. share = 0 is plain GRPO.
    How it can be gamed: by guessing early on tasks where a guess is nearly always right.

    Args:
        share: lambda, in [0, 1]; the number of groups is rounded, half up.
        alpha: how much a long success loses at most; below 1, so that a success always outranks a failure.
        correct: an episode succeeds if its outcome is at least so much.
    """

    share: float = 0.2
    alpha: float = 0.4
    correct: float = 0.5

    def __post_init__(self) -> None:
        if not 0.0 <= self.share <= 1.0 or not 0.0 <= self.alpha < 1.0:
            raise ValueError(f"share is {self.share} and alpha {self.alpha}; they must be in [0, 1] and [0, 1)")

    def __call__(self, batch: Batch) -> list[np.ndarray]:
        """Return zeros and, last, the outcome, discounted by length in the best groups."""
        accuracy = [float(self._succeeded(group).mean()) for group in batch.groups]
        chosen = np.argsort(-np.array(accuracy), kind="stable")[: math.floor(self.share * len(accuracy) + 0.5)]
        paid = [np.zeros(len(one)) for one in batch.trajectories]
        for place, (group, rows) in enumerate(zip(batch.groups, batch.group_rows, strict=True)):
            factors = self._factors(group) if place in chosen else np.ones(len(rows))
            for row, one, factor in zip(rows, group.trajectories, factors, strict=True):
                paid[row][-1] = one.outcome * factor
        return paid

    def _succeeded(self, group: Group) -> np.ndarray:
        return np.array([one.outcome >= self.correct for one in group.trajectories])

    def _factors(self, group: Group) -> np.ndarray:
        succeeded = self._succeeded(group)
        factors = np.ones(len(succeeded))
        if succeeded.any():
            lengths = np.array([len(one) for one in group.trajectories], dtype=float)[succeeded]
            std = lengths.std()
            z = (lengths - lengths.mean()) / std if std > 0 else np.zeros_like(lengths)
            factors[succeeded] = 1.0 - self.alpha / (1.0 + np.exp(-z))
        return factors
