"""What an advantage estimator is, and what several of them share."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import ClassVar

import numpy as np

from ...core.trajectory import Batch

__all__ = ["AdvantageEstimator", "Each", "returns_to_go"]

Each = Callable[[Sequence[float]], np.ndarray]
"""Takes some figures (k,) and returns those of all processes that share a batch, (P, k)."""


class AdvantageEstimator(ABC):
    """Gives each step of a batch its advantage. A subclass is a frozen dataclass whose fields are its constants.

    A group whose trajectories cannot be told apart gives advantage 0, never NaN.

    Class attributes:
        by_group: whether the advantages of a group depend on nothing outside of it.
    """

    by_group: ClassVar[bool] = True

    @abstractmethod
    def __call__(self, batch: Batch, payments: list[np.ndarray]) -> list[np.ndarray]:
        """Return one array (T,) for each trajectory of `batch.trajectories`.

        Args:
            batch: the scored batch.
            payments: what each step was paid, in the same form.
        """

    def pooled(self, batch: Batch, payments: list[np.ndarray], each: Each) -> list[np.ndarray]:
        """Return the advantages of some groups of a batch whose other groups are in other processes.

        They are what they would be in one process, up to rounding. All processes must call this, those without groups
        too.

        Raises:
            ValueError: the estimator looks beyond groups and cannot do so over processes.
        """
        if not self.by_group:
            raise ValueError(f"{type(self).__name__} compares over the whole batch: train with processes=1")
        return self(batch, payments)

    def targets(self, batch: Batch, payments: list[np.ndarray]) -> list[np.ndarray] | None:
        """Return what the value head shall learn, in the same form; None if the estimator needs no values."""
        return None


def returns_to_go(rewards: np.ndarray, gamma: float = 1.0) -> np.ndarray:
    """Return sum_{j >= k} gamma^(j - k) r_j for each k, (T,)."""
    if gamma == 1.0:
        return np.cumsum(rewards[::-1])[::-1].copy()
    out, total = np.empty(len(rewards)), 0.0
    for k in range(len(rewards) - 1, -1, -1):
        total = rewards[k] + gamma * total
        out[k] = total
    return out
