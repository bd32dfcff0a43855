"""What an action reads like: the text itself, its place among the admissible ones, or numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

__all__ = ["action_text"]


def action_text(action: Any, admissible: Sequence[str]) -> str:
    """Return `action` as text: a string as it is, an index as the admissible action, an array as short numbers.

    Anything else is what `str` makes of it.
    """
    if isinstance(action, str):
        return str(action)
    if isinstance(action, int | np.integer | np.ndarray) and np.ndim(action) == 0:
        index = int(action)
        if 0 <= index < len(admissible):
            return admissible[index]
    if isinstance(action, np.ndarray) and action.ndim:
        return " ".join(f"{value:+.2f}" if value else "0.00" for value in np.round(action.ravel().astype(float), 2))
    return str(action)
