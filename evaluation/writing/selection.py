"""Who says which of several trained rewards is best and worst: a number, a stand-in for a person, or a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np

from ...core.random import derive_seed
from .reflection import Candidate

__all__ = ["Choice", "Judge", "PreferenceSelector", "ProxyHuman", "ScoreSelector", "Selector", "most_queries"]


@dataclass(frozen=True)
class Choice:
    """What a selector says of a round.

    Attributes:
        best, worst: indices of candidates; None if no training succeeded, or only one for the worst.
        improved: whether the best is better than the best before.
        queries: comparisons that were asked for.
    """

    best: int | None
    worst: int | None
    improved: bool
    queries: int = 0


class Selector(Protocol):
    """Chooses among the candidates of a round."""

    def select(self, candidates: Sequence[Candidate], before: Candidate | None) -> Choice:
        """Return best and worst, and whether the best is better than the best before."""
        ...


class Judge(Protocol):
    """Compares behaviour. `reads` is what it sees beyond it, names from `core.transition.READS`."""

    reads: ClassVar[frozenset[str]]

    def compare(self, pairs: Sequence[tuple[Candidate, Candidate]]) -> list[bool]:
        """Return for each pair whether the first is at least as good."""
        ...


@dataclass(frozen=True)
class ScoreSelector:
    """Eureka's: the best and the worst by the true score of the task. A training that failed is below every score."""

    def select(self, candidates: Sequence[Candidate], before: Candidate | None) -> Choice:
        """Return the extremes; of equals, the first."""
        scores = {i: one.score for i, one in enumerate(candidates) if one.score is not None}
        if not scores:
            return Choice(None, None, False)
        best = max(scores, key=lambda i: (scores[i], -i))
        worst = min(scores, key=lambda i: (scores[i], i))
        former = None if before is None else before.score
        improved = former is None or scores[best] > former
        return Choice(best, worst if worst != best else None, improved)


@dataclass(frozen=True)
class ProxyHuman:
    """ICPL's stand-in for a person: says which policy has the higher true score, and is wrong with a chance.

    Ties go to the first. An oracle: it reads the outcome, and answers with one bit a question.

    Args:
        flips: chance of the wrong answer, the same each time for the same pair.
        seed: of the wrong answers.
    """

    flips: float = 0.0
    seed: int = 0
    reads: ClassVar[frozenset[str]] = frozenset({"outcome"})

    def __post_init__(self) -> None:
        if not 0 <= self.flips <= 0.5:
            raise ValueError(f"the chance of a wrong answer is {self.flips}, not in [0, 0.5]")

    def compare(self, pairs: Sequence[tuple[Candidate, Candidate]]) -> list[bool]:
        """Compare the scores; a failed training is below all."""
        return [self._first(one, other) for one, other in pairs]

    def _first(self, one: Candidate, other: Candidate) -> bool:
        scores = [-1.0 if each.score is None else each.score for each in (one, other)]
        draw = np.random.default_rng(derive_seed(self.seed, "flip", one.written.key, other.written.key)).random()
        return (scores[0] >= scores[1]) != (draw < self.flips)


@dataclass(frozen=True)
class PreferenceSelector:
    """ICPL's: best and worst of K by comparisons of two, and the best against the best before.

    A knockout finds the best with K - 1 comparisons, another among the K - 1 others the worst with K - 2, and one more
    compares the best with the best before, which the first of N rounds has not: (K - 1) + (K - 2) + 1 in each but the
    first, so Q = 2 (K - 1) N - 1 in all, the published count (49 for K = 6, N = 5). Rewards that could not be trained
    on are behind all others and are not asked about, so there may be fewer. That it is a knockout is our own: the
    comparisons of one of its rounds can be shown to a person together.

    Args:
        judge: who compares.
    """

    judge: Judge

    def select(self, candidates: Sequence[Candidate], before: Candidate | None) -> Choice:
        """Ask the judge."""
        alive = [i for i, one in enumerate(candidates) if one.score is not None]
        if not alive:
            return Choice(None, None, False)
        best, asked = self._knockout(candidates, alive, best=True)
        rest = [i for i in alive if i != best]
        worst, more = self._knockout(candidates, rest, best=False) if rest else (None, 0)
        improved = before is None or self.judge.compare([(candidates[best], before)])[0]
        return Choice(best, worst, improved, asked + more + (before is not None))

    def _knockout(self, candidates: Sequence[Candidate], field: Sequence[int], best: bool) -> tuple[int, int]:
        """Return who is left of `field`, and the number of comparisons."""
        left, asked = list(field), 0
        while len(left) > 1:
            pairs = list(zip(left[0::2], left[1::2], strict=False))
            answers = self.judge.compare([(candidates[i], candidates[j]) for i, j in pairs])
            bye = left[len(left) - len(left) % 2 :]
            left = [i if first == best else j for (i, j), first in zip(pairs, answers, strict=True)] + bye
            asked += len(pairs)
        return left[0], asked


def most_queries(samples: int, iterations: int) -> int:
    """Return the comparisons of ICPL if every training succeeds: 2 (K - 1) N - 1."""
    return 2 * (samples - 1) * iterations - 1
