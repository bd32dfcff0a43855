"""household/success-v1: one for reaching the goal, nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..base import register
from ..terms import Term, TermReward, success

__all__ = ["HouseholdSuccess"]


@register
@dataclass
class HouseholdSuccess(TermReward):
    """Pays 1.0 on the step that reaches the goal.

    Wants: the goal, as soon as the discount makes it worth while.
    Gamed by: nothing that is known; it is the objective. It fails the other way: an agent that never stumbles on
    the goal learns nothing.
    Source: ALFWorld (Shridhar et al., 2021) pays 1 on winning.
    Version history: v1.
    """

    id: ClassVar[str] = "household/success-v1"
    reads: ClassVar[frozenset[str]] = frozenset({"outcome"})

    @property
    def terms(self) -> tuple[Term, ...]:
        """One term."""
        return (Term("success", success),)
