"""Hand-written rewards: sums of named, bounded terms."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.transition import Transition
from .base import Payment, Reward

__all__ = ["Term", "TermReward", "success"]


@dataclass(frozen=True)
class Term:
    """One named part of a reward.

    Attributes:
        name: what it is about, such as "hold".
        fn: Transition of B steps -> array (B,).
        weight: factor of what is paid.
        bounds: least and most that `fn` can return.
        source: paper and year, if it is somebody's.
    """

    name: str
    fn: Callable[[Transition], Any]
    weight: float = 1.0
    bounds: tuple[float, float] = (0.0, 1.0)
    source: str = ""


class TermReward(Reward):
    """A reward that is the weighted sum of its `terms`."""

    @property
    @abstractmethod
    def terms(self) -> tuple[Term, ...]:
        """The terms, in the order in which they are shown."""

    @property
    def bounds(self) -> Mapping[str, tuple[float, float]]:
        """Weighted bounds by term."""
        return {
            t.name: (min(t.weight * t.bounds[0], t.weight * t.bounds[1]), max(t.weight * b for b in t.bounds))
            for t in self.terms
        }

    def __call__(self, transition: Transition) -> Payment:
        """Evaluate all terms."""
        paid = {term.name: term.weight * np.asarray(term.fn(transition), dtype=float) for term in self.terms}
        return np.sum(list(paid.values()), axis=0), paid


def success(transition: Transition) -> np.ndarray:
    """1.0 where the objective is reached by this step. Needs "outcome"."""
    return np.asarray(transition.success, dtype=float)
