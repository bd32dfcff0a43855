"""GOMORL: orders of vectors of mean returns, the lexicographic one and the least of all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ....envs.tabular.mdp import TabularMDP
from .base import Objective, Optimum, Played, Witness, mean_returns, register, tables
from .occupancies import best_occupancy, markov_margin, policy_of
from .outer import _mixed
from .worlds import choice

__all__ = ["Lexicographic", "MaxMin"]

SMALL = 1e-9


@register
@dataclass(frozen=True, eq=False)
class Lexicographic(Objective):
    """(J_1, ..., J_k) in the order of the dictionary: J_2 decides only among those that are equally good by J_1.

    One linear program after the other, each keeping what the ones before reached. No weights say the same: whatever
    the weight of J_2, some loss of J_1 is small enough to be outweighed (no real function represents this order,
    Debreu 1954). As a reward for training there is none, therefore; learners approximate it with thresholds or with
    a list of critics (Skalse et al., "Lexicographic multi-objective reinforcement learning", arXiv 2212.13769).

    Source: GOMORL of Subramani et al. (2023), total preorders of J, as recalled. Misleads: with estimated returns,
    J_1 is never equal, so J_2 never counts; give `tolerance` the size of the error. With a tolerance the order is no
    longer transitive.

    Args:
        rewards: R_k (S, A), the most important first.
        gamma: discount.
        tolerance: differences of J_k up to this do not decide.
    """

    rewards: Sequence[np.ndarray] = ()
    gamma: float = 0.99
    tolerance: float = SMALL
    name: ClassVar[str] = "GOMORL"
    title: ClassVar[str] = "lexicographic"
    equation: ClassVar[str] = "(J_1, ..., J_k), the first difference decides"
    expresses: ClassVar[str] = "strict priorities: safety before speed, at any price"
    optimiser: ClassVar[str] = "a linear program for each reward, in order"

    def evaluate(self, mdp: TabularMDP, played: Played) -> np.ndarray:
        """Return the mean returns (k,)."""
        return mean_returns(mdp, self.rewards, self.gamma, played)

    def compare(self, mdp: TabularMDP, first: Played, second: Played) -> int | None:
        """Return the sign of the first difference that counts."""
        gaps = self.evaluate(mdp, first) - self.evaluate(mdp, second)
        counts = np.flatnonzero(np.abs(gaps) > self.tolerance)
        return int(np.sign(gaps[counts[0]])) if len(counts) else 0

    def optimise(self, mdp: TabularMDP) -> Optimum:
        """Return the best stationary policy and its returns."""
        limits, visits = list[tuple[np.ndarray, float]](), np.zeros(mdp.admissible.shape)
        paid = tables(mdp, self.rewards)
        for one in paid:
            visits, best = best_occupancy(mdp, one, self.gamma, limits)
            limits.append((-one, -best + self.tolerance))
        return Optimum(np.einsum("ksa,sa->k", paid, visits), policy_of(mdp, visits))

    @classmethod
    def witness(cls) -> Witness:
        """Any a, however little, before all b; then b before nothing."""
        mdp, small = choice(3), 2.0**-20
        chances = ([small, 0.0, 1 - small], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0])
        policies = [np.array([one, [0.0] * 3]) for one in chances]
        objective = cls([np.tile(one, (2, 1)) for one in np.eye(3)[:2]], gamma=1.0)
        said = all(objective.compare(mdp, policies[i], policies[i + 1]) == 1 for i in range(2))
        return Witness(
            "the least chance of a before any amount of b, and b before c; the weaker margin is that for a chance of "
            "2^-20 and shrinks with it to nothing",
            "MR",
            float(said),
            markov_margin(mdp, policies, [(0, 1), (1, 2)]),
            tolerance=2 * small,
        )


@register
@dataclass(frozen=True, eq=False)
class MaxMin(Objective):
    """min_k J_k: the worst-off of several decides. Concave, so that the best policy may have to mix.

    max t subject to J_k(m) >= t: one linear program over occupancies.

    Source: Rawls's maximin as an order of GOMORL and a case of OMORL, Subramani et al. (2023), as recalled. Misleads:
    whichever reward has the smallest numbers decides alone; units matter. What is above the least is wasted; add
    a lexicographic second to use it.

    Args:
        rewards: R_k (S, A).
        gamma: discount.
    """

    rewards: Sequence[np.ndarray] = ()
    gamma: float = 0.99
    name: ClassVar[str] = "max-min"
    title: ClassVar[str] = "the least of several"
    equation: ClassVar[str] = "min_k J_k"
    expresses: ClassVar[str] = "fairness between goals or users"
    optimiser: ClassVar[str] = "a linear program over occupancies"

    def evaluate(self, mdp: TabularMDP, played: Played) -> float:
        """Return the least mean return."""
        return float(mean_returns(mdp, self.rewards, self.gamma, played).min())

    def optimise(self, mdp: TabularMDP) -> Optimum:
        """Return the best stationary policy."""
        floor = list(tables(mdp, self.rewards))
        visits, value = best_occupancy(mdp, np.zeros(mdp.admissible.shape), self.gamma, floor=floor)
        return Optimum(value, policy_of(mdp, visits))

    @classmethod
    def witness(cls) -> Witness:
        """Both get something."""
        rewards = [np.tile(one, (2, 1)) for one in np.eye(2)]
        return _mixed(cls(rewards, gamma=1.0), "both users get something: an even policy is better than both pure ones")
