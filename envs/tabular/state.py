"""The privileged state of a tabular env: what reward authors, potentials and language models may read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from .problem import Problem

__all__ = ["TabularState"]


@dataclass(frozen=True)
class TabularState:
    """One moment of an episode, or B moments with arrays of shape (B,).

    Attributes:
        state: number of the state, in [0, S).
        step: actions taken so far, those that did nothing included.
        plan_length: actions on a shortest way to success from here; 0 at success, -1 if there is none (any more).
        progress: PadTrap: useful and useless steps of progress so far. Tree: branches taken. Grid: 0. Hacks: the true
            score so far.
        needed: PadTrap: steps of progress that a correct answer needs. Tree: the depth. Grid: 0. Hacks: the score that
            is success.
        outcome: what the env itself pays for arriving here, in [0, 1]; 0 except at the end of an episode.
        proxy: Hacks: what the published reward pays for each action here, in [-1, 1], (A,). Elsewhere what the outcome
            pays for it on average.
    """

    state: Any
    step: Any
    plan_length: Any
    progress: Any
    needed: Any
    outcome: Any
    proxy: Any

    ORACLE = frozenset({"plan_length", "outcome", "proxy"})
    """What programs that are written or found may not read: the objective, another reward, what only planners know."""

    @classmethod
    def of(cls, problem: Problem, state: int, step: int) -> TabularState:
        """Read one moment of an episode of a problem."""
        return cls(
            state,
            step,
            int(problem.plan_length[state]),
            int(problem.progress[state]),
            problem.needed,
            float(problem.outcome[state]),
            problem.proxy[state],
        )

    @staticmethod
    def stack(states: Sequence[TabularState]) -> TabularState:
        """Put B states on a leading axis."""
        return TabularState(*(np.array([getattr(state, name) for state in states]) for name in _NAMES))

    def pick(self, rows: np.ndarray) -> TabularState:
        """Return the states of a stack at the indices `rows`."""
        return TabularState(*(getattr(self, name)[rows] for name in _NAMES))


_NAMES = [field.name for field in fields(TabularState)]
