"""Clip and Delta: process rewards that cannot be collected by more steps."""

from __future__ import annotations

from dataclasses import dataclass

from ...reward_models.transforms.base import Column, Outcome
from ...reward_models.transforms.clip_delta import Clip, Delta
from ..advantages.reinforce import Reinforce
from ..losses.clipped import ClippedLoss
from ..recipe import Context, Parts, register
from .judged import JudgedRecipe

__all__ = ["ClipDeltaRecipe"]


@register
@dataclass(frozen=True)
class ClipDeltaRecipe(JudgedRecipe):
    """Adds to the outcome the step scores, cut off above a threshold and telescoped.

        c_k = min(r_k - eta, 0),   paid: alpha (c_k - c_{k+1}) + R 1[k last]

    The return-to-go of a step is alpha c_k + R: at most the outcome, whatever the number of steps.

    How it can be gamed: with eta above what honest steps score each honest step costs, and answering at once is the
    cheapest: set it to the score of an honest step.
    Compare with: the outcome alone (`reinforce` with the world's outcome reward), the summed scores, `pure`.

    Args:
        clip, delta: whether each of the two is applied.
        threshold: eta, in units of the scores. With the judge's +1 and -1 anything up to 1 leaves right steps free.
        alpha: weight of the step scores; about 0.02 in the paper, with hundreds of steps.
    """

    name = "clip-delta"
    source = "On Designing Effective RL Reward at Training Time (arXiv 2410.15115, 2024)"
    status = "confirmed; threshold and weight are ours"
    checked = "tests/process/test_clip_delta.py::test_the_return_of_a_step_is_its_own_score"

    clip: bool = True
    delta: bool = True
    threshold: float = 0.2
    alpha: float = 0.3

    def parts(self, context: Context) -> Parts:
        """Return outcome plus transformed step scores, and returns-to-go."""
        column, scorers = self.scores(context)
        shaped = Clip(Column(column), self.threshold) if self.clip else Column(column)
        shaped = Delta(shaped) if self.delta else shaped
        transform = self.alpha * shaped + Outcome()
        return Parts(transform, Reinforce(self.gamma), ClippedLoss(entropy=self.entropy), scorers)
