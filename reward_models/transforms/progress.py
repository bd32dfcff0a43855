"""SPA-RL: each step's share in the outcome, and a little for an action that did something."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...core.trajectory import Batch
from .base import RewardTransform

__all__ = ["ProgressAttribution"]


@dataclass(frozen=True)
class ProgressAttribution(RewardTransform):
    """Pays each step the progress that an estimator attributes to it, and whether it could be carried out.

        r_k = alpha c_k + beta g_k,   g_k = 1 if the action did something

    The estimator is trained such that sum_k c_k is the outcome, so c only moves the outcome to where it was earned.

    Source: "SPA-RL: Reinforcing LLM Agents via Stepwise Progress Attribution" (arXiv 2505.20732, 2025). Status: the
    paper's form and constants (1 and 0.5); its released scripts differ. `cap` is ours.
    Traps: g is not potential-based: it pays by the step, so it changes which policy is best.
    How it can be gamed: by actions that do something and undo it, for beta each; `cap` bounds what they earn.

    Args:
        column: the estimator's c.
        alpha, beta: weights of progress and grounding.
        cap: how many steps of an episode g pays at most, the first ones; None pays all.
    """

    column: str = "progress"
    alpha: float = 1.0
    beta: float = 0.5
    cap: int | None = None

    def __call__(self, batch: Batch) -> list[np.ndarray]:
        """Return the weighted sum."""
        paid = []
        for one in batch.trajectories:
            grounded = np.array([step.valid for step in one.steps], dtype=float)
            if self.cap is not None:
                grounded *= np.cumsum(grounded) <= self.cap
            paid.append(self.alpha * one.column(self.column) + self.beta * grounded)
        return paid
