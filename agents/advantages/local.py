"""PAV: what followed a step, plus what the step itself changed in a prover's eyes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...core.trajectory import Batch
from .base import AdvantageEstimator, returns_to_go

__all__ = ["StepLocal"]


@dataclass(frozen=True)
class StepLocal(AdvantageEstimator):
    """Adds a scorer's judgement of each step to the step's centred return, without handing it to earlier steps.

        A_{i,k} = (Q_{i,k} - mean_j Q_{j,0}) + alpha A^mu_{i,k}

    Q is the return-to-go of what was paid, or the sum for the whole episode; A^mu the column: how much the step
    changed the chance that a prover mu succeeds.

    Source: "Rewarding Progress" (PAV, arXiv 2410.08146, 2024). Status: recalled; alpha is 3 to 6 there, 4 is our
    choice.
    Traps: summed over the steps to come, A^mu telescopes to R - V^mu(s_0) and adds nothing but noise; that is why it
    stays with its step. A prover equal to the policy only rescales the gradient.

    Args:
        column: the scorer's A^mu.
        alpha: its weight.
        gamma: discount of the return-to-go.
        to_go: credit a step with what was paid from it onwards; otherwise with the whole episode.
    """

    column: str = "prover"
    alpha: float = 4.0
    gamma: float = 1.0
    to_go: bool = True

    def __call__(self, batch: Batch, payments: list[np.ndarray]) -> list[np.ndarray]:
        """Return the advantages."""
        returns = [returns_to_go(paid, self.gamma) for paid in payments]
        trajectories, found = batch.trajectories, list(returns)
        for rows in batch.group_rows:
            baseline = sum(returns[row][0] for row in rows) / len(rows)
            for row in rows:
                quality = returns[row] if self.to_go else np.full(len(returns[row]), returns[row][0])
                found[row] = quality - baseline + self.alpha * trajectories[row].column(self.column)
        return found
