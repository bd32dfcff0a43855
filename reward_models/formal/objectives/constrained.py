"""Constrained: the best of what keeps limits on how often things happen; by a linear program, and by multipliers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ....core.names import check_name
from ....envs.tabular.mdp import TabularMDP
from ....envs.tabular.solvers import evaluate_policy, occupancy
from .base import Objective, Optimum, Played, Witness, mean_returns, register, tables
from .occupancies import InfeasibleError, best_occupancy, markov_margin, policy_of
from .worlds import choice

__all__ = ["Constrained", "Iterates", "Limit"]


@dataclass(frozen=True, eq=False)
class Limit:
    """How often something may happen, or has to.

    Attributes:
        cost: what is counted, (S, A), usually 0 or 1.
        threshold: bound of its share of all (discounted) steps.
        sense: "<=" for what is not wanted, ">=" for what is.
        name: for messages.
    """

    cost: np.ndarray
    threshold: float
    sense: str = "<="
    name: str = "cost"

    @property
    def sign(self) -> float:
        """1 for "<=", -1 for ">="."""
        check_name("sense", self.sense, ("<=", ">="), f"the limit on {self.name}")
        return 1.0 if self.sense == "<=" else -1.0


@dataclass(frozen=True, eq=False)
class Iterates:
    """What multipliers did: round by round, the reward (N,), the excess of each limit (N, K) and the multipliers.

    Attributes:
        reward: J of the policy of each round.
        excess: how far it was above each limit (below, for ">="); positive breaks it.
        multipliers: (N, K + 1), the reward's first; they sum to 1.
        visits: the occupancy, averaged over the second half of the rounds, (S, A).
    """

    reward: np.ndarray
    excess: np.ndarray
    multipliers: np.ndarray
    visits: np.ndarray


@register
@dataclass(frozen=True, eq=False)
class Constrained(Objective):
    """max J(policy) subject to J_k <= d_k (or >=), J = (1 - gamma) E sum_t gamma^t R and J_k the same of costs.

    With the factor the costs are shares of the steps, in [0, 1] for indicators. With gamma = 1 the factor is left out:
    then they are sums over an episode. The optimum is a linear program and mixes in general.

    Source: Altman (1999), "Constrained Markov decision processes"; with indicators and normalised multipliers Roy et
    al., "Direct behavior specification via constrained reinforcement learning" (arXiv 2112.12228, 2022). Misleads: a
    limit on a mean share lets some episodes break it often; what is not counted is not limited.

    Args:
        reward: R (S, A); None for the world's own.
        limits: of costs.
        gamma: discount.
    """

    reward: np.ndarray | None = None
    limits: Sequence[Limit] = ()
    gamma: float = 0.9
    name: ClassVar[str] = "constrained"
    title: ClassVar[str] = "constrained"
    equation: ClassVar[str] = "max J subject to J_k <= d_k"
    expresses: ClassVar[str] = "how often something may happen, without a price for it"
    optimiser: ClassVar[str] = "a linear program over occupancies; multipliers"

    def evaluate(self, mdp: TabularMDP, played: Played) -> np.ndarray:
        """Return (1 + K,): J, and by how much each limit is exceeded (positive: broken)."""
        found = self._scale * mean_returns(mdp, list(self._tables(mdp)), self.gamma, played)
        excess = [one.sign * (x - one.threshold) for one, x in zip(self.limits, found[1:], strict=True)]
        return np.append(found[0], excess)

    def compare(self, mdp: TabularMDP, first: Played, second: Played) -> int | None:
        """Keeping all limits comes before J; of two that do not, the one that breaks them less is better."""
        one, two = self.evaluate(mdp, first), self.evaluate(mdp, second)
        broken = [float(np.maximum(each[1:], 0.0).sum()) for each in (one, two)]
        broken = [0.0 if each <= 1e-9 else each for each in broken]
        gap = broken[1] - broken[0] if broken[0] != broken[1] else float(one[0] - two[0])
        return 0 if abs(gap) <= 1e-9 else 1 if gap > 0 else -1

    def optimise(self, mdp: TabularMDP) -> Optimum:
        """Return the best policy that keeps the limits.

        Raises:
            InfeasibleError: there is none; the message says what each limit could be at best, taken alone.
        """
        paid = self._tables(mdp) * self._scale
        bounds = [(one.sign * cost, one.sign * one.threshold) for one, cost in zip(self.limits, paid[1:], strict=True)]
        try:
            visits, value = best_occupancy(mdp, paid[0], self.gamma, bounds)
        except InfeasibleError as error:
            kept = zip(self.limits, bounds, strict=True)
            alone = [one.sign * -best_occupancy(mdp, -cost, self.gamma)[1] for one, (cost, _) in kept]
            said = ", ".join(
                f"{one.name} {one.sense} {one.threshold:g} (alone at best {best:.4g})"
                for one, best in zip(self.limits, alone, strict=True)
            )
            raise InfeasibleError(f"constrained: no policy keeps {said} together") from error
        return Optimum(value, policy_of(mdp, visits))

    def multiply(self, mdp: TabularMDP, rounds: int = 4000, rate: float = 0.05) -> Iterates:
        """Play the game of a policy that is best against multipliers, and multipliers that grow where limits break.

            lambda = softmax(z),  policy = argmax lambda_0 J - sum_k lambda_k sign_k J_k,
            z += rate * gradient of sum_k lambda_k excess_k,  excess_k = sign_k (J_k - d_k).

        The published form (their code takes Adam steps): multipliers stay bounded even where nothing keeps the
        limits, and the reward has no excess of its own. Traps: the policies of single rounds are corners and jump
        across the limit (bang-bang); only their average approaches the optimum.
        """
        paid = self._tables(mdp) * self._scale
        signs = np.array([one.sign for one in self.limits])
        z, policy = np.zeros(len(paid)), policy_of(mdp, np.zeros(mdp.admissible.shape))
        total, tail = np.zeros(mdp.admissible.shape), rounds // 2
        rewards, excesses, shares = [], [], []
        thresholds = np.array([one.threshold for one in self.limits])
        for number in range(rounds):
            share = np.exp(z - z.max())
            share /= share.sum()
            weights = share * np.append(1.0, -signs)
            policy = _best_response(mdp, np.einsum("k,ksa->sa", weights, paid), self.gamma, policy)
            visits = occupancy(mdp, policy, self.gamma)
            found = np.einsum("ksa,sa->k", paid, visits)
            excess = signs * (found[1:] - thresholds)
            moved = np.append(0.0, excess)
            z = z + rate * share * (moved - share @ moved)
            total += visits if number >= tail else 0.0
            rewards.append(found[0])
            excesses.append(excess)
            shares.append(share)
        return Iterates(np.array(rewards), np.array(excesses), np.array(shares), total / max(rounds - tail, 1))

    @classmethod
    def witness(cls) -> Witness:
        """At most three in ten."""
        mdp = choice(2)
        chosen = np.array([[1.0, 0.0], [0.0, 0.0]])
        objective = cls(chosen, (Limit(chosen, 0.3),), gamma=1.0)
        policies = [np.array([[p, 1 - p], [0.0, 0.0]]) for p in (0.3, 0.0, 1.0)]
        said = all(objective.compare(mdp, policies[0], one) == 1 for one in policies[1:])
        return Witness(
            "a as often as possible, at most in 3 of 10 cases: exactly 0.3 is better than never and than always",
            "MR",
            float(said),
            markov_margin(mdp, policies, [(0, 1), (0, 2)]),
        )

    @property
    def _scale(self) -> float:
        return 1.0 - self.gamma if self.gamma < 1 else 1.0

    def _tables(self, mdp: TabularMDP) -> np.ndarray:
        reward = mdp.mean_rewards if self.reward is None else self.reward
        return tables(mdp, [reward, *(one.cost for one in self.limits)])


def _best_response(mdp: TabularMDP, reward: np.ndarray, gamma: float, policy: np.ndarray) -> np.ndarray:
    """Return a deterministic best policy by policy iteration, beginning with a policy that may be near."""
    world = mdp.with_rewards(reward)
    for _ in range(1000):
        values = evaluate_policy(world, policy, gamma)
        ahead = np.where(mdp.admissible, reward + gamma * mdp.expect(values), -np.inf)
        better = np.eye(mdp.num_actions)[ahead.argmax(axis=1)] * mdp.admissible
        same = bool((better == policy).all())
        if same or np.where(mdp.terminal, 0.0, ahead.max(axis=1) - values).max() <= 1e-12:
            return better
        policy = better
    return policy
