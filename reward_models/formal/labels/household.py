"""Propositions of the household."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ....core.transition import Transition
from .base import register_labelling

__all__ = ["HOUSEHOLD"]


def _said(*beginnings: str) -> Callable[[Transition], np.ndarray]:
    return lambda step: np.array([text.startswith(beginnings) for text in step.next_obs])


HOUSEHOLD = register_labelling(
    "household",
    frozenset({"obs", "state"}),
    holding=("the hand is not empty", lambda step: np.asarray(step.next_state.hands_full) > 0),
    found=("an object of the kind asked for has been in the hand", lambda step: np.asarray(step.next_state.hold) > 0),
    prepared=(
        "it has been treated as asked, the lamp is lit, or the first of two is in place",
        lambda step: np.asarray(step.next_state.prepare) > 0,
    ),
    opened=("this step opened something", _said("You open")),
    opened_fridge=("this step opened a fridge", _said("You open the fridge")),
    put=("this step put something down", _said("You move", "You put")),
    nothing=("this step did nothing", _said("Nothing happens")),
)
