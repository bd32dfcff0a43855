"""What makes a reward program valid, with messages that name the term and the nearest valid name."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from ...core.names import check_name
from .state_fields import StateField, fields_of, oracle_of
from .term import AXES, KINDS, MAX_TERMS, MAX_WEIGHT, Term

__all__ = ["ProgramError", "lookup", "mistakes_of", "range_of", "term_of"]


class ProgramError(ValueError):
    """A reward program is not valid. The message lists every mistake, each with its term and the nearest valid name."""

    def __init__(self, mistakes: Sequence[str]):
        self.mistakes = tuple(mistakes)
        super().__init__("; ".join(self.mistakes))

    def __reduce__(self) -> tuple[type[ProgramError], tuple[tuple[str, ...]]]:
        return type(self), (self.mistakes,)


def term_of(data: Any, number: int) -> Term:
    """Return the term that JSON data describes; raise `ValueError` if its form is wrong."""
    if not isinstance(data, Mapping):
        raise ValueError(f"term {number} is {data!r}, not an object with a kind")
    where = f"term {number} ({data.get('name') or data.get('kind')})"
    kind = check_name("kind", data.get("kind"), KINDS, where)
    allowed = {"name", "kind", "weight", "when", *KINDS[kind]}
    given = {key: value for key, value in data.items() if value is not None}
    for key in given:
        if key not in allowed and key in {field.name for field in fields(Term)}:
            raise ValueError(f"{where}: the kind {kind!r} has no {key!r}, only {', '.join(sorted(allowed))}")
        check_name("key", key, allowed, where)
    for key in ("name", "a", "when"):
        if not isinstance(given.get(key, ""), str):
            raise ValueError(f"{where}: {key} is {given[key]!r}, not a text")
    for key in ("scale", "weight"):
        if not _is_number(given.get(key, 1.0)):
            raise ValueError(f"{where}: {key} is {given[key]!r}, not a number")
        given |= {key: float(given[key])} if key in given else {}
    if "b" in given and not isinstance(given["b"], str):
        if not _is_number(given["b"]):
            raise ValueError(f"{where}: b is {given['b']!r}, not the name of a field or a number")
        given["b"] = float(given["b"])
    return Term(**given)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def mistakes_of(world: str, terms: Sequence[Term], given: int | None = None) -> list[str]:
    """Return everything that is wrong with a program."""
    known = fields_of(world)
    size = len(terms) if given is None else given
    found = [] if 1 <= size <= MAX_TERMS else [f"a program has 1 to {MAX_TERMS} terms, not {size}"]
    names = [term.name for term in terms]
    found += [f"two terms are called {name!r}" for name in dict.fromkeys(names) if names.count(name) > 1]
    for term in terms:
        try:
            _check(term, known, oracle_of(world), world)
        except ValueError as error:
            found.append(str(error))
    return found


def _check(term: Term, known: Mapping[str, StateField], oracle: frozenset[str], world: str) -> None:
    where = f"term {term.name!r} of a {world} program"
    check_name("kind", term.kind, KINDS, where)
    if not term.name.isidentifier():
        raise ValueError(f"{where}: the name is not a word of letters, digits and _")
    if not (math.isfinite(term.weight) and 0 < abs(term.weight) <= MAX_WEIGHT):
        raise ValueError(f"{where}: weight is {term.weight}, not in [-{MAX_WEIGHT:g}, {MAX_WEIGHT:g}] without 0")
    if not (math.isfinite(term.scale) and term.scale > 0):
        raise ValueError(f"{where}: scale is {term.scale}, not above 0")
    if isinstance(term.b, float) and not math.isfinite(term.b):
        raise ValueError(f"{where}: b is {term.b}, not a finite number")
    if term.when:
        gate = lookup(term.when.removeprefix("not "), known, oracle, where)
        if gate.kind != "flag":
            raise ValueError(f"{where}: when is {gate.name!r}, a {gate.kind}; it has to be one of {_flags(known)}")
    for key, given in (("a", term.a != ""), ("b", term.b is not None)):
        if given and key not in KINDS[term.kind]:
            raise ValueError(f"{where}: the kind {term.kind!r} has no {key!r}")
    if not KINDS[term.kind]:
        return
    if not term.a:
        raise ValueError(f"{where}: the kind {term.kind!r} needs a, the name of a field")
    first = lookup(term.a, known, oracle, where)
    if term.kind == "flag" and first.kind != "flag":
        raise ValueError(f"{where}: {term.a!r} is a {first.kind}, not a flag; the flags are {_flags(known)}")
    if term.kind in ("gain", "value") and first.size > 1:
        raise ValueError(f"{where}: {term.a!r} is a vector; write {term.a}.x, {term.a}.y or {term.a}.z")
    if isinstance(term.b, str):
        second = lookup(term.b, known, oracle, where)
        if (first.size, first.unit) != (second.size, second.unit):
            raise ValueError(f"{where}: {_sort(term.a, first)} cannot be compared with {_sort(term.b, second)}")
        if term.a == term.b:
            raise ValueError(f"{where}: a and b are both {term.a!r}, whose distance is always 0")
    elif term.b is not None and first.size > 1:
        raise ValueError(
            f"{where}: {term.a!r} is a vector, so b cannot be a number; compare a part, such as {term.a}.z"
        )


def lookup(name: str, known: Mapping[str, StateField], oracle: frozenset[str], where: str) -> StateField:
    """Return what a name means; a part of a vector is a number with its unit."""
    base, dot, axis = name.partition(".")
    if base in oracle:
        raise ValueError(f"{where}: {base!r} is not for rewards to read; the kind 'success' pays for the objective")
    check_name("field", base, known, where)
    field = known[base]
    if not dot:
        return field
    if field.size != len(AXES):
        raise ValueError(f"{where}: {base!r} is a {field.kind} and has no part {axis!r}")
    check_name(f"part of {base}", axis, AXES, where)
    return StateField(name, field.about, unit=field.unit)


def _sort(name: str, field: StateField) -> str:
    return f"{name!r} ({field.kind}{', ' if field.unit else ''}{field.unit})"


def _flags(known: Mapping[str, StateField]) -> str:
    return ", ".join(name for name, field in known.items() if field.kind == "flag")


def range_of(term: Term, known: Mapping[str, StateField]) -> tuple[float, float]:
    """Return least and most of a term before weight and gate."""
    if term.kind == "step":
        return 1.0, 1.0
    if term.kind in ("near", "flag", "success"):
        return 0.0, 1.0
    low = known[term.a].low if term.kind == "value" and "." not in term.a else None
    return (0.0, 1.0) if low is not None and low >= 0 else (-1.0, 1.0)
