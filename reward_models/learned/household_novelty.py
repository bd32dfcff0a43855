"""household/novelty-v1: success, and a bonus for reading what has not been read before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from ...core.names import check_name
from ...core.transition import Transition
from ..base import Payment, Reward, register

__all__ = ["HouseholdNovelty"]


@register
@dataclass
class HouseholdNovelty(Reward):
    """Pays 1.0 for the goal and beta / sqrt(N) for an observation that is seen for the N-th time.

    Wants: an agent that looks into everything, so that it stumbles on the goal.
    Gamed by: touring the room without doing the task: new sentences are paid whether they help or not. What can be
    collected in an episode is bounded by the number of different sentences in it, not by the goal. The exploit is
    `household/novelty-exploit` in `agents/scripted`; trained agents find it too.
    Source: count-based exploration, Strehl and Littman (2008), "An analysis of model-based interval estimation";
    on text, with the sentence itself as the state.
    Version history: v1.

    Args:
        beta: the bonus for a first sight.
        scope: "episode" counts anew in each episode; "lifelong" counts over all episodes of the same task.
    """

    beta: float = 0.05
    scope: Literal["episode", "lifelong"] = "episode"
    id: ClassVar[str] = "household/novelty-v1"
    reads: ClassVar[frozenset[str]] = frozenset({"obs", "outcome"})

    def __post_init__(self) -> None:
        check_name("scope", self.scope, ("episode", "lifelong"), self.id)
        self._counts: dict[int | str, Counter[str]] = {}
        self._keys: dict[int, int | str] = {}

    @property
    def bounds(self) -> Mapping[str, tuple[float, float]]:
        """The bonus is at most `beta`."""
        return {"success": (0.0, 1.0), "novelty": (0.0, self.beta)}

    def reset(self, start: Transition) -> None:
        """Begin to count: the first observation has been seen once."""
        for row, text in zip(start.rows.tolist(), start.next_obs, strict=True):
            key = self._keys[row] = text if self.scope == "lifelong" else row
            if self.scope == "episode":
                self._counts[key] = Counter()
            self._counts.setdefault(key, Counter())[text] += 1

    def __call__(self, transition: Transition) -> Payment:
        """Count and pay."""
        bonus = np.zeros(len(transition))
        for i, (row, text) in enumerate(zip(transition.rows.tolist(), transition.next_obs, strict=True)):
            counts = self._counts[self._keys[row]]
            counts[text] += 1
            bonus[i] = self.beta / counts[text] ** 0.5
        success = np.asarray(transition.success, dtype=float)
        return success + bonus, {"success": success, "novelty": bonus}
