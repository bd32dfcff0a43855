"""What a step scorer is, and what a scorer that learns is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from ...core.trajectory import Batch, Trajectory

__all__ = ["StepScorer"]


class StepScorer(ABC):
    """Judges every step of trajectories; what it says goes into the column `name` of their scores.

    Class attributes:
        causal: whether the score of a step depends on it and what came before only, so that it could be paid at once.
        reads: what must be recorded beside observations, actions and text; "state" for privileged figures
            (the columns "plan_before" and "plan_after", actions on a shortest way to success, -1 if there is none).

    Attributes:
        name: the column.
        env_steps: env steps that labelling has cost so far; they count in a run's budget.
    """

    causal: ClassVar[bool] = True
    reads: ClassVar[frozenset[str]] = frozenset()
    name: str
    env_steps: int = 0

    @abstractmethod
    def score(self, trajectories: Sequence[Trajectory]) -> list[np.ndarray]:
        """Return one array (T,) for each trajectory."""

    def fit(self, batch: Batch) -> dict[str, float]:
        """Learn from a batch after it has been scored and used; return figures to log. Most scorers do not learn."""
        return {}

    def state(self) -> Any:
        """Return everything that `restore` needs to go on exactly; None if the scorer does not learn or draw."""
        return None

    def restore(self, state: Any) -> None:  # noqa: B027 - most scorers keep nothing
        """Go back to what `state` returned."""

    def write(self, batch: Batch) -> None:
        """Score a batch and write the column."""
        trajectories = batch.trajectories
        for one, scores in zip(trajectories, self.score(trajectories), strict=True):
            if scores.shape != (len(one),) or not np.isfinite(scores).all():
                raise ValueError(f"scorer {self.name!r} gave {scores} for the {len(one)} steps of task {one.task_id!r}")
            one.write(self.name, scores)
