"""RLOO: each episode against the others of its group."""

from __future__ import annotations

from dataclasses import dataclass

from ...reward_models.transforms.base import Column
from ..advantages.rloo import RLOO
from ..losses.clipped import ClippedLoss
from ..recipe import Context, Parts, Recipe, register

__all__ = ["RLOORecipe"]


@register
@dataclass(frozen=True)
class RLOORecipe(Recipe):
    """Credits every step of an episode with its total minus the mean total of the other episodes of the task.

        A_i = R_i - (1 / (n - 1)) sum_{j != i} R_j

    The baseline does not depend on the episode, so that the gradient is unbiased.

    How it can be gamed: as the reward that it is given.
    Compare with: `grpo`, `reinforce`.
    """

    name = "rloo"
    source = "Back to Basics (arXiv 2402.14740, 2024)"
    status = "confirmed"
    checked = "tests/process/test_group_advantages.py::test_rloo_is_unbiased"

    def parts(self, context: Context) -> Parts:
        """Return the reward as it is paid, and RLOO."""
        return Parts(Column("paid"), RLOO(), ClippedLoss(entropy=self.entropy))
