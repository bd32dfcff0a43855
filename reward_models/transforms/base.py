"""What a reward transform is, and how transforms are put together."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np

from ...core.trajectory import Batch

__all__ = ["Column", "Outcome", "RewardTransform"]

Payments = list[np.ndarray]


class RewardTransform(ABC):
    """Pays every step of a finished batch; it may look at later steps, at the group and at the whole batch.

    A subclass is a frozen dataclass whose fields are its constants. It reads scores, outcomes, tags and lengths and
    changes nothing. `a + b` pays both, `2.0 * a` twice as much.
    """

    @abstractmethod
    def __call__(self, batch: Batch) -> Payments:
        """Return what each step is paid: one array (T,) for each trajectory of `batch.trajectories`."""

    def __add__(self, other: RewardTransform) -> RewardTransform:
        return _Sum((self, other))

    def __mul__(self, factor: float) -> RewardTransform:
        return _Scaled(self, float(factor))

    __rmul__ = __mul__


@dataclass(frozen=True)
class _Sum(RewardTransform):
    parts: tuple[RewardTransform, ...]

    def __call__(self, batch: Batch) -> Payments:
        return [np.sum(one, axis=0) for one in zip(*(part(batch) for part in self.parts), strict=True)]


@dataclass(frozen=True)
class _Scaled(RewardTransform):
    part: RewardTransform
    factor: float

    def __call__(self, batch: Batch) -> Payments:
        return [self.factor * one for one in self.part(batch)]


@dataclass(frozen=True)
class Column(RewardTransform):
    """Pays each step what one scorer gave it.

    Args:
        name: the scorer's column; "paid" is what the run's reward paid.
    """

    name: str = "paid"

    def __call__(self, batch: Batch) -> Payments:
        """Return the column."""
        return [one.column(self.name) for one in batch.trajectories]


@dataclass(frozen=True)
class Outcome(RewardTransform):
    """Pays the outcome of the episode at its last step, and nothing before."""

    def __call__(self, batch: Batch) -> Payments:
        """Return zeros and, last, the outcome."""
        paid = [np.zeros(len(one)) for one in batch.trajectories]
        for one, payment in zip(batch.trajectories, paid, strict=True):
            payment[-1] = one.outcome
        return paid
