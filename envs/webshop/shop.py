"""One catalogue as its envs use it: searches, screens and prospects, worked out once and shared."""

from __future__ import annotations

from functools import lru_cache
from random import Random

from ...core.random import derive_seed
from .data.compiled import CompiledCatalogue
from .data.product import Goal, Product
from .pages import Screen, item_screen, results_screen, start_screen, sub_screen
from .prospect import Prospect
from .queries import suggested_queries
from .scoring import Compat, Fit

__all__ = ["PAGE_SIZE", "Shop"]

PAGE_SIZE = 10
MAX_HITS = 50


class Shop:
    """What does not depend on an episode. All answers are remembered, the latest ones of each kind.

    Args:
        compiled: the products, goals and the index.
        compat: whose rules hold.
        show_attrs: whether product pages have a button to their attributes.
        origin: the call that finds this shop in another process, as (function, arguments).
    """

    def __init__(self, compiled: CompiledCatalogue, compat: Compat, show_attrs: bool, origin: tuple | None = None):
        self.compiled, self.show_attrs, self._origin = compiled, show_attrs, origin
        self.compat: Compat = compat
        self.search = lru_cache(8192)(self._search)
        self.results = lru_cache(4096)(self._results)
        self.start = lru_cache(8192)(self._start)
        self.item = lru_cache(8192)(self._item)
        self.sub = lru_cache(8192)(self._sub)
        self.prospect = lru_cache(32768)(self._prospect)
        self.target = lru_cache(8192)(self._target)
        self.route = lru_cache(8192)(self._route)
        self.best_listed = lru_cache(16384)(self._best_listed)

    def __reduce__(self) -> tuple:
        if self._origin is None:
            raise TypeError("this shop does not know where it came from, so it cannot be sent to another process")
        return self._origin

    def product(self, number: int) -> Product:
        """Return a product by its number."""
        return self.compiled.products[number]

    def goal(self, number: int) -> Goal:
        """Return a goal by its number."""
        return self.compiled.goals[number]

    def _search(self, query: str) -> tuple[int, ...]:
        """Return the numbers of the products found, best first, at most 50.

        Under "webshop" a first word "<r>" finds 50 products at random (the same ones every time), "<c>" a whole
        department, "<q>" all that is filed under a search term: the original's debugging aids. "<a>" finds nothing.
        """
        first, _, rest = query.partition(" ")
        if self.compat == "webshop" and first in ("<r>", "<c>", "<q>", "<a>"):
            if first == "<r>":
                count = len(self.compiled.products)
                return tuple(Random(derive_seed("web-shop", count)).sample(range(count), min(count, MAX_HITS)))
            if first == "<a>":
                return ()
            return tuple(self.compiled.filed_under("category" if first == "<c>" else "query", rest))
        return tuple(self.compiled.search.search(query, MAX_HITS).tolist())

    def _results(self, query: str, page: int) -> tuple[Screen, dict[str, int]]:
        """Return a results page, and the numbers of its products by their (lower-case) clickable."""
        found = self.search(query)
        shown = found[max((page - 1) * PAGE_SIZE, 0) : max(page, 0) * PAGE_SIZE]
        products = [self.product(number) for number in shown]
        links = {product.asin.lower(): number for product, number in zip(products, shown, strict=True)}
        return results_screen(page, len(found), products), links

    def _start(self, goal: int) -> Screen:
        return start_screen(suggested_queries(self.goal(goal).instruction_text))

    def _item(self, number: int) -> Screen:
        return item_screen(self.product(number), self.show_attrs)

    def _sub(self, number: int, name: str) -> Screen:
        return sub_screen(self.product(number), name)

    def _prospect(self, goal: int, number: int) -> Prospect:
        product = self.product(number)
        return Prospect(Fit(self.goal(goal), product, self.compat), self.item(number).choices, product.price)

    def _best_listed(self, goal: int, query: str, page: int) -> tuple[float, float]:
        """Return the best score that a product on a results page can be bought for, and the best without any choice."""
        prospects = [self.prospect(goal, item) for item in self.results(query, page)[1].values()]
        ahead = max((prospect.ahead({}) for prospect in prospects), default=0.0)
        return ahead, max((prospect.now({}) for prospect in prospects), default=0.0)

    def _target(self, goal: int) -> int:
        """Return the number of the product that a goal was written for."""
        return self.compiled.number_of(self.goal(goal).asin)

    def _route(self, goal: int) -> tuple[int, int, int, str] | None:
        """Return the quickest way to buy a goal's own product for 1.0, or None if there is none.

        As (its number, actions on its page, actions from the start page on, the search that begins these). The search
        is one of the suggested ones; if none of them finds the product, its title.
        """
        target = self.target(goal)
        clicks = self.prospect(goal, target).clicks({})
        if clicks is None:
            return None
        title = " ".join(self.goal(goal).name.lower().replace("[", " ").replace("]", " ").split())
        for queries in (suggested_queries(self.goal(goal).instruction_text), (title,)):
            ways = []
            for query in queries:
                found = self.search(query)
                if target in found:
                    ways.append((found.index(target) // PAGE_SIZE + 2, f"search[{query}]"))
            if ways:
                length, search = min(ways, key=lambda way: way[0])
                return target, len(clicks) + 1, length + len(clicks) + 1, search
        return None
