"""The memory for Calc: the number at hand, how far it is from what is wanted, and what each operation makes of it."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import ClassVar

from ...envs.reasoning.calc_task import apply_operation
from .base import TextMemory, register

__all__ = ["CalcMemory"]

STATUS = re.compile(r"Value: ([0-9]{1,4})\. (Target|Offered): ([0-9]{1,4}(?:, [0-9]{1,4})*)\.")
STEPS = re.compile(r"Steps left: ([0-9]{1,3})\.")
OPERATIONS = re.compile(r"Operations: (.+)\.")
MOST = 9999
FURTHEST = math.log(1000.0)


def _size(gap: int) -> str:
    """Return a word for how large a gap is: exactly up to 12, then roughly."""
    size = abs(gap)
    return str(size) if size <= 12 else f"2^{size.bit_length()}"


@register
class CalcMemory(TextMemory):
    """Reads the text of Calc and does the sums: all of it is on the page, or follows from it by arithmetic.

    Numbers become words ("value 12", "above 2^5"), because a policy that knows words only has no other way to tell
    them apart. What an operation leads to is computed from the text; how far that is from the answer is not known,
    only the difference. Where numbers are offered instead of a target, the one nearest to a value stands for it.
    """

    __slots__ = ("_chain", "_last", "_left", "_operations", "_tried", "_wanted")

    name = "reasoning_calc"
    worlds = ("Calc",)
    FLAGS: ClassVar[Mapping[str, str]] = {
        "hits": "its result is what is wanted; of an answer: it is the value at hand, which is wanted",
        "nearer": "its result is nearer to what is wanted than the value at hand",
        "been": "its result stands in the chain",
        "tried": "taken before at this value",
        "gap": "distance of its result to what is wanted, on a logarithmic scale to 1,000",
        "one_more": "from its result one more operation hits",
        "left": "share of the steps that are left, of 16",
    }
    GOAL, HELD, ACTION = 8, 2, 8

    def __init__(self, observation: str, admissible: Sequence[str] = ()):
        super().__init__(observation, admissible)
        self._chain: list[int] = []
        self._wanted: tuple[int, ...] = ()
        self._tried: set[tuple[int, str]] = set()
        self._left, self._last = 0, "none"
        listed = OPERATIONS.search(observation)
        self._operations = tuple(listed[1].split(", ")) if listed else ()
        self._read(observation)
        self.goal = tuple(f"wanted {number}" for number in self._wanted) or ("wanted nothing",)

    def _read(self, observation: str) -> None:
        status, steps = STATUS.search(observation), STEPS.search(observation)
        if status:
            self._wanted = tuple(int(number) for number in status[3].split(", "))
            if not self._chain:
                self._chain = [int(status[1])]
        if steps:
            self._left = int(steps[1])

    def update(self, action: str, observation: str, admissible: Sequence[str] = ()) -> None:
        """Note one step."""
        self.observation = observation
        self._tried.add((self._value, action))
        if self._chain and not observation.startswith("Nothing happens."):
            self._last = action
            result = self._result(action)
            if action == "undo":
                self._chain = self._chain[:-1] or self._chain
            elif result is not None and action != "restate" and not action.startswith("answer"):
                self._chain = [*self._chain, result]
        self._read(observation)
        self.held = (f"last {self._last}",)

    @property
    def _value(self) -> int:
        return self._chain[-1] if self._chain else -1

    def _result(self, action: str) -> int | None:
        """Return the number that the chain ends with after an action; None if it cannot be said."""
        if not self._chain:
            return None
        if action == "undo":
            return self._chain[-2] if len(self._chain) > 1 else None
        if action == "restate" or action.startswith("answer"):
            return self._chain[-1]
        return apply_operation(action, self._chain[-1], MOST)

    def _gap(self, value: int) -> int:
        """Return what is to be added to a number to have the nearest of those that are wanted."""
        return min((number - value for number in self._wanted), key=abs, default=MOST)

    def situation(self) -> tuple[str, ...]:
        """Return value, wanted number, sign and size of the gap, and what is left."""
        value = self._value
        gap = self._gap(value)
        side = "below" if gap > 0 else "above" if gap < 0 else "there"
        left = f"left {min(self._left, 12)}"
        return (f"value {value}", f"wanted {value + gap}", side, f"{side} {_size(gap)}", f"odd {value % 2}", left)

    def describe(self, action: str) -> tuple[str, ...]:
        """Return the kind of an action, its phrase, and what its result is."""
        kind, result = action.partition(" ")[0], self._result(action)
        if result is None:
            return (kind, action)
        before, gap = self._gap(self._value), self._gap(result)
        side = "below" if gap > 0 else "above" if gap < 0 else "there"
        course = "nearer" if abs(gap) < abs(before) else "farther" if abs(gap) > abs(before) else "same"
        return (kind, f"{kind} {course}", f"then {side} {_size(gap)}", f"{kind} {side}", action, f"then {result}",
                f"odd {result % 2}", f"ratio {_ratio(result, result + gap)}")  # fmt: skip

    def flags(self, action: str) -> tuple[float, ...]:
        """Return what is known of an admissible action; see `FLAGS`."""
        result, left = self._result(action), min(self._left / 16, 1.0)
        tried = float((self._value, action) in self._tried)
        if result is None:
            return (0.0, 0.0, 0.0, tried, 1.0, 0.0, left)
        gap, named = abs(self._gap(result)), action.partition(" ")[2]
        hits = not gap and (not action.startswith("answer ") or named == str(result))
        ahead = {apply_operation(operation, result, MOST) for operation in self._operations}
        return (
            float(hits),
            float(gap < abs(self._gap(self._value))),
            float(result in self._chain),
            tried,
            min(math.log1p(gap) / FURTHEST, 1.0),
            float(not ahead.isdisjoint(self._wanted)),
            left,
        )


def _ratio(value: int, wanted: int) -> str:
    """Return what a number is to be multiplied by to have another, if that is whole and small; "none" if not."""
    if value and not wanted % value and wanted // value < 10:
        return str(wanted // value)
    return f"1/{value // wanted}" if wanted and not value % wanted and value // wanted < 10 else "none"
