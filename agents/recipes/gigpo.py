"""GiGPO: each episode against its group, each step against those taken in the same situation."""

from __future__ import annotations

from dataclasses import dataclass

from ...reward_models.transforms.base import Column
from ..advantages.gigpo import GiGPO
from ..losses.clipped import ClippedLoss
from ..recipe import Context, Parts, Recipe, register

__all__ = ["GiGPORecipe"]


@register
@dataclass(frozen=True)
class GiGPORecipe(Recipe):
    """Adds to GRPO's advantage how a step did against the group's other steps from an identical observation.

        A_{i,k} = (R_i - mean R) + w (Ret_{i,k} - mean Ret of the steps with the same observation)

    It gives credit within the episode without a value head or a step scorer, wherever situations come back.

    How it can be gamed: as the reward that it is given. Observations that look alike but are not, as in worlds with
    hidden state, are compared as if they were the same situation.
    Compare with: `grpo`, `gae`.

    Args:
        weight: w.
        gamma: discount of the returns that are compared within a situation.
        std: divide both parts by their standard deviation.
    """

    name = "gigpo"
    source = "Group-in-Group Policy Optimization (arXiv 2505.10978, 2025)"
    status = "confirmed"
    checked = "tests/process/test_group_advantages.py::test_gigpo_adds_the_step_groups_only_where_situations_repeat"

    gamma: float = 0.95
    weight: float = 1.0
    std: bool = False

    def parts(self, context: Context) -> Parts:
        """Return the reward as it is paid, and GiGPO."""
        advantage = GiGPO(self.weight, self.gamma, self.std)
        return Parts(Column("paid"), advantage, ClippedLoss(entropy=self.entropy))
