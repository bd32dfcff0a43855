"""Trajectories with given figures, and all pairs of their segments."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from guerdon.core.trajectory import Step, Trajectory


def paid(*episodes: Sequence[float]) -> list[Trajectory]:
    """Return one trajectory for each list of rewards."""
    return [
        Trajectory("t", number, [Step(np.zeros(1), np.zeros(1), np.zeros(1), reward=r) for r in rewards])
        for number, rewards in enumerate(episodes)
    ]


def swapped(pairs: np.ndarray) -> np.ndarray:
    """Return the pairs the other way round."""
    return pairs[:, ::-1].copy()


def whole(trajectories: Sequence[Trajectory]) -> np.ndarray:
    """Return all ordered pairs of different whole trajectories."""
    count = range(len(trajectories))
    found = [[[i, 0, len(trajectories[i])], [j, 0, len(trajectories[j])]] for i in count for j in count if i != j]
    return np.array(found, dtype=int)
