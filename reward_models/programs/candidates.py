"""The terms that a search for a program starts from: each kind with each field that fits, at scales seen in data."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .interpreter import distance
from .state_fields import StateField, fields_of
from .term import Term

__all__ = ["candidate_terms"]

SCALES = (0.25, 0.5, 1.0)
"""Scales of `near`, as shares of the distance that demonstrations begin with."""
STILL = 1e-6
"""A field that varies by less than this is the same everywhere and of no use."""


def candidate_terms(world: str, states: Any, starts: np.ndarray, ends: np.ndarray, gates: bool = True) -> list[Term]:
    """Return valid terms of weight 1 for a world, with names by default.

    - distances of vectors of the same unit (units of length only) and numbers with a unit, in reach of 0 or of where
      demonstrations end: near at three scales, and progress;
    - flags: flag and gain; numbers without a unit: gain, at the scale of what they span;
    - with `gates`, near at the middle scale under each flag that varies.

    Of fields that are the same everywhere there are none; of two ways to say the same distance, the shorter one.

    Args:
        world: name of the world.
        states: states of recorded steps, with N on the leading axis.
        starts: indices of the first states of demonstrations.
        ends: indices of their last states.
        gates: see above.
    """
    fields = fields_of(world)
    flags = [name for name, field in fields.items() if field.kind == "flag" and _varies(distance(states, name, None))]
    found: list[Term] = []
    for a, b in _distances(fields, states, ends):
        values = distance(states, a, b)
        far, span = float(np.median(values[starts])), float(np.ptp(values))
        far = far if far > 0.1 * span else span / 2
        scales = [_rounded(share * far) for share in SCALES]
        near = [Term("near", a, b, scale) for scale in scales]
        found += [*near, Term("progress", a, b, scales[-1])]
        if gates:
            found += [Term("near", a, b, scales[1], when=flag) for flag in flags]
    for name in flags:
        found += [Term("flag", name), Term("gain", name)]
    for name, field in fields.items():
        if field.kind == "number" and not field.unit and _varies(np.asarray(getattr(states, name), dtype=float)):
            span = _rounded(float(np.ptp(np.asarray(getattr(states, name), dtype=float))))
            found.append(Term("gain", name, scale=span))
    return found


def _distances(fields: Mapping[str, StateField], states: Any, ends: np.ndarray) -> list[tuple[str, str | float | None]]:
    """Return (a, b) of every distance that varies, one of each that are equal."""
    numbers = [name for name, field in fields.items() if field.kind == "number" and field.unit]
    places = [name for name, field in fields.items() if field.kind == "vector" and field.unit == "m"]
    wanted: list[tuple[str, str | float | None]] = [(name, None) for name in numbers]
    wanted += [(name, end) for name in numbers if (end := _end(distance(states, name, None), ends))]
    wanted += list(itertools.combinations(places, 2))
    found, known = [], []
    for a, b in wanted:
        values = distance(states, a, b)
        if _varies(values) and not _among(values, known):
            found.append((a, b))
            known.append(values)
    return found


def _end(values: np.ndarray, ends: np.ndarray) -> float:
    """Return where a number ends; 0 if that is as good as 0, or not the same in all demonstrations."""
    low, middle, high = np.quantile(values[ends], (0.1, 0.5, 0.9))
    span = float(np.ptp(values))
    return _rounded(float(middle)) if middle > 0.1 * span and high - low < 0.1 * span else 0.0


def _varies(values: np.ndarray) -> bool:
    return bool(np.isfinite(values).all() and np.ptp(values) > STILL)


def _among(values: np.ndarray, known: Sequence[np.ndarray]) -> bool:
    return any(np.allclose(values, other, atol=1e-9) for other in known)


def _rounded(value: float) -> float:
    """Return a number to two digits, so that programs are short."""
    return float(f"{value:.2g}")
