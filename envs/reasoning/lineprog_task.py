"""What a task of LineProg is: unit tests, the lines on offer, and the exact distance of every state to success.

A state is what is in the registers on all tests' inputs. It is packed into one integer, so that the states that any
program can reach are found breadth first with arrays, and looked up in a dict.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...core.random import derive_seed
from .instructions import MOST, REGISTERS, draw_line, read_line

__all__ = ["FAR", "LINES", "NUM_TESTS", "LineProgTask", "make_lineprog_task", "pack"]

LINES = (2, 3, 4, 5)
"""How many lines the shortest program of a task has, from the easiest to the hardest."""

NUM_TESTS = 3
"""Unit tests of a task."""

FAR = 99
"""Distance of a state that no program completes in the lines that are left."""

USEFUL, FAULTY = 7, 2  # lines on offer that run and that do not, beside "pass"
UNDEFINED = "w"
DIGITS = (MOST + 1) ** np.arange(len(REGISTERS) * NUM_TESTS, dtype=np.int64)


def pack(registers: NDArray[Any]) -> Any:
    """Return states (3 registers, 3 tests, N) as integers (N,), one for each: nine digits to the base 100."""
    return DIGITS @ registers.reshape(len(DIGITS), -1).astype(np.int64)


class LineProgTask:
    """One task, complete.

    Args:
        name: its id.
        start: what is in the registers before the program, int (3 registers, 3 tests).
        outputs: what should be in x after it, for each test.
        lines: those that may be written, in the order in which they are listed.
        most_lines: how many lines a program may have.
        ways: packed state to (fewest lines that complete it, number of the first of them in `lines`).

    Attributes:
        length: lines of a shortest program.
        kind: the type of the task, such as "3 lines".
        budget: how many lines may be written or deleted: twice the shortest program and four.
        runs: line to what it does; None for those that cannot be run.
        known: every action there is in this task.
    """

    def __init__(
        self,
        name: str,
        start: NDArray[Any],
        outputs: tuple[int, ...],
        lines: tuple[str, ...],
        most_lines: int,
        ways: dict[int, tuple[int, int]],
    ):
        self.id, self.start, self.outputs, self.lines, self.most_lines = name, start, outputs, lines, most_lines
        self.ways = ways
        self.length = ways[int(pack(start)[0])][0]
        self.kind = f"{self.length} lines"
        self.budget = 2 * self.length + 4
        self.runs = {line: read_line(line)[0] for line in lines}
        self.known = frozenset((*lines, "delete", "submit"))
        self.origin: tuple[Any, ...] = ()
        self.wanted = np.array(outputs)
        self.listed = {
            (some, room): [*(lines if room else ()), *(["delete"] if some else []), "submit"]
            for some in (False, True)
            for room in (False, True)
        }

    def __reduce__(self) -> tuple:
        return self.origin

    @property
    def goal_text(self) -> str:
        """What is asked for, in words."""
        return f"Write a program of at most {self.most_lines} lines that leaves the output in x."

    @property
    def first_text(self) -> str:
        """The head of the first observation: the goal and the examples."""
        examples = [
            f"{registers_text(self.start[:, test])} -> x={output}\n" for test, output in enumerate(self.outputs)
        ]
        return f"{self.goal_text}\nExamples:\n{''.join(examples)}"

    def way(self, state: int, lines: int) -> tuple[int, int]:
        """Return the fewest further lines that complete a program, and the number of the first of them.

        Args:
            state: the packed state after the program, -1 after an error.
            lines: how many lines the program has.
        """
        found = self.ways.get(state)
        return found if found is not None and lines + found[0] <= self.most_lines else (FAR, -1)


def registers_text(registers: Any) -> str:
    """Return registers on one test as text: "x=3 y=5 z=0"."""
    return " ".join(f"{name}={value}" for name, value in zip(REGISTERS, registers.tolist(), strict=True))


def make_lineprog_task(name: str, length: int, allowed: Callable[[object], bool]) -> LineProgTask:
    """Make the task of an id. A program may have one line more than the shortest that passes all tests.

    Args:
        name: the id; the same id gives the same task on every machine.
        length: lines of a shortest program.
        allowed: whether these inputs with these lines may be in this split.
    """
    rng = np.random.default_rng(derive_seed("LineProg-v0", name))
    while True:
        start = np.concatenate([rng.integers(1, 21, (2, NUM_TESTS)), np.zeros((1, NUM_TESTS), dtype=int)])
        drawn: list[str] = []
        while len(drawn) < USEFUL + FAULTY:
            line = draw_line(rng, UNDEFINED if len(drawn) >= USEFUL else "")
            if line not in drawn:
                drawn.append(line)
        if not allowed((start.tolist(), sorted(drawn))):
            continue
        useful, most_lines = drawn[:USEFUL], length + 1
        lines = (*(drawn[i] for i in rng.permutation(len(drawn)).tolist()), "pass")
        graph = _Graph(start, useful, most_lines)
        outputs = graph.choose(rng, length)
        if outputs is not None:
            ways = graph.ways(outputs, [lines.index(line) for line in useful])
            return LineProgTask(name, start, outputs, lines, most_lines, ways)


class _Graph:
    """The states that programs of at most `depth` lines reach, N of them, those of shorter programs first.

    Args:
        start: as in `LineProgTask`.
        lines: the lines that can be run.
        depth: how many lines a program may have.
    """

    def __init__(self, start: NDArray[Any], lines: list[str], depth: int):
        front = start.astype(np.int16)[:, :, None]
        fronts, seen, after = [front], pack(front), []
        keys, self.levels = [seen], [np.zeros(1, dtype=int)]
        for level in range(1, depth + 1):
            results = [_run(line, front) for line in lines]
            packed = [pack(result) for result in results]
            after.append(np.stack(packed))
            unique, first = np.unique(np.concatenate(packed), return_index=True)
            place = np.minimum(np.searchsorted(seen, unique), len(seen) - 1)
            new = seen[place] != unique
            front = np.concatenate(results, axis=2)[:, :, first[new]]
            fronts.append(front)
            keys.append(unique[new])
            self.levels.append(np.full(int(new.sum()), level))
            seen = np.sort(np.concatenate([seen, unique[new]]))
        self.start, self.keys, self.level = start, np.concatenate(keys), np.concatenate(self.levels)
        self.outputs = np.concatenate(fronts, axis=2)[0]  # what is in x: (tests, N)
        order = np.argsort(self.keys)
        self.after = order[np.searchsorted(seen, np.concatenate(after, axis=1))]  # (lines, states expanded)

    def choose(self, rng: np.random.Generator, length: int) -> tuple[int, ...] | None:
        """Return outputs that take exactly `length` lines, pass no test before and are not all equal; None if none."""
        places = DIGITS[:NUM_TESTS] @ self.outputs.astype(np.int64)
        _, first = np.unique(places, return_index=True)
        outputs = self.outputs[:, first]
        fit = self.level[first] == length
        fit &= (outputs != self.start[0][:, None]).all(axis=0) & (outputs != outputs[:1]).any(axis=0)
        chosen = first[fit]
        return None if not len(chosen) else tuple(self.outputs[:, int(rng.choice(chosen))].tolist())

    def ways(self, outputs: tuple[int, ...], numbers: list[int]) -> dict[int, tuple[int, int]]:
        """Return `LineProgTask.ways`; `numbers` are the places of this graph's lines among the task's."""
        found = np.where((self.outputs == np.array(outputs)[:, None]).all(axis=0), 0, FAR).astype(np.uint8)
        first = np.full(len(found), -1)
        expanded = self.after.shape[1]
        while True:
            ahead = found[self.after]
            best = ahead.argmin(axis=0)
            nearer = np.minimum(ahead.min(axis=0), FAR - 1) + 1
            better = nearer < found[:expanded]
            if not better.any():
                break
            found[:expanded][better] = nearer[better]
            first[:expanded][better] = np.array(numbers)[best[better]]
        kept = np.flatnonzero(found < FAR).tolist()
        return {int(self.keys[i]): (int(found[i]), int(first[i])) for i in kept}


def _run(line: str, registers: NDArray[Any]) -> NDArray[Any]:
    run, _ = read_line(line)
    result = registers.copy()
    if run is not None:
        run(result)
    return result
