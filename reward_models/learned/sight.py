"""What rewards that learn online see of a step: where it began, what was done, where it led, as vectors."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from ...core.transition import Transition
from .features import StepFeatures

__all__ = ["CLASSES", "Sight", "Views"]

CLASSES = 64
"""How many kinds of actions are told apart where actions are words or numbers; more share one by a hash."""
LIMIT = 1e3

SightKind = Literal["array", "number", "text"]


@dataclass(frozen=True)
class Views:
    """B steps as float32 matrices.

    Attributes:
        before, after: (B, F), the observations before and after the step.
        did: (B, A), the action: its numbers, a one-hot row, or a hashed bag of its words.
        kinds: int (B,), the class of the action in `CLASSES`; None where actions are vectors of numbers.
    """

    before: np.ndarray
    did: np.ndarray
    after: np.ndarray
    kinds: np.ndarray | None


class Sight:
    """Sees steps of any world; finds out what kind of world it is from the first observation.

    Arrays and dicts of arrays are as in `StepFeatures`; a numbered state is a one-hot row, by its number modulo
    `buckets`; a text is a hashed bag of words and pairs of words, in which the words of the goal are replaced.

    Args:
        buckets: size of bags and one-hot rows.
        kind: "array", "number" or "text" if it is known before.
    """

    def __init__(self, buckets: int = 256, kind: SightKind | None = None):
        self.buckets, self.kind = buckets, kind
        self._features: StepFeatures | None = None

    @property
    def remembers(self) -> bool:
        """Whether a step looks different in different episodes (by the goal that the first text stated)."""
        return self.kind == "text"

    def begin(self, start: Transition) -> np.ndarray:
        """Begin episodes; return how they begin, (B, F)."""
        self._find(start.next_obs)
        if self._features is not None and self.kind == "text":
            self._features.begin(start)
        return self._state(start, start.next_obs)

    def state(self, transition: Transition) -> np.ndarray:
        """Return only where steps led, (B, F)."""
        self._find(transition.next_obs)
        return self._state(transition, transition.next_obs)

    def __call__(self, transition: Transition) -> Views:
        """Return steps as vectors."""
        self._find(transition.next_obs)
        did, kinds = self._action(transition)
        before, after = (self._state(transition, one) for one in (transition.obs, transition.next_obs))
        return Views(before, did, after, kinds)

    def keys(self, transition: Transition, obs: Any) -> list[Any]:
        """Return observations as they are, one a step, for worlds in which they can be told apart: words, numbers."""
        self._find(obs)
        if self.kind == "text":
            return list(obs)
        return np.asarray(obs).reshape(len(transition), -1)[:, 0].tolist()

    @staticmethod
    def kind_of(obs: Any) -> SightKind:
        """Return the kind of world that a batch of observations is of."""
        if isinstance(obs, Mapping):
            return "array"
        if isinstance(obs[0], str):
            return "text"
        return "number" if _numbered(obs) else "array"

    def _find(self, obs: Any) -> None:
        if self.kind is None:
            self.kind = self.kind_of(obs)
        if self._features is None and self.kind != "number":
            self._features = StepFeatures(
                "text" if self.kind == "text" else "array", action=False, buckets=self.buckets, history=False
            )

    def _state(self, transition: Transition, obs: Any) -> np.ndarray:
        if self.kind == "number":
            return _one_hot(np.asarray(obs, dtype=int).reshape(-1), self.buckets)
        assert self._features is not None
        values = self._features(replace(transition, next_obs=obs, action=[""] * len(transition)))
        return np.clip(np.nan_to_num(values), -LIMIT, LIMIT)

    def _action(self, transition: Transition) -> tuple[np.ndarray, np.ndarray | None]:
        actions: Any = transition.action
        if self.kind == "text" or isinstance(actions[0], str):
            words = [str(one) for one in actions]
            kinds = np.array([zlib.crc32(one.encode()) % CLASSES for one in words])
            return self._state(transition, words), kinds
        if _numbered(actions):
            kinds = np.asarray(actions, dtype=int).reshape(-1) % CLASSES
            return _one_hot(kinds, CLASSES), kinds
        values = np.asarray(actions, dtype=np.float32).reshape(len(transition), -1)
        return np.clip(np.nan_to_num(values), -10.0, 10.0), None


def _numbered(values: Sequence[Any]) -> bool:
    """Return whether a batch is of whole numbers, one an env."""
    array = np.asarray(values)
    return array.dtype.kind in "iu" and array.size == len(array)


def _one_hot(numbers: np.ndarray, size: int) -> np.ndarray:
    return np.eye(size, dtype=np.float32)[numbers % size]
