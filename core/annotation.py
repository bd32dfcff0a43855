"""What is said about trajectories: comparisons, step labels, and trees of alternatives."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .trajectory import Trajectory

__all__ = ["Node", "Pair", "StepLabels"]


@dataclass(frozen=True)
class Pair:
    """A preference: `chosen` over `rejected`, along one dimension, with a weight in [0, 1]."""

    chosen: Trajectory
    rejected: Trajectory
    weight: float = 1.0
    dimension: str = "overall"
    kind: str = "trajectory"


@dataclass(frozen=True)
class StepLabels:
    """Labels of one trajectory's T steps.

    Attributes:
        soft: T estimates in [0, 1], such as the share of continuations that succeed.
        hard: T booleans, or empty.
        first_error: index of the first wrong step, or None.
        source: who labelled: "monte-carlo", "judge", "human".
    """

    soft: tuple[float, ...]
    hard: tuple[bool, ...] = ()
    first_error: int | None = None
    source: str = ""


@dataclass
class Node:
    """A state in a search tree: how it was reached, what is known of it, and what follows."""

    action: Any = None
    snapshot: bytes | None = None
    visits: int = 0
    value: float = 0.0
    children: list[Node] = field(default_factory=list)
