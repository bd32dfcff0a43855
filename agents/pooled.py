"""What one update is made of when its batch lies in several processes: their gradients, figures and episodes as one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import torch

from .parallel import Link

__all__ = ["PooledGradient", "Report", "merged_episodes", "merged_figures", "room_for"]


class PooledGradient:
    """The gradient of a loss that is a mean over the steps of all processes.

        g = sum_r s_r g_r,   s_r = n_r / sum_j n_j

    with n_r steps in process r and g_r the gradient of their mean. A weight that no process has a gradient of has none
    afterwards.

    Args:
        weights: what is learned, in the same order everywhere.
        link: to the other processes.
    """

    def __init__(self, weights: Sequence[torch.nn.Parameter], link: Link):
        self._weights, self._link = [one for one in weights if one.requires_grad], link
        self._flat = torch.zeros(room_for(weights))
        *self._sums, self._known = self._split(self._flat)
        self._boards: dict[int, list[torch.Tensor]] = {}  # by address: there are two, in turn

    def shares(self, counts: Sequence[int]) -> list[float | None]:
        """Return this process' share s_r in each of some minibatches; None for those that no process has steps of.

        Args:
            counts: the steps that this process has of each.
        """
        found: list[float | None] = []
        sums = torch.zeros(min(len(counts), len(self._flat)))
        for start in range(0, len(counts), len(sums)):
            some = torch.tensor(counts[start : start + len(sums)], dtype=torch.float32)
            self._link.write(len(some)).copy_(some)
            self._link.total(sums[: len(some)])
            found += [own / all_ if all_ else None for own, all_ in zip(some.tolist(), sums.tolist(), strict=False)]
        return found

    def pool(self) -> None:
        """Replace the gradients, s_r g_r, by their sums."""
        slot = self._link.write(len(self._flat))
        board = self._boards.get(slot.data_ptr())
        if board is None:
            board = self._boards[slot.data_ptr()] = self._split(slot)
        gradients = [one.grad for one in self._weights]
        for part, one in zip(board, gradients, strict=False):
            if one is None:
                part.zero_()
            else:
                part.copy_(one)
        board[-1].copy_(torch.tensor([one is not None for one in gradients]))
        self._link.total(self._flat)
        for one, part, known in zip(self._weights, self._sums, self._known.tolist(), strict=True):
            one.grad = part.to(one.device, one.dtype) if known else None

    def _split(self, flat: torch.Tensor) -> list[torch.Tensor]:
        """Return a part in the shape of each weight, and one that says which of them have a gradient."""
        *parts, known = flat.split([*(one.numel() for one in self._weights), len(self._weights)])
        return [*(part.view(one.shape) for part, one in zip(parts, self._weights, strict=True)), known]


def room_for(weights: Sequence[torch.nn.Parameter]) -> int:
    """Return how many numbers one `PooledGradient.pool` exchanges."""
    sizes = [one.numel() for one in weights if one.requires_grad]
    return sum(sizes) + len(sizes)


class Report(NamedTuple):
    """What a process says of its part of an iteration.

    Attributes:
        weight: its trajectories.
        means: over them.
        parts: figures that are sums over processes.
        episodes: infos of those that ended; their "step" is the process' own.
        steps: that it has taken in all.
    """

    weight: int
    means: Mapping[str, float]
    parts: Mapping[str, float]
    episodes: Sequence[dict[str, Any]]
    steps: int


def merged_figures(reports: Sequence[Report]) -> dict[str, float]:
    """Return the figures of the whole batch."""
    figures: dict[str, float] = {}
    for name in {name: None for one in reports for name in one.means}:
        has = [one for one in reports if name in one.means]
        figures[name] = sum(one.weight * one.means[name] for one in has) / sum(one.weight for one in has)
    for name in {name: None for one in reports for name in one.parts}:
        figures[name] = sum(one.parts.get(name, 0.0) for one in reports)
    return figures


def merged_episodes(reports: Sequence[Report], before: Sequence[int]) -> list[dict[str, Any]]:
    """Return the episodes of all processes in the order of their ends, with "step" counted over all of them.

    All processes are taken to step at once, so after k steps of one there have been P k. One that takes longer for
    its part steps alone in the end, which this overlooks; no number is above that of all steps.

    Args:
        reports: of all processes.
        before: the steps that each had taken before.
    """
    found = [
        (info["step"] - past, rank, info)
        for rank, (one, past) in enumerate(zip(reports, before, strict=True))
        for info in one.episodes
    ]
    found.sort(key=lambda one: one[:2])
    most = sum(one.steps for one in reports)
    return [{**info, "step": min(sum(before) + len(reports) * taken, most)} for taken, _, info in found]
