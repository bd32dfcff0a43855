"""The tasks that an env draws from: three disjoint splits, made one by one from their ids and kept."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from ...core.names import check_name
from ...core.random import stable_hash
from ..resets import draw_task
from .calc_task import OPERATIONS, CalcTask, make_calc_task
from .lineprog_task import LINES, LineProgTask, make_lineprog_task

__all__ = ["SPLITS", "Catalogue", "open_catalogue", "split_of"]

SPLITS = {"train": 10_000, "valid": 200, "test": 200}
"""Split to the number of its tasks."""

MAX_TASKS = 12_000  # tasks kept, a few kB each
LENGTHS = {"Calc-v0": OPERATIONS, "LineProg-v0": LINES}


def split_of(content: object) -> str:
    """Return the split that a task of this content may belong to, so that no two splits share a task.

    Args:
        content: what the task is made of, apart from what is asked for.
    """
    tenth = stable_hash(repr(content)) % 10
    return "train" if tenth < 8 else "valid" if tenth == 8 else "test"


class Catalogue:
    """The ids of a split, and the task that each one stands for.

    The number at the end of an id fixes how long the solution is, so one id is one task whatever the difficulty asked
    for; a difficulty only chooses among the ids.

    Args: as in `open_catalogue`.

    Attributes:
        tasks: ids such as "train-00017", or "train-guess4-00017" for tasks with a choice of answers.
    """

    def __init__(self, env: str, split: str, difficulty: float | None, guess: int):
        self.arguments = env, split, difficulty, guess
        self.env, self.split, self.guess = env, split, guess
        self.lengths = LENGTHS[env]
        wanted = None if difficulty is None else round(difficulty * (len(self.lengths) - 1))
        prefix = f"{split}-guess{guess}" if guess else split
        self._numbers = {
            f"{prefix}-{number:05d}": number
            for number in range(SPLITS[split])
            if wanted is None or number % len(self.lengths) == wanted
        }
        self.tasks = tuple(self._numbers)
        self._made: OrderedDict[str, Any] = OrderedDict()

    def __reduce__(self) -> tuple:
        return _open, self.arguments

    def task(self, task: str) -> Any:
        """Return the `CalcTask` or `LineProgTask` of an id; `UnknownNameError` if there is none."""
        made = self._made.get(task)
        if made is not None:
            return made
        check_name("task", task, self._numbers, "reset(options={'task': ...})")
        length = self.lengths[self._numbers[task] % len(self.lengths)]
        made = self._made[task] = self._make(task, length)
        made.origin = _task, (*self.arguments, task)
        if len(self._made) > MAX_TASKS:
            self._made.popitem(last=False)
        return made

    def _make(self, task: str, length: int) -> CalcTask | LineProgTask:
        def allowed(content: object) -> bool:
            return split_of(content) == self.split

        if self.env == "Calc-v0":
            return make_calc_task(task, length, self.guess, allowed)
        return make_lineprog_task(task, length, allowed)

    def draw(self, rng: np.random.Generator, options: Mapping[str, Any] | None) -> str:
        """Choose the task of an episode: the one that `options` pins, or one at random, all equally likely.

        Args:
            rng: the env's own generator; untouched when the task is pinned.
            options: None or {"task": task id}.

        Raises:
            ValueError: an option that is not known, or a task that is not in this catalogue.
        """
        return draw_task(self.tasks, self._numbers, rng, options)


@lru_cache(maxsize=32)
def _open(env: str, split: str, difficulty: float | None, guess: int) -> Catalogue:
    return Catalogue(env, split, difficulty, guess)


def _task(env: str, split: str, difficulty: float | None, guess: int, task: str) -> Any:
    """Return a task of this process's catalogue; how tasks are sent to other processes."""
    return _open(env, split, difficulty, guess).task(task)


def open_catalogue(env: str, split: str = "train", difficulty: float | None = None, guess: int = 0) -> Catalogue:
    """Open a catalogue, or return the one that is already open in this process for the same arguments.

    Args:
        env: "Calc-v0" or "LineProg-v0".
        split: "train" (10,000 tasks), "valid" or "test" (200 each).
        difficulty: from 0.0 (the shortest solutions) to 1.0 (the longest); None for all lengths alike.
        guess: for Calc: how many answers are offered, 0 (the target is named instead) or 4.
    """
    check_name("split", split, SPLITS, env)
    if difficulty is not None and (isinstance(difficulty, bool) or not 0 <= difficulty <= 1):
        raise ValueError(f"{env}: difficulty is {difficulty!r}, not None or a number from 0 to 1")
    if guess not in (0, 4):
        raise ValueError(f"{env}: guess is {guess!r}, not 0 or 4")
    return _open(env, split, None if difficulty is None else float(difficulty), int(guess))
