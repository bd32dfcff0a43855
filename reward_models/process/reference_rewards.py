"""What the reference policy's episodes were paid, as something to compare later episodes with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from ...core.trajectory import Trajectory
from .base import StepScorer

__all__ = ["ReferenceRewards"]


class ReferenceRewards(StepScorer):
    """Keeps the rewards of the first episodes of a run, those of the policy as it started, and hands them out.

    Of n trajectories of one task, the i-th is given, at its last step, the (i + 1/2) / n quantile of the reference
    rewards of that task; if the task was not among the first episodes, of all of them. So the sums of the column over
    a group are n reference rewards, as `PreferenceAsReward` reads them.

    It costs no episodes of its own. The price: for tasks that do not come back, the reference is that of an
    average task, and comparing no longer takes out what a task pays to everyone.

    Args:
        column: what the reward of an episode is the sum of; its scorer must come before this one.
        episodes: how many are kept, the first ones. More than a batch of them and the policy has learned meanwhile.
        name: the column that is written.
    """

    causal: ClassVar[bool] = False

    def __init__(self, column: str = "paid", episodes: int = 128, name: str = "reference"):
        if episodes < 1:
            raise ValueError(f"{episodes} reference episodes; there must be at least one")
        self.column, self.episodes, self.name = column, episodes, name
        self._kept: list[tuple[str, float]] = []

    def score(self, trajectories: Sequence[Trajectory]) -> list[np.ndarray]:
        """Return zeros and, last, a reference reward."""
        for one in trajectories[: self.episodes - len(self._kept)]:
            self._kept.append((one.task_id, float(one.column(self.column).sum())))
        by_task: dict[str, list[int]] = defaultdict(list)
        for row, one in enumerate(trajectories):
            by_task[one.task_id].append(row)
        scores = [np.zeros(len(one)) for one in trajectories]
        everything = [reward for _, reward in self._kept]
        for task, rows in by_task.items():
            own = [reward for name, reward in self._kept if name == task] or everything
            for row, level in zip(rows, np.quantile(own, (np.arange(len(rows)) + 0.5) / len(rows)), strict=True):
                scores[row][-1] = level
        return scores

    def state(self) -> Any:
        """Return the kept rewards."""
        return list(self._kept)

    def restore(self, state: Any) -> None:
        """Keep these."""
        self._kept = [(task, reward) for task, reward in state]
