"""Recorded episodes that the tests of rewards and of searches share, played once."""

from __future__ import annotations

import functools
from typing import Any

from guerdon.evaluation.evidence import Evidence, gather

__all__ = ["ARM", "HOUSE", "evidence"]

ARM, HOUSE = "guerdon:guerdon/DrawerClose-v0", "guerdon:guerdon/Household-v0"


@functools.cache
def evidence(env_id: str) -> Evidence:
    """Return episodes of the expert and of others: DrawerClose, or pick and place in the household."""
    kwargs: dict[str, Any] = {"task_types": (1,)} if env_id == HOUSE else {}
    return gather(env_id, kwargs, 8, 0, 0.99 if env_id == HOUSE else 0.95)
