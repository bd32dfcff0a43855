"""OMORL, ONMR and FOMR: functions of mean returns, and of the occupancy itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from ....core.names import check_name
from ....envs.tabular.mdp import TabularMDP
from ....envs.tabular.solvers import occupancy
from .base import Objective, Optimum, Played, Witness, mean_returns, register, tables
from .occupancies import deterministic_policies, frank_wolfe, markov_margin, no_horizon, policy_of
from .worlds import choice, swap

__all__ = ["OccupancyFunction", "OuterMultiObjective", "OuterNonlinear"]

Shape = Literal["concave", "convex"]


@register
@dataclass(frozen=True, eq=False)
class OccupancyFunction(Objective):
    """f(m) of the discounted occupancy m(s, a) = E sum_t gamma^t 1[(s_t, a_t) = (s, a)].

    Occupancies are a polytope whose corners are deterministic policies. A concave f is maximised by Frank and Wolfe's
    method with a certified gap, where each round is a Markov problem with the gradient as reward; a convex f is largest
    in a corner, and all are tried. Other functions have local optima, and no method here.

    Source: Subramani et al. (2023), as recalled; Hazan et al. (arXiv 1812.02690); Zahavy et al., "Reward is enough for
    convex MDPs" (arXiv 2106.00661). Misleads: the gradient is a reward only at this occupancy; a policy trained on the
    last one alone is a corner and may be far from the best, which mixes.

    Args:
        function: f, from m (S, A) to a number; the default is the entropy of the visits' shares of states.
        gamma: discount.
        shape: "concave" or "convex"; it is believed.
        gradient: of f, (S, A); None for central differences, which fail at the border of a logarithm.
    """

    function: Callable[[np.ndarray], float] = lambda visits: state_entropy(visits)
    gamma: float = 0.9
    shape: Shape = "concave"
    gradient: Callable[[np.ndarray], np.ndarray] | None = None
    name: ClassVar[str] = "FOMR"
    title: ClassVar[str] = "function of the occupancy"
    equation: ClassVar[str] = "f(m), m(s, a) = E[sum_t gamma^t 1(s_t = s, a_t = a)]"
    expresses: ClassVar[str] = "coverage, imitation of a distribution, diversity"
    optimiser: ClassVar[str] = "Frank-Wolfe if f is concave, all corners if convex"

    def evaluate(self, mdp: TabularMDP, played: Played) -> float:
        """Return f of what a policy or episodes visit."""
        return float(self.function(self._visits(mdp, played)))

    def optimise(self, mdp: TabularMDP) -> Optimum:
        """Return the best stationary policy, with a bound of what it lacks."""
        return self._search(mdp, self.function, self.gradient)

    @classmethod
    def witness(cls) -> Witness:
        """As many a as b."""
        objective = cls(lambda visits: -float((visits[0, 0] - visits[0, 1]) ** 2), gamma=1.0)
        return _mixed(objective, "as many a as b: an even policy is better than both pure ones")

    def _visits(self, mdp: TabularMDP, played: Played) -> np.ndarray:
        if isinstance(played, np.ndarray):
            return occupancy(mdp, played, self.gamma, mdp.horizon)
        units = np.eye(mdp.admissible.size).reshape(-1, *mdp.admissible.shape)
        return mean_returns(mdp, list(units), self.gamma, played).reshape(mdp.admissible.shape)

    def _search(
        self,
        mdp: TabularMDP,
        value: Callable[[np.ndarray], float],
        gradient: Callable[[np.ndarray], np.ndarray] | None,
    ) -> Optimum:
        check_name("shape", self.shape, ("concave", "convex"), self.name)
        no_horizon(mdp, self.name)
        if self.shape == "convex":
            best = max(deterministic_policies(mdp), key=lambda one: value(occupancy(mdp, one, self.gamma)))
            return Optimum(float(value(occupancy(mdp, best, self.gamma))), best)
        visits, gap = frank_wolfe(mdp, self.gamma, value, gradient or (lambda at: differences(value, at)))
        return Optimum(float(value(visits)), policy_of(mdp, visits), gap)


@register
@dataclass(frozen=True, eq=False)
class OuterMultiObjective(OccupancyFunction):
    """f(J_1, ..., J_k) of mean returns: the case of FOMR that is linear in m before f.

    Source and arguments: as `OccupancyFunction`, with f a function of (k,). Concave: fairness, targets of averages;
    convex: "one or the other", max(J_a, J_b). Misleads: f of means says nothing of any single episode: half of the
    episodes all a, half all b are "even" here. For each episode see IMORL.

    Args:
        function: f, from mean returns (k,) to a number.
        gamma, shape: as in FOMR; `gradient` is that of f, (k,).
        rewards: R_k (S, A).
    """

    function: Callable[[np.ndarray], float] = lambda returns: float(np.max(returns))
    shape: Shape = "convex"
    rewards: Sequence[np.ndarray] = ()
    name: ClassVar[str] = "OMORL"
    title: ClassVar[str] = "outer multi-objective"
    equation: ClassVar[str] = "f(J_1, ..., J_k)"
    expresses: ClassVar[str] = "one or the other, balance of averages"

    def evaluate(self, mdp: TabularMDP, played: Played) -> float:
        """Return f of the mean returns."""
        return float(self.function(mean_returns(mdp, self.rewards, self.gamma, played)))

    def optimise(self, mdp: TabularMDP) -> Optimum:
        """Return the best stationary policy, with a bound of what it lacks."""
        paid = tables(mdp, self.rewards)

        def value(visits: np.ndarray) -> float:
            return self.function(np.einsum("ksa,sa->k", paid, visits))

        def gradient(visits: np.ndarray) -> np.ndarray:
            returns = np.einsum("ksa,sa->k", paid, visits)
            slope = self.gradient(returns) if self.gradient else differences(self.function, returns)
            return np.einsum("k,ksa->sa", slope, paid)

        return self._search(mdp, value, gradient)

    @classmethod
    def witness(cls) -> Witness:
        """Always a or always b."""
        rewards = [np.tile(one, (2, 1)) for one in np.eye(2)]
        return _constant(cls(rewards=rewards), "always a or always b, by max(J_a, J_b): both better than both mixtures")


@register
@dataclass(frozen=True, eq=False)
class OuterNonlinear(OuterMultiObjective):
    """f(J) of one mean return. For monotone f the ordering is that of J; only others, such as x^2, say more.

    Source and arguments: as `OuterMultiObjective`, whose case of one reward it is. Misleads: a monotone f, such as a
    logarithm, changes the numbers and no preference, unlike the same f inside the expectation.
    """

    function: Callable[[np.ndarray], float] = lambda returns: float(returns[0] ** 2)
    name: ClassVar[str] = "ONMR"
    title: ClassVar[str] = "outer nonlinear"
    equation: ClassVar[str] = "f(J)"
    expresses: ClassVar[str] = "a target or an extreme of the average, such as J^2"

    @classmethod
    def witness(cls) -> Witness:
        """Always the same."""
        objective = cls(rewards=(np.tile([1.0, -1.0], (2, 1)),))
        return _constant(objective, "always the same, by J^2 with R(a) = 1, R(b) = -1: both better than both mixtures")


def state_entropy(visits: np.ndarray) -> float:
    """Return the entropy of the shares of visits that states have, in nats."""
    shares = visits.sum(axis=1) / max(visits.sum(), 1e-300)
    seen = shares[shares > 0]
    return -float((seen * np.log(seen)).sum())


def differences(value: Callable[[np.ndarray], float], at: np.ndarray, width: float = 1e-6) -> np.ndarray:
    """Return the gradient of a function by central differences."""
    slope = np.zeros(at.shape)
    for place in np.ndindex(*at.shape):
        move = np.zeros(at.shape)
        move[place] = width
        slope[place] = (value(at + move) - value(at - move)) / (2 * width)
    return slope


def _constant(objective: OuterMultiObjective, wish: str) -> Witness:
    mdp = swap()
    policies = [np.eye(2)[[first, second]] for first in (0, 1) for second in (0, 1)]
    values = [objective.evaluate(mdp, one) for one in policies]
    pairs = [(i, j) for i in (0, 3) for j in (1, 2)]
    margin = min(values[i] - values[j] for i, j in pairs)
    return Witness(wish, "MR", margin, markov_margin(mdp, policies, pairs, gamma=objective.gamma))


def _mixed(objective: Objective, wish: str) -> Witness:
    """Return the witness that an even policy over two actions is better than both pure ones."""
    mdp = choice(2)
    policies = [np.array([[p, 1 - p], [0.0, 0.0]]) for p in (0.5, 1.0, 0.0)]
    even, *pure = (float(objective.evaluate(mdp, one)) for one in policies)
    return Witness(wish, "MR", even - max(pure), markov_margin(mdp, policies, [(0, 1), (0, 2)]))
