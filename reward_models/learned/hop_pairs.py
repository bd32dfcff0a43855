"""Pairs of moments of demonstrations with the hops between them: what a progress model is trained on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .hops import discretise, hop, sample_pairs

__all__ = ["Demo", "HopPairs"]


@dataclass(frozen=True)
class Demo:
    """A demonstration as moments.

    Attributes:
        moments: scaled features (M, F).
        times: when they are, in steps (M,).
        progress: their progress (M,), from 0 to 1.
    """

    moments: np.ndarray
    times: np.ndarray
    progress: np.ndarray

    @classmethod
    def cut(cls, features: np.ndarray, keyframes: Sequence[int], stride: float, hold: int) -> Demo:
        """Return the demonstration with features (T + 1, F); `hold` moments after the last keyframe stay, at 1."""
        times, progress = discretise(keyframes, stride)
        after = np.arange(times[-1] + 1, min(times[-1] + 1 + hold, len(features)))
        times, progress = np.concatenate([times, after]), np.concatenate([progress, np.ones(len(after))])
        return cls(features[times], times, progress)

    @property
    def start(self) -> np.ndarray:
        """The first moment (F,)."""
        return self.moments[0]

    @property
    def goal(self) -> np.ndarray:
        """The last moment (F,)."""
        return self.moments[-1]


class HopPairs:
    """Draws inputs (start, goal, p, q) and hops from demonstrations.

    Args:
        demos: the demonstrations.
        pairs: how many pairs are kept of each.
        near: share of pairs without progress.
        swap: probability that the goal is that of another demonstration.
        anchored: share of pairs that begin at the start or at the goal, half each: these are the pairs that the
            anchored perspectives ask about. Their goal too may be another demonstration's.
        cross: share of pairs whose second moment is another demonstration's. Within one demonstration everything lies
            on the way from its start to its goal, and a model never learns what is beside that way.
        blur: standard deviation of the noise on all inputs, in spreads.
    """

    def __init__(
        self, demos: Sequence[Demo], pairs: int, near: float, swap: float, anchored: float, cross: float, blur: float
    ):
        self.demos, self.size = list(demos), 4 * demos[0].moments.shape[1]
        self._swap, self._anchored, self._cross, self._blur = swap, anchored, cross, blur
        self._moments = np.concatenate([demo.moments for demo in demos])
        self._progress = np.concatenate([demo.progress for demo in demos])
        self._starts, self._goals = np.stack([d.start for d in demos]), np.stack([d.goal for d in demos])
        rng, offset, found = np.random.default_rng(0), 0, []
        for number, demo in enumerate(demos):
            chosen = sample_pairs(demo.times, demo.progress, pairs, rng, near=near) + offset
            found.append(np.column_stack([np.full(len(chosen), number), chosen]))
            offset += len(demo.moments)
        self._pairs = np.concatenate(found)

    def drawn(self, rng: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
        """Return inputs (count, 4 F) and hops (count,)."""
        own, first, second = self._pairs[rng.integers(len(self._pairs), size=count)].T
        second = np.where(rng.random(count) < self._cross, rng.integers(len(self._moments), size=count), second)
        other = np.where(rng.random(count) < self._swap, rng.integers(len(self.demos), size=count), own)
        kind, half = rng.random(count), self._anchored / 2
        at_start, at_goal = kind < half, (kind >= half) & (kind < 2 * half)
        starts, goals, before = self._starts[own], self._goals[other], self._moments[first]
        before = np.where(at_start[:, None], starts, np.where(at_goal[:, None], goals, before))
        made = np.where(at_start, 0.0, np.where(at_goal, 1.0, self._progress[first]))
        inputs = np.concatenate([starts, goals, before, self._moments[second]], axis=1)
        noise = self._blur * rng.standard_normal(inputs.shape, dtype=np.float32)
        return inputs + noise, hop(made, self._progress[second])
