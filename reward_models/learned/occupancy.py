"""learned/occupancy-v1: charges for leaving what a trusted policy visits, so that a proxy is not overdone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np

from ...core.names import check_name
from ..base import register
from .gail import AdversarialImitation

__all__ = ["OccupancyPenalty", "penalty_of"]

PENALTIES = ("sqrt-chi2", "chi2", "kl", "tv")


def penalty_of(log_ratio: Any, divergence: str) -> Any:
    """Return what each step adds to a divergence of visits, from L = log d_pi / d_base of each step (N,).

        kl         L
        chi2       e^L - 1
        sqrt-chi2  (e^L - 1) / sqrt(mean of e^L - 1 without its largest 1%)
        tv         sign(L) / 2

    Over the policy's own steps the first two average to the divergences of visits that they are named after.
    """
    import torch

    check_name("divergence", divergence, PENALTIES, "penalty_of")
    if divergence == "kl":
        return log_ratio
    if divergence == "tv":
        return 0.5 * torch.sign(log_ratio)
    excess = torch.expm1(log_ratio)
    if divergence == "chi2":
        return excess
    kept = excess.sort().values[: max(1, int(np.ceil(0.99 * len(excess))))]
    return excess / kept.mean().clamp(min=1e-4).sqrt()


@register
@dataclass
class OccupancyPenalty(AdversarialImitation):
    """Pays minus a divergence between what the agent visits and what a trusted policy visits, estimated step by step.

    A discriminator tells the trusted policy's steps from the agent's; at its optimum its logit is log d_base / d_pi.
    Put it beside a proxy: "webshop/keywords-v1 + 0.3 * learned/occupancy-v1(demos='steps of a trusted policy')".

    Wants: a proxy optimised only where it has been seen to go along with what is meant: the inequality of
    `guerdon.evaluation.correlation` bounds how far the true reward can fall by the chi-squared divergence of visits.
    Gamed by: what the discriminator does not see (it looks at single steps), and by any hack that the trusted policy
    commits too. With a small weight it does nothing; with a large one the agent only imitates.
    Source: Laidlaw, Singhal and Dragan, arXiv 2403.03185 (2024): loss, per-step penalties and the trimmed mean are
    confirmed in their code (agents/orpo.py); the networks and rates are those of `AdversarialReward`, the clip ours.
    Version history: v1.

    Args:
        demos, every, warm_up, normalise, discount, clip, gamma, penalty, points, spectral, low, high, entropy,
            absorbing, width, rate, memory, batch, updates, settle, seed, form, action, precondition, steep: as in
            `AdversarialReward` and `AdversarialImitation`; demos are the trusted policy's steps, and `form` and
            `precondition` play no part.
        divergence: "sqrt-chi2", "chi2", "kl" or "tv", see `penalty_of`.
    """

    form: Any = "logit"
    penalty: float = 0.0
    low: float = 1.0
    high: float = 1.0
    entropy: float = 0.0
    clip: float = 5.0
    divergence: Literal["sqrt-chi2", "chi2", "kl", "tv"] = "sqrt-chi2"
    id: ClassVar[str] = "learned/occupancy-v1"
    term: ClassVar[str] = "occupancy"

    def __post_init__(self) -> None:
        check_name("divergence", self.divergence, PENALTIES, self.id)
        super().__post_init__()

    def value(self, steps: Any) -> Any:
        """Return minus the penalty of each step, (N,)."""
        import torch

        with torch.no_grad():
            return -penalty_of(-self.judge(steps).clamp(-self.clip, self.clip), self.divergence)
