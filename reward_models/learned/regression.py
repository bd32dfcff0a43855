"""A small network that maps feature vectors to one number: fitted with torch, asked with NumPy."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np

__all__ = ["Network", "fit_network", "predict"]

Network = dict[str, np.ndarray]
"""weight0 (F, H), bias0 (H,), weight1, ...: what a network is, as saved arrays."""


def predict(network: Network, inputs: np.ndarray) -> np.ndarray:
    """Return what a network says (B,) of inputs (B, F); tanh between the layers, none at the end."""
    layers = len(network) // 2
    values = inputs
    for layer in range(layers):
        values = values @ network[f"weight{layer}"] + network[f"bias{layer}"]
        if layer < layers - 1:
            values = np.tanh(values)
    return values[:, 0].astype(float)


def fit_network(
    batches: Callable[[np.random.Generator], tuple[np.ndarray, np.ndarray]],
    size: int,
    seed: int,
    updates: int,
    width: int = 128,
    depth: int = 3,
    rate: float = 1e-3,
    decay: float = 1e-4,
    squash: bool = True,
    begin: Network | None = None,
) -> tuple[Network, float]:
    """Minimise the squared error of a network with Adam; return it and its mean loss over the last tenth.

    Args:
        batches: draws inputs (B, F) and targets (B,) for one update.
        size: F.
        seed: of weights and batches; global generators are left alone.
        updates: gradient steps; the rate falls to 0 over them on a cosine.
        width: of the hidden layers.
        depth: how many there are.
        rate: learning rate of AdamW.
        decay: its weight decay.
        squash: whether tanh is put around the output, which is then in (-1, 1).
        begin: weights to go on from, for adaptation.
    """
    import torch

    rng = np.random.default_rng(seed)
    sizes = [size, *[width] * depth, 1]
    generator = torch.Generator().manual_seed(seed)
    if begin is None:
        begin = {}
        for layer, (fan_in, fan_out) in enumerate(itertools.pairwise(sizes)):
            bound = (6 / (fan_in + fan_out)) ** 0.5
            weight = (torch.rand(fan_in, fan_out, generator=generator) * 2 - 1) * bound
            begin |= {f"weight{layer}": weight.numpy(), f"bias{layer}": np.zeros(fan_out, dtype=np.float32)}
    params: dict[str, Any] = {name: torch.tensor(value, requires_grad=True) for name, value in begin.items()}
    optimiser = torch.optim.AdamW(list(params.values()), lr=rate, weight_decay=decay)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, max(updates, 1))
    layers, losses = len(params) // 2, []
    for _ in range(updates):
        inputs, targets = (torch.from_numpy(np.asarray(one, dtype=np.float32)) for one in batches(rng))
        values = inputs
        for layer in range(layers):
            values = values @ params[f"weight{layer}"] + params[f"bias{layer}"]
            if layer < layers - 1 or squash:
                values = torch.tanh(values)
        loss = ((values[:, 0] - targets) ** 2).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        losses.append(float(loss.detach()))
    last = losses[-max(1, updates // 10) :] if losses else [0.0]
    return {name: value.detach().numpy().copy() for name, value in params.items()}, float(np.mean(last))
