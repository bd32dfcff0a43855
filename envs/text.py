"""What text envs share: the space of their observations and actions, and infos that tell of some slots only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from gymnasium.error import CustomSpaceError
from gymnasium.spaces import Text
from gymnasium.vector.utils import create_shared_memory

__all__ = ["UnicodeText", "masked_columns", "spread_column"]


class UnicodeText(Text):
    """Any string of at most `max_length` characters: spaces, newlines, every script, the empty string too.

    gymnasium's own `Text` lists its characters one by one and leaves out the space. It also goes stale in
    the shared memory of `AsyncVectorEnv`: every step returns the first string. Here that is an error; pass
    `shared_memory=False` (with `gymnasium.make_vec`: `vector_kwargs={"shared_memory": False}`).
    """

    def __init__(self, max_length: int, seed: int | np.random.Generator | None = None):
        super().__init__(max_length, min_length=0, charset="abcdefghijklmnopqrstuvwxyz 0123456789", seed=seed)

    def contains(self, x: Any) -> bool:
        """Return whether `x` is a string that is not too long."""
        return isinstance(x, str) and len(x) <= self.max_length

    def __repr__(self) -> str:
        return f"UnicodeText({self.max_length})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, UnicodeText) and other.max_length == self.max_length


@create_shared_memory.register(UnicodeText)
def _refuse_shared_memory(space: UnicodeText, n: int = 1, ctx: Any = None) -> Any:
    raise CustomSpaceError(
        "text cannot go through shared memory (it would go stale): pass shared_memory=False to AsyncVectorEnv, "
        'or vector_kwargs={"shared_memory": False} to gymnasium.make_vec'
    )


def spread_column(column: np.ndarray, rows: Sequence[int], size: int) -> np.ndarray:
    """Return a column that tells of the slots `rows` as one of all `size` slots; the others' entries are empty."""
    spread = np.full(size, None) if column.dtype == object else np.zeros(size, column.dtype)
    spread[rows] = column
    return spread


def masked_columns(found: dict[str, Any], rows: Sequence[int] | None, size: int, term: str) -> dict[str, Any]:
    """Return columns that tell of the slots `rows` as those of all `size` slots, each with its mask, and the terms.

    Args:
        found: columns, "reward_env" among them.
        rows: the slots that they tell of; None for all.
        size: slots.
        term: the name of the only term of the env's own reward.
    """
    there = np.ones(size if rows is None else len(rows), dtype=bool)
    if rows is not None:
        found = {key: spread_column(column, rows, size) for key, column in found.items()}
        there = spread_column(there, rows, size)
    found["reward_terms"] = {term: found["reward_env"], f"_{term}": there}
    return found | {f"_{key}": there for key in found}
