"""GRPO: each episode against its group."""

from __future__ import annotations

from dataclasses import dataclass

from ...reward_models.transforms.base import Column
from ..advantages.grpo import GRPO
from ..losses.clipped import ClippedLoss
from ..recipe import Context, Parts, Recipe, register

__all__ = ["GRPORecipe"]


@register
@dataclass(frozen=True)
class GRPORecipe(Recipe):
    """Plays each task several times and credits every step of an episode with its standardised total in the group.

        A_i = (R_i - mean R) / (std R + 1e-6)

    No value head, no step scorer: what the run's reward pays is summed over the episode.

    How it can be gamed: as the reward that it is given. Dividing by the standard deviation makes tiny differences as
    loud as large ones.
    Compare with: `rloo` and `reinforce` (no division), `gigpo` (credit within the episode), `gae` (a value head).

    Args:
        std: divide by the standard deviation of the group.
        kl: weight of the KL term to the policy after the warm start; 0 for none.
    """

    name = "grpo"
    source = "DeepSeekMath (arXiv 2402.03300, 2024)"
    status = "confirmed"
    checked = "tests/process/test_group_advantages.py::test_grpo_is_the_z_score_and_blind_to_affine_payments"

    std: bool = True
    kl: float = 0.0

    def parts(self, context: Context) -> Parts:
        """Return the reward as it is paid, and GRPO."""
        loss = ClippedLoss(entropy=self.entropy, kl=self.kl)
        return Parts(Column("paid"), GRPO(self.std), loss, reference=self.kl > 0.0)
