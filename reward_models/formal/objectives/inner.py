"""IMORL: the expectation of a function of the returns, and INMR, the same with one reward."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import ClassVar

import numpy as np

from ....envs.tabular.mdp import TabularMDP
from .base import Objective, Optimum, Played, Witness, path_returns, register, tables, weights
from .occupancies import markov_margin
from .worlds import two_steps

__all__ = ["InnerMultiObjective", "InnerNonlinear"]

DIGITS = 9
MOST = 500_000
Returns = tuple[float, ...]


@register
@dataclass(frozen=True, eq=False)
class InnerMultiObjective(Objective):
    """E[f(G_1, ..., G_k)], not discounted: a judgment of whole episodes, by totals.

    The returns so far are part of the state: V_t(s, g) = max_a E V_{t+1}(s', g + R(s, a)), and V = f(g) at the end. So
    the best policy remembers them (keys of `Optimum.policy`). Exact where returns take few values.

    Source: Subramani et al. (2023), as recalled; the augmented state is that of Bauerle and Rieder (2014) and of
    expected scalarised returns in multi-objective learning. Misleads: an agent that does not see the returns so far
    cannot follow it, however it is trained; f of the mean is another thing, see OMORL.

    Args:
        function: f, from k returns (k,) to a number.
        rewards: R_k (S, A); none for the world's own.
        horizon: decisions; None for the world's, or until a terminal state, which must then always be reached.
    """

    function: Callable[[np.ndarray], float] = lambda returns: float(np.min(returns))
    rewards: Sequence[np.ndarray] = ()
    horizon: int | None = None
    name: ClassVar[str] = "IMORL"
    title: ClassVar[str] = "inner multi-objective"
    equation: ClassVar[str] = "E[f(G_1, ..., G_k)]"
    expresses: ClassVar[str] = "how several totals have to go together in each episode"
    optimiser: ClassVar[str] = "recursion over (time, state, returns so far)"

    def evaluate(self, mdp: TabularMDP, played: Played) -> float:
        """Return E f(G) of a policy, by all returns that it can have, or of episodes."""
        paid = tables(mdp, self.rewards)
        if not isinstance(played, np.ndarray):
            return float(weights(played) @ [self.function(path_returns(paid, 1.0, path)) for path in played])
        return self._recursion(mdp, played)[0]

    def optimise(self, mdp: TabularMDP) -> Optimum:
        """Return the best policy, {(decisions taken, state, returns so far): action}."""
        value, policy = self._recursion(mdp, None)
        return Optimum(value, policy)

    @classmethod
    def witness(cls) -> Witness:
        """One of each."""
        kinds = [np.tile(one, (3, 1)) for one in np.eye(2)]
        objective = cls(rewards=kinds)
        return _margin(objective, "one of each kind in two steps: ab and ba are better than aa and bb", (1, 2))

    def _recursion(self, mdp: TabularMDP, policy: np.ndarray | None) -> tuple[float, dict]:
        if mdp.rewards.ndim == 3 and not self.rewards:
            raise ValueError(f"{self.name}: give rewards (S, A); those of the world depend on the next state")
        paid = tables(mdp, self.rewards)
        horizon = mdp.horizon if self.horizon is None else self.horizon
        chosen: dict[tuple[int, int, Returns], int] = {}

        @cache
        def worth(t: int, state: int, so_far: Returns) -> float:
            if mdp.terminal[state] or t == horizon:
                return float(self.function(np.array(so_far)))
            if t >= (horizon or mdp.num_states) or len(chosen) > MOST:
                raise ValueError(f"{self.name}: episodes go on for ever or have too many returns; give a horizon")
            values = np.full(mdp.num_actions, -np.inf)
            for action in np.flatnonzero(mdp.admissible[state] if policy is None else policy[state]).tolist():
                then = tuple(round(g + float(r), DIGITS) for g, r in zip(so_far, paid[:, state, action], strict=True))
                after = mdp.probabilities[state, action]
                values[action] = sum(after[s] * worth(t + 1, s, then) for s in np.flatnonzero(after).tolist())
            chosen[t, state, so_far] = int(values.argmax())
            if policy is None:
                return float(values.max())
            return float(sum(share * value for share, value in zip(policy[state], values, strict=True) if share > 0))

        nothing = (0.0,) * len(paid)
        value = sum(float(mdp.start[s]) * worth(0, s, nothing) for s in np.flatnonzero(mdp.start).tolist())
        return float(value), chosen


@register
@dataclass(frozen=True, eq=False)
class InnerNonlinear(InnerMultiObjective):
    """E[f(G)]: a judgment of the return of each episode, such as -(G - c)^2 for exactly c, or a risk-averse utility.

    Source, limits and arguments: as `InnerMultiObjective`, whose case of one reward it is. Misleads: E f(G) is not
    f(E G): with f = -(G - c)^2 a policy of mean c that is never at c is bad here and perfect there.
    """

    function: Callable[[np.ndarray], float] = lambda returns: -float((returns[0] - 1.0) ** 2)
    name: ClassVar[str] = "INMR"
    title: ClassVar[str] = "inner nonlinear"
    equation: ClassVar[str] = "E[f(G)]"
    expresses: ClassVar[str] = "a target or a limit for the total of each episode, risk"

    @classmethod
    def witness(cls) -> Witness:
        """Exactly one."""
        objective = cls(rewards=(np.tile([1.0, 0.0], (3, 1)),))
        return _margin(objective, "exactly one a in two steps, by f(G) = -(G - 1)^2", (1, 2))


def _margin(objective: InnerMultiObjective, wish: str, wanted: tuple[int, int]) -> Witness:
    """Return the witness that some of aa, ab, ba and bb, by number, are better than the others."""
    mdp = two_steps()
    policies = [np.eye(2)[[first, second, 0]] for first in (0, 1) for second in (0, 1)]
    values = [objective.evaluate(mdp, one) for one in policies]
    others = [i for i in range(4) if i not in wanted]
    margin = min(values[i] for i in wanted) - max(values[i] for i in others)
    weaker = markov_margin(mdp, policies, [(i, j) for i in wanted for j in others])
    return Witness(wish, "MR", margin, weaker)
