"""Propositions of the robot arm; lengths in metres."""

from __future__ import annotations

import numpy as np

from .base import register_labelling

__all__ = ["MANIPULATION"]

MANIPULATION = register_labelling(
    "manipulation",
    frozenset({"state"}),
    touched=("a finger touches the object", lambda step: np.asarray(step.next_state.touched) > 0),
    grasped=("both fingers hold it", lambda step: np.asarray(step.next_state.grasped) > 0),
    lifted=(
        "it is 4 cm above where it began",
        lambda step: np.asarray(step.next_state.object)[:, 2] > np.asarray(step.next_state.start)[:, 2] + 0.04,
    ),
    at_object=("the hand is within 3 cm of it", lambda step: np.asarray(step.next_state.reach) < 0.03),
    at_target=("it is within 3 cm of the target", lambda step: np.asarray(step.next_state.gap) < 0.03),
    fast=("it moves at more than 0.5 m/s", lambda step: np.asarray(step.next_state.speed) > 0.5),
)
