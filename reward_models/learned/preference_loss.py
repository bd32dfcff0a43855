"""The one preference loss: Bradley-Terry on the returns of two segments, with what is known to go wrong in labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

__all__ = ["discounted_returns", "preference_loss"]

CLIP = 50.0
"""Differences of returns beyond this are cut: the probability is then 2e-22, and its logarithm still a number."""


def preference_loss(
    first: torch.Tensor,
    second: torch.Tensor,
    labels: torch.Tensor,
    noise: float = 0.0,
    clip: float = CLIP,
) -> torch.Tensor:
    """Return the mean cross entropy of preferences under the Bradley-Terry model.

        P = (1 - noise) sigmoid(clip(first - second)) + noise / 2
        loss = - y log P - (1 - y) log(1 - P)

    Labels are probabilities y that the first is better: soft ones count as they are, 0.5 (a tie) pulls the returns
    together, NaN (skipped) is dropped. With `noise` the model expects that many answers to be given by a coin, so that
    one wrong label cannot cost without end (at most log(2 / noise)).

    Source: Bradley and Terry (1952); on segments Christiano et al. (arXiv 1706.03741, 2017), who assume 10% of noise.
    Status: confirmed in the code of `imitation` (noise mixed in so, difference cut at 50, discount in the sums).
    Traps: a shift of all rewards by a constant c changes the returns of segments of T_1 and T_2 steps by c (T_1 - T_2):
    if all are equally long, the constant is not learned at all (entry "regret" of Knox et al.), so draw variable
    lengths. The gradient is 0 beyond the cut.

    Args:
        first: returns of the first segments, (..., N); leading axes for several models.
        second: of the second ones.
        labels: (N,), in [0, 1] or NaN.
        noise: in [0, 1).
        clip: see above, above 0.

    Returns:
        A number for each model, (...); 0 if no pair counts.
    """
    import torch

    known = ~torch.isnan(labels)
    gap = (first - second).clamp(-clip, clip)
    target = torch.where(known, labels, torch.full_like(labels, 0.5))
    if noise:
        # (1 - noise) sigmoid(x) + noise / 2, both for the first and for the second, without 1 - P.
        yes = torch.log((1 - noise) * torch.sigmoid(gap) + noise / 2)
        no = torch.log((1 - noise) * torch.sigmoid(-gap) + noise / 2)
    else:
        yes, no = torch.nn.functional.logsigmoid(gap), torch.nn.functional.logsigmoid(-gap)
    loss = -(target * yes + (1 - target) * no)
    return torch.where(known, loss, 0.0).sum(-1) / known.sum().clamp_min(1)


def discounted_returns(rewards: torch.Tensor, lengths: torch.Tensor, gamma: float = 1.0) -> torch.Tensor:
    """Return sum_t gamma^t r_t of segments of different lengths.

    Args:
        rewards: (..., N, T), padded with anything behind each segment's end.
        lengths: (N,) of ints.
        gamma: discount, from the segment's own first step on.
    """
    import torch

    time = torch.arange(rewards.shape[-1], device=rewards.device)
    worth = torch.where(time < lengths[:, None], torch.as_tensor(gamma, dtype=rewards.dtype) ** time, 0.0)
    return (torch.where(worth > 0, rewards, 0.0) * worth).sum(-1)
