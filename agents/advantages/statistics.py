"""Comparing the members of a group: standardised, or each with the others."""

from __future__ import annotations

import numpy as np

from ...core.trajectory import Batch
from .base import Each

__all__ = ["leave_one_out", "pooled_zscore", "spread", "zscore"]

EPS = 1e-6


def zscore(values: np.ndarray, std: bool = True) -> np.ndarray:
    """Return (x - mean) / (std + 1e-6), or x - mean without `std`; zeros where all values are equal.

    Args:
        values: (N,), at least one.
        std: divide by the standard deviation (of the N values, not an estimate for more).
    """
    if np.ptp(values) <= 1e-12 * max(1.0, float(np.abs(values).max())):
        return np.zeros(len(values))
    centred = values - values.mean()
    return centred / (values.std() + EPS) if std else centred


def pooled_zscore(values: np.ndarray, each: Each) -> np.ndarray:
    """Return what `zscore` says of the values of all processes, for those of this one, (N,), which may be none.

    Means and sums of squares are put together as by Chan et al. (1979), so that large means cost no digits.
    """
    some = len(values) > 0
    mean = float(values.mean()) if some else 0.0
    ends = (float(values.min()), float(values.max())) if some else (np.inf, -np.inf)
    counts, means, squares, lows, highs = each([len(values), mean, float(((values - mean) ** 2).sum()), *ends]).T
    low, high = lows.min(), highs.max()
    if high - low <= 1e-12 * max(1.0, abs(low), abs(high)):
        return np.zeros(len(values))
    middle = (counts * means).sum() / counts.sum()
    variance = (squares + counts * (means - middle) ** 2).sum() / counts.sum()
    return (values - middle) / (np.sqrt(variance) + EPS)


def leave_one_out(values: np.ndarray) -> np.ndarray:
    """Return each value minus the mean of the others, (N,); 0 where there is no other."""
    if len(values) < 2 or np.ptp(values) <= 1e-12 * max(1.0, float(np.abs(values).max())):
        return np.zeros(len(values))
    return (values - values.mean()) * (len(values) / (len(values) - 1))


def spread(values: np.ndarray, batch: Batch) -> list[np.ndarray]:
    """Give every step of a trajectory the trajectory's value: one array (T,) for each of `values`."""
    return [np.full(len(one), value) for one, value in zip(batch.trajectories, values.tolist(), strict=True)]
