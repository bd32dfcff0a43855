"""manipulation/lift-v1: pay for grasping and lifting, which teaches agents to hold the object up for ever."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ...core.transition import Transition
from ..base import register
from ..terms import Term, TermReward
from .manipulation_staged import near

__all__ = ["ManipulationLift"]

HIGH = 0.2
"""Lifting counts up to this, in m."""


def _reach(transition: Transition) -> np.ndarray:
    return near(transition.next_state.reach)


def _grasp(transition: Transition) -> np.ndarray:
    return transition.next_state.grasped


def _lift(transition: Transition) -> np.ndarray:
    state = transition.next_state
    return state.grasped * np.clip((state.object[..., 2] - state.start[..., 2]) / HIGH, 0.0, 1.0)


def _success(transition: Transition) -> np.ndarray:
    return transition.next_state.success


@register
@dataclass
class ManipulationLift(TermReward):
    """Pays 0.25 for the gripper at the object, 0.25 for it between the pads, `lift` for it 20 cm up, 0.25 for success.

    Wants: the skills that every pick needs, reach, grasp and lift, with the task itself on top.
    Gamed by: grasping, lifting as high as it pays and holding on. Placing is worth less than the height it costs. On a
    target that is high up, the honest way pays nearly as much. The exploit is `manipulation/lift-exploit`.
    Source: robosuite's Lift (Zhu et al., 2020), put on tasks that go on after the lift; that agents stop there is what
    users of ManiSkill report (issues 1016 and 1387).
    Version history: v1.

    Args:
        lift: weight of the height.
    """

    lift: float = 1.0
    id: ClassVar[str] = "manipulation/lift-v1"
    reads: ClassVar[frozenset[str]] = frozenset({"state"})

    @property
    def terms(self) -> tuple[Term, ...]:
        """reach, grasp, lift, success."""
        return (
            Term("reach", _reach, 0.25),
            Term("grasp", _grasp, 0.25),
            Term("lift", _lift, self.lift),
            Term("success", _success, 0.25),
        )
