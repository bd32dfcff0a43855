"""What a task of Calc is: a start, a target, some operations, and the exact distance of every number to the target."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...core.random import derive_seed

__all__ = ["FAR", "OPERATIONS", "CalcTask", "apply_operation", "make_calc_task"]

OPERATIONS = (2, 3, 4, 5, 6)
"""How many operations the shortest solution of a task has, from the easiest to the hardest."""

FAR = 99
"""Distance of a number from which the target cannot be reached, or not in fewer operations."""

MOST = {0: 99, 4: 999}
"""The largest number there is, by how many answers are offered. Numbers begin at 0."""

WRITTEN = re.compile(r"(add|subtract|multiply by|divide by) (\d{1,4})")


def apply_operation(operation: str, value: int, most: int) -> int | None:
    """Return what an operation makes of a number.

    Args:
        operation: "add 5", "subtract 4", "multiply by 3", "divide by 3" or "halve".
        value: from 0 to `most`.
        most: the largest number there is.

    Returns:
        The result; None if it is not a whole number from 0 to `most`, or if this is no operation.
    """
    match = WRITTEN.fullmatch("divide by 2" if operation == "halve" else operation)
    if match is None:
        return None
    verb, number = match[1], int(match[2])
    if verb == "divide by":
        return None if not number or value % number else value // number
    result = {"add": value + number, "subtract": value - number, "multiply by": value * number}[verb]
    return result if 0 <= result <= most else None


@lru_cache(maxsize=256)
def _table(operation: str, most: int) -> NDArray[np.int16]:
    """Return an operation as a table from number to result, -1 where there is none."""
    results = [apply_operation(operation, value, most) for value in range(most + 1)]
    return np.array([-1 if result is None else result for result in results], dtype=np.int16)


@lru_cache(maxsize=256)
def _listed(operation: str, most: int) -> list[int]:
    return _table(operation, most).tolist()


class CalcTask:
    """One task, complete.

    Args:
        name: its id.
        start, target: where the value begins and where it should go.
        operations: those that may be used, in the order in which they are listed.
        offered: the numbers among which the answer is chosen, `target` among them; () if the target is named.
        most: the largest number there is.

    Attributes:
        length: operations of a shortest solution.
        kind: the type of the task, such as "3 operations".
        budget: how many lines may be written: twice the shortest solution and four.
        distances: fewest operations from each number to the target, `FAR` if it cannot be reached.
        steps: operation to its table, number to result (-1: none).
        answers: the actions that give an answer.
        known: every action there is in this task.
    """

    def __init__(
        self, name: str, start: int, target: int, operations: tuple[str, ...], offered: tuple[int, ...], most: int
    ):
        self.id, self.start, self.target, self.operations, self.offered = name, start, target, operations, offered
        self.most = most
        self.distances = _distances(operations, target, most).tobytes()
        self.length = self.distances[start]
        self.kind = f"{self.length} operations"
        self.budget = 2 * self.length + 4
        self.steps = {operation: _listed(operation, most) for operation in operations}
        self.answers = tuple(f"answer {number}" for number in offered) or ("answer",)
        self.known = frozenset((*operations, "restate", "undo", *self.answers))
        self.origin: tuple[Any, ...] = ()
        self._actions: dict[tuple[int, bool], list[str]] = {}
        self._wanted = f"Target: {target}" if not offered else f"Offered: {', '.join(map(str, offered))}"

    def __reduce__(self) -> tuple:
        return self.origin

    @property
    def goal_text(self) -> str:
        """What is asked for, in words."""
        if not self.offered:
            return f"You have {self.start}. Reach {self.target}."
        numbers = ", ".join(map(str, self.offered))
        return f"You have {self.start}. Which of {numbers} can be reached in {self.length} operations?"

    @property
    def first_text(self) -> str:
        """The head of the first observation: the goal and the operations."""
        return f"{self.goal_text}\nOperations: {', '.join(self.operations)}.\n"

    def status(self, value: int, lines: int, last: str, steps_left: int) -> str:
        """Return the line that every observation ends with."""
        return f"Value: {value}. {self._wanted}. Lines: {lines}. Last: {last}. Steps left: {steps_left}."

    def actions(self, value: int, lines: bool) -> list[str]:
        """Return what can be done at a number while there are steps left; the list is shared, do not change it.

        Args:
            value: the number.
            lines: whether there is a line to take back.
        """
        found = self._actions.get((value, lines))
        if found is None:
            able = [operation for operation in self.operations if self.steps[operation][value] >= 0]
            found = self._actions[value, lines] = [*able, "restate", *(["undo"] if lines else []), *self.answers]
        return found

    def best(self, value: int) -> str | None:
        """Return the first operation of a shortest way from a number to the target; None at it or where none leads."""
        ahead = self.distances[value] - 1
        for operation in self.operations:
            result = self.steps[operation][value]
            if result >= 0 and self.distances[result] == ahead:
                return operation
        return None


def _distances(operations: tuple[str, ...], target: int, most: int) -> NDArray[np.uint8]:
    """Return the fewest operations from each number to the target, (most + 1,): breadth first, from all at once."""
    after = np.stack([_table(operation, most) for operation in operations])
    found = np.full(most + 2, FAR, dtype=np.uint8)  # the last one stands for "no result", index -1
    found[target] = 0
    while True:
        nearer = np.minimum(found[:-1], np.minimum(found[after].min(axis=0), FAR - 1) + 1)
        if (nearer == found[:-1]).all():
            return nearer
        found[:-1] = nearer


def _reached(operations: tuple[str, ...], start: int, length: int, most: int) -> NDArray[np.uint8]:
    """Return the fewest operations from `start` to each number, at most `length`; `FAR` for the others."""
    after = np.stack([_table(operation, most) for operation in operations])
    found = np.full(most + 1, FAR, dtype=np.uint8)
    found[start], front = 0, np.array([start])
    for step in range(1, length + 1):
        front = np.unique(after[:, front])
        front = front[front >= 0]
        front = front[found[front] == FAR]
        found[front] = step
    return found


def make_calc_task(name: str, length: int, guess: int, allowed: Callable[[object], bool]) -> CalcTask:
    """Make the task of an id: two additions, two subtractions, a multiplication and a division.

    Args:
        name: the id; the same id gives the same task on every machine.
        length: operations of a shortest solution.
        guess: how many answers are offered; 0 to name the target. All but one cannot be reached in `length`
            operations, and they are the ones nearest to the target.
        allowed: whether a start with these operations may be in this split.
    """
    rng, most = np.random.default_rng(derive_seed("Calc-v0", name)), MOST[guess]
    while True:
        plus, minus = (rng.choice(np.arange(2, 10), 2, replace=False).tolist() for _ in range(2))
        times, by, start = int(rng.integers(2, 6)), int(rng.integers(2, 4)), int(rng.integers(1, 31))
        listed = [
            *(f"add {number}" for number in plus),
            *(f"subtract {number}" for number in minus),
            f"multiply by {times}",
            "halve" if by == 2 else f"divide by {by}",
        ]
        if not allowed((start, sorted(listed))):
            continue
        operations = tuple(listed[i] for i in rng.permutation(len(listed)).tolist())
        reached = _reached(operations, start, length, most)
        targets = np.flatnonzero(reached == length)
        if not len(targets):
            continue
        target = int(rng.choice(targets))
        others = np.flatnonzero(reached == FAR)
        if len(others) < guess:
            continue
        near = others[np.argsort(np.abs(others - target), kind="stable")[: max(guess - 1, 0)]]
        offered = tuple(sorted([target, *near.tolist()])) if guess else ()
        return CalcTask(name, start, target, operations, offered, most)
