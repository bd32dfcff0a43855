"""Two operations of the text policy, with gradients that are faster on a CPU than torch's own."""

from __future__ import annotations

from typing import Any

import torch
from torch.autograd.function import once_differentiable
from torch.nn import functional

__all__ = ["mean_bags", "most"]


class _MeanBags(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, weight: torch.Tensor, words: torch.Tensor, starts: torch.Tensor) -> torch.Tensor:
        ctx.save_for_backward(words, starts)
        ctx.size = len(weight)
        return functional.embedding_bag(words, weight, starts[:-1], mode="mean")

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: torch.Tensor) -> tuple[torch.Tensor, None, None]:  # type: ignore[override]
        words, starts = ctx.saved_tensors
        counts = starts.diff()
        each = gradient / counts.clamp(min=1)[:, None]
        bags = torch.repeat_interleave(counts)
        sums = gradient.new_zeros((ctx.size, gradient.shape[1]))
        return sums.index_add_(0, words, each.index_select(0, bags)), None, None


def mean_bags(weight: torch.Tensor, words: torch.Tensor, starts: torch.Tensor) -> torch.Tensor:
    """Return the mean vectors (N, D) of N bags of words, 0 for empty ones.

    torch's `EmbeddingBag` sorts all words to find the gradient of `weight`; here they are added up as they come.

    Args:
        weight: word vectors (V, D).
        words: ids of the words of all bags, one after the other, (T,).
        starts: where each bag begins, and where the last one ends, (N + 1,).
    """
    return _MeanBags.apply(weight, words, starts)  # type: ignore[return-value]


class _Most(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, values: torch.Tensor, row: torch.Tensor, size: int) -> torch.Tensor:
        values = values.contiguous()
        found = values.new_zeros((size, values.shape[1]))
        found.scatter_reduce_(0, row[:, None].expand_as(values), values, "amax", include_self=False)
        ctx.save_for_backward(values, row, found)
        return found

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: torch.Tensor) -> tuple[torch.Tensor, None, None]:  # type: ignore[override]
        values, row, found = ctx.saved_tensors
        there = (values == found.index_select(0, row)).to(values.dtype)
        counts = torch.zeros_like(found).index_add_(0, row, there)
        return (gradient / counts).index_select(0, row).mul_(there), None, None


def most(values: torch.Tensor, row: torch.Tensor, size: int) -> torch.Tensor:
    """Return the greatest of the vectors (M, D) that belong to each of `size` rows, each number for itself.

    Every row has at least one vector. Where several are equal, they share the gradient evenly.
    """
    return _Most.apply(values, row, size)  # type: ignore[return-value]
