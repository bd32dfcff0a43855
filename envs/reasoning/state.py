"""The privileged state of a game of the reasoning world: what reward authors and potentials may read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

__all__ = ["ReasoningState"]


@dataclass(frozen=True)
class ReasoningState:
    """One moment of a game of Calc or LineProg; or, made by `stack`, B moments with arrays of shape (B,).

    Attributes:
        plan_length: actions on a shortest way to success, the answer or submission counted; 0 after success, -1 if
            there is none any more. Where answers are offered (`guess`), ways that work the answer out are meant.
        value: Calc: the number at the end of the chain. LineProg: tests that the program passes as it stands.
        target: Calc: the number to reach. LineProg: how many tests there are.
        lines: lines that stand in the chain or the program.
        steps_left: lines that may still be written or taken back.
        last_did: whether the last action did something; False at the start.
        last_was_padding: whether the last action added a line that changes nothing: "restate", "pass", a line
            without effect on any test.
        over: whether an answer was given or a program submitted.
        score: of the answer, in [0, 1]: right or wrong; the share of the tests that pass. 0 before it.
        worked: whether success was reached, and (Calc) the value was the target when the answer was given.
    """

    plan_length: Any
    value: Any
    target: Any
    lines: Any
    steps_left: Any
    last_did: Any
    last_was_padding: Any
    over: Any
    score: Any
    worked: Any

    ORACLE = frozenset({"plan_length", "score", "worked"})
    """What programs that are written or found may not read: the objective, and what only a planner knows."""

    @classmethod
    def of(cls, game: Any) -> ReasoningState:
        """Read the state of a `CalcGame` or `LineProgGame`."""
        return cls(*_numbers(game))

    @classmethod
    def of_many(cls, games: Sequence[Any]) -> ReasoningState:
        """Read the states of several games into arrays; equal to stacking `of` each."""
        return cls(*map(np.array, zip(*map(_numbers, games), strict=True)))

    @staticmethod
    def stack(states: Sequence[ReasoningState]) -> ReasoningState:
        """Put B states on a leading axis."""
        return ReasoningState(*(np.array([getattr(state, name) for state in states]) for name in _FIELDS))

    def pick(self, rows: np.ndarray) -> ReasoningState:
        """Return the states of a stack at the indices `rows`."""
        return ReasoningState(*(getattr(self, name)[rows] for name in _FIELDS))


_FIELDS = tuple(ReasoningState.__dataclass_fields__)


def _numbers(game: Any) -> tuple[Any, ...]:
    return (game.length, game.value, game.target, game.lines, game.steps_left,
            game.did, game.padded, game.over, game.score, game.worked)  # fmt: skip
