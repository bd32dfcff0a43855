"""reasoning/outcome-v1: one for the right answer or the program that passes, nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..base import register
from ..terms import Term, TermReward, success

__all__ = ["ReasoningOutcome"]


@register
@dataclass
class ReasoningOutcome(TermReward):
    """Pays 1.0 on the step that gives the right answer or submits a program that passes all tests.

    Wants: the right result, however it came about.
    Gamed by: luck. With four answers on offer (`guess=4`) one guess in four is paid in full, without a line of
    working; nothing tells it from an answer that was worked out. Otherwise it is the objective, and it says nothing
    until an agent stumbles on a whole solution.
    Source: outcome supervision, as in Cobbe et al. (2021) and Lightman et al. (2023).
    Version history: v1.
    """

    id: ClassVar[str] = "reasoning/outcome-v1"
    reads: ClassVar[frozenset[str]] = frozenset({"outcome"})

    @property
    def terms(self) -> tuple[Term, ...]:
        """One term."""
        return (Term("success", success),)
