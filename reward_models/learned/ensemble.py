"""Several small networks at once, fitted to preferences with torch and asked with NumPy."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

import numpy as np

from .preference_loss import discounted_returns, preference_loss

__all__ = ["Ensemble", "Pairs", "fit_ensemble"]

Ensemble = dict[str, np.ndarray]
"""weight0 (E, F, H), bias0 (E, 1, H), weight1, ...: E networks side by side, as saved arrays."""

SLOPE = 0.01  # of the leaky ReLU
CHECKS = 20


@dataclass(frozen=True)
class Pairs:
    """N pairs of segments of R rows of features, for fitting.

    Attributes:
        starts, stops: (N, 2), segments are the rows start to stop - 1.
        labels: (N,), as in `preference_loss`.
    """

    starts: np.ndarray
    stops: np.ndarray
    labels: np.ndarray


def outputs(networks: Ensemble, inputs: np.ndarray, squash: bool) -> np.ndarray:
    """Return what E networks say of inputs (R, F), (E, R)."""
    layers, values = len(networks) // 2, inputs
    for layer in range(layers):
        values = values @ networks[f"weight{layer}"] + networks[f"bias{layer}"]
        if layer < layers - 1:
            values = np.where(values > 0, values, SLOPE * values)
    return np.tanh(values[..., 0]) if squash else values[..., 0]


def _forward(params: dict[str, Any], inputs: Any, squash: bool) -> Any:
    import torch

    layers, values = len(params) // 2, inputs
    for layer in range(layers):
        values = values @ params[f"weight{layer}"] + params[f"bias{layer}"]
        if layer < layers - 1:
            values = torch.nn.functional.leaky_relu(values, SLOPE)
    return torch.tanh(values[..., 0]) if squash else values[..., 0]


def fit_ensemble(
    features: np.ndarray,
    pairs: Pairs,
    members: int,
    width: int,
    depth: int,
    squash: bool,
    updates: int,
    batch: int,
    rate: float,
    decay: float,
    noise: float,
    gamma: float,
    seed: int,
    check: Pairs | None = None,
) -> tuple[Ensemble, float]:
    """Minimise the preference loss of E networks with Adam; return them and their mean loss over the last tenth.

    Preferences are few and networks learn them by heart, so with `check` the weights are those of the moment, of 20
    looked at, in which the ensemble's loss on these other pairs was least.

    The members begin with weights of their own and learn from the same pairs, as in PEBBLE (Christiano et al. take a
    bootstrap sample for each, of which a third of the pairs is missing). The rate falls to 0 on a cosine.

    Args:
        features: (R, F).
        pairs: to learn from.
        members: E.
        width: of a hidden layer.
        depth: how many of them.
        squash: whether tanh bounds what a step is worth.
        updates: steps of the optimiser.
        batch: pairs in each.
        rate: of AdamW, at first.
        decay: of AdamW; a step shrinks the weights by rate * decay.
        noise: see `preference_loss`.
        gamma: see `discounted_returns`.
        seed: of weights and batches; global generators are left alone.
        check: pairs that are not learned from, see above.
    """
    import torch

    rng, generator = np.random.default_rng(seed), torch.Generator().manual_seed(seed)
    sizes = [features.shape[1], *[width] * depth, 1]
    params: dict[str, Any] = {}
    for layer, (fan_in, fan_out) in enumerate(itertools.pairwise(sizes)):
        uniform = torch.rand(members, fan_in, fan_out, generator=generator) * 2 - 1
        params[f"weight{layer}"] = (uniform * (1 / max(fan_in, 1)) ** 0.5).requires_grad_()
        params[f"bias{layer}"] = torch.zeros(members, 1, fan_out, requires_grad=True)
    count, losses = len(pairs.labels), []
    optimiser = torch.optim.AdamW(list(params.values()), lr=rate, weight_decay=decay)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, max(updates, 1))

    def loss_on(some: Pairs, chosen: np.ndarray) -> Any:
        rows, lengths = _rows(some, chosen)
        used, back = np.unique(rows, return_inverse=True)
        paid = _forward(params, torch.from_numpy(features[used]), squash)
        spread = paid[:, torch.from_numpy(back.reshape(rows.shape))]
        returns = discounted_returns(spread, torch.from_numpy(lengths), gamma)
        labels, half = torch.from_numpy(some.labels[chosen].astype(np.float32)), len(chosen)
        return preference_loss(returns[:, :half], returns[:, half:], labels, noise).sum()

    def taken() -> Ensemble:
        return {name: value.detach().numpy().copy() for name, value in params.items()}

    best, least = None, np.inf
    for update in range(updates):
        loss = loss_on(pairs, rng.permutation(count)[:batch])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        losses.append(float(loss.detach()) / members)
        if check is not None and len(check.labels) and (update + 1) % max(updates // CHECKS, 1) == 0:
            with torch.no_grad():
                now = float(loss_on(check, np.arange(len(check.labels))))
            if now < least:
                best, least = taken(), now
    last = losses[-max(1, updates // 10) :] or [0.0]
    return best or taken(), float(np.mean(last))


def _rows(pairs: Pairs, chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return rows (2n, T) of the first, then of the second segments, padded with their last, and lengths (2n,)."""
    starts, stops = pairs.starts[chosen].T.reshape(-1), pairs.stops[chosen].T.reshape(-1)
    lengths = stops - starts
    return np.minimum(starts[:, None] + np.arange(lengths.max()), stops[:, None] - 1), lengths
