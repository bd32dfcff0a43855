"""PURE: process rewards in the min-form."""

from __future__ import annotations

from dataclasses import dataclass

from ...reward_models.transforms.base import Column, Outcome
from ...reward_models.transforms.min_form import MinForm
from ..advantages.rloo import StepRLOO
from ..losses.clipped import ClippedLoss
from ..recipe import Context, Parts, register
from .judged import JudgedRecipe

__all__ = ["PureRecipe"]


@register
@dataclass(frozen=True)
class PureRecipe(JudgedRecipe):
    """Counts an episode as its worst step, so that a scorer's favourite steps cannot be repeated for more.

        r*_k = softmax_k(-r / T) r_k + c R 1[k last],   A_{i,k} = return-to-go minus the others' mean over steps

    r are the step scores, R the outcome. As T goes to 0 the return is the smallest score of the episode.

    How it can be gamed: an episode of one step that the scorer likes; few steps that each do much. Both are wrong by
    the outcome, so keep c above 0.
    Compare with: the same scores summed (`reinforce` with `--reward` of a step scorer), `clip-delta`, `par`, and the
    outcome alone (`rloo`).

    Args:
        temperature: T.
        outcome: c; 0 trains on the step scores alone.
        kl: weight of the KL term to the policy after the warm start.
    """

    name = "pure"
    source = "Stop Summation (PURE, arXiv 2504.15275, 2025)"
    status = "confirmed; the step stands for the token, the baseline is our reading"
    checked = "tests/process/test_min_form.py::test_the_return_tends_to_the_smallest_score"

    temperature: float = 0.1
    outcome: float = 1.0
    kl: float = 1e-3

    def parts(self, context: Context) -> Parts:
        """Return the min-form plus the outcome, and the length-aware leave-one-out baseline."""
        column, scorers = self.scores(context)
        transform = MinForm(Column(column), self.temperature) + self.outcome * Outcome()
        loss = ClippedLoss(entropy=self.entropy, kl=self.kl)
        return Parts(transform, StepRLOO(self.gamma), loss, scorers, reference=self.kl > 0.0)
