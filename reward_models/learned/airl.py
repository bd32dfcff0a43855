"""learned/airl-v1: learns a reward of the state that explains the demonstrations, apart from the dynamics."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from ...core.names import check_name
from ...core.random import derive_seed
from ..base import register
from .action_head import action_log_prob, action_outputs
from .adversarial import AdversarialReward, Steps
from .discriminator import airl_logit
from .mlp import Mlp
from .sight import Views

__all__ = ["AdversarialInverse"]


@register
@dataclass
class AdversarialInverse(AdversarialReward):
    """Pays g(s), learned inside a discriminator that knows how likely the agent's own actions are.

        D = f(s, s') - log pi(a|s),   f = g(s) + gamma h(s') - h(s)

    h takes up what is due to the dynamics (a value), so g is what was wanted, and may be used where the dynamics are
    others ("transferable").

    pi(a|s) IS AN ESTIMATE HERE. A reward is not told the agent's probabilities, so a density is fitted to its latest
    actions: a normal distribution for vectors, a softmax over 64 hashed classes for words and numbers. It lags behind
    a policy that learns, knows no admissible actions, and gives bounded or bimodal actions wrong odds; the theorem that
    g is the reward up to a constant holds for the true probabilities (and is tested for them), not for these. If only
    likeness is wanted `learned/gail-v1` is simpler and as good.

    Wants: what the demonstrators wanted, if they acted by a soft-optimal policy for a reward of the state.
    Gamed by: as `learned/gail-v1`; and g is of the state before the step, so where an episode terminates, the last
    state is never judged (h knows it): an agent that is paid "state" has no reason to enter a terminal state other than
    what leads there, unless `absorbing` is set.
    Source: Fu, Luo and Levine, "Learning Robust Rewards with Adversarial Inverse Reinforcement Learning" (arXiv
    1710.11248, 2018). Status: paper text. There the policy is paid log D - log(1 - D) = f - log pi, which is form
    "logit"; the density and the gradient penalty (on f) are ours.
    Version history: v1.

    Args:
        demos, every, warm_up, normalise, discount, clip, gamma, penalty, points, spectral, low, high, entropy,
            absorbing, width, rate, memory, batch, updates, settle, seed: as in `AdversarialReward`.
        form: "state" pays g(s), "shaped" pays f, "logit" pays f - log pi.
    """

    form: Literal["state", "shaped", "logit"] = "state"
    id: ClassVar[str] = "learned/airl-v1"

    def __post_init__(self) -> None:
        check_name("form", self.form, ("state", "shaped", "logit"), self.id)
        super().__post_init__()

    @property
    def pays_costs(self) -> Literal["", "too", "only"]:
        """Payments have either sign."""
        return "too"

    @property
    def parameters(self) -> list[Any]:
        """Of g, h and the density."""
        return [*self._worth.parameters, *self._potential.parameters, *self._density.parameters]

    def build(self, size: int, views: Views) -> None:
        """Make g, h and the density of actions."""
        hidden = [self.width, self.width]
        self._worth = Mlp([size, *hidden, 1], derive_seed(self.seed, "worth"), self.spectral)
        self._potential = Mlp([size, *hidden, 1], derive_seed(self.seed, "potential"), self.spectral)
        self._density = Mlp([size, *hidden, action_outputs(views)], derive_seed(self.seed, "density"))

    def inputs(self, steps: Steps) -> list[Any]:
        """Return the states before and after."""
        return [steps.before, steps.after]

    def logit(self, *inputs: Any, training: bool = False) -> Any:
        """Return f(s, s'), (N,)."""
        import torch

        before, after = inputs
        nothing = torch.zeros(len(before))
        here, there = self._potential(before, training)[:, 0], self._potential(after, training)[:, 0]
        return airl_logit(self._worth(before, training)[:, 0], here, there, self.gamma, nothing)

    def judge(self, steps: Steps, training: bool = False) -> Any:
        """Return f - log pi, (N,); what is learned from it is f."""
        return self.logit(*self.inputs(steps), training=training) - self._log_prob(steps).detach()

    def value(self, steps: Steps) -> Any:
        """Return what is paid, by the form."""
        if self.form == "state":
            return self._worth(steps.before)[:, 0]
        return self.logit(*self.inputs(steps)) if self.form == "shaped" else self.judge(steps)

    def extra_loss(self, policy: Steps) -> Any:
        """Return how badly the density foretells the agent's actions."""
        return -self._log_prob(policy).mean()

    def _log_prob(self, steps: Steps) -> Any:
        targets = steps.did if steps.kinds is None else steps.kinds
        found = action_log_prob(self._density(steps.before), targets)
        return (
            found * (1 - steps.before[:, -1]) if self.absorbing else found
        )  # there is no choice where nothing goes on
