"""VOC, value-order correlation: whether what a model says of a video rises as the video goes on."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..core.trajectory import Trajectory
from ..reward_models.base import transitions_of
from ..reward_models.learned.base import RewardModel

__all__ = ["OrderReport", "reversed_trajectory", "spearman", "value_order"]


def spearman(first: np.ndarray, second: np.ndarray) -> float:
    """Return the rank correlation of two sequences, ties at their mean rank; 0 if either is constant."""
    ranks = [_ranks(np.asarray(one, dtype=float)) for one in (first, second)]
    spread = float(np.prod([rank.std() for rank in ranks]))
    if spread == 0:
        return 0.0
    return float(np.mean((ranks[0] - ranks[0].mean()) * (ranks[1] - ranks[1].mean())) / spread)


def _ranks(values: np.ndarray) -> np.ndarray:
    _, where, counts = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(counts) - (counts - 1) / 2)[where]


@dataclass(frozen=True)
class OrderReport:
    """VOC of each of N trajectories, in [-1, 1].

    Attributes:
        forward: VOC+, of the trajectories as they are.
        backward: VOC-, of the reversed ones against their own time: about -VOC+ for a model that judges what it sees,
            positive for one that takes any passing of time for progress.
    """

    forward: tuple[float, ...]
    backward: tuple[float, ...]

    @property
    def mean_forward(self) -> float:
        """Mean VOC+."""
        return float(np.mean(self.forward))

    @property
    def mean_backward(self) -> float:
        """Mean VOC-."""
        return float(np.mean(self.backward))


def value_order(model: RewardModel, trajectories: Sequence[Trajectory], until_success: bool = True) -> OrderReport:
    """Return the rank correlation of time and score, on trajectories and on the same reversed.

    Args:
        model: one that values states.
        trajectories: episodes, at least two steps long.
        until_success: cut each after its first success: standing at the goal has no order.

    Source: VOC, from GVL (Ma et al., 2024, "Vision Language Models are In-Context Value Learners"), and its two
    directions from Robo-Dopamine (2512.23703, 2025).

    Raises:
        ValueError: the model scores steps, or there is nothing to score.
    """
    if not model.values_states:
        raise ValueError(f"VOC is of models that value states; {model.name!r} scores steps")
    if not trajectories:
        raise ValueError("VOC of no trajectories")
    cut = [_cut(one) for one in trajectories] if until_success else list(trajectories)
    forward = tuple(_order(model, one) for one in cut)
    return OrderReport(forward, tuple(_order(model, reversed_trajectory(one)) for one in cut))


def reversed_trajectory(trajectory: Trajectory) -> Trajectory:
    """Return a trajectory as a film that runs backwards: situations in reverse, actions meaningless but in reverse."""
    steps = [
        dataclasses.replace(step, obs=step.next_obs, next_obs=step.obs, state=step.next_state, next_state=step.state)
        for step in reversed(trajectory.steps)
    ]
    return dataclasses.replace(trajectory, steps=steps)


def _order(model: RewardModel, trajectory: Trajectory) -> float:
    start, steps = transitions_of(trajectory)
    scores = [float(model.begin(start)[0]), *(float(model.score(step)[0]) for step in steps)]
    return spearman(np.arange(len(scores)), np.array(scores))


def _cut(trajectory: Trajectory) -> Trajectory:
    done = [number for number, step in enumerate(trajectory.steps, 1) if step.success]
    return dataclasses.replace(trajectory, steps=trajectory.steps[: max(done[0], 2)]) if done else trajectory
