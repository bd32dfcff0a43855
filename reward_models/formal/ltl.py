"""Linear temporal logic on finite words (LTLf): formulas, their meaning, and what is left of one after a letter."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

__all__ = ["Formula", "holds", "parse", "progress", "propositions"]

TOKEN = re.compile(r"\s*(?:(?P<name>[a-z_][a-z0-9_]*)|(?P<sign>->|[()!&|])|(?P<op>WX|[XFGURW])(?![a-zA-Z]))")
UNARY, BINARY = ("X", "WX", "F", "G"), ("U", "R", "W")


@dataclass(frozen=True)
class Formula:
    """A formula in negation normal form.

    Attributes:
        kind: "true", "false", "is" and "not" (a proposition), "and", "or", "X", "WX", "F", "G", "U", "R".
        parts: its subformulas.
        name: the proposition of "is" and "not".
    """

    kind: str
    parts: tuple[Formula, ...] = ()
    name: str = ""

    def __str__(self) -> str:
        if self.kind in ("true", "false"):
            return self.kind
        if self.kind in ("is", "not"):
            return self.name if self.kind == "is" else f"!{self.name}"
        if self.kind in UNARY:
            return f"{self.kind} {_bracketed(self.parts[0])}"
        sign = {"and": " & ", "or": " | "}.get(self.kind, f" {self.kind} ")
        return sign.join(_bracketed(part) for part in self.parts)


TRUE, FALSE = Formula("true"), Formula("false")


def _bracketed(formula: Formula) -> str:
    return str(formula) if formula.kind in ("true", "false", "is", "not") else f"({formula})"


def parse(text: str) -> Formula:
    """Read a formula.

    Propositions are words in small letters. Operators, strongest first: `!`, X (next, which there must be), WX (next,
    if there is one), F (some time), G (always); U (until, which must come), R (release), W (until, or for ever), all to
    the right; `&`; `|`; `->`. Brackets as usual.

    Raises:
        ValueError: the text is no formula; the message shows where.
    """
    return _Reader(text).formula()


def propositions(formula: Formula) -> tuple[str, ...]:
    """Return the names of a formula's propositions, sorted."""
    names = {formula.name} - {""}
    return tuple(sorted(names.union(*(propositions(part) for part in formula.parts))))


def holds(formula: Formula, word: Sequence[frozenset[str]], at: int = 0) -> bool:
    """Whether a word satisfies a formula from position `at` on, by the definition; `at` may be its length."""
    last, parts = len(word), formula.parts
    match formula.kind:
        case "true" | "false":
            return formula.kind == "true"
        case "is":
            return at < last and formula.name in word[at]
        case "not":
            return at < last and formula.name not in word[at]
        case "and":
            return all(holds(part, word, at) for part in parts)
        case "or":
            return any(holds(part, word, at) for part in parts)
        case "X":
            return at + 1 < last and holds(parts[0], word, at + 1)
        case "WX":
            return at + 1 >= last or holds(parts[0], word, at + 1)
        case "F":
            return any(holds(parts[0], word, i) for i in range(at, last))
        case "G":
            return all(holds(parts[0], word, i) for i in range(at, last))
        case "U":
            ends = (i for i in range(at, last) if holds(parts[1], word, i))
            return any(all(holds(parts[0], word, j) for j in range(at, i)) for i in ends)
    return all(holds(parts[1], word, i) or any(holds(parts[0], word, j) for j in range(at, i)) for i in range(at, last))


@lru_cache(maxsize=100_000)
def progress(formula: Formula, letter: frozenset[str]) -> Formula:
    """Return what the rest of a word has to satisfy so that letter and rest together satisfy the formula.

    Source: progression, Bacchus and Kabanza (2000); for finite words De Giacomo and Vardi (2013), "Linear temporal
    logic and linear dynamic logic on finite traces".
    """
    parts = formula.parts
    match formula.kind:
        case "true" | "false":
            return formula
        case "is":
            return TRUE if formula.name in letter else FALSE
        case "not":
            return FALSE if formula.name in letter else TRUE
        case "and":
            return _all([progress(part, letter) for part in parts])
        case "or":
            return _any([progress(part, letter) for part in parts])
        case "X":
            return _all([_F_TRUE, parts[0]])
        case "WX":
            return _any([_G_FALSE, parts[0]])
        case "F":
            return _any([progress(parts[0], letter), formula])
        case "G":
            return _all([progress(parts[0], letter), formula])
        case "U":
            return _any([progress(parts[1], letter), _all([progress(parts[0], letter), formula])])
    return _all([progress(parts[1], letter), _any([progress(parts[0], letter), formula])])


_F_TRUE = Formula("F", (TRUE,))  # the rest is not empty
_G_FALSE = Formula("G", (FALSE,))  # it is


def _all(parts: Sequence[Formula]) -> Formula:
    return _joined("and", parts)


def _any(parts: Sequence[Formula]) -> Formula:
    return _joined("or", parts)


def _joined(kind: str, parts: Sequence[Formula]) -> Formula:
    """Return a conjunction or disjunction as a disjunction of conjunctions without what says nothing new.

    So there are finitely many formulas that can be left of one, and equal ones are mostly found to be equal.
    """
    sums = [_clauses(part) for part in parts]
    clauses: set[frozenset[Formula]] = set()
    if kind == "or":
        clauses = set().union(*sums)
    else:
        clauses = {frozenset()}
        for other in sums:
            clauses = {one | two for one in clauses for two in other}
    clauses = {one for one in clauses if not _contradicts(one)}
    clauses = {one for one in clauses if not any(two < one for two in clauses)}
    made = [_formula("and", sorted(one, key=str), TRUE) for one in clauses]
    return _formula("or", sorted(made, key=str), FALSE)


def _contradicts(clause: frozenset[Formula]) -> bool:
    return FALSE in clause or (_F_TRUE in clause and _G_FALSE in clause)


def _clauses(formula: Formula) -> set[frozenset[Formula]]:
    if formula.kind == "true":
        return {frozenset()}
    if formula.kind == "false":
        return set()
    if formula.kind == "or":
        return set().union(*(_clauses(part) for part in formula.parts))
    if formula.kind == "and":
        found: set[frozenset[Formula]] = {frozenset()}
        for part in formula.parts:
            found = {one | two for one in found for two in _clauses(part)}
        return found
    return {frozenset({formula})}


def _formula(kind: str, parts: Sequence[Formula], empty: Formula) -> Formula:
    if not parts:
        return empty
    return parts[0] if len(parts) == 1 else Formula(kind, tuple(parts))


class _Reader:
    """Reads a formula by descent, pushing negations down to the propositions."""

    def __init__(self, text: str):
        self.text, self.at = text, 0

    def formula(self) -> Formula:
        found = self._implied(False)
        if self.text[self.at :].strip():
            raise self._error()
        return found

    def _error(self) -> ValueError:
        return ValueError(f"cannot read the formula {self.text!r} from {self.text[self.at :].strip()!r} on")

    def _next(self, *wanted: str) -> str:
        match = TOKEN.match(self.text, self.at)
        found = "" if match is None else str(match["sign"] or match["op"] or "")
        if match is None or found not in wanted:
            return ""
        self.at = match.end()
        return found

    def _implied(self, negated: bool) -> Formula:
        start = self.at
        left = self._sum(negated)
        if not self._next("->"):
            return left
        after = self.at
        self.at = start
        opposite = self._sum(not negated)
        self.at = after
        right = self._implied(negated)
        return (_all if negated else _any)([opposite, right])

    def _sum(self, negated: bool) -> Formula:
        parts = [self._product(negated)]
        while self._next("|"):
            parts.append(self._product(negated))
        return (_all if negated else _any)(parts)

    def _product(self, negated: bool) -> Formula:
        parts = [self._until(negated)]
        while self._next("&"):
            parts.append(self._until(negated))
        return (_any if negated else _all)(parts)

    def _until(self, negated: bool) -> Formula:
        left = self._unary(negated)
        sign = self._next(*BINARY)
        if not sign:
            return left
        right = self._until(negated)
        if sign == "W":  # a W b is b R (a | b)
            if negated:
                return Formula("U", (right, _all([left, right])))
            return Formula("R", (right, _any([left, right])))
        if negated:
            sign = {"U": "R", "R": "U"}[sign]
        return Formula(sign, (left, right))

    def _unary(self, negated: bool) -> Formula:
        if self._next("!"):
            return self._unary(not negated)
        sign = self._next(*UNARY)
        if sign:
            opposite = {"X": "WX", "WX": "X", "F": "G", "G": "F"}
            return Formula(opposite[sign] if negated else sign, (self._unary(negated),))
        if self._next("("):
            found = self._implied(negated)
            if not self._next(")"):
                raise self._error()
            return found
        match = TOKEN.match(self.text, self.at)
        if match is None or match["name"] is None:
            raise self._error()
        self.at = match.end()
        if match["name"] in ("true", "false"):
            return TRUE if (match["name"] == "true") != negated else FALSE
        return Formula("not" if negated else "is", (), match["name"])
