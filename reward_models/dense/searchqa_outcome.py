"""searchqa/outcome-v1: the F1 of the answer, nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ...core.transition import Transition
from ..base import register
from ..terms import Term, TermReward

__all__ = ["SearchQAOutcome", "answer_f1"]


def answer_f1(transition: Transition) -> np.ndarray:
    """F1 of the answer on the step that gives it, in [0, 1]; else 0. Needs "state"."""
    return transition.next_state.f1 - transition.state.f1


@register
@dataclass
class SearchQAOutcome(TermReward):
    """Pays the F1 of the answer when it is given: the env's own reward.

    Wants: the right answer.
    Gamed by: what token F1 forgives: one of a list's names is worth part of it, and so is another person of the same
    surname or another company of the same trade. And by guessing: "yes" is right half of the time. It does not care
    how many retrievals an answer took.
    Source: token F1 as in SQuAD (Rajpurkar et al., 2016), paid as the outcome by search agents such as GraphRAG-R1
    (2025).
    Version history: v1.
    """

    id: ClassVar[str] = "searchqa/outcome-v1"
    reads: ClassVar[frozenset[str]] = frozenset({"state"})

    @property
    def terms(self) -> tuple[Term, ...]:
        """One term."""
        return (Term("f1", answer_f1, source="Rajpurkar et al., 2016"),)
