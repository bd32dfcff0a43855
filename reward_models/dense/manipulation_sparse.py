"""manipulation/sparse-v1: one in every step in which the task counts as done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..base import register
from ..terms import Term, TermReward, success

__all__ = ["ManipulationSparse"]


@register
@dataclass
class ManipulationSparse(TermReward):
    """Pays 1.0 in every step in which the task counts as done.

    Wants: the task done early, and kept so.
    Gamed by: nothing that is known; it is the objective, summed over time. It fails the other way: an agent that never
    gets there learns nothing, unless by hindsight (HER).
    Source: the sparse reward of the Fetch envs (Plappert et al., 2018), there -1 and 0.
    Version history: v1.
    """

    id: ClassVar[str] = "manipulation/sparse-v1"
    reads: ClassVar[frozenset[str]] = frozenset({"outcome"})

    @property
    def terms(self) -> tuple[Term, ...]:
        """One term."""
        return (Term("success", success),)
