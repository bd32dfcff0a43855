"""The memory for LineProg: the program read from the text and run on the examples, and each line tried in the head."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, ClassVar

import numpy as np

from ...envs.reasoning.instructions import MOST, REGISTERS, read_line
from .base import TextMemory, register

__all__ = ["LineProgMemory"]

EXAMPLE = re.compile(r"x=([0-9]{1,2}) y=([0-9]{1,2}) z=([0-9]{1,2}) -> x=([0-9]{1,2})(?![0-9])")
PROGRAM = re.compile(r"Program: (.*)")
STEPS = re.compile(r"Steps left: ([0-9]{1,3})\.")
NUMBER = re.compile(r"[0-9]+ ")
MOST_EXAMPLES = 8

Examples = tuple[tuple[int, int, int, int], ...]
Program = tuple[str, ...]


@lru_cache(maxsize=16384)
def _run(examples: Examples, program: Program) -> Any:
    """Return the registers (3, examples) after a program; None after an error. Shared: read it only."""
    if not program:
        return np.array([row[: len(REGISTERS)] for row in examples], dtype=int).T.reshape(len(REGISTERS), -1)
    before, (run, _) = _run(examples, program[:-1]), read_line(program[-1])
    if before is None or run is None:
        return None
    after = before.copy()
    run(after)
    return after


@lru_cache(maxsize=65536)
def _judge(examples: Examples, program: Program) -> tuple[bool, float, float]:
    """Return whether a program runs, the share of the examples it meets, and how far off x is."""
    registers = _run(examples, program)
    if registers is None or not examples:
        return registers is not None, 0.0, 1.0
    gaps = np.abs(registers[0] - np.array([row[-1] for row in examples]))
    return True, float((gaps == 0).mean()), float(np.minimum(gaps / MOST, 1.0).mean())


@register
class LineProgMemory(TextMemory):
    """Reads the examples and the program, and runs it: all of it is on the page, or follows from it.

    What a line would do is found by running it on the examples. How many more lines are needed is not known.
    """

    __slots__ = ("_examples", "_left", "_program", "_tried")

    name = "reasoning_lineprog"
    worlds = ("LineProg",)
    FLAGS: ClassVar[Mapping[str, str]] = {
        "runs": "the program runs with it",
        "idle": "it changes no register on any example",
        "met": "share of the examples that the program meets with it",
        "nearer": "it brings x nearer to the outputs, on average",
        "gap": "mean distance of x to the outputs with it, in parts of 99",
        "tried": "taken before with this program",
        "left": "share of the steps that are left, of 14",
    }
    GOAL, HELD, ACTION = 8, 4, 8

    def __init__(self, observation: str, admissible: Sequence[str] = ()):
        super().__init__(observation, admissible)
        found = EXAMPLE.findall(observation)[:MOST_EXAMPLES]
        self._examples: Examples = tuple((int(x), int(y), int(z), int(out)) for x, y, z, out in found)
        self._program: Program = ()
        self._tried: set[tuple[Program, str]] = set()
        self._left = 0
        self._read(observation)
        self.goal = tuple(word for x, y, _, out in self._examples for word in (_relation("x", x, out), f"y {y} {out}"))

    def _read(self, observation: str) -> None:
        """Take the program and the steps left from the text."""
        written, steps = PROGRAM.search(observation), STEPS.search(observation)
        if written:
            lines = [NUMBER.sub("", part, count=1) for part in written[1].split("; ")]
            self._program = () if lines == ["empty"] else tuple(lines[:MOST_EXAMPLES])
        if steps:
            self._left = int(steps[1])

    def update(self, action: str, observation: str, admissible: Sequence[str] = ()) -> None:
        """Note one step."""
        self.observation = observation
        self._tried.add((self._program, action))
        self._read(observation)
        self.held = self._program[-4:]

    def _after(self, action: str) -> Program:
        """Return the program after an action."""
        if action == "submit":
            return self._program
        return self._program[:-1] if action == "delete" else (*self._program, action)

    def situation(self) -> tuple[str, ...]:
        """Return how far the program is, and the registers on each example beside the output."""
        registers = _run(self._examples, self._program)
        head = (f"lines {len(self._program)}", f"left {min(self._left, 12)}")
        if registers is None:
            return (*head, "error")
        columns = zip(self._examples, registers.T.tolist(), strict=True)
        seen = [_relation(name, value, row[-1]) for row, now in columns for name, value in zip("xyz", now, strict=True)]
        return (*head, *seen)

    def describe(self, action: str) -> tuple[str, ...]:
        """Return an action, its form, what it writes to, and what comes of it."""
        runs, met, gap = _judge(self._examples, self._after(action))
        form, course = re.sub(r"\b[xyzw]\b", "r", action), self._course(gap)
        outcome = f"meets {round(3 * met)}" if runs else "error"
        return (f"{form} {outcome}", action, form, outcome, course, f"{action} {course}", f"gap {round(20 * gap)}")

    def _course(self, gap: float) -> str:
        before = _judge(self._examples, self._program)[2]
        return "nearer" if gap < before else "farther" if gap > before else "same"

    def flags(self, action: str) -> tuple[float, ...]:
        """Return what is known of an admissible action; see `FLAGS`."""
        after = self._after(action)
        runs, met, gap = _judge(self._examples, after)
        before, then = _run(self._examples, self._program), _run(self._examples, after)
        idle = before is not None and then is not None and np.array_equal(before, then)
        tried = float((self._program, action) in self._tried)
        left = min(self._left / 14, 1.0)
        return (float(runs), float(idle), met, float(self._course(gap) == "nearer"), gap, tried, left)


def _relation(name: str, value: int, out: int) -> str:
    """Return a word for how a register stands to the output: "x 5 short", "y over", "z there"."""
    gap = out - value
    if not gap:
        return f"{name} there"
    side = "short" if gap > 0 else "over"
    return f"{name} {abs(gap)} {side}" if abs(gap) <= 9 else f"{name} {side}"
