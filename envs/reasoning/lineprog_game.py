"""The rules of LineProg: what an action does to the program, and what the tests say of it."""

from __future__ import annotations

from typing import Any

from .failure import Failure, misread
from .instructions import read_line
from .lineprog_task import FAR, NUM_TESTS, LineProgTask, pack, registers_text

__all__ = ["LineProgGame"]

BROKEN = -1  # the packed state after an error


class LineProgGame:
    """One episode.

    Args:
        task: the task that is played.

    Attributes:
        program: the lines written so far.
        steps_left: how many lines may still be written or deleted.
        over: whether the program has been submitted.
        score: share of the tests that the submitted program passes; 0.0 before.
        padded: whether the last action wrote a line that changes no register on any test.
        did: whether the last action did something.
        last: the last action that did something, "none" before the first.
        listed: what can be done now.
        text: the last observation.
        length, command: see `plan`; kept since the last action.
    """

    __slots__ = ("command", "did", "last", "length", "listed", "over", "padded", "program", "score", "stack",
                 "steps_left", "task", "text")  # fmt: skip

    def __init__(self, task: LineProgTask):
        self.task, self.program = task, list[str]()
        state = int(pack(task.start)[0])
        # Of each prefix of the program: registers (None after an error), packed state, fewest actions to complete it.
        self.stack: list[tuple[Any, int, int]] = [(task.start, state, task.way(state, 0)[0])]
        self.last, self.steps_left, self.score = "none", task.budget, 0.0
        self.over = self.padded = self.did = False
        self._look()
        self.text = task.first_text + self._status()

    @property
    def won(self) -> bool:
        """Whether a program that passes all tests was submitted."""
        return self.score == 1.0

    @property
    def worked(self) -> bool:
        """Whether the task is solved; a program that passes by luck still passes."""
        return self.won

    @property
    def value(self) -> int:
        """How many tests the program passes as it stands."""
        registers = self.stack[-1][0]
        return 0 if registers is None else int((registers[0] == self.task.wanted).sum())

    @property
    def target(self) -> int:
        """How many tests there are."""
        return NUM_TESTS

    @property
    def lines(self) -> int:
        """How many lines the program has."""
        return len(self.program)

    def step(self, action: str) -> Failure | None:
        """Do an action; return why it did nothing, or None. `text` is what is read after it."""
        action = action.strip()
        if action not in self.listed:
            self.did = self.padded = False
            failure = self._explain(action)
            self.text = f"Nothing happens.\n{self._status()}"
            return failure
        self.did, self.last, self.padded = True, action, False
        if action == "submit":
            passed = self.value
            self.over, self.score = True, passed / NUM_TESTS
            self.length, self.command = (0, None) if self.won else (-1, None)
            self.text = f"{passed} of {NUM_TESTS} tests pass.\n{self._status()}"
            return None
        if action == "delete":
            self.program.pop()
            self.stack.pop()
        else:
            before = self.stack[-1][1]
            self._write(action)
            self.padded = self.stack[-1][1] == before and read_line(action)[0] is not None
        self.steps_left -= 1
        self._look()
        self.text = self._status()
        return None

    def _write(self, line: str) -> None:
        """Add a line. The way from it is the shorter of going on and of deleting it."""
        registers, state, way = self.stack[-1]
        self.program.append(line)
        run = self.task.runs[line]
        if registers is None or run is None:
            self.stack.append((None, BROKEN, min(way + 1, FAR)))
            return
        registers = registers.copy()
        run(registers)
        state = int(pack(registers)[0])
        self.stack.append((registers, state, min(self.task.way(state, len(self.program))[0], way + 1)))

    def _status(self) -> str:
        written = "; ".join(f"{number} {line}" for number, line in enumerate(self.program, 1)) or "empty"
        registers = self.stack[-1][0]
        if registers is None:
            at = next(i for i, (one, _, _) in enumerate(self.stack) if one is None)
            left = f"error in line {at}, {read_line(self.program[at - 1])[1]} is not defined"
        else:
            left = registers_text(registers[:, 0])
        return f"Program: {written}\nFirst example: {left}\nLast: {self.last}. Steps left: {self.steps_left}."

    def _look(self) -> None:
        """Find what can be done, and the shortest way to a program that passes all tests."""
        task, size = self.task, len(self.program)
        self.listed = task.listed[size > 0, size < task.most_lines] if self.steps_left else ["submit"]
        _, state, way = self.stack[-1]
        if way > self.steps_left:
            self.length, self.command = -1, None
        elif way == 0:
            self.length, self.command = 1, "submit"
        else:
            onward, number = task.way(state, size)
            self.length, self.command = way + 1, task.lines[number] if onward == way else "delete"

    @property
    def plan(self) -> tuple[int, str | None]:
        """(Actions to submitting a program that passes all tests, the first of them).

        (0, None) when it has been; (-1, None) where the steps left are too few, and after any other submission.
        """
        return self.length, self.command

    def _explain(self, action: str) -> Failure:
        if action not in self.task.known:
            run, unknown = read_line(action)
            return misread(action, self.task.known, run is not None or bool(unknown))
        if not self.steps_left:
            return Failure.NO_STEPS_LEFT
        return Failure.NOTHING_TO_UNDO if action == "delete" else Failure.PROGRAM_FULL

    def dump(self) -> list[Any]:
        """Return the state as plain data; `load` makes an equal game of it."""
        return [self.program, self.last, self.steps_left, self.score, [self.over, self.padded, self.did], self.text]

    @classmethod
    def load(cls, task: LineProgTask, data: list[Any]) -> LineProgGame:
        """Make the game that `dump` described."""
        game = cls(task)
        program, game.last, game.steps_left, game.score, flags, game.text = data
        for line in program:
            game._write(line)
        game.over, game.padded, game.did = flags
        game._look()
        if game.over:
            game.length, game.command = (0 if game.won else -1), None
        return game
