"""implicit-prm: a process reward from outcomes alone, trained first and then used as it is."""

from __future__ import annotations

from dataclasses import dataclass

from ...core.random import derive_seed
from ...reward_models.transforms.base import Outcome
from ..advantages.dual import ProcessAndOutcome
from ..losses.clipped import ClippedLoss
from ..recipe import Context, Parts, Recipe, register

__all__ = ["ImplicitPRMRecipe"]


@register
@dataclass(frozen=True)
class ImplicitPRMRecipe(Recipe):
    """Scores a step by how much more a model of success likes it than the reference does; the model is then frozen.

        r_k = beta (log phi(a_k | ...) - log ref(a_k | ...)),    loss(phi) = BCE(logistic(sum_k r_k), success)

    The model and the reference begin as copies of the policy. In the first `offline` batches the model learns from
    outcomes and the policy from outcomes alone; after that the model stays as it is and its scores join in, as in
    `prime`. Paper and code use the scores to pick the best of N answers; using them to train is our counterpart of
    "a reward model made offline", and what PRIME calls its frozen ablation.

    How it can be gamed: phi knows the episodes of the beginning. As the policy moves away, "pair_accuracy" falls and
    the policy collects what phi mistakes for progress. Compare with: "rloo" (outcome only) and "prime" (phi goes on
    learning).

    Args:
        beta: weight of the log-ratio. The paper's 0.05 is for steps of tens of tokens; a step here is one decision.
        offline: batches that phi learns from.
        prm_rate: learning rate of phi, in units of the policy's; the paper's own, 5e-7, is for a language model.
        prm_epochs: times that phi goes over each batch.
        weight: of the process part.
    """

    name = "implicit-prm"
    source = "Free Process Rewards without Process Labels (arXiv 2412.01981, 2024)"
    status = "confirmed: scores and loss, in its code; beta, rates and the use in training are ours"
    checked = "tests/process/test_implicit.py::test_prefix_sums_are_soft_values_of_the_reference"
    undivided = "its reward model learns from whole batches"

    beta: float = 0.5
    offline: int = 5
    prm_rate: float = 2.0
    prm_epochs: int = 2
    weight: float = 1.0

    def parts(self, context: Context) -> Parts:
        """Return the parts of one run."""
        from ..scorers.implicit import ImplicitScorer

        scorer = ImplicitScorer(
            context.policy,
            beta=self.beta,
            offline=self.offline,
            learning_rate=self.prm_rate * self.learning_rate,
            epochs=self.prm_epochs,
            seed=derive_seed(context.seed, self.name),
        )
        return Parts(
            transform=Outcome(),
            advantage=ProcessAndOutcome(scorer.name, self.weight),
            loss=ClippedLoss(entropy=self.entropy),
            scorers=(scorer,),
        )
