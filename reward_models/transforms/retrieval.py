"""GraphRAG-R1: first learn to retrieve, then to retrieve no more than needed."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ...core.trajectory import Batch, Trajectory
from .base import RewardTransform

__all__ = ["CostAwareF1", "PhaseSchedule", "ProgressiveRetrieval", "WellFormed", "valid_searches"]

Count = Callable[[Trajectory], int]


def valid_searches(trajectory: Trajectory) -> int:
    """Return how many steps did something and are a search by the first word of their action."""
    return sum(step.valid and str(step.action).lower().startswith("search") for step in trajectory.steps)


@dataclass(frozen=True)
class WellFormed(RewardTransform):
    """Pays 1 at the end of an episode in which every action did something and that ended by itself, else 0.

    Source: the format reward of GraphRAG-R1 (arXiv 2507.23581, 2025). Status: reconstructed from the abstract.
    How it can be gamed: any answer at once is well formed; it only serves to start from.
    """

    def __call__(self, batch: Batch) -> list[np.ndarray]:
        """Return zeros and, last, the verdict."""
        return _at_the_end(batch, lambda one: float(one.steps[-1].terminated and all(step.valid for step in one.steps)))


@dataclass(frozen=True)
class ProgressiveRetrieval(RewardTransform):
    """Pays for retrieving, each call less than the one before (PRA, progressive retrieval attenuation).

        R = R_0 (1 - k^n) / (1 - k),   n valid retrievals: the i-th adds R_0 k^(i-1)

    n is the world's own count, `step.text["retrievals"]` after the last step, or what `count` says if the world
    keeps none.

    Source: GraphRAG-R1 (arXiv 2507.23581, 2025). Status: reconstructed (no code for the reward is public): the
    geometric form, R_0 = 0.5 and k = 0.5 are ours.
    Traps: alone it is highest at as many calls as there may be; it is a phase, not a goal.
    How it can be gamed: by retrieving whatever, up to R_0 / (1 - k) in all.

    Args:
        base: R_0, what the first call is paid.
        decay: k, in (0, 1).
        count: counts the valid retrievals of an episode of a world that does not say.
    """

    base: float = 0.5
    decay: float = 0.5
    count: Count | None = None

    def __post_init__(self) -> None:
        if not 0.0 < self.decay < 1.0:
            raise ValueError(f"the decay of the retrieval reward is {self.decay}; it must be in (0, 1)")

    def __call__(self, batch: Batch) -> list[np.ndarray]:
        """Return zeros and, last, the bonus."""
        scale = self.base / (1.0 - self.decay)
        return _at_the_end(batch, lambda one: scale * (1.0 - self.decay ** _calls(one, self.count)))


@dataclass(frozen=True)
class CostAwareF1(RewardTransform):
    """Pays the outcome, less by a factor for each retrieval (CAF).

        R = F1 a e^(-b n)

    The product pays nothing for a wrong answer however few calls it took. If h calls are needed for the answer, the
    best n is h for every b > 0.

    Source: GraphRAG-R1 (arXiv 2507.23581, 2025). Status: reconstructed: the form, a = 1 and b = 0.1 are ours.
    Traps: paid from the start it teaches to retrieve too little before retrieving has ever helped.
    How it can be gamed: by guessing where guesses are often right.

    Args:
        scale: a.
        cost: b, for each call.
        count: as in `ProgressiveRetrieval`.
    """

    scale: float = 1.0
    cost: float = 0.1
    count: Count | None = None

    def __call__(self, batch: Batch) -> list[np.ndarray]:
        """Return zeros and, last, the discounted outcome."""
        return _at_the_end(batch, lambda one: self.scale * one.outcome * math.exp(-self.cost * _calls(one, self.count)))


@dataclass(frozen=True)
class PhaseSchedule(RewardTransform):
    """Pays what the present phase of the training says, by `batch.iteration`.

    Source: the order format, format + PRA, CAF is confirmed by the abstract of GraphRAG-R1; when to switch is ours.

    Args:
        phases: what is paid in each phase.
        starts: the iteration from which each phase but the first is on, ascending: one fewer than phases.
    """

    phases: tuple[RewardTransform, ...]
    starts: tuple[int, ...]

    def __post_init__(self) -> None:
        if len(self.starts) != len(self.phases) - 1 or list(self.starts) != sorted(self.starts):
            raise ValueError(
                f"{len(self.phases)} phases need {len(self.phases) - 1} ascending starts, not {self.starts}"
            )

    def __call__(self, batch: Batch) -> list[np.ndarray]:
        """Return what the phase pays."""
        phase = int(np.searchsorted(self.starts, batch.iteration, side="right"))
        return self.phases[phase](batch)


def _calls(one: Trajectory, count: Count | None) -> int:
    said = one.steps[-1].text.get("retrievals")
    if said is not None:
        return int(said)
    if count is None:
        raise KeyError(
            f"the world of task {one.task_id!r} does not say how often it was asked: there is no 'retrievals' among "
            f"{sorted(one.steps[-1].text)}; give the transform a `count`"
        )
    return count(one)


def _at_the_end(batch: Batch, value: Callable[[Trajectory], float]) -> list[np.ndarray]:
    paid = []
    for one in batch.trajectories:
        paid.append(np.zeros(len(one)))
        paid[-1][-1] = value(one)
    return paid
