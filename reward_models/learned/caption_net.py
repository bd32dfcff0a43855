"""A small network that reads captions letter by letter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

__all__ = ["CaptionNet"]

LETTERS, EMBEDDED, WIDTH, FILTERS, HIDDEN = 128, 16, 8, 32, 32


class CaptionNet:
    """Maps captions to numbers: letters, one convolution (32 filters over 8 letters), the maximum, two layers.

    Its weights are plain tensors, so that what holds it can be copied and pickled. Letters beyond ASCII are one sign.

    Args:
        length: letters that are read.
        rate: Adam's.
        seed: of the weights.
    """

    def __init__(self, length: int, rate: float, seed: int):
        import torch

        generator = torch.Generator().manual_seed(seed)
        self.length = length

        def weight(*shape: int, fan_in: int) -> Any:
            return (torch.randn(*shape, generator=generator) * (2 / fan_in) ** 0.5).requires_grad_()

        self.parameters: list[Any] = [
            weight(LETTERS, EMBEDDED, fan_in=2),
            weight(FILTERS, EMBEDDED, WIDTH, fan_in=EMBEDDED * WIDTH),
            torch.zeros(FILTERS, requires_grad=True),
            weight(HIDDEN, FILTERS, fan_in=FILTERS),
            torch.zeros(HIDDEN, requires_grad=True),
            weight(1, HIDDEN, fan_in=HIDDEN),
            torch.zeros(1, requires_grad=True),
        ]
        self._optimiser = torch.optim.Adam(self.parameters, lr=rate)

    def letters(self, captions: Sequence[str]) -> np.ndarray:
        """Return captions as numbers of letters, uint8 (N, length); 0 behind the end."""
        rows = np.zeros((len(captions), self.length), dtype=np.uint8)
        for row, text in zip(rows, captions, strict=True):
            codes = np.frombuffer(text[: self.length].encode("ascii", "replace"), dtype=np.uint8)
            row[: len(codes)] = codes
        return rows

    def __call__(self, letters: np.ndarray) -> Any:
        """Return the tensor (N,)."""
        import torch
        from torch.nn import functional

        table, filters, offsets, *layers = self.parameters
        seen = table[torch.from_numpy(letters.astype(np.int64))].transpose(1, 2)
        found = functional.relu(functional.conv1d(seen, filters, offsets)).amax(dim=2)
        hidden = functional.relu(functional.linear(found, layers[0], layers[1]))
        return functional.linear(hidden, layers[2], layers[3])[:, 0]

    def values(self, captions: Sequence[str]) -> list[float]:
        """Return what captions are mapped to."""
        import torch

        with torch.no_grad():
            return self(self.letters(captions)).tolist()

    def step(self, loss: Any) -> float:
        """Take a step down a loss; return it."""
        self._optimiser.zero_grad()
        loss.backward()
        self._optimiser.step()
        return float(loss.detach())
