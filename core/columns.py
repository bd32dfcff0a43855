"""Columns of a batch of which some rows begin anew."""

from __future__ import annotations

import numpy as np

__all__ = ["merged"]


def merged(old: np.ndarray, new: np.ndarray, where: np.ndarray) -> np.ndarray:
    """Return `old` with the rows of `new` where `where`, bool (B,); neither is changed."""
    both = old.copy()
    both[where] = new[where]
    return both
