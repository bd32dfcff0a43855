"""spa-rl: the outcome split into contributions of the steps by least squares, for PPO."""

from __future__ import annotations

from dataclasses import dataclass

from ...core.random import derive_seed
from ...reward_models.transforms.progress import ProgressAttribution
from ..advantages.gae import GAE
from ..losses.clipped import ClippedLoss
from ..recipe import Context, Parts, Recipe, register

__all__ = ["SPARLRecipe"]


@register
@dataclass(frozen=True)
class SPARLRecipe(Recipe):
    """Pays each step its learned share in the outcome, and a little for an action that did something.

        r_k = alpha c_k + beta g_k,    loss(c) = (sum_k c_k - R)^2,    g_k = 1 if the action did something

    The estimator of c is a second copy of the policy's network. It learns from every batch after the policy has;
    the paper trains it once, on episodes of the first policy. A is PPO's (GAE).

    How it can be gamed: g pays by the step, so an agent that opens and closes a drawer earns beta each time ("cap"
    bounds it); c pays for what goes along with success, not for what causes it. Compare with: "ppo" on the outcome,
    beta = 0, and alpha = 0.

    Args:
        alpha, beta: weights of progress and grounding, the paper's.
        cap: steps of an episode that grounding pays at most; None for all, as in the paper.
        lam: lambda of GAE.
        estimator_rate: learning rate of c, in units of the policy's.
        estimator_epochs: times that c goes over each batch.
    """

    name = "spa-rl"
    source = "SPA-RL: Reinforcing LLM Agents via Stepwise Progress Attribution (arXiv 2505.20732, 2025)"
    status = "confirmed: the paper's form, from which its scripts differ; that c keeps learning and its heads are ours"
    checked = "tests/process/test_progress.py::test_contributions_add_up_to_the_outcome"
    undivided = "its estimator of progress learns from whole batches"

    alpha: float = 1.0
    beta: float = 0.5
    cap: int | None = None
    lam: float = 0.95
    estimator_rate: float = 2.0
    estimator_epochs: int = 2

    def parts(self, context: Context) -> Parts:
        """Return the parts of one run."""
        from ..scorers.progress import ProgressScorer

        scorer = ProgressScorer(
            context.policy,
            learning_rate=self.estimator_rate * self.learning_rate,
            epochs=self.estimator_epochs,
            seed=derive_seed(context.seed, self.name),
        )
        return Parts(
            transform=ProgressAttribution(scorer.name, self.alpha, self.beta, self.cap),
            advantage=GAE(self.gamma, self.lam),
            loss=ClippedLoss(entropy=self.entropy),
            scorers=(scorer,),
        )
