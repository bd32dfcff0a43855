"""The vector itself: what cannot be compared stays so, and the best is a front."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ....envs.tabular.mdp import TabularMDP
from .base import Objective, Optimum, Played, Witness, mean_returns, register, tables
from .occupancies import best_occupancy, markov_margin, policy_of
from .worlds import choice

__all__ = ["Pareto"]


@register
@dataclass(frozen=True, eq=False)
class Pareto(Objective):
    """(J_1, ..., J_k), better only if no J_k is worse and one is better.

    With stationary policies that mix, the front is the upper right side of a polytope; its corners are the optima of
    weighted sums. With two rewards they are found exactly: between two neighbours the weights are those for which both
    are equally good, until nothing is above (Aneja and Nair 1979). With more, weights in steps of 1/10 are tried, which
    finds corners and may miss some.

    Source: Roijers et al. (2013), "A survey of multi-objective sequential decision-making". Misleads: mixing policies
    means that different episodes get different goods; if every episode has to be on the front, see IMORL.

    Args:
        rewards: R_k (S, A).
        gamma: discount.
    """

    rewards: Sequence[np.ndarray] = ()
    gamma: float = 0.99
    name: ClassVar[str] = "Pareto"
    title: ClassVar[str] = "multi-objective vector"
    equation: ClassVar[str] = "(J_1, ..., J_k), by dominance"
    expresses: ClassVar[str] = "goods that nobody has weighed yet"
    optimiser: ClassVar[str] = "corners of the front by weighted linear programs"

    def evaluate(self, mdp: TabularMDP, played: Played) -> np.ndarray:
        """Return the mean returns (k,)."""
        return mean_returns(mdp, self.rewards, self.gamma, played)

    def compare(self, mdp: TabularMDP, first: Played, second: Played) -> int | None:
        """Return 1, -1 or 0 by dominance, None where each is better in something."""
        gaps = self.evaluate(mdp, first) - self.evaluate(mdp, second)
        better, worse = bool((gaps > 1e-9).any()), bool((gaps < -1e-9).any())
        return None if better and worse else int(better) - int(worse)

    def optimise(self, mdp: TabularMDP) -> Optimum:
        """Return the corners of the front: values (n, k) by falling J_1, and a list of n policies."""
        paid = tables(mdp, self.rewards)
        found: list[tuple[np.ndarray, np.ndarray]] = []

        def best(weights: Sequence[float] | np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            visits, _ = best_occupancy(mdp, np.einsum("k,ksa->sa", weights, paid), self.gamma)
            return np.einsum("ksa,sa->k", paid, visits), visits

        def between(left: np.ndarray, right: np.ndarray) -> None:
            weights = np.array([right[1] - left[1], left[0] - right[0]])
            if (weights <= 1e-9).any():
                return
            middle = best(weights / weights.sum())
            if weights @ (middle[0] - left) > 1e-9 * weights.sum():
                between(left, middle[0])
                found.append(middle)
                between(middle[0], right)

        if len(paid) == 2:
            # A touch of the other weight keeps the ends on the front where the first alone is a tie.
            ends = [best((1.0, 1e-7)), best((1e-7, 1.0))]
            found.append(ends[0])
            between(ends[0][0], ends[1][0])
            found.append(ends[1])
        else:
            steps = itertools.product(range(11), repeat=len(paid))
            found = [best(np.array(one) / 10 + 1e-7) for one in steps if sum(one) == 10]
        kept: list[tuple[np.ndarray, np.ndarray]] = []
        for value, visits in found:
            if not any(np.abs(value - other).max() <= 1e-9 for other, _ in kept):
                kept.append((value, visits))
        kept.sort(key=lambda one: tuple(-one[0]))
        return Optimum(np.array([value for value, _ in kept]), [policy_of(mdp, visits) for _, visits in kept])

    @classmethod
    def witness(cls) -> Witness:
        """Two that cannot be compared with a third, though one is better than the other."""
        mdp = choice(3)
        policies = [np.array([one, [0.0] * 3]) for one in ([1.0, 0.0, 0.0], [0.9, 0.0, 0.1], [0.0, 1.0, 0.0])]
        objective = cls([np.tile(one, (2, 1)) for one in np.eye(3)[:2]], gamma=1.0)
        orders = [objective.compare(mdp, policies[i], policies[j]) for i, j in ((0, 1), (0, 2), (1, 2))]
        return Witness(
            "a is better than a little less a, and neither is better or worse than b",
            "MR",
            float(orders == [1, None, None]),
            markov_margin(mdp, policies, [(0, 1)], [(0, 2), (1, 2)]),
        )
