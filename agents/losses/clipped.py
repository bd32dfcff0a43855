"""The clipped policy-gradient loss that all on-policy recipes share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # recipes name this loss, and a list of recipes must not cost an import of torch
    import torch

    from ..policies.base import Evaluation

__all__ = ["ClippedLoss", "Targets"]


@dataclass
class Targets:
    """What the steps of a minibatch are measured against, tensors (N,).

    Attributes:
        logp: log-probabilities under the policy that acted.
        advantage: the credit of each step.
        returns: what the value head shall say; None if it is not trained.
        ref_logp: log-probabilities under a frozen reference policy; None without a penalty.
    """

    logp: torch.Tensor
    advantage: torch.Tensor
    returns: torch.Tensor | None = None
    ref_logp: torch.Tensor | None = None


@dataclass(frozen=True)
class ClippedLoss:
    """PPO's clipped surrogate (Schulman et al., 2017) with entropy, value and reference terms.

        loss = -mean min(rho A, clip(rho, 1 - clip, 1 + clip) A) - entropy * H + value * (V - R)^2 / 2 + kl * k3

    with rho = pi / pi_old and k3 = e^d - d - 1, d = log pi_ref - log pi: an estimate of KL(pi || pi_ref) that is
    never negative and, over draws from pi, unbiased.

    Args:
        clip: how far the ratio may move before a step stops pulling.
        entropy, value, kl: coefficients.
    """

    clip: float = 0.2
    entropy: float = 0.01
    value: float = 0.5
    kl: float = 0.0

    def __call__(self, now: Evaluation, targets: Targets) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
        """Return the loss, a scalar, and figures to log, scalars without gradients."""
        import torch

        ratio = torch.exp(now.logp - targets.logp)
        clipped = ratio.clamp(1.0 - self.clip, 1.0 + self.clip)
        gain = torch.min(ratio * targets.advantage, clipped * targets.advantage).mean()
        entropy = now.entropy.mean()
        loss = -gain - self.entropy * entropy
        if targets.returns is not None:
            loss = loss + self.value * 0.5 * (now.value - targets.returns).square().mean()
        figures = {
            "entropy": entropy.detach(),
            "clipped": ((ratio - 1.0).abs() > self.clip).float().mean(),
            "moved": (targets.logp - now.logp).detach().mean(),
        }
        if targets.ref_logp is not None:
            gap = targets.ref_logp - now.logp
            divergence = (torch.exp(gap) - gap - 1.0).mean()
            loss = loss + self.kl * divergence
            figures["kl"] = divergence.detach()
        return loss, figures
