"""learned/gail-v1: pays how much like the demonstrations a step looks to a discriminator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np

from ...core.names import check_name
from ...core.random import derive_seed
from ..base import register
from .adversarial import AdversarialReward, Steps
from .discriminator import Form, gradient_norms, preconditioner, reward_of
from .mlp import Mlp
from .running import RunningMoments
from .sight import Views

__all__ = ["AdversarialImitation"]


@register
@dataclass
class AdversarialImitation(AdversarialReward):
    """Pays by a discriminator D(s, a) that is trained to tell demonstrations from the agent's own steps.

        minimax  -log(1 - sigmoid(D))     log  log sigmoid(D)     logit  D

    The gradient penalty keeps D from becoming a cliff between the two, behind which nothing is better than anything.

    Wants: behaviour that cannot be told from the demonstrations, state by state; nobody says what it is for.
    Gamed by: the sign. "minimax" pays every step, so an agent that is to finish and stop dawdles; "log" charges every
    step, so it ends the episode even by failing (see `absorbing`). By what the discriminator does not look at: it
    judges steps one at a time, so looking like the middle of a demonstration for ever is paid as well as finishing it.
    And it is only as good as its demonstrators.
    Source: Ho and Ermon, "Generative Adversarial Imitation Learning" (arXiv 1606.03476, 2016), regularised as in Blondé
    et al. (arXiv 2006.16785, 2020), see `AdversarialReward`. The preconditioner, "pessimistic" because it takes away
    from rewards where something is steep, is confirmed in their code (reward type gail_mod_f): what is steep there is a
    learned model of the dynamics ("forward"), k = 9, the squared excess divided by its running deviation, at least 0.7.
    "reward" looks at D itself, a variant of ours.
    Version history: v1.

    Args:
        demos, every, warm_up, normalise, discount, clip, gamma, penalty, points, spectral, low, high, entropy,
            absorbing, width, rate, memory, batch, updates, settle, seed: as in `AdversarialReward`.
        form: see above.
        action: whether D sees the action; False shows it the next state instead, for demonstrations without actions.
        precondition: "none", "forward" or "reward", see above; with "minimax" only, as it would make costs smaller.
        steep: k, the gradient norm up to which nothing is taken away.
    """

    form: Form = "minimax"
    action: bool = True
    precondition: Literal["none", "forward", "reward"] = "none"
    steep: float = 9.0
    id: ClassVar[str] = "learned/gail-v1"

    def __post_init__(self) -> None:
        check_name("form", self.form, ("minimax", "log", "logit"), self.id)
        check_name("precondition", self.precondition, ("none", "forward", "reward"), self.id)
        if self.precondition != "none" and self.form != "minimax":
            raise ValueError(
                f"{self.id}: precondition={self.precondition!r} takes away from rewards; with form={self.form!r} it "
                'would make costs smaller. Use form="minimax"'
            )
        self._excess = RunningMoments()
        super().__post_init__()

    @property
    def pays_costs(self) -> Literal["", "too", "only"]:
        """By the form."""
        signs: dict[str, Literal["", "too", "only"]] = {"minimax": "", "log": "only", "logit": "too"}
        return signs[self.form]

    @property
    def parameters(self) -> list[Any]:
        """The discriminator's, and those of the model of the dynamics if there is one."""
        return [*self._network.parameters, *([] if self._forward is None else self._forward.parameters)]

    def build(self, size: int, views: Views) -> None:
        """Make D, and the model of the dynamics if it is wanted."""
        other = views.did.shape[1] if self.action else size
        hidden = [self.width, self.width]
        self._network = Mlp([size + other, *hidden, 1], derive_seed(self.seed, "discriminator"), self.spectral)
        self._forward: Mlp | None = None
        if self.precondition == "forward":
            self._forward = Mlp([size + views.did.shape[1], *hidden, size], derive_seed(self.seed, "forward"))

    def inputs(self, steps: Steps) -> list[Any]:
        """Return state and action, or state and next state."""
        return [steps.before, steps.did if self.action else steps.after]

    def logit(self, *inputs: Any, training: bool = False) -> Any:
        """Return D, (N,)."""
        import torch

        return self._network(torch.cat(inputs, dim=1), training)[:, 0]

    def judge(self, steps: Steps, training: bool = False) -> Any:
        """Return D, (N,)."""
        return self.logit(*self.inputs(steps), training=training)

    def value(self, steps: Steps) -> Any:
        """Return what D pays, less where it is steep if that is wanted."""
        import torch

        with torch.no_grad():
            paid = reward_of(self.judge(steps), self.form)
        if self.precondition == "none":
            return paid
        return paid * preconditioner(self._norms(steps), self.steep, float(np.max(self._excess.std)))

    def extra_loss(self, policy: Steps) -> Any:
        """Return the error of the model of the dynamics; note how much steeper than allowed things are."""
        if self.precondition == "none":
            return 0.0
        excess = (self._norms(policy) - self.steep).clamp(min=0).square().mean()
        self._excess.update(np.array([[float(excess)]]))
        return (
            0.0 if self._forward is None else (self._foretold(policy.before, policy.did) - policy.after).square().mean()
        )

    def _foretold(self, before: Any, did: Any) -> Any:
        import torch

        assert self._forward is not None
        return self._forward(torch.cat([before, did], dim=1))

    def _norms(self, steps: Steps) -> Any:
        if self.precondition == "forward":
            return gradient_norms(self._foretold, [steps.before, steps.did])
        return gradient_norms(self.logit, self.inputs(steps))
