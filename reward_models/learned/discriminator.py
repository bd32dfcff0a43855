"""What adversarial imitation is made of: the loss of a discriminator, its gradient penalty, and what it pays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

__all__ = [
    "Form",
    "adversarial_loss",
    "airl_logit",
    "gradient_norms",
    "gradient_penalty",
    "interpolates",
    "preconditioner",
    "reward_of",
]

Form = Literal["minimax", "log", "logit"]


def adversarial_loss(demo: Any, policy: Any, labels: Any = 1.0, entropy: float = 0.0) -> Any:
    """Return the loss of logits D of demonstrations (N,) and of the policy's steps (M,).

        mean BCE(D_demo, labels) + mean BCE(D_policy, 0) - entropy * mean H(sigmoid(D))

    Args:
        demo: logits of demonstrations; a large one says "demonstrated".
        policy: logits of the policy's steps.
        labels: of the demonstrations: 1, or tensor (N,) around 1 (one-sided smoothing: Salimans et al., 2016).
        entropy: weight of the entropy of what the discriminator believes of all logits.
    """
    import torch

    bce = torch.nn.functional.binary_cross_entropy_with_logits
    loss = bce(demo, torch.as_tensor(labels, dtype=demo.dtype).expand_as(demo)) + bce(policy, torch.zeros_like(policy))
    if entropy:
        both = torch.cat([demo, policy])
        loss = loss - entropy * bce(both, torch.sigmoid(both))  # cross-entropy with itself: its entropy
    return loss


def interpolates(demo: Sequence[Any], policy: Sequence[Any], generator: Any) -> list[Any]:
    """Return, for each input (state, action), eps * demo + (1 - eps) * policy, each input with an eps of its own.

    Args:
        demo: tensors (N, F_i).
        policy: tensors of the same shapes.
        generator: where each row's eps ~ U(0, 1) comes from.
    """
    import torch

    return [
        (eps := torch.rand(len(one), 1, generator=generator)) * one + (1 - eps) * other
        for one, other in zip(demo, policy, strict=True)
    ]


def gradient_norms(logit: Callable[..., Any], inputs: Sequence[Any], create_graph: bool = False) -> Any:
    """Return the Euclidean norm of each row's gradient by all inputs together, (N,).

    Args:
        logit: maps tensors to (N,) or (N, K), whose K are summed.
        inputs: tensors (N, F_i).
        create_graph: whether the norms are to be learned from.
    """
    import torch

    with torch.enable_grad():
        points = [one.detach().requires_grad_() for one in inputs]
        slopes = torch.autograd.grad(logit(*points).sum(), points, create_graph=create_graph, materialize_grads=True)
    return torch.cat(slopes, dim=1).norm(dim=1)


def gradient_penalty(logit: Callable[..., Any], inputs: Sequence[Any], target: float = 1.0) -> Any:
    """Return E[max(0, ||grad logit|| - target)^2] at some points: steep is punished, flat is not (one-sided).

    Source: Gulrajani et al. (2017, arXiv 1704.00028), in the one-sided form that Blondé et al. (2020) find to be what
    keeps off-policy adversarial imitation stable.
    """
    norms = gradient_norms(logit, inputs, create_graph=True)
    return (norms - target).clamp(min=0).square().mean()


def preconditioner(norms: Any, target: float, spread: float, least: float = 0.7) -> Any:
    """Return clamp(exp(-max(0, norm - target)^2 / spread), least, 1): a factor for rewards where something is steep.

    Args:
        norms: tensor (N,) of gradient norms.
        target: up to here nothing is taken away.
        spread: standard deviation of the squared excess.
        least: what is left of a reward at least.
    """
    import torch

    return torch.exp(-(norms - target).clamp(min=0).square() / spread).clamp(least, 1.0)


def reward_of(logits: Any, form: Form) -> Any:
    """Return what logits D pay.

        minimax   -log(1 - sigmoid(D))   at least 0: every step is worth having, so episodes should last
        log        log sigmoid(D)        at most 0: every step costs, so episodes should end
        logit      D, the sum of both    either sign (AIRL)

    The sign is a task in itself: it says whether an episode should end, whatever the demonstrations did.
    """
    import torch

    if form == "minimax":
        return torch.nn.functional.softplus(logits)
    return -torch.nn.functional.softplus(-logits) if form == "log" else logits


def airl_logit(worth: Any, potential: Any, next_potential: Any, gamma: float, log_prob: Any) -> Any:
    """Return AIRL's logit: f - log pi(a|s), with f = g(s) + gamma h(s') - h(s).

    Where the discriminator cannot tell the two any more, f = log pi_expert(a|s), an advantage; the shaping takes V out
    of it, and g is the reward up to a constant if the true reward is one of the state, the dynamics are deterministic
    and all states are linked through common predecessors or successors (their decomposability condition; Fu, Luo and
    Levine, arXiv 1710.11248, 2018).

    Args:
        worth: g(s), (N,).
        potential: h(s), (N,).
        next_potential: h(s'), (N,).
        gamma: discount.
        log_prob: log pi(a|s) of the policy that is trained, (N,).
    """
    return worth + gamma * next_potential - potential - log_prob
