"""What an action reads like, whether an agent sends the text or its place among the admissible ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

__all__ = ["action_text"]


def action_text(action: Any, admissible: Sequence[str]) -> str:
    """Return `action` as text: a string as it is, an index as the admissible action, else `str` of it."""
    if isinstance(action, str):
        return str(action)
    if isinstance(action, int | np.integer | np.ndarray) and np.ndim(action) == 0:
        index = int(action)
        if 0 <= index < len(admissible):
            return admissible[index]
    return str(action)
