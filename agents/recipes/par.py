"""PAR: win rate against the reference policy's episodes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ...core.names import check_name
from ...reward_models.process.reference_rewards import ReferenceRewards
from ...reward_models.transforms.base import Column
from ...reward_models.transforms.preference import PreferenceAsReward, Reshaped
from ..advantages.grpo import GRPO
from ..losses.clipped import ClippedLoss
from ..recipe import Context, Parts, register
from .judged import JudgedRecipe

__all__ = ["PARRecipe"]

SHAPES = ("par", "raw", "mean-std", "clip", "min-max", "tanh", "arctan", "lsc", "sgfc")
Shape = Literal["par", "raw", "mean-std", "clip", "min-max", "tanh", "arctan", "lsc", "sgfc"]


@register
@dataclass(frozen=True)
class PARRecipe(JudgedRecipe):
    """Pays an episode by how often its proxy reward beats that of the policy before training, and nothing else.

        r = (1 / M) sum_m sigmoid(k (R - R_ref^m))

    R is the sum of the step scores: a proxy that can be over-optimised. The outcome is not used. The reference rewards
    are those of the run's first batch, so tasks that do not come back are compared with the average task.

    How it can be gamed: the ranking is the proxy's, so its hacks still rank first; but beyond parity there is little
    left to gain, which slows the climb into them.
    Compare with: `par(shape='raw')` and the other shapes, at equal true success; `rloo` on the outcome.

    Args:
        shape: "par", or one of the reshapings that it is compared with.
        slope: k, in units of 1 / R.
        std: divide the advantages by the standard deviation of the group, which undoes some of the boundedness.
        kl: weight of the KL term to the policy after the warm start.
    """

    name = "par"
    source = "Reward Shaping to Mitigate Reward Hacking in RLHF (PAR, arXiv 2502.18770, 2025)"
    status = "confirmed; the source of reference rewards and the place of the KL are ours"
    checked = "tests/process/test_preference.py::test_par_is_the_win_rate_and_ignores_what_a_task_pays_to_all"
    undivided = "its reference rewards are those of a whole batch"

    shape: Shape = "par"
    slope: float = 1.0
    std: bool = False
    kl: float = 5e-3

    def parts(self, context: Context) -> Parts:
        """Return the shaped proxy and GRPO."""
        check_name("shape", self.shape, SHAPES, f"recipe {self.name!r}")
        column, scorers = self.scores(context)
        proxy = Column(column)
        shaped = PreferenceAsReward(proxy, slope=self.slope) if self.shape == "par" else Reshaped(self.shape, proxy)
        references = ReferenceRewards(column, episodes=self.num_groups * self.group_size)
        loss = ClippedLoss(entropy=self.entropy, kl=self.kl)
        return Parts(shaped, GRPO(self.std), loss, (*scorers, references), reference=self.kl > 0.0)
