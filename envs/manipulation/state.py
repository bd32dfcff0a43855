"""The privileged state of a manipulation env: what reward authors, potentials and language models may read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

__all__ = ["ManipulationState"]


@dataclass(frozen=True)
class ManipulationState:
    """One moment of a simulation, or B moments with B on the leading axis of every field. Metres, seconds, world frame.

    Attributes:
        tcp: position of the point between the finger pads, (..., 3), m.
        tcp_velocity: its velocity, (..., 3), m/s.
        opening: distance between the pads, (...,), in [0, 0.08] m.
        object: position of what is to be moved now: a thing, a handle; the tcp itself where there is none, (..., 3),
            m.
        object_velocity: its velocity, (..., 3), m/s.
        object_axis: which way its x axis points, a unit vector (..., 3).
        target: where it is to be, (..., 3), m.
        start: where it was when the episode began, (..., 3), m.
        left_touch, right_touch: 1.0 while that pad touches the object, (...,).
        grasped: 1.0 while both pads press on the object along the way in which they close, (...,). Touch alone would
            not do: an agent that is paid for it stands its shut fingers on a handle.
        phase: how many of the task's aims are reached, (...,); the object and the target are those of the next.
        phases: how many aims the task has, (...,); 1.0 for most.
        secured: 1.0 while the object is under control in the way that the task wants, (...,).
        settled: 1.0 while the object is as quiet and as free as it has to be at the target, (...,).
        success: 1.0 while the task counts as done, (...,).
    """

    tcp: Any
    tcp_velocity: Any
    opening: Any
    object: Any
    object_velocity: Any
    object_axis: Any
    target: Any
    start: Any
    left_touch: Any
    right_touch: Any
    grasped: Any
    phase: Any
    phases: Any
    secured: Any
    settled: Any
    success: Any

    ORACLE = frozenset({"success"})
    """What programs that are written or found may not read: the objective."""

    @staticmethod
    def stack(states: Sequence[ManipulationState]) -> ManipulationState:
        """Put B states on a leading axis."""
        return ManipulationState(*(np.array([getattr(state, name) for state in states]) for name in _NAMES))

    def fields(self) -> tuple[Any, ...]:
        """Return all fields, in order."""
        return tuple(getattr(self, name) for name in _NAMES)

    def row(self, row: int) -> ManipulationState:
        """Return one state of a stack."""
        return ManipulationState(*[value[row] for value in self.fields()])

    def pick(self, rows: np.ndarray) -> ManipulationState:
        """Return the states of a stack at the indices `rows`."""
        return ManipulationState(*(getattr(self, name)[rows] for name in _NAMES))

    @property
    def reach(self) -> Any:
        """Distance of the tcp to the object, (...,), m."""
        return _length(self.tcp - self.object)

    @property
    def gap(self) -> Any:
        """Distance of the object to the target, (...,), m."""
        return _length(self.object - self.target)

    @property
    def start_gap(self) -> Any:
        """Distance of the object's first place to the target, (...,), m."""
        return _length(self.start - self.target)

    @property
    def touched(self) -> Any:
        """1.0 while a pad touches the object, (...,)."""
        return np.maximum(self.left_touch, self.right_touch)

    @property
    def speed(self) -> Any:
        """Speed of the object, (...,), m/s."""
        return _length(self.object_velocity)


_NAMES = [field.name for field in fields(ManipulationState)]


def _length(vector: np.ndarray) -> Any:
    # Written out: a sum over a short axis may be grouped otherwise for other batch sizes.
    square = vector * vector
    return np.sqrt(square[..., 0] + square[..., 1] + square[..., 2])
