"""RM and LTL: rewards with a memory, by a machine or a formula, as objectives."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

import numpy as np

from ....envs.tabular.mdp import TabularMDP
from ....envs.tabular.solvers import evaluate_policy, value_iteration
from ..machine import RewardMachine, compile_formula, product
from .base import Objective, Optimum, Played, Witness, register, weights
from .occupancies import markov_margin

__all__ = ["Formula", "Machine"]


class _Remembered(Objective):
    """Objectives that are a Markov reward on pairs of a state and a machine's state."""

    labels: Sequence[frozenset[str] | set[str]]
    gamma: float

    @property
    def automaton(self) -> RewardMachine:
        raise NotImplementedError

    def evaluate(self, mdp: TabularMDP, played: Played) -> float:
        """Return the mean return of a policy (S, A), or (S * U, A) if it sees the machine; or of episodes."""
        machine, codes = self.automaton, self._codes(mdp)
        if isinstance(played, np.ndarray):
            if len(played) == mdp.num_states:
                played = np.repeat(played, len(machine.states), axis=0)
            world = product(mdp, machine, codes)
            values = evaluate_policy(world, played, self.gamma, mdp.horizon)
            return float(world.start @ (values if mdp.horizon is None else values[0]))
        found = [machine.run([self.labels[state] for state in path.states[1:]])[1] for path in played]
        returns = [float(np.array(paid) @ self.gamma ** np.arange(len(paid))) for paid in found]
        return float(weights(played) @ returns)

    def optimise(self, mdp: TabularMDP) -> Optimum:
        """Return the best policy (S * U, A) of the product, rows numbered state * U + machine state."""
        world = product(mdp, self.automaton, self._codes(mdp))
        found = value_iteration(world, self.gamma, mdp.horizon)
        first = found.values if mdp.horizon is None else found.values[0]
        return Optimum(float(world.start @ first), found.policy)

    def _codes(self, mdp: TabularMDP) -> np.ndarray:
        if len(self.labels) != mdp.num_states:
            raise ValueError(f"{self.name}: {len(self.labels)} states are labelled, the world has {mdp.num_states}")
        return np.array([self.automaton.code(label) for label in self.labels])


@register
@dataclass(frozen=True)
class Machine(_Remembered):
    """E sum_t gamma^t R_{u_t}: what is paid depends on a finite memory u of the labels so far.

    Source: Toro Icarte et al. (JAIR 73, 2022). Misleads: a policy that does not see u meets one observation with two
    values. Labels are those of the states that are arrived in.

    Args:
        machine: the machine.
        labels: propositions that hold in each state, S of them.
        gamma: discount.
    """

    machine: RewardMachine
    labels: Sequence[frozenset[str] | set[str]]
    gamma: float = 0.99
    name: ClassVar[str] = "RM"
    title: ClassVar[str] = "reward machine"
    equation: ClassVar[str] = "E[sum_t gamma^t R(u_t, labels)]"
    expresses: ClassVar[str] = "things in order, how often, since when"
    optimiser: ClassVar[str] = "value iteration on the product; CRM"

    @property
    def automaton(self) -> RewardMachine:
        """The machine."""
        return self.machine

    @classmethod
    def witness(cls) -> Witness:
        """The same twice."""
        rules = [["new", one, one, 0.0] for one in "ab"] + [[one, one, "new", 1.0] for one in "ab"]
        machine = RewardMachine.of_rules({"states": ["new", "a", "b"], "rules": rules})
        return _same_twice(lambda labels: cls(machine, labels, 1.0), "the same at both doors: aa and bb, not ab or ba")


@register
@dataclass(frozen=True)
class Formula(_Remembered):
    """P(the episode satisfies a formula of LTLf).

    Source: De Giacomo and Vardi (2013); LTL in Subramani et al. (2023) is over infinite runs, here over finite ones.
    Misleads: all or nothing: of two policies that fail, neither is better, however near one is.

    Args:
        formula: see `guerdon.reward_models.formal.ltl`.
        labels: propositions that hold in each state, S of them.
    """

    formula: str
    labels: Sequence[frozenset[str] | set[str]]
    gamma: float = 1.0
    name: ClassVar[str] = "LTL"
    title: ClassVar[str] = "temporal logic"
    equation: ClassVar[str] = "P(tau satisfies phi)"
    expresses: ClassVar[str] = "rules about order and time: always, never, until"
    optimiser: ClassVar[str] = "the machine of the formula, then as RM"

    @property
    def automaton(self) -> RewardMachine:
        """The machine of the formula."""
        return _compiled(self.formula)

    @classmethod
    def witness(cls) -> Witness:
        """The same twice."""
        text = "(F (a & X X a)) | (F (b & X X b))"
        return _same_twice(lambda labels: cls(text, labels), f"the same at both doors, by {text}")


@lru_cache(maxsize=64)
def _compiled(formula: str) -> RewardMachine:
    return compile_formula(formula)


def _same_twice(make: Callable[[Sequence[frozenset[str]]], Objective], wish: str) -> Witness:
    """Return the witness of a world of two doors with a hall between, where what was done first is forgotten."""
    after = np.array([[1, 2], [3, 3], [3, 3], [4, 5], [4, 4], [5, 5]])
    over = np.arange(6) >= 4
    mdp = TabularMDP(after, np.zeros((6, 2)), over, np.eye(6)[0], np.repeat(~over[:, None], 2, axis=1))
    empty = frozenset[str]()
    labels = [empty, frozenset("a"), frozenset("b"), empty, frozenset("a"), frozenset("b")]
    objective = make(labels)
    policies = [np.eye(2)[[first, 0, 0, then, 0, 0]] for first in (0, 1) for then in (0, 1)]
    values = [float(objective.evaluate(mdp, one)) for one in policies]
    pairs = [(i, j) for i in (0, 3) for j in (1, 2)]
    return Witness(wish, "MR", min(values[i] - values[j] for i, j in pairs), markov_margin(mdp, policies, pairs))
