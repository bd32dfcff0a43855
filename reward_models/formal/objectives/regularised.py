"""RRL: Markov reward minus a price of the policy's shape; here the entropy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ....envs.tabular.mdp import TabularMDP
from ....envs.tabular.solvers import occupancy, soft_optimal, value_iteration
from .base import Objective, Optimum, Played, Witness, mean_returns, register
from .outer import _mixed

__all__ = ["Regularised"]


@register
@dataclass(frozen=True, eq=False)
class Regularised(Objective):
    """E sum_t gamma^t (R(s_t, a_t) - alpha F(policy(.|s_t))) with F = -entropy: a unique best policy, which mixes.

    policy(a|s) = exp((Q(s, a) - V(s)) / alpha), V(s) = alpha log sum_a exp(Q(s, a) / alpha). With alpha = 0 it is MR.

    Source: Geist et al., "A theory of regularized MDPs" (arXiv 1901.11275, 2019); Subramani et al. (2023), as recalled.
    Misleads: entropy is paid wherever there are actions, so an agent may prefer rooms with many doors, or not to end;
    the optimum of the sum is not the best of the reward.

    Args:
        alpha: price, at least 0.
        reward: R (S, A); None for the world's own.
        gamma: discount.
    """

    alpha: float = 1.0
    reward: np.ndarray | None = None
    gamma: float = 0.99
    name: ClassVar[str] = "RRL"
    title: ClassVar[str] = "regularised reward"
    equation: ClassVar[str] = "E[sum_t gamma^t (R(s_t, a_t) + alpha H(pi(.|s_t)))]"
    expresses: ClassVar[str] = "to stay unpredictable or near a reference"
    optimiser: ClassVar[str] = "soft value iteration; SAC"

    def evaluate(self, mdp: TabularMDP, played: Played) -> float:
        """Return the regularised return of a policy.

        Raises:
            ValueError: given episodes, which do not tell the chances of what was not done.
        """
        if not isinstance(played, np.ndarray):
            raise ValueError("RRL: the entropy of a policy cannot be seen in episodes; give the policy")
        visits = occupancy(mdp, played, self.gamma, mdp.horizon).sum(axis=1)
        logs = np.log(np.where(played > 0, played, 1.0))
        entropy = -(played * logs).sum(axis=1)
        paid = mean_returns(mdp, () if self.reward is None else (self.reward,), self.gamma, played)[0]
        return float(paid + self.alpha * (visits @ entropy))

    def optimise(self, mdp: TabularMDP) -> Optimum:
        """Return the unique best policy; with alpha 0 a deterministic one."""
        paid = mdp.mean_rewards if self.reward is None else self.reward
        if self.alpha == 0:
            found = value_iteration(mdp.with_rewards(paid), self.gamma, mdp.horizon)
        else:
            # H(p) = log A - KL(p || even): the log is paid, the divergence is what `soft_optimal` charges.
            count = np.maximum(mdp.admissible.sum(axis=1, keepdims=True), 1)
            world = mdp.with_rewards(paid + self.alpha * np.log(count))
            found = soft_optimal(world, mdp.admissible / count, 1 / self.alpha, self.gamma, mdp.horizon)
        first = found.values if mdp.horizon is None else found.values[0]
        return Optimum(float(mdp.start @ first), found.policy)

    @classmethod
    def witness(cls) -> Witness:
        """Unpredictable."""
        return _mixed(cls(gamma=1.0), "to be unpredictable: an even policy is better than both pure ones")
