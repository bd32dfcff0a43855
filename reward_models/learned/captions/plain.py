"""Captions of any world, made of the observation alone: the sentence, the number of the state, the band of distance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil, log2

import numpy as np

from ....core.transition import Transition
from .base import CAPTIONS, LENGTH, Captions

__all__ = ["PLAIN"]


def _tell(step: Transition, tasks: Sequence[str]) -> list[str]:
    seen = step.next_obs
    if isinstance(seen, Mapping):
        if not {"achieved_goal", "desired_goal"} <= set(seen):
            return [""] * len(step)
        return [_band(float(np.linalg.norm(gap))) for gap in seen["achieved_goal"] - seen["desired_goal"]]
    if isinstance(seen[0], str):
        return [text[:LENGTH] for text in seen]
    numbers = np.asarray(seen)
    if numbers.dtype.kind in "iu" and numbers.size == len(step):
        return [f"You are in state {number}." for number in numbers.reshape(-1).tolist()]
    return [""] * len(step)


def _band(gap: float) -> str:
    return f"The goal is less than {2.0 ** ceil(log2(max(gap, 1e-3))):.3g} away."


PLAIN = CAPTIONS.add(
    "plain", Captions("plain", frozenset({"obs"}), "An agent acts in a world and has to reach its goal.", _tell)
)
