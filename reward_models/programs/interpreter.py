"""What a reward program pays, in numpy, for B steps at once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from .checks import range_of
from .dsl import Program
from .state_fields import fields_of
from .term import AXES, Term

__all__ = ["distance", "evaluate", "level_bounds", "levels"]

STANDS_FOR = {"progress": "near", "gain": "value"}


def evaluate(program: Program, state: Any, next_state: Any, success: Any, size: int) -> dict[str, np.ndarray]:
    """Return what each term pays, weighted, {name: (B,)}.

    Args:
        program: a valid program.
        state: the world's state before the step, with B on the leading axis.
        next_state: the same after it.
        success: bool (B,), used by terms of the kind "success" only.
        size: B.
    """
    return {
        term.name: term.weight * _gated(_paid(program, term, state, next_state, success, size), term, next_state)
        for term in program.terms
    }


def levels(program: Program, state: Any, success: Any, size: int) -> dict[str, np.ndarray]:
    """Return the terms as functions of one state, {name: (B,)}, within their `level_bounds`, for use as a potential.

    The kinds near, flag, value, success and step say how good a state is. Progress and gain are differences of such
    functions; in their place stand near and value.
    """
    found = {}
    for term in program.terms:
        same = replace(term, kind=STANDS_FOR.get(term.kind, term.kind))
        found[term.name] = term.weight * _gated(_paid(program, same, state, state, success, size), term, state)
    return found


def level_bounds(program: Program) -> dict[str, tuple[float, float]]:
    """Return the least and the most of each of a program's `levels`."""
    same = [replace(term, kind=STANDS_FOR.get(term.kind, term.kind)) for term in program.terms]
    return Program(program.world, tuple(same)).bounds


def distance(state: Any, a: str, b: str | float | None) -> np.ndarray:
    """Return (B,) how far a is from b: of vectors the length of the difference, of numbers its size."""
    first = _read(state, a)
    apart = first if b is None else first - (_read(state, b) if isinstance(b, str) else b)
    if apart.ndim == 1:
        return np.abs(apart)
    square = apart * apart  # written out: a sum over a short axis may be grouped otherwise for other batch sizes
    return np.sqrt(square[:, 0] + square[:, 1] + square[:, 2])


def _gated(value: np.ndarray, term: Term, state: Any) -> np.ndarray:
    """Return the value where the gate of the term is open, and 0 elsewhere."""
    if not term.when:
        return value
    there = _read(state, term.when.removeprefix("not ")) > 0.5
    return np.where(~there if term.when.startswith("not ") else there, value, 0.0)


def _paid(program: Program, term: Term, state: Any, after: Any, success: Any, size: int) -> np.ndarray:
    """Return (B,) what a term is worth before weight and gate."""
    if term.kind == "success":
        return np.asarray(success, dtype=float)
    if term.kind == "step":
        return np.ones(size)
    if term.kind == "near":
        return 1.0 - np.tanh(distance(after, term.a, term.b) / term.scale)
    if term.kind == "flag":
        return (_read(after, term.a) > 0.5).astype(float)
    if term.kind == "progress":
        found = (distance(state, term.a, term.b) - distance(after, term.a, term.b)) / term.scale
    elif term.kind == "gain":
        found = (_read(after, term.a) - _read(state, term.a)) / term.scale
    else:
        found = _read(after, term.a) / term.scale
    return np.clip(found, *range_of(term, fields_of(program.world)))


def _read(state: Any, name: str) -> np.ndarray:
    base, dot, axis = name.partition(".")
    value = np.asarray(getattr(state, base), dtype=float)
    return value[:, AXES.index(axis)] if dot else value
