"""Which pairs of segments a teacher is asked about: drawn evenly, or those about which an ensemble disagrees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from ...core.preferences import Labeler, PreferenceSet
from ...core.trajectory import Trajectory

__all__ = ["DisagreementPairs", "UniformPairs", "ask"]


@dataclass(frozen=True)
class UniformPairs:
    """Draws segments evenly: a trajectory by its length, a length, a place.

    By default segments are of different lengths, because what a constant is worth in every step (a cost of time, pay
    for being alive) cannot be learned from segments that are all equally long: it cancels in every comparison.

    Source: fragments as in Christiano et al. (2017); variable lengths after the findings on Knox et al. (2022).
    Constants: 25 steps are the shorter segments of Christiano et al.; B-Pref and PEBBLE use 50.

    Args:
        shortest, longest: of the lengths in steps; equal for segments of one length. Shorter trajectories than
            `longest` give segments up to their own length; those below `shortest` none.
    """

    shortest: int = 1
    longest: int = 25

    def __post_init__(self) -> None:
        if not 1 <= self.shortest <= self.longest:
            raise ValueError(f"{self}: shortest must be at least 1 and at most longest")

    def sample(self, trajectories: Sequence[Trajectory], count: int, seed: int) -> np.ndarray:
        """Return pairs (count, 2, 3) of different segments.

        Raises:
            ValueError: there are no two different segments.
        """
        sizes = np.array([len(one) for one in trajectories], dtype=int)
        usable = np.flatnonzero(sizes >= self.shortest)
        if not len(usable) or (len(usable) == 1 and sizes[usable[0]] == self.shortest):
            raise ValueError(f"{len(trajectories)} trajectories hold no two segments of {self.shortest} steps or more")
        rng, found = np.random.default_rng(seed), []
        share = sizes[usable] / sizes[usable].sum()
        while len(found) < count:
            index = rng.choice(usable, size=2, p=share)
            most = np.minimum(sizes[index], self.longest)
            length = rng.integers(self.shortest, most + 1)
            start = rng.integers(0, sizes[index] - length + 1)
            pair = np.stack([index, start, start + length], axis=1)
            if (pair[0] != pair[1]).any():
                found.append(pair)
        return np.array(found, dtype=int).reshape(-1, 2, 3)


class Doubtful(Protocol):
    """A model that knows how unsure it is about pairs."""

    def disagreement(self, trajectories: Sequence[Trajectory], pairs: np.ndarray) -> np.ndarray:
        """Return the spread (N,) of its members' probabilities."""
        ...


@dataclass(frozen=True)
class DisagreementPairs:
    """Draws `candidates` times as many pairs evenly and keeps those about which the members disagree most.

    Source: Christiano et al. (2017); PEBBLE (2021), whose `large_batch` is 10. Status: confirmed in the code of B-Pref:
    the standard deviation of the members' P(first > second).
    Traps: the pairs that are kept are neighbours of one another, and what confuses the model may be what cannot be
    told apart; PEBBLE finds it better than even drawing on most tasks, not on all.

    Args:
        model: fitted before, with more than one member.
        base: draws the candidates.
        candidates: see above.
    """

    model: Doubtful
    base: UniformPairs = UniformPairs()
    candidates: int = 10

    def sample(self, trajectories: Sequence[Trajectory], count: int, seed: int) -> np.ndarray:
        """Return pairs (count, 2, 3), the most doubtful first."""
        drawn = self.base.sample(trajectories, count * self.candidates, seed)
        doubt = self.model.disagreement(trajectories, drawn)
        return drawn[np.argsort(-doubt, kind="stable")[:count]]


def ask(teacher: Labeler, trajectories: Sequence[Trajectory], pairs: np.ndarray) -> PreferenceSet:
    """Return the pairs with the teacher's labels."""
    return PreferenceSet(trajectories, pairs, teacher.label(trajectories, pairs), source=repr(teacher))
