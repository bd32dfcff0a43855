"""Reads PDDL problem files: objects with their types, the facts of the start, and the goal.

PDDL (McDermott et al., 1998) is written in nested parentheses; letters of either case mean the same, and
a semicolon starts a comment. Names come out in lower case.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["Expression", "Problem", "read_problem"]

Expression = str | list["Expression"]
"""A name, or a list of expressions: `(in ?o ?r)` is read as ["in", "?o", "?r"]."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem: object name -> type, the facts that hold at the start, and the goal as it stands."""

    objects: dict[str, str]
    facts: tuple[tuple[str, ...], ...]
    goal: Expression


def read_problem(text: str, where: str = "problem") -> Problem:
    """Read one problem.

    Facts that are not plain (such as numbers set by `=`) are left out.

    Args:
        text: the problem in PDDL.
        where: the place to name in errors.

    Raises:
        ValueError: the parentheses do not match, or a part is missing.
    """
    tree = _parse(text, where)
    if tree[:1] != ["define"]:
        raise ValueError(f"{where}: a PDDL problem starts with (define (problem ...")
    parts = {part[0]: part[1:] for part in tree if isinstance(part, list) and part and isinstance(part[0], str)}
    missing = [name for name in (":objects", ":init", ":goal") if name not in parts]
    if missing:
        raise ValueError(f"{where}: the PDDL problem has no {missing[0]} part")
    if len(parts[":goal"]) != 1:
        raise ValueError(f"{where}: the :goal part holds {len(parts[':goal'])} expressions, not one")
    facts = tuple(
        tuple(str(word) for word in fact)
        for fact in parts[":init"]
        if isinstance(fact, list) and fact and fact[0] != "=" and all(isinstance(word, str) for word in fact)
    )
    return Problem(_typed_names(parts[":objects"], where), facts, parts[":goal"][0])


def _parse(text: str, where: str) -> list[Expression]:
    """Return the one parenthesised expression that a text holds."""
    stack: list[list[Expression]] = [[]]
    for line_number, line in enumerate(text.splitlines(), start=1):
        for token in re.findall(r"[()]|[^\s()]+", line.partition(";")[0].lower()):
            if token == "(":
                stack.append([])
            elif token != ")":
                stack[-1].append(token)
            elif len(stack) > 1:
                closed = stack.pop()
                stack[-1].append(closed)
            else:
                raise ValueError(f"{where}: a ')' too many in line {line_number} of the PDDL problem")
    if len(stack) > 1:
        raise ValueError(f"{where}: the PDDL problem ends with {len(stack) - 1} parentheses still open")
    if len(stack[0]) != 1 or isinstance(stack[0][0], str):
        raise ValueError(f"{where}: expected one expression in parentheses, found {len(stack[0])}")
    return stack[0][0]


def _typed_names(words: list[Expression], where: str) -> dict[str, str]:
    """Read "a b - type c - type" as {a: type, b: type, c: type}; without a type, names are objects."""
    named: dict[str, str] = {}
    waiting: list[str] = []
    rest = iter(words)
    for word in rest:
        if not isinstance(word, str):
            raise ValueError(f"{where}: the :objects part holds parentheses")
        if word != "-":
            waiting.append(word)
            continue
        kind = next(rest, None)
        if not isinstance(kind, str):
            raise ValueError(f"{where}: the :objects part names no type after '-'")
        named.update(dict.fromkeys(waiting, kind))
        waiting = []
    named.update(dict.fromkeys(waiting, "object"))
    return named
