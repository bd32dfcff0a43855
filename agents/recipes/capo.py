"""CAPO: the outcome for all steps, less for those that judges agree on."""

from __future__ import annotations

from dataclasses import dataclass

from ...reward_models.process.judge import Aggregate
from ...reward_models.transforms.asymmetric import Asymmetric
from ..advantages.step_z import StepZ
from ..losses.clipped import ClippedLoss
from ..recipe import Context, Parts, register
from .judged import JudgedRecipe

__all__ = ["CAPORecipe"]


@register
@dataclass(frozen=True)
class CAPORecipe(JudgedRecipe):
    """Standardises, over all steps of a group, the outcome minus a penalty for steps that are called wrong.

        r_k = W_whole R - W_process 1[k is wrong],   A = z-score over the steps of the group

    With W_whole > W_process the worst step of a success is still above the best of a failure. Four judges have to
    agree before a step is called wrong, so a right one is blamed with probability flip^4.

    How it can be gamed: by what all judges overlook, which the outcome bounds.
    Compare with: `capo(process=0.0)`, `capo(votes=1)`, `grpo` on the outcome.

    Args:
        whole, process: W_whole and W_process.
    """

    name = "capo"
    source = "CAPO (arXiv 2508.02298, 2025)"
    status = "confirmed: the equation, in the paper's text as another implementation quotes it; weights as recalled"
    checked = "tests/process/test_asymmetric.py::test_every_step_of_a_success_outranks_every_step_of_a_failure"

    votes: int = 4
    aggregate: Aggregate = "intersection"
    whole: float = 2.0
    process: float = 1.0

    def parts(self, context: Context) -> Parts:
        """Return the asymmetric payments, and the z-score of steps."""
        column, scorers = self.scores(context)
        transform = Asymmetric(column, self.whole, self.process)
        return Parts(transform, StepZ(), ClippedLoss(entropy=self.entropy), scorers)
