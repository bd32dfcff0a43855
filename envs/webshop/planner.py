"""The oracle: the shortest way to buy the goal's own product with all that was asked for."""

from __future__ import annotations

from .game import PAGES, Game
from .shop import PAGE_SIZE

__all__ = ["plan"]

START, RESULTS, ITEM, SUB, DONE = range(len(PAGES))
NO_PLAN = -1, None


def plan(game: Game) -> tuple[int, str | None]:
    """Return (actions to a score of 1.0, the first of them); (0, None) when it is reached, (-1, None) if no plan is.

    Plans buy the product that the goal was written for. They use the suggested searches (see `queries`), and the
    product's title only if none of those finds it; among such plans this one is a shortest.
    """
    if game.page == DONE:
        return (0, None) if game.reward == 1 else NO_PLAN
    route = game.shop.route(game.number)
    if route is None:
        return NO_PLAN
    target, buy, from_start, search = route
    if game.page == START:
        return from_start, search
    if game.page == ITEM and game.item == target:
        todo = game.prospect.clicks(game.chosen) or ()
        return len(todo) + 1, f"click[{todo[0]}]" if todo else "click[buy now]"
    back = from_start + 1, "click[back to search]"
    if game.page == RESULTS:
        return min(_from_results(game, target, buy, game.page_number), back, key=_length)
    behind = game.taken_for
    if behind == SUB and game.item == target:
        return len(game.prospect.clicks(game.chosen) or ()) + 2, "click[< prev]"
    steps = 2 if behind == SUB else 1
    ahead = _from_results(game, target, buy, game.page_number - (behind == RESULTS))[0] + steps, "click[< prev]"
    return min(back, ahead, key=_length)


def _length(way: tuple[int, str | None]) -> int:
    return way[0]


def _from_results(game: Game, target: int, buy: int, page_number: int) -> tuple[int, str]:
    """Return the way from a page of the results at hand, very long if the target is not among them."""
    found = game.shop.search(game.query)
    if target not in found:
        return 10**6, ""
    away = found.index(target) // PAGE_SIZE + 1 - page_number
    if not away:
        return buy + 1, f"click[{game.shop.product(target).asin.lower()}]"
    return abs(away) + buy + 1, "click[next >]" if away > 0 else "click[< prev]"
