"""A small transformer that reads symbols one after another and remembers what it has read."""

from __future__ import annotations

import math

import torch
from torch import nn
from torch.nn.functional import scaled_dot_product_attention

__all__ = ["Cache", "SymbolNet"]

Cache = list[tuple[torch.Tensor, torch.Tensor]]
"""Keys and values (B, heads, T, width / heads) of what has been read, one pair for each block."""


class SymbolNet(nn.Module):
    """A decoder-only transformer (Vaswani et al., 2017) with norms before its blocks.

    Args:
        vocabulary: how many symbols there are; 0 is padding and is never seen.
        width: of the vectors.
        layers, heads: blocks, and heads of attention in each.
    """

    def __init__(self, vocabulary: int, width: int = 64, layers: int = 2, heads: int = 4):
        super().__init__()
        if width % (2 * heads):
            raise ValueError(f"width is {width}, not a multiple of twice the {heads} heads")
        self.width = width
        self.symbols = nn.Embedding(vocabulary, width, padding_idx=0)
        nn.init.normal_(self.symbols.weight, std=0.5)
        self.blocks = nn.ModuleList(_Block(width, heads) for _ in range(layers))
        self.norm = nn.LayerNorm(width)
        steps = torch.exp(torch.arange(0, width, 2) * (-math.log(10_000.0) / width))
        self.register_buffer("frequencies", steps, persistent=False)

    def forward(
        self, ids: torch.Tensor, seen: torch.Tensor, cache: Cache | None = None, keep: int | None = None
    ) -> tuple[torch.Tensor, Cache]:
        """Read T symbols of each of B texts, after S that were read before.

        Args:
            ids: int64 (B, T).
            seen: bool (B, S + T), which symbols are no padding; padding may stand before a text and behind it.
            cache: of the S symbols before, None for none.
            keep: how many of the last vectors are wanted; the last block leaves out the others, half of all work.

        Returns:
            (B, keep or T, width) and the cache of all S + T symbols.
        """
        count = ids.shape[1]
        before = seen.shape[1] - count
        places = (seen.cumsum(1) - 1)[:, before:].clamp(min=0)[..., None] * self.get_buffer("frequencies")
        x = self.symbols(ids) + torch.cat([places.sin(), places.cos()], dim=-1)
        order = torch.arange(seen.shape[1], device=ids.device)
        now = order[before:, None]
        mask = ((order <= now) & seen[:, None]) | (order == now)  # padding sees itself, so that nothing is NaN
        kept: Cache = []
        for i, block in enumerate(self.blocks):
            wanted = keep if keep is not None and i + 1 == len(self.blocks) else count
            x, pair = block(x, mask[:, None], None if cache is None else cache[i], wanted)
            kept.append(pair)
        return self.norm(x), kept


class _Block(nn.Module):
    """Attention, then a layer of 2 * width hidden units, each added to what came in."""

    def __init__(self, width: int, heads: int):
        super().__init__()
        self.heads = heads
        self.norm_in, self.norm_mid = nn.LayerNorm(width), nn.LayerNorm(width)
        self.parts, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.hidden = nn.Sequential(nn.Linear(width, 2 * width), nn.GELU(), nn.Linear(2 * width, width))

    def forward(
        self, x: torch.Tensor, mask: torch.Tensor, before: tuple[torch.Tensor, torch.Tensor] | None, wanted: int
    ) -> tuple[torch.Tensor, tuple[torch.Tensor, torch.Tensor]]:
        split = self.parts(self.norm_in(x)).unflatten(-1, (3, self.heads, -1)).permute(2, 0, 3, 1, 4)
        query, key, value = split.unbind(0)
        if before is not None:
            key, value = torch.cat([before[0], key], dim=2), torch.cat([before[1], value], dim=2)
        mixed = scaled_dot_product_attention(query[:, :, -wanted:], key, value, attn_mask=mask[:, :, -wanted:])
        x = x[:, -wanted:] + self.out(mixed.transpose(1, 2).flatten(2))
        return x + self.hidden(self.norm_mid(x)), (key, value)
