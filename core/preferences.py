"""Which of two stretches of behaviour is better, as data: pairs of segments with labels."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .trajectory import Trajectory

__all__ = ["Labeler", "PreferenceSet"]


@dataclass(frozen=True)
class PreferenceSet:
    """N pairs of segments of recorded trajectories, and which of each pair was preferred.

    Attributes:
        trajectories: what the segments are cut from.
        pairs: int array (N, 2, 3): for both segments (trajectory, start, stop), steps start to stop - 1.
        labels: (N,) in [0, 1]: 1 if the first is better, 0 if the second is, 0.5 if they are equal; NaN if whoever
            was asked did not decide (skipped).
        source: who labelled, for the record ("human", "synthetic(beta=inf, ...)").
    """

    trajectories: Sequence[Trajectory]
    pairs: np.ndarray
    labels: np.ndarray
    source: str = ""

    def __post_init__(self) -> None:
        if self.pairs.ndim != 3 or self.pairs.shape[1:] != (2, 3) or len(self.pairs) != len(self.labels):
            raise ValueError(f"pairs have the shape {self.pairs.shape} for {len(self.labels)} labels, not (N, 2, 3)")
        for index, start, stop in self.pairs.reshape(-1, 3).tolist():
            if not 0 <= index < len(self.trajectories) or not 0 <= start < stop <= len(self.trajectories[index]):
                raise ValueError(f"no segment {start} to {stop} of trajectory {index} of {len(self.trajectories)}")
        known = self.labels[~np.isnan(self.labels)]
        if ((known < 0) | (known > 1)).any():
            raise ValueError(f"a preference label is {known[(known < 0) | (known > 1)][0]}, not in [0, 1] or NaN")

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def decided(self) -> np.ndarray:
        """Bool (N,): the pairs that have a label."""
        return ~np.isnan(self.labels)


class Labeler(ABC):
    """Says which of two segments is better; the interface of PEBBLE's teacher (Lee, Smith and Abbeel, 2021).

    Class attribute reads: what the labeler needs of the trajectories beyond observations and actions, names from
    `core.transition.READS`; a labeler may be an oracle, a reward that is learned from its labels is not one.
    """

    reads: frozenset[str] = frozenset()

    @abstractmethod
    def label(self, trajectories: Sequence[Trajectory], pairs: np.ndarray) -> np.ndarray:
        """Return labels (N,) for pairs (N, 2, 3), as in `PreferenceSet`."""
