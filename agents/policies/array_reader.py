"""Observations that are numbers, as features of order one: one array for all slots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .base import Reader

__all__ = ["ArrayReader"]

FARTHEST = 10.0
"""Features are cut off here, so that a thing that flies away does not blow up a network."""


class ArrayReader(Reader):
    """Scales observations, all slots at once; it keeps no notes.

    The features of plain observations (B, D_o) are (observation - middle) / spread. Those of a goal env are that and
    (desired_goal - achieved_goal) / reach, so that a network sees what is left to do; the same as
    `goal_features.GoalFeatures` makes for Stable-Baselines3, pictures apart. Each slot's input is a row of one array.

    Args:
        observation_size: D_o.
        goal_size: numbers of a goal, 0 for plain observations.
        middle, spread: typical value and deviation of each number of the observation, (D_o,); None for 0 and 1.
        reach: typical distance of a goal.
    """

    def __init__(
        self,
        observation_size: int,
        goal_size: int = 0,
        middle: Sequence[float] | None = None,
        spread: Sequence[float] | None = None,
        reach: float = 1.0,
    ):
        self.size, self.goal_size, self.reach = observation_size, goal_size, reach
        self.middle = np.asarray([0.0] * observation_size if middle is None else middle)
        self.spread = np.asarray([1.0] * observation_size if spread is None else spread)
        if not len(self.middle) == len(self.spread) == observation_size:
            sizes = f"middle has {len(self.middle)}, spread {len(self.spread)}"
            raise ValueError(f"observations have {observation_size} numbers; {sizes}")

    def read(
        self,
        observations: Any,
        infos: Mapping[str, Any],
        fresh: np.ndarray,
        last: Sequence[Any],
        rows: np.ndarray | None = None,
    ) -> list[np.ndarray]:
        """Return the features of B situations, rows (D_o + goal_size,) of one float32 array.

        Args:
            observations: as a vector env gives them, an array (B, D_o) or a dict of such; or a list of single ones.
            infos: not needed.
            fresh: not needed.
            last: not needed.
            rows: not needed.
        """
        return list(self.features(observations))

    def features(self, observations: Any) -> np.ndarray:
        """Return the features as one array, float32 (B, D_o + goal_size)."""
        if not self.goal_size:
            return self._scale(np.asarray(observations), self.middle, self.spread)
        seen, goal, achieved = (_column(observations, key) for key in ("observation", "desired_goal", "achieved_goal"))
        left = self._scale(goal - achieved, 0.0, self.reach)
        return np.concatenate([self._scale(seen, self.middle, self.spread), left], axis=1)

    def _scale(self, values: np.ndarray, middle: Any, spread: Any) -> np.ndarray:
        return np.clip((values - middle) / spread, -FARTHEST, FARTHEST).astype(np.float32)


def _column(observations: Any, key: str) -> np.ndarray:
    if isinstance(observations, Mapping):
        return np.asarray(observations[key])
    return np.array([one[key] for one in observations])
