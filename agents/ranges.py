"""Rows that own a stretch of a longer array each: where the stretches of some of them stand."""

from __future__ import annotations

import numpy as np

__all__ = ["ranges"]


def ranges(starts: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return where `rows` begin when only they are kept, (R + 1,), and the places that they hold before, (T,).

    Args:
        starts: (S + 1,), where each of S stretches begins, and where the last one ends.
        rows: (R,), the stretches to keep, in any order.
    """
    counts = starts[rows + 1] - starts[rows]
    kept = np.concatenate(([0], np.cumsum(counts)))
    return kept, np.arange(int(kept[-1])) + np.repeat(starts[rows] - kept[:-1], counts)
