"""A small network whose weights are plain tensors, so that a reward with one in it can be copied and pickled."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

__all__ = ["Mlp"]

SLOPE = 0.1


class Mlp:
    """Maps vectors (B, sizes[0]) to (B, sizes[-1]); leaky ReLU (slope 0.1) between the layers, none at the end.

    Args:
        sizes: width of the input, of each hidden layer and of the output.
        seed: of the weights; global generators are left alone.
        spectral: whether each layer's matrix is divided by its largest singular value (Miyato et al., 2018), which is
            followed by one step of power iteration a training call; the network is then 1-Lipschitz.

    Attributes:
        parameters: all tensors that are learned.
    """

    def __init__(self, sizes: Sequence[int], seed: int, spectral: bool = False):
        import torch

        generator = torch.Generator().manual_seed(seed)
        self.spectral = spectral
        self._weights: list[Any] = []
        self._biases: list[Any] = []
        self._directions: list[Any] = []
        for fan_in, fan_out in itertools.pairwise(sizes):
            bound = (3.0 * (2.0 if fan_out != sizes[-1] else 1.0) / max(fan_in, 1)) ** 0.5
            weight = (torch.rand(fan_in, fan_out, generator=generator) * 2 - 1) * bound
            direction = torch.nn.functional.normalize(torch.randn(fan_out, generator=generator), dim=0)
            for _ in range(20 if spectral else 0):
                direction = _power(weight, direction)
            self._weights.append(weight.requires_grad_())
            self._biases.append(torch.zeros(fan_out, requires_grad=True))
            self._directions.append(direction)

    @property
    def parameters(self) -> list[Any]:
        """All tensors that are learned."""
        return [*self._weights, *self._biases]

    def __call__(self, inputs: Any, training: bool = False) -> Any:
        """Return the outputs (B, sizes[-1]).

        Args:
            inputs: tensor (B, sizes[0]).
            training: whether the estimate of the singular values takes a step.
        """
        import torch

        last = len(self._weights) - 1
        values = inputs
        for layer, (weight, bias) in enumerate(zip(self._weights, self._biases, strict=True)):
            if self.spectral:
                if training:
                    self._directions[layer] = _power(weight.detach(), self._directions[layer])
                right = self._directions[layer]
                left = torch.nn.functional.normalize(weight.detach() @ right, dim=0)
                weight = weight / (left @ weight @ right)
            values = values @ weight + bias
            if layer < last:
                values = torch.nn.functional.leaky_relu(values, SLOPE)
        return values


def _power(weight: Any, direction: Any) -> Any:
    import torch

    left = torch.nn.functional.normalize(weight @ direction, dim=0)
    return torch.nn.functional.normalize(left @ weight, dim=0)
