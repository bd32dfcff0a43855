"""oprl: implicit step rewards from pairs of episodes, against the policy that acted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ...core.random import derive_seed
from ...reward_models.transforms.base import Outcome
from ..advantages.dual import EpisodeAndStep
from ..losses.clipped import ClippedLoss
from ..recipe import Context, Parts, Recipe, register

__all__ = ["OPRLRecipe"]


@register
@dataclass(frozen=True)
class OPRLRecipe(Recipe):
    """Adds to the episode's advantage a step reward learned from which of two episodes of a task went better.

        r_k = beta (log phi(a_k | ...) - log pi_old(a_k | ...)),    loss(phi) = -log logistic(q(better) - q(worse))
        A = RLOO(outcome) + w (r_k - mean of the group's steps)

    q is the sum of r over an episode ("mean" is what the paper's code does). The reference is whoever acted, so r asks
    whether phi would do this more often than the policy does now. At the optimum, r is a difference of soft values and
    adds up to the outcome, up to a constant. Also called iStar. The paper fines invalid actions 0.1 each; where only
    admissible actions are offered there is nothing to fine.

    How it can be gamed: q may grow by length alone with "sum"; with "mean" padding an episode with liked steps pays.
    Groups whose outcomes are all equal teach phi nothing. Compare with: "rloo", "grpo", "gigpo" (step advantage
    without a model), "prime".

    Args:
        beta: weight of the log-ratio. The paper's 0.05 is for tokens; a step here is one decision.
        weight: w.
        episode: "rloo", or "grpo" for the difference to the group's mean.
        aggregate: "sum" or "mean".
        prm_rate: learning rate of phi, in units of the policy's; 2 as in the paper (1e-6 and 5e-7).
    """

    name = "oprl"
    source = "Agentic Reinforcement Learning with Implicit Step Rewards (arXiv 2509.19199, 2025)"
    status = "confirmed in its code; beta and learning rates are ours"
    checked = "tests/process/test_implicit.py::test_pairs_recover_the_outcome_up_to_a_constant"
    undivided = "its reward model learns from whole batches"

    beta: float = 0.5
    weight: float = 1.0
    episode: Literal["rloo", "grpo"] = "rloo"
    aggregate: Literal["sum", "mean"] = "sum"
    prm_rate: float = 2.0

    def parts(self, context: Context) -> Parts:
        """Return the parts of one run."""
        from ..scorers.implicit import ImplicitScorer

        scorer = ImplicitScorer(
            context.policy,
            reference="rolling",
            loss="dpo",
            beta=self.beta,
            aggregate=self.aggregate,
            learning_rate=self.prm_rate * self.learning_rate,
            seed=derive_seed(context.seed, self.name),
        )
        return Parts(
            transform=Outcome(),
            advantage=EpisodeAndStep(scorer.name, self.weight, self.episode),
            loss=ClippedLoss(entropy=self.entropy),
            scorers=(scorer,),
        )
