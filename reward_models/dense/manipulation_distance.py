"""manipulation/distance-v1: minus the distances, as many a reward begins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ...core.transition import Transition
from ..base import register
from ..terms import Term, TermReward

__all__ = ["ManipulationDistance"]

FARTHEST = 3.0
"""Distances count up to this, in m, so that a thing knocked off the table does not outweigh everything."""


def _reach(transition: Transition) -> np.ndarray:
    return np.minimum(transition.next_state.reach, FARTHEST)


def _gap(transition: Transition) -> np.ndarray:
    return np.minimum(transition.next_state.gap, FARTHEST)


@register
@dataclass
class ManipulationDistance(TermReward):
    """Pays -`reach` times the gripper's distance to the object and -`gap` times the object's to the target, in m.

    Wants: the gripper at the object and the object at the target.
    Gamed by: standing beside the object. Nothing in it says that lifting needs a grasp, so agents learn the first half
    and stay there; an object out of reach next to the target is as good as one that was brought there.
    Where the object is to be let go (Stack, PlaceInBin), holding it for ever pays more than doing that.
    Source: the form that Text2Reward's zero-shot rewards take (Xie et al., 2024).
    Version history: v1.

    Args:
        reach: weight of the gripper's distance.
        gap: weight of the object's distance.
    """

    reach: float = 1.0
    gap: float = 2.0
    id: ClassVar[str] = "manipulation/distance-v1"
    reads: ClassVar[frozenset[str]] = frozenset({"state"})

    @property
    def terms(self) -> tuple[Term, ...]:
        """reach, gap."""
        return (
            Term("reach", _reach, -self.reach, (0.0, FARTHEST)),
            Term("gap", _gap, -self.gap, (0.0, FARTHEST)),
        )
