"""reasoning/verifier-v1: every step judged by an exact verifier."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from ...core.transition import Transition
from ..base import register
from ..terms import Term, TermReward

__all__ = ["ReasoningVerifier", "right", "wrong"]


def _ahead(state: Any) -> np.ndarray:
    """Return the actions to success (B,), infinite where there is no way."""
    return np.where(state.plan_length < 0, np.inf, state.plan_length)


def right(transition: Transition) -> np.ndarray:
    """1.0 where the step brought success nearer by one, a lucky answer not counted. Needs "state"."""
    lucky = transition.next_state.over & ~transition.next_state.worked
    return (_ahead(transition.next_state) < _ahead(transition.state)) & ~lucky


def wrong(transition: Transition) -> np.ndarray:
    """1.0 where the step led away, or gave an answer that is wrong or not worked out. Needs "state"."""
    answered = transition.next_state.over & ~transition.next_state.worked
    return (_ahead(transition.next_state) > _ahead(transition.state)) | answered


@register
@dataclass
class ReasoningVerifier(TermReward):
    """Pays `good` for a right step, `bad` for a wrong one, nothing for one that is neither.

    Wants: a chain without a wrong step. A step is right if the shortest way to success is one shorter after it, wrong
    if it is longer. An answer is right only if it was worked out: with four answers on offer a lucky one is wrong.
    Gamed by: nothing that is known, as it stands: what leads away costs as much as coming back pays, so no loop earns
    anything, and a chain is worth at most the length of the shortest solution. With `bad` nearer to 0 than `good` a
    wrong step and its "undo" earn `good + bad`, again and again, until the budget is used up. It is privileged: it
    knows the exact distance, so use it in training only.
    Source: process supervision with exact labels, after Lightman et al. (2023), "Let's verify step by step"; the
    measure of progress is that of Setlur et al. (2024), "Rewarding progress", made exact.
    Version history: v1.

    Args:
        good, bad: payment for a right and for a wrong step.
    """

    good: float = 1.0
    bad: float = -1.0
    id: ClassVar[str] = "reasoning/verifier-v1"
    reads: ClassVar[frozenset[str]] = frozenset({"state"})

    @property
    def terms(self) -> tuple[Term, ...]:
        """right, wrong."""
        return (Term("right", right, self.good), Term("wrong", wrong, self.bad))
