"""How likely an action is under what a network says of it: one class of many, or numbers with a spread."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .sight import CLASSES, Views

__all__ = ["action_log_prob", "action_outputs", "action_targets"]

SPREAD = (-3.0, 1.0)
"""Bounds of the logarithm of the standard deviation, so that no action becomes infinitely sure."""


def action_outputs(views: Views) -> int:
    """Return how many outputs a network needs to say something of such actions."""
    return CLASSES if views.kinds is not None else 2 * views.did.shape[1]


def action_targets(views: Views) -> np.ndarray:
    """Return actions as what is to be foretold: classes (B, 1), or numbers (B, A)."""
    return views.did if views.kinds is None else views.kinds[:, None].astype(np.int64)


def action_log_prob(outputs: Any, targets: Any) -> Any:
    """Return log P(action), (B,): of a class by a softmax, of numbers by independent normal distributions.

    Args:
        outputs: tensor (B, CLASSES), or (B, 2 A): means, and numbers that tanh brings into `SPREAD`.
        targets: tensor of integers (B, 1), or of floats (B, A).
    """
    import torch

    if not targets.is_floating_point():
        return torch.log_softmax(outputs, dim=1).gather(1, targets)[:, 0]
    mean, spread = outputs.chunk(2, dim=1)
    low, high = SPREAD
    spread = (low + high) / 2 + (high - low) / 2 * torch.tanh(spread)  # smooth, so that it is never stuck at a bound
    density = -0.5 * ((targets - mean) / spread.exp()) ** 2 - spread - 0.5 * math.log(2 * math.pi)
    return density.sum(dim=1)
