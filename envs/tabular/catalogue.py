"""The tasks that a tabular env draws from: names, each of which stands for one problem of its family."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from ...core.names import check_name
from ..resets import draw_task
from .problem import Family, Problem, build_problem

__all__ = ["SIZES", "Catalogue", "open_catalogue"]

SIZES = {"train": 10_000, "valid": 200, "test": 200}
"""How many tasks each split has. No task is in two of them."""


def task_names(split: str) -> tuple[str, ...]:
    """Return the ids of all tasks of a split: "train-00000", ..."""
    return tuple(f"{split}-{number:05d}" for number in range(SIZES[split]))


class Catalogue:
    """The tasks of a family in a fixed order.

    Args:
        family: whose tasks they are.
        split: which of them.
        fixed_task: the only task there is, or None.

    Attributes:
        tasks: their names.
    """

    def __init__(self, family: Family, split: str, fixed_task: str | None):
        self.family, self.split, self.fixed_task = family, split, fixed_task
        self.tasks = task_names(split) if fixed_task is None else (fixed_task,)
        self._known = frozenset(self.tasks)

    def __reduce__(self) -> tuple:
        return _open, (self.family, self.split, self.fixed_task)

    def draw(self, rng: np.random.Generator, options: Mapping[str, Any] | None) -> str:
        """Choose a task: the one that `options` pins, or one at random, all equally likely.

        Raises:
            ValueError: an option that is not known, or a task that is not in this catalogue.
        """
        return draw_task(self.tasks, self._known, rng, options)

    def problem(self, task: str) -> Problem:
        """Return a task's problem; `UnknownNameError` with the nearest names if there is no such task."""
        check_name("task", task, self._known, f"the split {self.split!r}")
        return build_problem(self.family, self.family.key(task))


def open_catalogue(family: Family, split: str | None, fixed_task: str | None) -> Catalogue:
    """Return the tasks of "train" (default), "valid" or "test", or one task of any of them alone.

    The same object is returned for all envs of the process that ask for the same.
    """
    if fixed_task is None:
        return _open(family, check_name("split", "train" if split is None else split, SIZES, family.name), None)
    own = str(fixed_task).partition("-")[0]
    names = task_names(own) if own in SIZES else [f"{name}-00000" for name in SIZES]
    check_name("task", fixed_task, names, f"{family.name}(fixed_task=...)")
    if split not in (None, own):
        raise ValueError(f"{family.name}: fixed_task is {fixed_task!r}, which is not in the split {split!r}")
    return _open(family, own, fixed_task)


@lru_cache(maxsize=64)
def _open(family: Any, split: str, fixed_task: str | None) -> Catalogue:
    return Catalogue(family, split, fixed_task)
