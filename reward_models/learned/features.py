"""Steps as vectors, for rewards that are learned: arrays as they are, words as hashed bags."""

from __future__ import annotations

import itertools
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import numpy as np

from ...core.names import check_name
from ...core.transition import Transition

__all__ = ["StepFeatures"]

Kind = Literal["array", "text", "state"]
GOAL = re.compile(r"(?:task is to:|instruction:(?: \[sep\])?|question:|reach)(.*?)(?:\[sep\]|\n|$)", re.DOTALL)
"""Where the first observation of a text world states the goal."""
WORD = re.compile(r"[a-z]+|\d+|\S")
GOAL_SIGN = "*"


@dataclass
class StepFeatures:
    """Turns B steps into float vectors (B, F), with the memory of an episode where it takes one.

    kind "array": the next observation; of a dict with goals also achieved minus desired; the action, if it is an
        array and `action` is set. Numbers are as the env gives them: models standardise them on their data.
    kind "state": the numbers of the next privileged state, and the action as above.
    kind "text": a bag of words and pairs of words, hashed into `buckets`, of the action, of the next observation, and
        of the goal. A word that the goal has too is replaced by one sign, so that "you pick up the mug" and "you pick
        up the pen" look alike where the mug and the pen were asked for. With `history` a second bag holds all that
        the actions of the episode were, so that a step can be judged by what came before.

    Args:
        kind: see above.
        action: whether the action is part of a step's features.
        buckets: size of each hashed bag.
        history: see above; text only.
    """

    kind: Kind
    action: bool = True
    buckets: int = 1024
    history: bool = True

    def __post_init__(self) -> None:
        check_name("kind", self.kind, ("array", "text", "state"), "StepFeatures")
        self._goals: dict[int, frozenset[str]] = {}
        self._past: dict[int, np.ndarray] = {}

    @classmethod
    def fitting(cls, obs: Any, **settings: Any) -> StepFeatures:
        """Return features of the kind that fits an observation."""
        return cls("text" if isinstance(obs, str) else "array", **settings)

    @property
    def reads(self) -> frozenset[str]:
        """What the features see, as a reward's `reads`."""
        seen = {"state"} if self.kind == "state" else {"obs"}
        return frozenset(seen | ({"action"} if self.action else set()))

    def begin(self, start: Transition) -> np.ndarray:
        """Begin episodes in the slots `start.rows`; return the features (B, F) of their first situations."""
        if self.kind == "text":
            for row, text in zip(start.rows.tolist(), start.next_obs, strict=True):
                self._goals[row] = _goal_words(text)
                self._past[row] = np.zeros(self.buckets, dtype=np.float32)
            return np.stack(
                [self._text(row, "", text) for row, text in zip(start.rows.tolist(), start.next_obs, strict=True)]
            )
        return self._arrays(start, acted=False)

    def __call__(self, transition: Transition) -> np.ndarray:
        """Return the features (B, F) of steps; episodes must have been begun in their slots."""
        if self.kind != "text":
            return self._arrays(transition, acted=True)
        texts = zip(transition.rows.tolist(), self._actions(transition), transition.next_obs, strict=True)
        return np.stack([self._text(row, str(act), text) for row, act, text in texts])

    def _actions(self, transition: Transition) -> Any:
        return transition.action if self.action else [""] * len(transition)

    def _text(self, row: int, action: str, text: str) -> np.ndarray:
        goal = self._goals[row]
        parts = [_bag("did", action, goal, self.buckets), _bag("saw", text, goal, self.buckets)]
        now = parts[0] + parts[1] + _bag("goal", " ".join(sorted(goal)), frozenset(), self.buckets)
        if not self.history:
            return now
        self._past[row] = np.maximum(self._past[row], parts[0])
        return np.concatenate([now, self._past[row]])

    def _arrays(self, transition: Transition, acted: bool) -> np.ndarray:
        source = transition.next_state if self.kind == "state" else transition.next_obs
        size = len(transition)
        parts = [np.asarray(one, dtype=np.float32).reshape(size, -1) for one in _numbers(source)]
        if self.action and (acted or transition.action is not None):
            parts.append(np.asarray(transition.action, dtype=np.float32).reshape(size, -1))
        return np.concatenate(parts, axis=1)


def _numbers(source: Any) -> list[Any]:
    if isinstance(source, Mapping):
        values = [value for value in source.values() if np.ndim(value) < 4]  # pictures have encoders of their own
        if {"achieved_goal", "desired_goal"} <= set(source):
            values.append(source["achieved_goal"] - source["desired_goal"])
        return values
    if hasattr(source, "fields"):
        return list(source.fields())
    return [source]


@lru_cache(maxsize=4096)
def _goal_words(text: str) -> frozenset[str]:
    found = GOAL.findall(text.lower())
    words = WORD.findall(found[-1] if found else "")
    return frozenset(word for word in words if word.isalpha() and len(word) > 2)


@lru_cache(maxsize=65536)
def _bag(part: str, text: str, goal: frozenset[str], buckets: int) -> np.ndarray:
    """Return the hashed bag (buckets,) of a text's words and neighbouring words; shared, so not to be written to."""
    words = [GOAL_SIGN if word in goal else word for word in WORD.findall(text.lower()) if not word.isdigit()]
    counts = np.zeros(buckets, dtype=np.float32)
    for token in {*words, *(f"{a} {b}" for a, b in itertools.pairwise(words))}:
        counts[zlib.crc32(f"{part}:{token}".encode()) % buckets] = 1.0
    counts.setflags(write=False)
    return counts
