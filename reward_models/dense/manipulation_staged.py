"""manipulation/staged-v1: reach, secure, place, done, each worth a quarter, phase by phase."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from ...core.transition import Transition
from ..base import register
from ..terms import Term, TermReward

__all__ = ["ManipulationStaged", "in_phases", "near"]

STEEPNESS = 5.0


def near(distance: np.ndarray) -> np.ndarray:
    """1 - tanh(5 d) of a distance in m: 1 there, 0.54 at 10 cm, 0.24 at 20 cm."""
    return 1.0 - np.tanh(STEEPNESS * distance)


def in_phases(state: Any, value: np.ndarray) -> np.ndarray:
    """Return (phase + value) / phases: what is worth `value` (..., B) in [0, 1] within the phase that is due.

    It does not fall when a phase is completed: the least in the next is the most in this one.

    Args:
        state: a `ManipulationState` of B moments.
        value: changed in place, so it must be nobody else's.
    """
    value += state.phase
    value /= state.phases
    return value


def _reach(transition: Transition) -> np.ndarray:
    state = transition.next_state
    return in_phases(state, np.where(state.success > 0, 1.0, near(state.reach)))


def _secured(transition: Transition) -> np.ndarray:
    state = transition.next_state
    return in_phases(state, np.maximum(state.secured, state.success))


def _place(transition: Transition) -> np.ndarray:
    state = transition.next_state
    return in_phases(state, np.where(state.success > 0, 1.0, state.secured * near(state.gap)))


def _done(transition: Transition) -> np.ndarray:
    state = transition.next_state
    return (state.phase + state.success) / state.phases


@register
@dataclass
class ManipulationStaged(TermReward):
    """Pays a quarter each for: the gripper near the object, the object secured, it near the target, the task done.

    Secured is what the task says: between both pads, at the gripper, or always. Every term is 1 when the task is done,
    so a step pays at most 1 and exactly 1 then. A task of n phases divides each quarter into n parts: those of the
    phases behind are paid whole, that of the phase that is due by how far it is.
    Wants: the stages in their order; each is worth something only with the one before.
    Gamed by: grasping and hovering. A step with the object in the hand, far from the target, pays more than half; with
    a short-sighted agent (discount 0.9) that is where training ends.
    Source: the template of ManiSkill's PickCube (Tao et al., 2024), without its rest term.
    Version history: v1.
    """

    id: ClassVar[str] = "manipulation/staged-v1"
    reads: ClassVar[frozenset[str]] = frozenset({"state"})

    @property
    def terms(self) -> tuple[Term, ...]:
        """reach, secure, place, done."""
        return (
            Term("reach", _reach, 0.25),
            Term("secure", _secured, 0.25),
            Term("place", _place, 0.25),
            Term("done", _done, 0.25),
        )
