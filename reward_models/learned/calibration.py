"""Are predicted preferences as sure as they are right: accuracy, calibration error, and a temperature that mends it."""

from __future__ import annotations

import numpy as np

__all__ = ["calibration_error", "fit_temperature", "pair_accuracy"]


def pair_accuracy(chances: np.ndarray, labels: np.ndarray) -> float:
    """Return the share of decided pairs that are predicted rightly; NaN if there are none.

    Args:
        chances: predicted probabilities that the first is better, (N,); 0.5 counts as half right.
        labels: (N,); ties and NaN are left out.
    """
    decided = ~np.isnan(labels) & (labels != 0.5)
    if not decided.any():
        return float("nan")
    agreement = np.sign(chances[decided] - 0.5) * np.sign(labels[decided] - 0.5)
    return float((agreement + 1).mean() / 2)


def calibration_error(chances: np.ndarray, labels: np.ndarray, bins: int = 10) -> float:
    """Return the expected calibration error: |mean label - mean chance|, averaged over pairs in equal bins of chance.

    Both orders of a pair are counted, so that it does not matter which came first.

    Args:
        chances: as in `pair_accuracy`.
        labels: as there, but ties count as 0.5.
        bins: of equal width over [0, 1].

    Source: Guo et al., "On calibration of modern neural networks" (arXiv 1706.04599, 2017).
    """
    known = ~np.isnan(labels)
    if not known.any():
        return float("nan")
    chances = np.concatenate([chances[known], 1 - chances[known]])
    labels = np.concatenate([labels[known], 1 - labels[known]])
    which = np.minimum((chances * bins).astype(int), bins - 1)
    gaps = [abs((labels[which == one] - chances[which == one]).sum()) for one in range(bins)]
    return float(sum(gaps) / len(chances))


def fit_temperature(gaps: np.ndarray, labels: np.ndarray) -> float:
    """Return the T in [1/32, 32] for which sigmoid(gap / T) explains the labels best (cross entropy).

    Args:
        gaps: differences of returns, (N,), first minus second; with E members (E, N), whose chances are averaged.
        labels: (N,), in [0, 1] or NaN. Without any label T is 1.

    Source: temperature scaling, Guo et al. (2017): one number, which cannot change which segment is preferred by a
    single model.
    """
    known = ~np.isnan(labels)
    gaps = np.atleast_2d(gaps)[:, known]
    if not known.any():
        return 1.0

    def loss(log_t: float) -> float:
        scaled = gaps / np.exp2(log_t)
        yes = np.exp(-np.logaddexp(0.0, -scaled)).mean(axis=0).clip(1e-12)
        no = np.exp(-np.logaddexp(0.0, scaled)).mean(axis=0).clip(1e-12)
        return float(-(labels[known] * np.log(yes) + (1 - labels[known]) * np.log(no)).mean())

    grid = np.linspace(-5, 5, 41)
    for _ in range(3):  # the loss is flat at its best, so a grid that closes in is exact enough
        best = int(np.argmin([loss(one) for one in grid]))
        low, high = grid[max(best - 1, 0)], grid[min(best + 1, len(grid) - 1)]
        grid = np.linspace(low, high, 21)
    return float(np.exp2(grid[int(np.argmin([loss(one) for one in grid]))]))
