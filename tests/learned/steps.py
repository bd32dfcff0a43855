"""Steps for testing rewards that learn: of numbered states, of vectors, and of episodes that were made up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from guerdon.core.trajectory import Step, Trajectory
from guerdon.core.transition import Transition
from guerdon.reward_models import Reward

__all__ = ["batch", "begin", "pay", "trajectories"]


def batch(
    before: Any, action: Any, after: Any, terminated: Sequence[bool] | None = None, rows: Any = None
) -> Transition:
    """Return B steps as a reward is handed them."""
    size = len(next(iter(after.values())) if isinstance(after, dict) else after)
    ended = np.zeros(size, dtype=bool) if terminated is None else np.asarray(terminated, dtype=bool)
    nothing = np.zeros(size, dtype=bool)
    where = np.arange(size) if rows is None else np.asarray(rows)
    return Transition(before, action, after, ended, nothing, nothing, rows=where)


def begin(reward: Reward, first: Any) -> None:
    """Begin an episode in each slot."""
    reward.begin(batch(first, None, first))


def pay(reward: Reward, *args: Any, **kwargs: Any) -> np.ndarray:
    """Return what steps are paid."""
    return reward.pay(batch(*args, **kwargs))[0]


def trajectories(episodes: Sequence[Sequence[tuple[Any, Any, Any, bool]]]) -> list[Trajectory]:
    """Return episodes of (before, action, after, terminated)."""
    return [
        Trajectory("made up", number, [Step(obs, action, after, ended) for obs, action, after, ended in steps])
        for number, steps in enumerate(episodes)
    ]
