"""The language of LineProg: fourteen instructions on three registers, run on many inputs at once.

Numbers are whole, from 0 to 99; what would leave that range stops at its end. A line that names any other register
than x, y and z cannot be run.

| instruction | example | | instruction | example |
|---|---|---|---|---|
| add a register | `x += y` | | rest of a division | `x %= 3` |
| add a number | `x += 4` | | copy | `x = y` |
| subtract a register | `x -= y` | | swap | `swap x y` |
| subtract a number | `x -= 4` | | the larger | `if x < y: x = y` |
| multiply by a register | `x *= y` | | the smaller | `if x > y: x = y` |
| double | `x *= 2` | | make even | `if x is odd: x += 1` |
| halve, downwards | `x //= 2` | | nothing | `pass` |
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["MOST", "REGISTERS", "draw_line", "read_line"]

REGISTERS = ("x", "y", "z")
"""Names of the registers; the result is what is in the first."""

MOST = 99
"""The largest number that a register holds."""

Run = Callable[[NDArray[Any]], None]
"""Changes registers in place: an array whose first axis has one entry a register."""

ASSIGNMENT = re.compile(r"([a-z]) (\+=|-=|\*=|//=|%=|=) ([a-z]|\d{1,2})")
SWAP = re.compile(r"swap ([a-z]) ([a-z])")
BRANCH = re.compile(r"if ([a-z]) ([<>]) ([a-z]): ([a-z]) = ([a-z])")
EVEN = re.compile(r"if ([a-z]) is odd: ([a-z]) \+= 1")


@lru_cache(maxsize=4096)
def read_line(line: str) -> tuple[Run | None, str]:
    """Return what a line does, and why it cannot be run.

    Returns:
        (function, "") for a line that can be run; (None, the unknown register) for one that cannot; (None, "") for a
        text that is no line of the language.
    """
    if line == "pass":
        return _nothing, ""
    match = ASSIGNMENT.fullmatch(line) or SWAP.fullmatch(line) or BRANCH.fullmatch(line) or EVEN.fullmatch(line)
    if match is None:
        return None, ""
    unknown = [part for part in match.groups() if part.isalpha() and part not in REGISTERS]
    if unknown:
        return None, unknown[0]
    places = [REGISTERS.index(part) if part in REGISTERS else 0 for part in match.groups()]
    if match.re is SWAP:
        return _swap(*places), ""
    if match.re is BRANCH:
        written_twice = match[1] == match[4] and match[3] == match[5]
        return (_extreme(places[0], places[2], match[2]) if written_twice else None), ""
    if match.re is EVEN:
        return (_even(places[0]) if match[1] == match[2] else None), ""
    return _assignment(places[0], match[2], match[3]), ""


def _nothing(registers: NDArray[Any]) -> None:
    """Leave everything as it is."""


def _swap(a: int, b: int) -> Run:
    def run(registers: NDArray[Any]) -> None:
        registers[[a, b]] = registers[[b, a]]

    return run


def _extreme(a: int, b: int, sign: str) -> Run:
    pick = np.maximum if sign == "<" else np.minimum

    def run(registers: NDArray[Any]) -> None:
        pick(registers[a], registers[b], out=registers[a])

    return run


def _even(a: int) -> Run:
    def run(registers: NDArray[Any]) -> None:
        registers[a] = np.minimum(registers[a] + registers[a] % 2, MOST)

    return run


def _assignment(a: int, sign: str, operand: str) -> Run | None:
    if operand.isdecimal():
        number: Any = int(operand)
        if sign in ("//=", "%=") and number == 0:
            return None

        def value(registers: NDArray[Any]) -> Any:
            return number
    else:
        b = REGISTERS.index(operand)
        if sign in ("//=", "%="):
            return None

        def value(registers: NDArray[Any]) -> Any:
            return registers[b]

    def run(registers: NDArray[Any]) -> None:
        old, given = registers[a], value(registers)
        if sign == "+=":
            registers[a] = np.minimum(old + given, MOST)
        elif sign == "-=":
            registers[a] = np.maximum(old - given, 0)
        elif sign == "*=":
            registers[a] = np.minimum(old * given, MOST)
        elif sign == "//=":
            registers[a] = old // given
        elif sign == "%=":
            registers[a] = old % given
        else:
            registers[a] = given

    return run


FORMS = (
    "{a} += {b}", "{a} += {k}", "{a} -= {b}", "{a} -= {k}", "{a} *= {b}", "{a} *= 2", "{a} //= 2", "{a} %= {m}",
    "{a} = {b}", "swap {a} {b}", "if {a} < {b}: {a} = {b}", "if {a} > {b}: {a} = {b}", "if {a} is odd: {a} += 1",
)  # fmt: skip
"""All instructions but `pass`: a, b are registers, k a small number, m a divisor."""


def draw_line(rng: np.random.Generator, unknown: str = "") -> str:
    """Return a random line of the language, half of them on x.

    Args:
        rng: where the choices come from.
        unknown: a register that does not exist, to make a line that cannot be run; "" for one that can.
    """
    forms = [form for form in FORMS if "{b}" in form] if unknown else FORMS
    form = forms[int(rng.integers(len(forms)))]
    a = 0 if rng.random() < 0.5 else int(rng.integers(1, len(REGISTERS)))
    b = (a + int(rng.integers(1, len(REGISTERS)))) % len(REGISTERS)
    k, m = int(rng.integers(1, 10)), int(rng.integers(3, 11))
    return form.format(a=REGISTERS[a], b=unknown or REGISTERS[b], k=k, m=m)
