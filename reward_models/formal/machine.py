"""Reward machines: what a step pays depends on what has happened, as far as a finite machine remembers it."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...core.names import check_name
from ...envs.tabular.mdp import TabularMDP
from .ltl import Formula, holds, parse, progress, propositions

__all__ = ["RewardMachine", "compile_formula", "product"]

MAX_STATES = 500


@dataclass(frozen=True, eq=False)
class RewardMachine:
    """A machine of U states over P propositions; a step's label, which propositions hold after it, moves it.

    A label is a number: bit p stands for proposition p.

    Attributes:
        states: names of the states; the first is where an episode begins.
        propositions: names of the propositions.
        after: the next state, int (U, 2 ** P).
        rewards: what the move pays, float (U, 2 ** P).
        terminal: bool (U,), where an episode ends for the machine; it stays there and pays nothing.

    Source: Toro Icarte et al., "Reward machines", JAIR 73 (2022), confirmed in their code; there a label without a
    rule ends the episode, here the machine stays where it is, which is what most machines mean.
    """

    states: tuple[str, ...]
    propositions: tuple[str, ...]
    after: np.ndarray
    rewards: np.ndarray
    terminal: np.ndarray

    @classmethod
    def of_rules(cls, data: Mapping[str, Any]) -> RewardMachine:
        """Make a machine of plain data: {"states": [...], "terminal": [...], "rules": [[from, when, to, reward], ...]}.

        `when` is a formula without temporal operators ("a & !b"); the first rule that fits counts, and where none does
        the machine stays and pays 0.

        Raises:
            ValueError: a rule names no state or is no formula; the message says which.
        """
        for key in data:
            check_name("key", key, ("states", "terminal", "rules"), "a reward machine")
        states = tuple(data["states"])
        rules = []
        for number, rule in enumerate(data["rules"]):
            where = f"rule {number} of the reward machine"
            start, when, end, paid = rule
            for one in (start, end):
                check_name("state", one, states, where)
            rules.append((start, parse(when), end, float(paid)))
        names = tuple(sorted(set().union(*(propositions(when) for _, when, _, _ in rules))))
        size, letters = len(states), [_letter(names, code) for code in range(2 ** len(names))]
        after = np.tile(np.arange(size)[:, None], (1, len(letters)))
        rewards, terminal = np.zeros(after.shape), np.zeros(size, dtype=bool)
        for one in data.get("terminal", ()):
            terminal[states.index(check_name("state", one, states, "terminal of the reward machine"))] = True
        for start, when, end, paid in reversed(rules):
            u, fits = states.index(start), [holds(when, [letter]) for letter in letters]
            after[u, fits], rewards[u, fits] = states.index(end), paid
        after[terminal] = np.flatnonzero(terminal)[:, None]
        rewards[terminal] = 0.0
        return cls(states, names, after, rewards, terminal)

    @classmethod
    def of_json(cls, text: str) -> RewardMachine:
        """Make a machine of the JSON of what `of_rules` takes."""
        try:
            return cls.of_rules(json.loads(text))
        except (json.JSONDecodeError, KeyError, TypeError) as error:
            raise ValueError(f"not a reward machine: {error}") from error

    def code(self, label: Iterable[str]) -> int:
        """Return the number of a label; propositions that the machine does not know are left out."""
        return sum(1 << self.propositions.index(name) for name in set(label) if name in self.propositions)

    def run(self, word: Sequence[Iterable[str]]) -> tuple[list[int], list[float]]:
        """Return the states after each letter and what each paid."""
        state, states, paid = 0, [], []
        for label in word:
            code = self.code(label)
            paid.append(float(self.rewards[state, code]))
            state = int(self.after[state, code])
            states.append(state)
        return states, paid

    def counterfactual(self, codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return, for labels (B,), the next states (B, U) and payments (B, U) had the machine been in each state.

        That is CRM: one step of the env is an experience for every state of the machine.
        """
        return self.after[:, codes].T, self.rewards[:, codes].T

    def values(self, gamma: float, sweeps: int = 10_000) -> np.ndarray:
        """Return the most that the machine can still pay from each state, (U,), if labels could be chosen at will.

        As a potential it leads through the machine (`sign` +1 of the reward); the published code takes its negative.
        """
        values = np.zeros(len(self.states))
        for _ in range(sweeps):
            new = np.where(self.terminal, 0.0, (self.rewards + gamma * values[self.after]).max(axis=1))
            if np.abs(new - values).max() <= 1e-12:
                return new
            values = new
        return values


def compile_formula(text: str | Formula) -> RewardMachine:
    """Return the machine of a formula of LTLf: it has paid 1 in all as long as what has happened satisfies the formula.

    A move pays (satisfied after) - (satisfied before), so that a whole episode pays 1 if it satisfies the formula and
    0 if not; a formula that holds of nothing happening ("G !broken") begins at satisfied, so it pays -1 for the
    violation. States in which the verdict cannot change any more are terminal.

    Source: De Giacomo and Vardi (2013); safe and co-safe formulas as in Kupferman and Vardi (2001).

    Raises:
        ValueError: the text is no formula, or its machine has more than 500 states.
    """
    formula = parse(text) if isinstance(text, str) else text
    names = propositions(formula)
    letters = [_letter(names, code) for code in range(2 ** len(names))]
    found, rows = [formula], list[list[int]]()
    for one in found:  # grows
        row = []
        for letter in letters:
            left = progress(one, letter)
            if left not in found:
                found.append(left)
            row.append(found.index(left))
        rows.append(row)
        if len(found) > MAX_STATES:
            raise ValueError(f"the machine of {str(formula)!r} has more than {MAX_STATES} states")
    accepts = np.array([holds(one, []) for one in found], dtype=float)
    after = np.array(rows)
    return _smallest(tuple(str(one) for one in found), names, after, accepts)


def _smallest(
    names: tuple[str, ...], letters: tuple[str, ...], after: np.ndarray, accepts: np.ndarray
) -> RewardMachine:
    """Return the machine with states put together that no word tells apart (Moore's algorithm)."""
    classes = accepts.astype(int)
    while True:
        _, new = np.unique(np.column_stack([classes, classes[after]]), axis=0, return_inverse=True)
        if len(set(new.tolist())) == len(set(classes.tolist())):
            break
        classes = new.ravel()
    order = list(dict.fromkeys(classes.tolist()))  # the first state's class comes first
    keep = [int(np.flatnonzero(classes == one)[0]) for one in order]
    place = {one: i for i, one in enumerate(order)}
    small = np.array([[place[int(classes[to])] for to in after[one]] for one in keep])
    verdict = accepts[keep]
    rewards = verdict[small] - verdict[:, None]
    terminal = (small == np.arange(len(keep))[:, None]).all(axis=1)
    return RewardMachine(tuple(names[one] for one in keep), letters, small, rewards, terminal)


def product(mdp: TabularMDP, machine: RewardMachine, codes: np.ndarray, end: bool = True) -> TabularMDP:
    """Return the world of pairs, numbered state * U + machine state; it pays what the machine does.

    Args:
        mdp: the world; its own rewards do not count.
        machine: the machine.
        codes: the label of arriving in each state, int (S,).
        end: whether a terminal state of the machine ends the episode.
    """
    size, width = mdp.num_states, len(machine.states)
    total = size * width
    chances = np.zeros((total, mdp.num_actions, total))
    rewards = np.zeros_like(chances)
    for u, s in itertools.product(range(width), range(size)):
        to = np.arange(size) * width + machine.after[u, codes]
        chances[s * width + u][:, to] = mdp.probabilities[s]
        rewards[s * width + u][:, to] = machine.rewards[u, codes]
    over = np.repeat(mdp.terminal, width) | (end & np.tile(machine.terminal, size))
    return TabularMDP(
        transitions=chances,
        rewards=rewards,
        terminal=over,
        start=(mdp.start[:, None] * np.eye(width)[0]).ravel(),
        admissible=np.repeat(mdp.admissible, width, axis=0) & ~over[:, None],
    )


def _letter(names: Sequence[str], code: int) -> frozenset[str]:
    return frozenset(name for bit, name in enumerate(names) if code >> bit & 1)
