"""How alike two texts are, by their words."""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = ["similarity"]


@lru_cache(maxsize=65536)
def similarity(one: str, other: str) -> float:
    """Return the cosine of the sets of words of two texts, in [0, 1]: shared words over the root of the product."""
    first, second = (frozenset(re.findall(r"[a-z]+", text.lower())) for text in (one, other))
    return len(first & second) / (len(first) * len(second)) ** 0.5 if first and second else 0.0
