"""A teacher that prefers the segment which deviates less from optimal behaviour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from ...core.names import check_name
from ...core.preferences import Labeler
from ...core.trajectory import Trajectory
from ...envs.tabular.mdp import TabularMDP
from ...envs.tabular.solvers import value_iteration
from .teachers import noisy_labels

__all__ = ["RegretTeacher"]

Kind = Literal["deterministic", "stochastic"]


@dataclass
class RegretTeacher(Labeler):
    """Prefers the segment with less regret under the true reward, which is solved exactly.

        deterministic: regret = V*(s_0) - (sum_t gamma^t r_t + gamma^T V*(s_T))
        stochastic:    regret = sum_t gamma^t (V*(s_t) - Q*(s_t, a_t)) = - sum_t gamma^t A*(s_t, a_t)
        P(first > second) = sigmoid(beta (regret(second) - regret(first)))

    Where nothing is random both are the same number. In a random world the first also counts luck against (or for) a
    segment, the second only what was decided. Regret identifies a reward up to its optimal policies, which a sum of
    rewards (the partial return) does not: it neither sees where a segment ends nor, if all are equally long, what a
    step costs. Regret does not change if the reward is shaped by a potential; the partial return does.

    Source: Knox et al., "Models of human preference for learning reward functions" (arXiv 2206.02231, 2022).
    Status: the deterministic form is confirmed in the code of the follow-up (Knox et al., 2023); the stochastic form is
    from the paper. Constants: theirs are gamma 0.999 and beta 1.
    Traps: V* must be of the reward that is to be learned, not of an estimate; steps must have been recorded with
    numbers of states as observations and numbers of actions.
    How it can be gamed: it judges decisions and not results, so near-optimal dithering just short of the goal is hardly
    punished: each step costs only its small regret.

    Args:
        values: V* (S,), 0 in terminal states.
        action_values: Q* (S, A).
        kind: see above.
        gamma: discount of V*.
        beta: rationality; inf for none but exact comparisons.
        mistakes: probability of the opposite answer.
        seed: of the draws.
    """

    values: np.ndarray
    action_values: np.ndarray
    kind: Kind = "deterministic"
    gamma: float = 1.0
    beta: float = float("inf")
    mistakes: float = 0.0
    seed: int = 0
    reads = frozenset({"obs", "action", "state", "outcome"})

    def __post_init__(self) -> None:
        check_name("kind", self.kind, get_args(Kind), "RegretTeacher")
        if np.shape(self.values) != np.shape(self.action_values)[:1]:
            shapes = f"{np.shape(self.values)} and {np.shape(self.action_values)}"
            raise ValueError(f"RegretTeacher: values and action values of shapes {shapes}, not (S,) and (S, A)")

    @classmethod
    def of(cls, mdp: TabularMDP, gamma: float, **settings: object) -> RegretTeacher:
        """Return the teacher of a tabular world, solved exactly under its own reward."""
        solution = value_iteration(mdp, gamma)
        return cls(solution.values, solution.action_values, gamma=gamma, **settings)  # type: ignore[arg-type]

    def regrets(self, trajectories: Sequence[Trajectory], segments: np.ndarray) -> np.ndarray:
        """Return the regret of segments (N, 3), (N,)."""
        return np.array([self._regret(trajectories[index], start, stop) for index, start, stop in segments.tolist()])

    def _regret(self, trajectory: Trajectory, start: int, stop: int) -> float:
        steps = trajectory.steps[start:stop]
        discounts = self.gamma ** np.arange(len(steps) + 1.0)
        if self.kind == "deterministic":
            paid = np.array([step.reward for step in steps]) @ discounts[:-1]
            return float(self.values[steps[0].obs] - paid - discounts[-1] * self.values[steps[-1].next_obs])
        states, actions = [step.obs for step in steps], [step.action for step in steps]
        return float((self.values[states] - self.action_values[states, actions]) @ discounts[:-1])

    def label(self, trajectories: Sequence[Trajectory], pairs: np.ndarray) -> np.ndarray:
        """Compare by regret; differences below 1e-9 are rounding, so they count as none."""
        gaps = self.regrets(trajectories, pairs[:, 1]) - self.regrets(trajectories, pairs[:, 0])
        return noisy_labels(np.where(np.abs(gaps) < 1e-9, 0.0, gaps), pairs, self.beta, self.mistakes, self.seed)
