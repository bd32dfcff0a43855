"""prl: the outcome minus what is still to come of the divergence from a reference."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ...reward_models.transforms.base import Outcome
from ..advantages.tail_ratio import TailRatio
from ..losses.clipped import ClippedLoss
from ..recipe import Context, Parts, Recipe, register

__all__ = ["PRLRecipe"]


@register
@dataclass(frozen=True)
class PRLRecipe(Recipe):
    """Gives each step the outcome, less the log-ratio to the reference over the rest of the episode.

        A_k = A(outcome) - (1 / eta) sum_{l >= k} (log pi_old(a_l | ...) - log ref(a_l | ...))

    With the raw outcome this is the gradient of E[R] - KL(pi || ref) / eta, step by step, and its optimum is
    ref e^(eta R). It needs no process labels and no model: the reference, the policy after the warm start, is all.

    How it can be gamed: not by the reward, which is the outcome; but a reference that knows little holds the policy
    back, and with a large eta nothing is left of it. Compare with: "grpo", and "grpo" with a KL term in the loss.

    Args:
        eta: one over the weight of the divergence; 100 to 200 in the paper, for tokens.
        outcome: "orm", standardised in the group; "prm", the whole is; "raw", as it is.
        every: steps between the boundaries at which the advantage is taken.
    """

    name = "prl"
    source = "Process Reward Learning (arXiv 2601.10201, 2026)"
    status = "confirmed in its code"
    checked = "tests/process/test_prl.py::test_expected_gradient_is_that_of_the_regularised_objective"

    eta: float = 100.0
    outcome: Literal["orm", "prm", "raw"] = "orm"
    every: int = 1

    def parts(self, context: Context) -> Parts:
        """Return the parts of one run."""
        return Parts(
            transform=Outcome(),
            advantage=TailRatio(self.eta, self.outcome, self.every),
            loss=ClippedLoss(entropy=self.entropy),
            reference=True,
        )
