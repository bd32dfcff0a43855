"""The privileged state of a web-shop game: what reward authors, potentials and language models may read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

import numpy as np

from .data.product import Goal, Product
from .game import PAGES, Game

__all__ = ["WebShopState"]

RESULTS, ITEM, SUB, DONE = (PAGES.index(name) for name in ("results", "item", "sub_page", "done"))


@dataclass(frozen=True)
class WebShopState:
    """One moment of a game; or, made by `stack`, B moments with arrays of shape (B,) in the numeric fields.

    Attributes:
        page: 0 start, 1 results, 2 product, 3 sub page of a product, 4 done.
        page_number: page of the results, from 1; 0 before a search.
        num_searches, num_opened: searches made and product pages opened in this episode.
        num_listed: products on the results page at hand; 0 elsewhere.
        best_ahead: best score that can still be bought without going back, in [0, 1]. On the start page 0; on a
            results page the best of the products listed there, with the best of their options; on a product's pages
            the best over options that have no value yet; after the purchase its score.
        now: what buying would score with nothing more chosen: of the product at hand, or on a results page of the best
            one listed; 0 on the start page; after the purchase its score.
        kind: factor for the right kind of product at hand (0, 0.1, 0.5 or 1); 0 without one.
        attributes: share of the wanted attributes that it has, in [0, 1]; 0 without one.
        options: share of the wanted options that are met by what is chosen, in [0, 1]; 1 if none is wanted; 0 without
            a product at hand.
        affordable: 1.0 if it costs no more than the goal's bound; 0 without one.
        score: score of the purchase, 0 before it.
    """

    page: Any
    page_number: Any
    num_searches: Any
    num_opened: Any
    num_listed: Any
    best_ahead: Any
    now: Any
    kind: Any
    attributes: Any
    options: Any
    affordable: Any
    score: Any
    ORACLE = frozenset({"best_ahead", "now", "score"})
    """What programs that are written or found may not read: the objective, and scores that stand for it."""

    _game: tuple[Goal, Product | None, tuple[tuple[str, str], ...], str] | None = field(
        default=None, repr=False, compare=False
    )

    @classmethod
    def of(cls, game: Game) -> WebShopState:
        """Read the state of a game."""
        product = game.shop.product(game.item) if game.item >= 0 else None
        texts = game.goal, product, tuple(game.chosen.items()), game.query
        return cls(**dict(zip(_NUMERIC, _numbers(game), strict=True)), _game=texts)

    @classmethod
    def of_many(cls, games: Sequence[Game]) -> WebShopState:
        """Read the states of several games into arrays; equal to stacking `of` each."""
        return _columns(map(_numbers, games))

    @staticmethod
    def stack(states: Sequence[WebShopState]) -> WebShopState:
        """Put B states on a leading axis. The result has the numeric fields only."""
        return _columns(map(_read, states))

    def pick(self, rows: np.ndarray) -> WebShopState:
        """Return the states of a stack at the indices `rows`."""
        return WebShopState(**{name: getattr(self, name)[rows] for name in _NUMERIC})

    @property
    def goal(self) -> Goal:
        """What is asked for. For a single state."""
        return self._single()[0]

    @property
    def product(self) -> Product | None:
        """The product at hand. For a single state."""
        return self._single()[1]

    @property
    def chosen(self) -> dict[str, str]:
        """Option name to the chosen value. For a single state."""
        return dict(self._single()[2])

    @property
    def query(self) -> str:
        """The search at hand, "" before one. For a single state."""
        return self._single()[3]

    def _single(self) -> tuple[Goal, Product | None, tuple[tuple[str, str], ...], str]:
        if self._game is None:
            raise AttributeError("a stack of web-shop states has numeric fields only; read texts from env.state")
        return self._game


def _numbers(game: Game) -> tuple[float, ...]:
    listed, ahead, now, parts = 0, 0.0, 0.0, (0.0, 0.0, 0.0, 0.0)
    if game.page == RESULTS:
        listed = len(game.links)
        ahead, now = game.shop.best_listed(game.number, game.query, game.page_number)
    elif game.item >= 0:
        prospect, fit = game.prospect, game.prospect.fit
        ahead, now = prospect.ahead(game.chosen), prospect.now(game.chosen)
        wanted = len(game.goal.attributes)
        parts = (
            fit.r_type,
            fit.num_attributes / wanted if wanted else 0.0,
            prospect.met(game.chosen) / fit.num_options if fit.num_options else 1.0,
            float(prospect.affordable),
        )
        if game.page == DONE:
            ahead = game.reward
    return (game.page, game.page_number, game.num_searches, game.num_opened, listed, ahead, now, *parts, game.reward)


_NUMERIC = [name for name in WebShopState.__dataclass_fields__ if not name.startswith("_")]
_read = attrgetter(*_NUMERIC)


def _columns(rows: Iterable[tuple[float, ...]]) -> WebShopState:
    """Return numbers by state as a state with arrays."""
    columns: dict[str, Any] = dict(zip(_NUMERIC, map(np.array, zip(*rows, strict=True)), strict=True))
    return WebShopState(**columns)
