"""pav: the outcome, plus by how much each step raises a prover's chance to succeed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ...core.random import derive_seed
from ...reward_models.process.base import StepScorer
from ...reward_models.transforms.base import Outcome
from ..advantages.local import StepLocal
from ..losses.clipped import ClippedLoss
from ..recipe import Context, Parts, Recipe, register

__all__ = ["PAVRecipe"]


@register
@dataclass(frozen=True)
class PAVRecipe(Recipe):
    """Credits a step with its return and with the progress that it makes in the eyes of another policy, the prover.

        A_k = Q_k - baseline + alpha A^mu(s_k, a_k),    A^mu(s, a) = V^mu(s') - V^mu(s)

    V^mu is measured by letting the prover mu finish the episode from each step, `num_rollouts` times; these env steps
    count in the budget, and they are many. With `labelled` above 0 only so many episodes of a batch are measured and
    a network learns from them to score all. A^mu stays with its step: summed, it says nothing but the outcome.

    How it can be gamed: mu may like what pi cannot use. mu = pi adds only a rescaling, and a mu that always or never
    succeeds adds nothing; a prover a little better than the policy tells steps apart best. Compare with: "rloo" at
    equal env steps, the prover "policy", and best_of 1, 4, 32.

    Args:
        alpha: weight of the progress; 3 to 6 in the paper.
        prover: "bon", the best of `best_of` episodes of the policy as it was at first; "policy"; or "expert", who
            follows the world's expert with probability `follow`.
        best_of, follow, num_rollouts: of `ProverScorer`.
        labelled: 0, or episodes of a batch that are measured, for a network to learn from.
        network_rate: learning rate of that network, in units of the policy's.
    """

    name = "pav"
    source = "Rewarding Progress: Scaling Automated Process Verifiers (arXiv 2410.08146, 2024)"
    status = "reconstructed: no code; alpha, K and the number of rollouts are ours"
    checked = "tests/process/test_prover.py::test_a_prover_equal_to_the_policy_only_rescales_the_gradient"
    undivided = "its prover keeps what it has measured of all episodes"

    alpha: float = 4.0
    prover: Literal["bon", "policy", "expert"] = "bon"
    best_of: int = 4
    follow: float = 0.5
    num_rollouts: int = 4
    labelled: int = 0
    network_rate: float = 2.0

    def parts(self, context: Context) -> Parts:
        """Return the parts of one run."""
        from ..scorers.distilled import DistilledProver
        from ..scorers.prover import ProverScorer

        measured = ProverScorer(
            context.env_id,
            context.env_kwargs,
            context.policy,
            prover=self.prover,
            best_of=self.best_of,
            expert=self.follow,
            num_rollouts=self.num_rollouts,
            seed=derive_seed(context.seed, self.name),
        )
        scorer: StepScorer = measured
        if self.labelled:
            scorer = DistilledProver(
                measured,
                context.policy,
                labelled=self.labelled,
                learning_rate=self.network_rate * self.learning_rate,
                seed=derive_seed(context.seed, self.name, "network"),
            )
        return Parts(
            transform=Outcome(),
            advantage=StepLocal(scorer.name, self.alpha, self.gamma),
            loss=ClippedLoss(entropy=self.entropy),
            scorers=(scorer,),
        )
