"""One way to ask anything that scores steps: a reward, a step scorer, a fitted reward model."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np

from ...core.names import check_name
from ...core.trajectory import Trajectory
from ...reward_models import Reward, make_reward
from ...reward_models.learned.base import RewardModel
from ...reward_models.process.base import StepScorer

__all__ = ["AGGREGATES", "Scorer", "Scoring"]

Scorer = str | Reward | StepScorer | RewardModel
"""Id or expression of a reward, or a thing that scores."""
AGGREGATES = {"sum": np.sum, "min": np.min, "last": lambda one: one[-1], "mean": np.mean}


class Scoring:
    """Scores trajectories by a scorer.

    A scorer that reads through a policy of ours is shown what the policy would have read of texts that have changed.

    Args:
        scorer: what is asked.
        aggregate: what an episode's score is of those of its steps: "sum", "min", "last" or "mean".

    Attributes:
        scorer: what is asked, made if it was given as an id.
        name: how to call it.
    """

    def __init__(self, scorer: Scorer, aggregate: str = "sum"):
        check_name("aggregate", aggregate, AGGREGATES, "attack")
        self.scorer = make_reward(scorer) if isinstance(scorer, str) else scorer
        self.name = scorer if isinstance(scorer, str) else str(getattr(scorer, "id", getattr(scorer, "name", "scorer")))
        self._total = AGGREGATES[aggregate]

    def steps(self, trajectories: Sequence[Trajectory]) -> list[np.ndarray]:
        """Return the scores (T,) of each trajectory's steps."""
        if isinstance(self.scorer, Reward):
            return [self.scorer.relabel(one) for one in trajectories]
        if isinstance(self.scorer, RewardModel):
            return self.scorer.score_trajectories(trajectories)
        net = getattr(getattr(self.scorer, "learner", self.scorer), "net", None)
        if net is not None:
            trajectories = [one if one.steps[0].inputs is not None else _read_again(net, one) for one in trajectories]
        return self.scorer.score(trajectories)

    def totals(self, trajectories: Sequence[Trajectory]) -> np.ndarray:
        """Return the score of each trajectory, (N,)."""
        return np.array([float(self._total(one)) for one in self.steps(trajectories)])


def _read_again(net: Any, trajectory: Trajectory) -> Trajectory:
    """Return a trajectory with what the policy `net` reads of its steps, and how it would have chosen its actions."""
    reader, last, steps = net.reader(1), [None], []
    for number, step in enumerate(trajectory.steps):
        offered = list(step.admissible)
        if offered and step.action not in offered:
            offered.append(step.action)
        listed = np.empty(1, dtype=object)
        listed[0] = offered
        infos = {"admissible_actions": listed} if offered else {}
        inputs = reader.read([step.obs], infos, np.array([number == 0]), last)[0]
        steps.append(dataclasses.replace(step, inputs=inputs, choice=net.choice_of(inputs, step.action, step.tag)))
        last = [step.action]
    return dataclasses.replace(trajectory, steps=steps)
