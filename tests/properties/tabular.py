"""Small Markov decision processes, solved exactly: the place where statements about optimal policies are checked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

__all__ = ["RandomMDP", "Tables"]


@dataclass(frozen=True)
class Tables:
    """The exact solution of an MDP: values V (S,), action values Q (S, A), and a greedy policy (S,) of ints."""

    values: np.ndarray
    action_values: np.ndarray
    policy: np.ndarray


class RandomMDP:
    """S states, A actions, random sparse transitions and normal rewards R(s, a, s'); the last states are terminal.

    Args:
        rng: where everything is drawn from.
        states, actions: S and A.
        terminals: how many of the states are terminal. They are absorbing and pay nothing.
        gamma: discount, below 1.

    Attributes:
        transitions: P (S, A, S), rows sum to 1.
        rewards: R (S, A, S).
        terminal: bool (S,).
    """

    def __init__(
        self, rng: np.random.Generator, states: int = 6, actions: int = 3, terminals: int = 1, gamma: float = 0.9
    ):
        self.states, self.actions, self.gamma = states, actions, gamma
        self.terminal = np.arange(states) >= states - terminals
        self.transitions = rng.dirichlet(np.full(states, 0.5), size=(states, actions))
        self.transitions[self.terminal] = np.eye(states)[self.terminal][:, None, :]
        self.rewards = rng.normal(size=(states, actions, states))
        self.rewards[self.terminal] = 0.0

    def action_values(self, values: np.ndarray, rewards: np.ndarray | None = None) -> np.ndarray:
        """Return Q (S, A) of acting once and then being worth `values`, under these rewards or others (S, A, S)."""
        rewards = self.rewards if rewards is None else rewards
        return np.einsum("sat,sat->sa", self.transitions, rewards + self.gamma * np.where(self.terminal, 0.0, values))

    def evaluate(self, policy: np.ndarray, rewards: np.ndarray | None = None) -> np.ndarray:
        """Return the values (S,) of a policy (S,) of ints, from the linear system; terminal ones are worth 0."""
        rewards = self.rewards if rewards is None else rewards
        rows = np.arange(self.states)
        chosen = self.transitions[rows, policy]
        paid = np.einsum("st,st->s", chosen, rewards[rows, policy])
        live = ~self.terminal
        values = np.zeros(self.states)
        system = np.eye(live.sum()) - self.gamma * chosen[np.ix_(live, live)]
        values[live] = np.linalg.solve(system, paid[live])
        return values

    def solve(self, rewards: np.ndarray | None = None) -> Tables:
        """Return the optimal values by policy iteration: exact up to rounding after finitely many steps."""
        policy = np.zeros(self.states, dtype=int)
        while True:
            values = self.evaluate(policy, rewards)
            table = self.action_values(values, rewards)
            table[self.terminal] = 0.0
            better = table.max(axis=1) > table[np.arange(self.states), policy] + 1e-12
            if not better.any():
                return Tables(values, table, policy)
            policy = np.where(better, table.argmax(axis=1), policy)

    def value_iteration(self, rewards: np.ndarray | None = None, tolerance: float = 1e-13) -> np.ndarray:
        """Return the optimal values (S,) by repeated backups: slower, and independent of `solve`."""
        values = np.zeros(self.states)
        while True:
            backed_up = np.where(self.terminal, 0.0, self.action_values(values, rewards).max(axis=1))
            if np.abs(backed_up - values).max() < tolerance:
                return backed_up
            values = backed_up

    def walk(self, rng: np.random.Generator, steps: int) -> tuple[np.ndarray, np.ndarray, bool]:
        """Walk at random from state 0; return states (T + 1,), rewards (T,) and whether it ended in a terminal one."""
        states, rewards = [0], []
        while len(rewards) < steps and not self.terminal[states[-1]]:
            action = rng.integers(self.actions)
            after = int(rng.choice(self.states, p=self.transitions[states[-1], action]))
            rewards.append(self.rewards[states[-1], action, after])
            states.append(after)
        return np.array(states), np.array(rewards), bool(self.terminal[states[-1]])
