"""CAPO: the outcome for every step, minus a smaller penalty for the steps that a judge calls wrong."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...core.trajectory import Batch
from .base import RewardTransform

__all__ = ["Asymmetric"]


@dataclass(frozen=True)
class Asymmetric(RewardTransform):
    """Pays every step its part in the outcome and takes from the wrong ones.

        r_k = W_whole R - W_process 1[step k is wrong]

    A step counts as wrong if its score is below `wrong_below`. These payments are credit already: standardise them
    over the steps of the group (`StepZ`), do not sum them.

    Source: Credit Assignment Policy Optimization (CAPO, arXiv 2508.02298, 2025).
    Status: the equation from the paper's text; W_whole = 2 and W_process = 1 as recalled.
    Traps: only with W_whole > W_process does every step of a success outrank every step of a failure. A judge that
    blames right steps takes their credit: let several vote.
    How it can be gamed: by whatever the judge overlooks, within what the outcome allows.

    Args:
        column: the judge's scores.
        whole, process: W_whole and W_process.
        wrong_below: a smaller score means that the step is wrong.
    """

    column: str = "judge"
    whole: float = 2.0
    process: float = 1.0
    wrong_below: float = 0.0

    def __call__(self, batch: Batch) -> list[np.ndarray]:
        """Return the outcome's share on every step, less the penalty of the wrong ones."""
        return [
            self.whole * one.outcome - self.process * (one.column(self.column) < self.wrong_below)
            for one in batch.trajectories
        ]
