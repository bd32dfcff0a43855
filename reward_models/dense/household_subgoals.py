"""household/subgoals-v1: a payment for each subgoal, once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ...core.transition import Transition
from ..base import register
from ..terms import Term, TermReward, success

__all__ = ["HouseholdSubgoals"]


def _gained(name: str):
    def fn(transition: Transition):
        return getattr(transition.next_state, name) - getattr(transition.state, name)

    return fn


@register
@dataclass
class HouseholdSubgoals(TermReward):
    """Pays for each subgoal when it is first reached: object in hand, preparation done, goal reached.

    Wants: progress in the order in which the task needs it. Preparation is the lamp lit, the object cleaned,
    heated or cooled, or the first of two objects in place.
    Gamed by: collecting `hold` and `prepare` and never finishing; since each is paid once an episode, the loss is
    bounded by 2 * `milestone`. Keep that below the discounted value of the goal.
    Source: the share of goal conditions that ALFRED (Shridhar et al., 2020) reports, as a reward.
    Version history: v1.

    Args:
        milestone: payment for `hold` and for `prepare`.
    """

    milestone: float = 0.25
    id: ClassVar[str] = "household/subgoals-v1"
    reads: ClassVar[frozenset[str]] = frozenset({"state", "outcome"})

    @property
    def terms(self) -> tuple[Term, ...]:
        """hold, prepare, success."""
        return (
            Term("hold", _gained("hold"), self.milestone),
            Term("prepare", _gained("prepare"), self.milestone),
            Term("success", success),
        )
