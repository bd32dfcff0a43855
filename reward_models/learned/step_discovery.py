"""Where the steps of a demonstration are: the cuts that leave the least change within its stretches."""

from __future__ import annotations

import numpy as np

__all__ = ["find_cuts"]


def find_cuts(features: np.ndarray, parts: int, least: int = 2, weighted: bool = True) -> list[int]:
    """Return the `parts` - 1 indices at which the stretches after the first begin.

    They minimise the sum over stretches of the standard deviation within them, averaged over features; `weighted` by
    the stretches' lengths.

    Args:
        features: (N, F), one row a moment.
        parts: stretches.
        least: moments of a stretch at least; 1 would make stretches without any deviation.
        weighted: whether a long stretch counts more. Without it, as in the paper, a few moments that happen to be alike
            make a step where features are noisy.

    Source: the recursive splitting of Sermanet, Xu and Levine (2016), "Unsupervised Perceptual Rewards for Imitation
    Learning" (arXiv 1612.06699), from memory. The recursion looks at every first cut and at the best cuts of the rest;
    the same optimum is found here by dynamic programming.

    Raises:
        ValueError: there are too few moments.
    """
    size = len(features)
    if parts < 1 or size < parts * least:
        raise ValueError(f"{size} moments cannot be cut into {parts} stretches of at least {least}")
    cost = _deviations(np.asarray(features, dtype=float), least, weighted)
    best = cost[0]  # of cutting the first j moments into one stretch
    cuts = []
    for _ in range(parts - 1):
        totals = best[:, None] + cost
        cuts.append(totals.argmin(axis=0))
        best = totals.min(axis=0)
    found, end = [], size
    for choices in reversed(cuts):
        end = int(choices[end])
        found.append(end)
    return found[::-1]


def _deviations(features: np.ndarray, least: int, weighted: bool) -> np.ndarray:
    """Return (N + 1, N + 1): the deviation within moments i to j - 1, as it counts, infinite where they are too few."""
    size = len(features)
    features = features - features.mean(axis=0)  # keeps the difference of squares below from cancelling
    cost = np.full((size + 1, size + 1), np.inf)
    for start in range(size - least + 1):
        counts = np.arange(1, size - start + 1)[:, None]
        mean = np.cumsum(features[start:], axis=0) / counts
        square = np.cumsum(features[start:] ** 2, axis=0) / counts
        deviation = np.sqrt(np.maximum(square - mean**2, 0)).mean(axis=1)
        total = deviation * counts[:, 0] if weighted else deviation
        cost[start, start + least :] = total[least - 1 :]
    return cost
