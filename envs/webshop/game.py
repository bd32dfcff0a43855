"""The rules of the shop: what an action does, page by page."""

from __future__ import annotations

import re
from typing import Any

from .failure import MAX_QUERY, Failure, explain
from .pages import SUB_PAGES, Screen
from .prospect import Prospect
from .receipt import receipt_screen
from .scoring import Score
from .shop import Shop

__all__ = ["PAGES", "Game"]

PAGES = ("start", "results", "item", "sub_page", "done")
"""Kinds of page; the state gives their numbers."""
START, RESULTS, ITEM, SUB, DONE = range(5)

ACTION = re.compile(r"(.+)\[(.+)\]")
NO_SCREEN = Screen(())


class Game:
    """One episode.

    Args:
        shop: the catalogue.
        number: the goal's number in it.

    Attributes:
        page: index into `PAGES`.
        query, page_number: the search at hand and the page of its results.
        item: number of the product at hand, -1 if there is none.
        chosen: option name -> chosen value.
        sub: the sub page that is open, or "".
        visited: ids opened since the last "back to search".
        score: what the purchase was worth; None before it.
        num_searches, num_opened: searches made and product pages opened in this episode.
        screen: the page that is shown.
    """

    __slots__ = (
        "chosen",
        "goal",
        "item",
        "links",
        "num_opened",
        "num_searches",
        "number",
        "page",
        "page_number",
        "query",
        "score",
        "screen",
        "shop",
        "sub",
        "visited",
    )

    def __init__(self, shop: Shop, number: int):
        self.shop, self.number = shop, number
        self.goal = shop.goal(number)
        self.score: Score | None = None
        self.num_searches = self.num_opened = 0
        self._to_start()

    def _to_start(self) -> None:
        self.page, self.query, self.page_number, self.item, self.sub = START, "", 0, -1, ""
        self.chosen: dict[str, str] = {}
        self.visited: set[str] = set()
        self._show()

    def _show(self) -> None:
        """Look up the screen of the page."""
        shop, self.links = self.shop, {}
        if self.page == RESULTS:
            self.screen, self.links = shop.results(self.query, self.page_number)
        elif self.page == ITEM:
            self.screen = shop.item(self.item)
        elif self.page == SUB:
            self.screen = shop.sub(self.item, self.sub)
        elif self.page == START:
            self.screen = shop.start(self.number)
        else:
            assert self.score is not None
            asin, searches = shop.product(self.item).asin, shop.start(self.number).admissible
            self.screen = receipt_screen(asin, self.chosen, self.score, shop.compat, searches)

    @property
    def reward(self) -> float:
        """Score of the purchase, 0.0 before it."""
        return 0.0 if self.score is None else self.score.reward

    @property
    def prospect(self) -> Prospect:
        """What can become of the product at hand."""
        return self.shop.prospect(self.number, self.item)

    def step(self, action: str) -> Failure | None:
        """Do an action; return why it did nothing, or None."""
        match = ACTION.match(action)
        name, argument = (match[1], match[2].lower()) if match else (None, "")
        if name == "click":
            if argument in self.screen.clickables and argument != "search":
                self._click(argument)
                return None
        elif name == "search" and len(argument) <= MAX_QUERY:
            self.query, self.num_searches = argument, self.num_searches + 1
            self._to_results(1)
            return None
        return explain(name, argument, self.screen.clickables)

    def _to_results(self, page_number: int) -> None:
        self.page, self.page_number, self.item, self.sub = RESULTS, page_number, -1, ""
        self.chosen = {}
        self._show()

    def _to_item(self) -> None:
        self.page, self.sub = ITEM, ""
        self._show()

    def _click(self, button: str) -> None:
        if button in self.links:
            self.item = self.links[button]
            self.visited.add(button)
            self.num_opened += 1
            self._to_item()
        elif button in self.screen.choices:
            self.chosen[self.screen.choices[button]] = button
        elif button == "back to search":
            self._to_start()
        elif button == "buy now":
            product = self.shop.product(self.item)
            self.score = self.prospect.fit.score(self.chosen.values(), product.price)
            self.page = DONE
            self._show()
        elif button in SUB_PAGES:
            self.page, self.sub = SUB, button
            self._show()
        else:
            self._turn(-1 if button == "< prev" else 1)

    @property
    def taken_for(self) -> int:
        """What kind of page "< Prev" takes this one for: the original reads it from an address that holds the query."""
        misled = self.query if self.shop.compat == "webshop" else ""
        if self.page in (ITEM, SUB) and "search_results" in misled:
            return RESULTS
        return ITEM if self.page == SUB and "item_page" in misled else self.page

    def _turn(self, by: int) -> None:
        """Go on or back."""
        kind = self.taken_for
        if kind == RESULTS:
            self._to_results(self.page_number + by)
        elif kind == ITEM:
            self._to_results(self.page_number)
        else:
            self._to_item()

    def dump(self) -> list[Any]:
        """Return the state as plain data; `load` makes an equal game of it."""
        bought = self.score is not None
        return [self.page, self.query, self.page_number, self.item, self.sub, list(self.chosen.items()),
                sorted(self.visited), self.num_searches, self.num_opened, bought]  # fmt: skip

    @classmethod
    def load(cls, shop: Shop, number: int, data: list[Any]) -> Game:
        """Make the game that `dump` described."""
        game = cls(shop, number)
        page, game.query, game.page_number, game.item, game.sub, chosen, visited, *counts, bought = data
        game.page, game.chosen, game.visited = int(page), dict(chosen), set(visited)
        game.num_searches, game.num_opened = counts
        if bought:
            game.score = game.prospect.fit.score(game.chosen.values(), shop.product(game.item).price)
        game._show()
        return game
