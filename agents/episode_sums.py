"""What has been paid in the episode of each slot of a vector env, and the info of an episode that has ended."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

__all__ = ["EpisodeSums"]


class EpisodeSums:
    """Sums of what the slots were paid since their episodes began.

    Args:
        num_envs: slots.
    """

    def __init__(self, num_envs: int):
        self._paid, self._own = np.zeros(num_envs), np.zeros(num_envs)
        self._lengths = np.zeros(num_envs, dtype=int)
        self._terms: dict[str, np.ndarray] = {}
        self._tasks: list[str] = [""] * num_envs

    def begin(self, rows: np.ndarray, info: Mapping[str, Any]) -> None:
        """Start over in the slots where `rows`, bool (N,), with the info of their resets."""
        for value in (self._paid, self._own, self._lengths, *self._terms.values()):
            value[rows] = 0
        if "task" in info:
            for row in np.flatnonzero(rows).tolist():
                self._tasks[row] = str(info["task"][row])

    def add(self, rewards: np.ndarray, info: Mapping[str, Any]) -> None:
        """Note a step of all slots."""
        self._paid += rewards
        self._own += info.get("reward_env", rewards)
        self._lengths += 1
        for name, value in dict(info.get("reward_terms", {})).items():
            if not name.startswith("_"):
                self._terms[name] = self._terms.get(name, 0.0) + value

    def task(self, row: int) -> str:
        """Return the task of a slot."""
        return self._tasks[row]

    def ended(self, row: int, info: Mapping[str, Any]) -> dict[str, Any]:
        """Return what there is to say of a slot's episode, with the info of its last step.

        `episode` holds the return `r` and the length `l`; `terms` the sums of the reward's terms, `reward_env` that of
        the env's own reward; `is_success`, `objective`, `task` and `task_type` are the env's.
        """
        return {
            "episode": {"r": float(self._paid[row]), "l": int(self._lengths[row]), "t": 0.0},
            "is_success": bool(info["is_success"][row]),
            "objective": float(info["objective"][row]) if "objective" in info else float(info["is_success"][row]),
            "terms": {name: float(value[row]) for name, value in self._terms.items()},
            "reward_env": float(self._own[row]),
            "task": self._tasks[row],
            "task_type": str(info["task_type"][row]) if "task_type" in info else "",
        }
