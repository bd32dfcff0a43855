"""The tasks that a manipulation env draws from: names, each of which stands for one start."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from ...core.names import check_name
from ..resets import draw_task

__all__ = ["Starts", "open_starts"]

SIZES = {"train": 10_000, "eval": 200, "test": 200}
"""How many starts each split has."""


class Starts:
    """The starts of a split; another name is another draw of positions, the same on every machine.

    Attributes:
        tasks: their names.
    """

    def __init__(self, split: str):
        self.split = split
        self.tasks = tuple(f"{split}-{number:05d}" for number in range(SIZES[split]))
        self._known = frozenset(self.tasks)

    def __reduce__(self) -> tuple:
        return open_starts, (self.split,)

    def draw(self, rng: np.random.Generator, options: Mapping[str, Any] | None) -> str:
        """Choose a start: the one that `options` pins, or one at random, all equally likely.

        Raises:
            ValueError: an option that is not known, or a task that is not in this split.
        """
        return draw_task(self.tasks, self._known, rng, options)

    def check(self, task: object) -> str:
        """Return a task's name if it is in this split; raise `UnknownNameError` (a ValueError) if not."""
        return check_name("task", task, self._known, f"the split {self.split!r}")


def open_starts(split: str | None = None) -> Starts:
    """Return the starts of "train" (default), "eval" or "test", the same object for all envs of the process."""
    return _open(check_name("split", "train" if split is None else split, SIZES, "manipulation env"))


@lru_cache(maxsize=len(SIZES))
def _open(split: str) -> Starts:
    return Starts(split)
