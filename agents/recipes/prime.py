"""prime: implicit process rewards whose model learns along with the policy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ...core.random import derive_seed
from ...reward_models.transforms.base import Outcome
from ..advantages.dual import ProcessAndOutcome
from ..filters import AccuracyBand
from ..losses.clipped import ClippedLoss
from ..recipe import Context, Parts, Recipe, register

__all__ = ["PRIMERecipe"]


@register
@dataclass(frozen=True)
class PRIMERecipe(Recipe):
    """Adds to the outcome what a second copy of the policy, trained on outcomes, finds of each step.

        s_k = log phi(a_k | ...) - log ref(a_k | ...),    loss(phi) = BCE(logistic(beta sum_k s_k), outcome)
        A = whiten(return-to-go of centred s + RLOO of the outcome)

    phi begins as the policy, so s is 0 at first and training begins as RLOO. It learns from every batch after the
    policy has ("after"; with "before" the batch is scored by what was just learned from it). The reference is the
    policy after the warm start and never changes. Tasks that nearly always or never succeed are left out; where hardly
    anything succeeds, begin with a warm start. phi learns from them all the same.

    How it can be gamed: s is a guess; a phi that lags behind pays for what it has not yet seen fail ("pair_accuracy"
    tells). Compare with: "rloo", "implicit-prm" (phi frozen), "oprl" (pairs instead of labels, moving reference).

    Args:
        beta: weight of the log-ratio in the loss. The paper's 0.05 is for tokens; a step here is one decision.
        prm_rate: learning rate of phi, in units of the policy's; 2 as in the paper (1e-6 and 5e-7).
        update: "after" or "before".
        low, high: share of successes of a task, between which it is kept.
        weight: of the process part.
    """

    name = "prime"
    source = "Process Reinforcement through Implicit Rewards (arXiv 2502.01456, 2025)"
    status = "confirmed in its code; beta and learning rates are ours"
    checked = "tests/process/test_implicit.py::test_a_new_scorer_leaves_only_rloo_on_the_outcome"
    undivided = "its reward model learns from whole batches"

    beta: float = 0.5
    prm_rate: float = 2.0
    update: Literal["after", "before"] = "after"
    low: float = 0.2
    high: float = 0.8
    weight: float = 1.0

    def parts(self, context: Context) -> Parts:
        """Return the parts of one run."""
        from ..scorers.implicit import ImplicitScorer

        scorer = ImplicitScorer(
            context.policy,
            beta=self.beta,
            scale=1.0,
            update=self.update,
            learning_rate=self.prm_rate * self.learning_rate,
            seed=derive_seed(context.seed, self.name),
        )
        return Parts(
            transform=Outcome(),
            advantage=ProcessAndOutcome(scorer.name, self.weight),
            loss=ClippedLoss(entropy=self.entropy),
            scorers=(scorer,),
            keep=AccuracyBand(self.low, self.high),
        )
