"""Who says which captions are helpful: somebody who knows the words, somebody who errs; see `language` for models."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar

import numpy as np

from ...core.random import derive_seed

__all__ = ["Annotator", "KeywordAnnotator", "NoisyAnnotator"]


class Annotator(ABC):
    """Labels captions.

    Class attribute reads: what it needs beyond the captions, names from `core.transition.READS`.
    """

    reads: ClassVar[frozenset[str]] = frozenset()

    @abstractmethod
    def label(self, captions: Sequence[str]) -> np.ndarray:
        """Return (N,): 1 for helpful, 0 for not, NaN for undecided."""

    def compare(self, pairs: Sequence[tuple[str, str]]) -> np.ndarray:
        """Return (N,): 1 if the first caption is the more helpful one, 0 if the second is, 0.5 for neither."""
        first, second = (self.label([pair[side] for pair in pairs]) for side in (0, 1))
        return (1 + first - second) / 2


class KeywordAnnotator(Annotator):
    """Calls a caption helpful if a regular expression is found in it.

    It stands in for a language model in tests and studies. It reads captions only, neither state nor outcome, but
    whoever wrote the expression knew what solves the world's tasks: it is an expert, and so is what learns from it.
    What it cannot know is what came before: putting the wanted thing down in its place is helpful, whether it has been
    cleaned or not.
    Gamed by: doing what the expression names, over and over; the payments of `learned/oni-v1` fall for that reason.

    Args:
        pattern: see above.
    """

    def __init__(self, pattern: str):
        try:
            self._pattern = re.compile(pattern)
        except re.error as error:
            raise ValueError(f"keywords {pattern!r} are no regular expression: {error}") from error

    def label(self, captions: Sequence[str]) -> np.ndarray:
        """Search."""
        return np.array([float(self._pattern.search(one) is not None) for one in captions])


class NoisyAnnotator(Annotator):
    """Gives a wrong answer with probability `flip`: the opposite label; of a tie either side.

    Whether an answer is wrong is decided by the caption or the pair (in either order) and the seed, so asking again
    does not help.

    Args:
        inner: who knows better.
        flip: in [0, 1].
        seed: of the mistakes.
    """

    def __init__(self, inner: Annotator, flip: float, seed: int = 0):
        if not 0 <= flip <= 1:
            raise ValueError(f"the share of wrong labels is {flip}, not in [0, 1]")
        self.inner, self.flip, self.seed = inner, flip, seed
        self.reads = inner.reads  # type: ignore[misc]

    def label(self, captions: Sequence[str]) -> np.ndarray:
        """Label, with mistakes."""
        labels = self.inner.label(captions)
        return np.where([self._draw(one)[0] < self.flip for one in captions], 1 - labels, labels)

    def compare(self, pairs: Sequence[tuple[str, str]]) -> np.ndarray:
        """Compare, with mistakes."""
        labels = self.inner.compare(pairs)
        for row, (one, other) in enumerate(pairs):
            chance, side = self._draw(*sorted((one, other)))
            if chance < self.flip:
                tie = labels[row] == 0.5
                labels[row] = float((side < 0.5) == (one < other)) if tie else 1 - labels[row]
        return labels

    def _draw(self, *captions: str) -> tuple[float, float]:
        return derive_seed(self.seed, "wrong", *captions) / 2**32, derive_seed(self.seed, "side", *captions) / 2**32
