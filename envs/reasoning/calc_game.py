"""The rules of Calc: what an action does to the chain of numbers."""

from __future__ import annotations

from typing import Any

from .calc_task import WRITTEN, CalcTask
from .failure import Failure, misread

__all__ = ["CalcGame"]


class CalcGame:
    """One episode.

    Args:
        task: the task that is played.

    Attributes:
        chain: the numbers reached so far, the start first; the last one is the value.
        repeats: how often each number of the chain has been restated.
        ways: fewest actions from each prefix of the chain to the target, taking back included.
        last: the last action that did something, "none" before the first.
        steps_left: how many lines may still be written or taken back.
        over: whether an answer has been given.
        score: 1.0 after the right answer, else 0.0.
        worked: whether the right answer was given, and the value was the target when it was.
        padded: whether the last action wrote a line that says nothing new.
        did: whether the last action did something.
        listed: what can be done now.
        text: the last observation.
        length, command: see `plan`; kept since the last action.
    """

    __slots__ = ("chain", "command", "did", "last", "length", "listed", "over", "padded", "repeats", "score",
                 "steps_left", "task", "text", "ways", "worked")  # fmt: skip

    def __init__(self, task: CalcTask):
        self.task, self.chain, self.ways, self.repeats = task, [task.start], [task.distances[task.start]], [0]
        self.last, self.steps_left, self.score = "none", task.budget, 0.0
        self.over = self.worked = self.padded = self.did = False
        self._look()
        self.text = task.first_text + self._status()

    @property
    def won(self) -> bool:
        """Whether the right answer was given."""
        return self.score == 1.0

    @property
    def value(self) -> int:
        """The number at the end of the chain."""
        return self.chain[-1]

    @property
    def target(self) -> int:
        """The number that is asked for."""
        return self.task.target

    @property
    def lines(self) -> int:
        """How many lines have been written and not taken back."""
        return len(self.chain) - 1 + sum(self.repeats)

    def step(self, action: str) -> Failure | None:
        """Do an action; return why it did nothing, or None. `text` is what is read after it."""
        action = action.strip()
        if action not in self.listed:
            self.did = self.padded = False
            failure = self._explain(action)
            self.text = f"Nothing happens. {self._status()}"
            return failure
        self.did, self.last, self.padded = True, action, action == "restate"
        if action == "undo":
            self.chain.pop()
            self.ways.pop()
            self.repeats.pop()
        elif action == "restate":
            self.repeats[-1] += 1
        elif action in self.task.steps:
            self._write(self.task.steps[action][self.chain[-1]])
        else:
            return self._answer(action)
        self.steps_left -= 1
        self._look()
        self.text = self._status()
        return None

    def _write(self, value: int) -> None:
        """Add a line. The way from it is the shorter of going on and of taking it back."""
        self.chain.append(value)
        self.repeats.append(0)
        self.ways.append(min(self.task.distances[value], self.ways[-1] + 1))

    def _answer(self, action: str) -> None:
        value, target = self.chain[-1], self.task.target
        given = value if action == "answer" else int(action.removeprefix("answer "))
        self.over, self.score = True, float(given == target)
        self.worked = given == value == target
        self.length, self.command = (0, None) if self.won else (-1, None)
        verdict = "right" if self.won else "wrong"
        self.text = f"Your answer {given} is {verdict}. {self._status()}"

    def _status(self) -> str:
        return self.task.status(self.chain[-1], self.lines, self.last, self.steps_left)

    def _look(self) -> None:
        """Find what can be done, and the shortest way to a worked answer."""
        task, value, way = self.task, self.chain[-1], self.ways[-1]
        self.listed = task.actions(value, len(self.chain) > 1) if self.steps_left else list(task.answers)
        if way > self.steps_left:
            self.length, self.command = -1, None
        elif way == 0:
            self.length, self.command = 1, "answer" if not task.offered else f"answer {task.target}"
        else:
            on = task.distances[value] == way
            self.length, self.command = way + 1, task.best(value) if on else "undo"

    @property
    def plan(self) -> tuple[int, str | None]:
        """(Actions to an answer that is right and worked out, the first of them).

        (0, None) after the right answer; (-1, None) where the steps left are too few, and after a wrong answer.
        """
        return self.length, self.command

    def _explain(self, action: str) -> Failure:
        task = self.task
        if action not in task.known:
            alike = WRITTEN.fullmatch(action) or action == "halve" or action.split(" ")[0] == "answer"
            return misread(action, task.known, bool(alike))
        if not self.steps_left:
            return Failure.NO_STEPS_LEFT
        if action == "undo":
            return Failure.NOTHING_TO_UNDO
        return Failure.NOT_WHOLE if action == "halve" or action.startswith("divide") else Failure.OUT_OF_RANGE

    def dump(self) -> list[Any]:
        """Return the state as plain data; `load` makes an equal game of it."""
        flags = [self.over, self.worked, self.padded, self.did]
        return [self.chain, self.repeats, self.last, self.steps_left, self.score, flags, self.text]

    @classmethod
    def load(cls, task: CalcTask, data: list[Any]) -> CalcGame:
        """Make the game that `dump` described."""
        game = cls(task)
        chain, repeats, game.last, game.steps_left, game.score, flags, game.text = data
        game.chain, game.ways = chain[:1], game.ways[:1]
        for value in chain[1:]:
            game._write(value)
        game.repeats = list(repeats)
        game.over, game.worked, game.padded, game.did = flags
        game._look()
        if game.over:
            game.length, game.command = (0 if game.won else -1), None
        return game
