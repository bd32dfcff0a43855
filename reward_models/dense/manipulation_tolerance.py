"""manipulation/tolerance-v1: reach, grip and place as tolerances, joined by Hamacher products."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ...core.transition import Transition
from ..base import Payment, Reward, register
from ..tolerance import hamacher, tolerance
from .manipulation_staged import in_phases

__all__ = ["ManipulationTolerance"]

AT_HAND = 0.02
"""Nearer than this the gripper is at the object, in m: about half of what a pad covers."""
REACH_MARGIN = 0.25
"""How far the ready gripper is from a thing on the table, in m: 20 to 30 cm. Episodes begin there, in all tasks."""
LEAST_PLACE_MARGIN = 0.1
"""Margin of the place, in m, where an aim's object began nearer to its target, as a drawer that is to be shut again."""
WEIGHTS = {"reach": 0.2, "grip": 0.2, "place": 0.5, "done": 0.1}
SHARES = np.array([[share] for share in WEIGHTS.values()])


@register
@dataclass
class ManipulationTolerance(Reward):
    """Pays up to 0.2 for the gripper at the object, 0.2 for holding it, 0.5 for it in place, 0.1 for the task done.

    reach = tolerance(distance of the gripper to the object), grip = hamacher(reach, secured) and place = hamacher(grip,
    tolerance(distance of the object to the target)), all with the long tail, which is 0.1 at the margin: 25 cm for the
    gripper, for the object how far it was at the start (at least 10 cm). While the task counts as done all are 1, so a
    step pays at most 1 and only then. A task of n phases divides each term into n parts, as manipulation/staged-v1.
    Wants: the stages in their order, each joined to the ones before by a fuzzy "and", the place worth most.
    Gamed by: holding the object just short of the target. From a start 30 cm away, 5 cm short pays 0.8 of the maximum
    for ever, and the margin grows with the distance at the start: the farther the way was, the less its end is worth.
    Source: the second version of Meta-World's rewards (Yu et al., 2020; on versions McLean et al., 2025), with what the
    task calls secured in place of the cage of pad distances; tolerances are dm_control's (Tassa et al., 2018).
    Version history: v1.
    """

    id: ClassVar[str] = "manipulation/tolerance-v1"
    reads: ClassVar[frozenset[str]] = frozenset({"state"})

    @property
    def bounds(self) -> Mapping[str, tuple[float, float]]:
        """reach, grip, place, done."""
        return {name: (0.0, weight) for name, weight in WEIGHTS.items()}

    def __call__(self, transition: Transition) -> Payment:
        """Pay all terms; what they share is computed once."""
        state = transition.next_state
        reach = tolerance(state.reach, (0.0, AT_HAND), REACH_MARGIN, "long_tail")
        grip = reach * state.secured  # what their Hamacher product is too, where one of them is 0 or 1
        there = tolerance(state.gap, (0.0, 0.0), np.maximum(state.start_gap, LEAST_PLACE_MARGIN), "long_tail")
        values = np.array([reach, grip, hamacher(grip, there), state.success])
        values[:, state.success > 0] = 1.0
        reach, grip, place, done = paid = in_phases(state, values) * SHARES
        return reach + grip + place + done, dict(zip(WEIGHTS, paid, strict=True))
