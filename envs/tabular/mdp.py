"""A Markov decision process as tables: what the exact solvers solve and the tabular envs play."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

__all__ = ["TabularMDP"]


@dataclass(frozen=True, eq=False)
class TabularMDP:
    """S states, A actions, and everything that can happen between them. The arrays are read-only.

    Terminal states are absorbing, pay nothing and are worth nothing, whatever the tables say of them; so are their
    actions, none of which counts as admissible. An inadmissible action stays where it is and pays nothing, whatever the
    tables say of it.

    Attributes:
        transitions: probabilities P(s'|s, a), float (S, A, S); or, if nothing is random, the next state, int (S, A).
        rewards: R(s, a), float (S, A); or, with probabilities, R(s, a, s'), float (S, A, S).
        terminal: bool (S,), where an episode ends.
        start: probability of beginning in each state, float (S,).
        admissible: bool (S, A), which actions can be taken.
        horizon: decisions after which an episode is over at the latest; None if there is no such number.
        states: names of the states, S of them.
        actions: names of the actions, A of them.

    Raises:
        ValueError: a table has a wrong shape or impossible content; the message names the table and the place.
    """

    transitions: np.ndarray
    rewards: np.ndarray
    terminal: np.ndarray
    start: np.ndarray
    admissible: np.ndarray
    horizon: int | None = None
    states: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        table = np.asarray(self.transitions)
        deterministic = table.ndim == 2
        terminal = _array("terminal", self.terminal, bool, (None,))
        size, width = len(terminal), table.shape[1] if table.ndim > 1 else 0
        shape = (size, width) if deterministic else (size, width, size)
        transitions = _array("transitions", table, int if deterministic else float, shape)
        paid = np.asarray(self.rewards)
        rewards = _array("rewards", paid, float, shape if paid.ndim == 3 else (size, width))
        start = _array("start", self.start, float, (size,))
        admissible = _array("admissible", self.admissible, bool, (size, width)) & ~terminal[:, None]
        _stay(transitions, rewards, admissible)
        states = tuple(self.states) or tuple(str(number) for number in range(size))
        actions = tuple(self.actions) or tuple(str(number) for number in range(width))
        for name, value in (("transitions", transitions), ("rewards", rewards), ("terminal", terminal)):
            _set(self, name, value)
        for name, value in (("start", start), ("admissible", admissible), ("states", states), ("actions", actions)):
            _set(self, name, value)
        for table in (transitions, rewards, terminal, start, admissible):
            table.setflags(write=False)
        self._check()

    def _check(self) -> None:
        if len(self.states) != self.num_states or len(self.actions) != self.num_actions:
            named = f"{len(self.states)} states and {len(self.actions)} actions are named"
            raise ValueError(f"TabularMDP: {named}, but there are {self.num_states} and {self.num_actions}")
        if self.horizon is not None and self.horizon < 1:
            raise ValueError(f"TabularMDP: horizon is {self.horizon}, not at least 1 (None for no horizon)")
        if self.is_deterministic:
            bad = (self.transitions < 0) | (self.transitions >= self.num_states)
        else:
            bad = (self.transitions < 0).any(axis=2) | (np.abs(self.transitions.sum(axis=2) - 1) > 1e-9)
        what = "names no state" if self.is_deterministic else "is no distribution"
        for state, action in np.argwhere(bad & self.admissible)[:1].tolist():
            where = f"transitions of action {self.actions[action]!r} in state {self.states[state]!r}"
            raise ValueError(f"TabularMDP: {where} {what}: {self.transitions[state, action]}")
        for state in np.flatnonzero(~self.terminal & ~self.admissible.any(axis=1))[:1].tolist():
            raise ValueError(f"TabularMDP: state {self.states[state]!r} is not terminal and has no admissible action")
        if (self.start < 0).any() or abs(self.start.sum() - 1) > 1e-9:
            raise ValueError(f"TabularMDP: start is no distribution, it sums to {self.start.sum()}")
        if not np.isfinite(self.rewards).all():
            raise ValueError("TabularMDP: rewards must be finite")

    @property
    def num_states(self) -> int:
        """S."""
        return len(self.terminal)

    @property
    def num_actions(self) -> int:
        """A."""
        return self.admissible.shape[1]

    @property
    def is_deterministic(self) -> bool:
        """Whether `transitions` is a table of next states."""
        return self.transitions.ndim == 2

    @cached_property
    def probabilities(self) -> np.ndarray:
        """P(s'|s, a), float (S, A, S), whichever way the transitions are given."""
        return np.eye(self.num_states)[self.transitions] if self.is_deterministic else self.transitions

    @cached_property
    def mean_rewards(self) -> np.ndarray:
        """What an action pays on average, float (S, A)."""
        paid = self.rewards
        if paid.ndim == 3:
            paid = np.einsum("sat,sat->sa", self.probabilities, paid)
        return paid

    def expect(self, values: np.ndarray) -> np.ndarray:
        """Return what `values` (S,) of the next state are on average, (S, A). Terminal states count as they stand."""
        return values[self.transitions] if self.is_deterministic else self.transitions @ values

    def with_rewards(self, rewards: np.ndarray) -> TabularMDP:
        """Return the same world with other rewards, (S, A) or (S, A, S)."""
        return replace(self, rewards=rewards)

    def shaped(self, potential: np.ndarray, gamma: float) -> TabularMDP:
        """Return the same world with gamma * Phi(s') - Phi(s) added to what is paid.

        Args:
            potential: Phi (S,); what it says of terminal states does not count, Phi is 0 there.
            gamma: discount of the agent.

        Source: Ng, Harada and Russell (1999), "Policy invariance under reward transformations".
        """
        phi = np.where(self.terminal, 0.0, np.asarray(potential, dtype=float))
        return self.with_rewards(self.mean_rewards + gamma * self.expect(phi) - phi[:, None])


def _set(mdp: TabularMDP, name: str, value: object) -> None:
    object.__setattr__(mdp, name, value)


def _array(name: str, value: object, kind: type, shape: Sequence[int | None]) -> np.ndarray:
    """Return a copy of a table; refuse one of another shape or of another kind of numbers."""
    found = np.asarray(value)
    fits = found.ndim == len(shape) and all(want in (None, have) for want, have in zip(shape, found.shape, strict=True))
    if not fits or not found.size:
        wanted = ", ".join("any" if size is None else str(size) for size in shape)
        raise ValueError(f"TabularMDP: {name} has the shape {found.shape}, not ({wanted})")
    if found.dtype.kind not in {bool: "b", int: "iu", float: "iuf"}[kind]:
        raise ValueError(f"TabularMDP: {name} holds {found.dtype}, not {kind.__name__}")
    return np.array(found, dtype=kind)


def _stay(transitions: np.ndarray, rewards: np.ndarray, admissible: np.ndarray) -> None:
    """Make actions that are not admissible stay where they are and pay nothing, in place."""
    states, actions = np.nonzero(~admissible)
    rewards[states, actions] = 0.0
    if transitions.ndim == 2:
        transitions[states, actions] = states
    else:
        transitions[states, actions] = np.eye(len(admissible))[states]
