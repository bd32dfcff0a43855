"""Filters: which trajectories of a group are learned from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..core.trajectory import Group

__all__ = ["AccuracyBand"]


@dataclass(frozen=True)
class AccuracyBand:
    """Keeps a group whole if its mean outcome lies in a band, and drops it whole if not.

    A task that always or never succeeds teaches little: all its advantages are near 0, and one exception moves the
    policy a lot. Dropping it changes the tasks that are trained on towards those at the edge of what can be done.

    Source: PRIME, arXiv 2502.01456 (2025), confirmed in its code.

    Args:
        low, high: the band; both ends are kept.
    """

    low: float = 0.2
    high: float = 0.8

    def __post_init__(self) -> None:
        if not 0.0 <= self.low <= self.high <= 1.0:
            raise ValueError(f"AccuracyBand: needs 0 <= low <= high <= 1, not low {self.low} and high {self.high}")

    def __call__(self, group: Group) -> Group:
        """Return the group, or an empty one."""
        mean = float(np.mean([one.outcome for one in group.trajectories])) if group.trajectories else 0.0
        return group if self.low <= mean <= self.high else Group(group.task_id, [])
