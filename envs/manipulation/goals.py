"""What the env pays, as a function of goals: for hindsight replay (HER, Andrychowicz et al., 2017)."""

from __future__ import annotations

from typing import Any

import numpy as np

from .tasks.base import Task

__all__ = ["paid_for"]


def paid_for(task: Task, achieved_goal: Any, desired_goal: Any, info: Any) -> Any:
    """Return 1.0 where a goal (..., 3) is reached and the object is settled, else 0.0; see `ManipulationEnv`."""
    way = np.asarray(achieved_goal, dtype=np.float64) - np.asarray(desired_goal, dtype=np.float64)
    if way.ndim not in (1, 2) or way.shape[-1] != 3:
        raise ValueError(f"goals are arrays of the shape (3,) or (B, 3); their difference has the shape {way.shape}")
    square = way * way
    gap = np.sqrt(square[..., 0] + square[..., 1] + square[..., 2])
    settled = info["settled"] if isinstance(info, dict) else np.array([one["settled"] for one in info])
    found = np.where((gap <= task.near) & settled, 1.0, 0.0)
    return found if found.ndim else float(found)
