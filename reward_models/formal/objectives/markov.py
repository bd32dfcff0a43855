"""MR: the expected sum of Markov rewards, which the others are measured against."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ....envs.tabular.mdp import TabularMDP
from ....envs.tabular.solvers import value_iteration
from .base import Objective, Optimum, Played, mean_returns, register

__all__ = ["Markov"]


@register
@dataclass(frozen=True, eq=False)
class Markov(Objective):
    """J(policy) = E sum_t gamma^t R(s_t, a_t): linear in the occupancy, so one of the best policies is deterministic.

    Source: the reward hypothesis; Subramani et al., "On the expressivity of objective-specification formalisms in
    reinforcement learning" (arXiv 2310.11840, 2023), has no code; definitions as recalled, checked by the witnesses.
    Misleads: where the wish is not of this form no reward is right, however long one tunes it; see the other files.

    Args:
        reward: R (S, A); None for the world's own.
        gamma: discount.
    """

    reward: np.ndarray | None = None
    gamma: float = 0.99
    name: ClassVar[str] = "MR"
    title: ClassVar[str] = "Markov reward"
    equation: ClassVar[str] = "E[G], G = sum_t gamma^t R(s_t, a_t)"
    expresses: ClassVar[str] = "wishes that are linear in what is visited"
    optimiser: ClassVar[str] = "value iteration; any agent"

    def evaluate(self, mdp: TabularMDP, played: Played) -> float:
        """Return the expected return."""
        return float(mean_returns(mdp, () if self.reward is None else (self.reward,), self.gamma, played)[0])

    def optimise(self, mdp: TabularMDP) -> Optimum:
        """Return a deterministic best policy; with a horizon it has a leading axis of time."""
        world = mdp if self.reward is None else mdp.with_rewards(self.reward)
        found = value_iteration(world, self.gamma, mdp.horizon)
        first = found.values if mdp.horizon is None else found.values[0]
        return Optimum(float(mdp.start @ first), found.policy)
