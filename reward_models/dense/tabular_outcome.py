"""tabular/outcome-v1: the outcome of the episode, nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ...core.transition import Transition
from ..base import register
from ..terms import Term, TermReward

__all__ = ["TabularOutcome", "outcome"]


def outcome(transition: Transition) -> np.ndarray:
    """Outcome of the episode on the step that ends it, in [0, 1]; else 0. Needs "state"."""
    return np.asarray(transition.next_state.outcome, dtype=float)


@register
@dataclass
class TabularOutcome(TermReward):
    """Pays the outcome when the episode ends: the worth of a leaf, 1.0 for the goal or a correct answer.

    Wants: the best leaf, the goal, a correct answer.
    Gamed by: nothing that is known; it is the objective. It fails the other way: no step before the last one is told
    whether it helped.
    Source: outcome rewards, as language agents are trained on, e.g. Shao et al. (2024).
    Version history: v1.
    """

    id: ClassVar[str] = "tabular/outcome-v1"
    reads: ClassVar[frozenset[str]] = frozenset({"state"})

    @property
    def terms(self) -> tuple[Term, ...]:
        """One term."""
        return (Term("outcome", outcome),)
