"""REINFORCE with the group's mean as a baseline."""

from __future__ import annotations

from dataclasses import dataclass

from ...reward_models.transforms.base import Column
from ..advantages.reinforce import Reinforce
from ..losses.clipped import ClippedLoss
from ..recipe import Context, Parts, Recipe, register

__all__ = ["ReinforceRecipe"]


@register
@dataclass(frozen=True)
class ReinforceRecipe(Recipe):
    """Credits each step with what was paid from it onwards, minus the mean return of the task's episodes.

        A_{i,k} = sum_{l >= k} gamma^(l - k) r_{i,l} - mean_j Ret_{j,0}

    The plainest use of rewards that are paid at every step.

    How it can be gamed: as the reward that it is given; a reward that pays by the step is collected by more steps.
    Compare with: `grpo`, `gae`.
    """

    name = "reinforce"
    source = "Williams, Machine Learning 8 (1992)"
    status = "confirmed"
    checked = "tests/process/test_group_advantages.py::test_reinforce_gradient_is_exact_in_expectation"

    def parts(self, context: Context) -> Parts:
        """Return the reward as it is paid, and returns-to-go."""
        return Parts(Column("paid"), Reinforce(self.gamma), ClippedLoss(entropy=self.entropy))
