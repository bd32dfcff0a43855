"""The tasks that an env draws from, shared by all envs of the process."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from ...core.names import check_name
from ..resets import draw_task
from .questions import MAX_HOPS, Question, open_question

__all__ = ["SPLITS", "Catalogue", "open_catalogue"]


class Split(NamedTuple):
    """Which regions a split asks about, and how many questions about each."""

    regions: range
    questions: int


SPLITS = {"train": Split(range(50), 120), "valid": Split(range(50, 54), 50), "test": Split(range(54, 58), 50)}
"""6,000 tasks to train on, 200 and 200 for evaluation; no two splits share a region."""


class Catalogue:
    """A list of tasks in a fixed order.

    Args:
        split: one of `SPLITS`.
        hops: 1, 2 or 3 to keep questions of so many hops; None for all.

    Attributes:
        tasks: their ids, "train-00017".
    """

    def __init__(self, split: str, hops: int | None):
        self.arguments = split, hops
        self.regions, self.count = SPLITS[split]
        numbers = [
            number
            for number in range(len(self.regions) * self.count)
            if hops is None or number % self.count % MAX_HOPS == hops - 1
        ]
        self.numbers = {f"{split}-{number:05d}": number for number in numbers}
        self.tasks = tuple(self.numbers)

    def __reduce__(self) -> tuple:
        return _open, self.arguments

    def question(self, task: str) -> Question:
        """Return the question of a task; `UnknownNameError` with the nearest ids if there is none."""
        number = self.numbers.get(task)
        if number is None:
            check_name("task", task, self.numbers, "reset(options={'task': ...})")
            raise AssertionError
        region, at = divmod(number, self.count)
        return open_question(self.regions[region], at)

    def draw(self, rng: np.random.Generator, options: Mapping[str, Any] | None) -> str:
        """Choose the task of an episode: the one that `options` pins, or one at random, all equally likely.

        Args:
            rng: the env's own generator; untouched when the task is pinned.
            options: None or {"task": task id}.

        Raises:
            ValueError: an option that is not known, or a task that is not in this catalogue.
        """
        return draw_task(self.tasks, self.numbers, rng, options)


@lru_cache(maxsize=32)
def _open(split: str, hops: int | None) -> Catalogue:
    return Catalogue(split, hops)


def open_catalogue(split: str | None = None, hops: int | None = None) -> Catalogue:
    """Open a catalogue, or return the one that is already open in this process for the same arguments.

    Args:
        split: "train" (default), "valid" or "test".
        hops: 1, 2 or 3; None for all.
    """
    split = check_name("split", "train" if split is None else split, SPLITS, "SearchQA-v0")
    if hops is not None and (isinstance(hops, bool) or hops not in range(1, MAX_HOPS + 1)):
        raise ValueError(f"SearchQA-v0: hops is {hops!r}, not 1, 2, 3 or None")
    return _open(split, None if hops is None else int(hops))
