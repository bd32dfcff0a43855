"""An order of many trajectories from judgements of pairs."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from ...core.preferences import Labeler
from ...core.trajectory import Trajectory

__all__ = ["borda"]


def borda(labeler: Labeler, trajectories: Sequence[Trajectory], rivals: int | None = None, seed: int = 0) -> np.ndarray:
    """Return how often each of N whole trajectories wins against others, (N,) in [0, 1]; a tie is half a win.

    This is Borda's count (1781), divided by the number of comparisons: it orders by mean win rate, agrees with any
    labeler that is an order, and averages the mistakes of one that is not. A pair that the labeler skips is not
    counted; a trajectory without any counted pair gets 1/2.

    Args:
        labeler: who compares.
        trajectories: of one task, or of tasks that can be compared.
        rivals: how many others each meets at least, drawn as rounds of a circle, so that the cost is N * rivals / 2
            or a little more; None for all of them, N (N - 1) / 2 pairs.
        seed: of the circle's order.
    """
    size = len(trajectories)
    if size < 2:
        return np.full(size, 0.5)
    if rivals is not None and rivals < 1:
        raise ValueError(f"{rivals} rivals; each trajectory must meet at least one")
    if rivals is None or rivals >= size - 1:
        meets = list(itertools.combinations(range(size), 2))
    else:
        circle = np.random.default_rng(seed).permutation(size).tolist()
        steps = range(1, (rivals + 1) // 2 + 1)
        meets = sorted({tuple(sorted((circle[at], circle[at - step]))) for at in range(size) for step in steps})
    pairs = np.array([[(one, 0, len(trajectories[one])) for one in meet] for meet in meets])
    labels = labeler.label(trajectories, pairs)
    wins, games = np.zeros(size), np.zeros(size)
    for (first, second), label in zip(meets, labels.tolist(), strict=True):
        if not np.isnan(label):
            wins[first] += label
            wins[second] += 1.0 - label
            games[[first, second]] += 1.0
    return np.divide(wins, games, out=np.full(size, 0.5), where=games > 0)
