"""Goals: one's own at reset, and what the env pays for any, for hindsight replay (HER, Andrychowicz et al., 2017)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from .robot.control import HIGH, LOW
from .tasks.base import Task

__all__ = ["own_target", "paid_for"]


def own_target(task: Task, marked: bool, options: Mapping[str, Any] | None) -> tuple[dict[str, Any], np.ndarray | None]:
    """Take the target out of the options of a reset: `{"target": (x, y, z)}`, in m.

    Args:
        task: the env's task.
        marked: whether its target is a mark that can stand anywhere.
        options: what reset was given.

    Returns:
        the other options; the target (3,), or None if there is none.

    Raises:
        ValueError: the task's target is part of a thing, or the point is not one that the gripper can be sent to.
    """
    rest = dict(options or {})
    if "target" not in rest:
        return rest, None
    said = rest.pop("target")
    if not marked:
        raise ValueError(f"{task.name}-v0: its target belongs to a thing on the table and cannot be placed by itself")
    target = np.asarray(said, dtype=np.float64)
    if target.shape != (3,) or not np.isfinite(target).all():
        raise ValueError(f"{task.name}-v0: a target is three finite numbers, x, y, z in m, not {said!r}")
    nearest = np.clip(target, LOW, HIGH)
    if float(np.linalg.norm(target - nearest)) > task.near:
        raise ValueError(
            f"{task.name}-v0: the target {tuple(target.tolist())} is out of the gripper's reach; "
            f"the nearest point that is not is {tuple(nearest.round(3).tolist())}"
        )
    return rest, target


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
