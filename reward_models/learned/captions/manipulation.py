"""Captions of the robot arm: which propositions about the object began or ceased to hold in the step.

They read the privileged state, so they are chosen by name, `captions="manipulation"`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ....core.transition import Transition
from ...formal.labels.manipulation import MANIPULATION as LABELS
from .base import CAPTIONS, Captions

__all__ = ["MANIPULATION"]

TOLD = ("at_object", "touched", "grasped", "lifted", "at_target")


def _tell(step: Transition, tasks: Sequence[str]) -> list[str]:
    before, said = replace(step, next_state=step.state), [list[str]() for _ in range(len(step))]
    for name in TOLD:
        rule, about = LABELS.propositions[name], LABELS.about[name]
        was, now = rule(before), rule(step)
        for row in np.flatnonzero(was != now).tolist():
            said[row].append(f"{'Now' if now[row] else 'No longer'}: {about}.")
    return [" ".join(one) for one in said]


MANIPULATION = CAPTIONS.add(
    "manipulation",
    Captions(
        "manipulation",
        frozenset({"state"}),
        "A robot arm goes to an object, grasps it and brings it to its target.",
        _tell,
        lambda first: "the hand is at the object, both fingers hold it, it is at the target",
        helpful=r"Now: (the hand|both|it is)",
    ),
)
