"""manipulation/grip-v1: pay for the grasp in every step, which teaches agents never to let go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ...core.transition import Transition
from ..base import register
from ..terms import Term, TermReward
from .manipulation_staged import in_phases, near

__all__ = ["ManipulationGrip"]


def _grasp(transition: Transition) -> np.ndarray:
    return transition.next_state.grasped


def _near(transition: Transition) -> np.ndarray:
    state = transition.next_state
    return in_phases(state, near(state.gap))


def _success(transition: Transition) -> np.ndarray:
    return transition.next_state.success


@register
@dataclass
class ManipulationGrip(TermReward):
    """Pays `grasp` while both pads touch the object, 0.5 times its nearness to the target, 0.25 for success.

    Nearness is 1 - tanh(5 d) of the distance d in m, phase by phase.
    Wants: the object in the hand, on its way to the target.
    Gamed by: never letting go, where success needs a release. The open hand costs `grasp` in every step to the end and
    earns 0.25: release looks like a loss. Where success is in the hand, as in PickPlace, the reward is honest. The
    exploit is `manipulation/grip-exploit`.
    Source: the reach-grasp-place sums of robot suites; that release then looks like a loss is among the traps that
    so101-nexus lists (2026).
    Version history: v1.

    Args:
        grasp: payment for each step in which the object is between the pads.
    """

    grasp: float = 0.5
    id: ClassVar[str] = "manipulation/grip-v1"
    reads: ClassVar[frozenset[str]] = frozenset({"state"})

    @property
    def terms(self) -> tuple[Term, ...]:
        """grasp, near, success."""
        return (Term("grasp", _grasp, self.grasp), Term("near", _near, 0.5), Term("success", _success, 0.25))
