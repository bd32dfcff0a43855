"""The privileged state of a question game: what reward authors, potentials and language models may read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

import numpy as np

from .game import Game
from .planner import plan
from .questions import Question

__all__ = ["SearchQAState"]


@dataclass(frozen=True)
class SearchQAState:
    """One moment of a game; or, made by `stack`, B moments with arrays of shape (B,) in the numeric fields.

    Attributes:
        plan_length: actions on a shortest plan from here to the right answer, the answer counted; 0 after it, -1 if
            it cannot be given any more.
        hops: facts that have to be found, 1 to 3; the least number of retrievals.
        facts_found: those of them that were looked up in this episode, 0 to `hops`.
        retrievals: searches and reads so far.
        repeats: those of them that looked up a thing once more.
        retrievals_left: those that are still allowed.
        num_candidates: answers that can be given now.
        answered: 1.0 once an answer was given, else 0.0.
        f1: what it was worth, in [0, 1]; 0 before it.
    """

    plan_length: Any
    hops: Any
    facts_found: Any
    retrievals: Any
    repeats: Any
    retrievals_left: Any
    num_candidates: Any
    answered: Any
    f1: Any
    ORACLE = frozenset({"plan_length", "f1"})
    """What programs that are written or found may not read: the objective, and what only a planner knows."""

    _game: tuple[Question, tuple[str, ...], str] | None = field(default=None, repr=False, compare=False)

    @classmethod
    def of(cls, game: Game) -> SearchQAState:
        """Read the state of a game."""
        names = game.question.region.names
        texts = tuple(names[thing] for thing in sorted(game.looked_up)), names[game.answer] if game.answer >= 0 else ""
        return cls(**dict(zip(_NUMERIC, _numbers(game), strict=True)), _game=(game.question, *texts))

    @classmethod
    def of_many(cls, games: Sequence[Game]) -> SearchQAState:
        """Read the states of several games into arrays; equal to stacking `of` each."""
        return _columns(map(_numbers, games))

    @staticmethod
    def stack(states: Sequence[SearchQAState]) -> SearchQAState:
        """Put B states on a leading axis. The result has the numeric fields only."""
        return _columns(map(_read, states))

    def pick(self, rows: np.ndarray) -> SearchQAState:
        """Return the states of a stack at the indices `rows`."""
        return SearchQAState(**{name: getattr(self, name)[rows] for name in _NUMERIC})

    @property
    def question(self) -> str:
        """What is asked. For a single state."""
        return self._single()[0].text

    @property
    def gold(self) -> str:
        """The right answer. For a single state."""
        asked = self._single()[0]
        return asked.region.names[asked.gold]

    @property
    def chain(self) -> tuple[tuple[str, str], ...]:
        """What has to be looked up, hop by hop: (thing, relation). For a single state."""
        asked = self._single()[0]
        return tuple((asked.region.names[thing], label) for thing, label in zip(asked.chain, asked.labels, strict=True))

    @property
    def looked_up(self) -> tuple[str, ...]:
        """The things that were looked up. For a single state."""
        return self._single()[1]

    @property
    def answer(self) -> str:
        """The answer that was given, "" before it. For a single state."""
        return self._single()[2]

    def _single(self) -> tuple[Question, tuple[str, ...], str]:
        if self._game is None:
            raise AttributeError("a stack of question states has numeric fields only; read texts from env.state")
        return self._game


def _numbers(game: Game) -> tuple[float, ...]:
    return (
        plan(game)[0],
        game.question.hops,
        game.facts_found,
        game.retrievals,
        game.repeats,
        game.left,
        len(game.listed),
        float(game.answer >= 0),
        game.f1,
    )


_NUMERIC = [name for name in SearchQAState.__dataclass_fields__ if not name.startswith("_")]
_read = attrgetter(*_NUMERIC)


def _columns(rows: Iterable[tuple[float, ...]]) -> SearchQAState:
    """Return numbers by state as a state with arrays."""
    columns: dict[str, Any] = dict(zip(_NUMERIC, map(np.array, zip(*rows, strict=True)), strict=True))
    return SearchQAState(**columns)
