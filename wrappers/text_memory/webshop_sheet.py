"""A page of the web-shop with its actions read: all of it that does not depend on what came before."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from .webshop_page import CHOSEN, Page, read_page
from .webshop_wish import Fit, content, fit, is_named, read_wish, terms

__all__ = ["KINDS", "Offer", "Sheet", "read_sheet"]

KINDS = ("search", "item", "option", "buy", "read", "next", "prev", "home")
LINKS = {"buy now": "buy", "next >": "next", "< prev": "prev", "back to search": "home"}
READ = ("description", "features", "reviews", "attributes")


class Offer(NamedTuple):
    """What a page alone says of one action: its kind, words, first flags, and the option or item it stands for."""

    kind: str
    description: tuple[str, ...]
    flags: tuple[float, ...]
    option: str = ""
    value: str = ""
    is_wanted: bool = False


class Sheet(NamedTuple):
    """A page with its actions read; `wanted` are the options of which a value is named, with that value."""

    page: Page
    offers: dict[str, Offer]
    wanted: dict[str, str]
    fit: Fit
    scores: dict[str, float]


@lru_cache(maxsize=2048)
def read_sheet(observation: str, admissible: tuple[str, ...], instruction: str) -> Sheet:
    """Read a page and its actions. The result is shared: do not change it."""
    page = read_page(observation, admissible)
    wish = read_wish(instruction)
    price_ok = float(wish.allows(page.price))
    own = fit(instruction, page.title)
    scores = {
        item.asin: fit(instruction, item.title).score if wish.allows(item.price) else -1.0 for item in page.listings
    }
    best = max((asin for asin, score in scores.items() if score >= 0), key=scores.__getitem__, default="")
    listings = {item.asin: (place, item) for place, item in enumerate(page.listings)}
    choices, wanted = _choices(instruction, page)
    offers = {}
    for action in admissible:
        verb, _, rest = action.partition("[")
        argument = rest.removesuffix("]")
        key = argument.lower()
        if verb == "search":
            offers[action] = Offer(
                "search", ("search", *terms(argument)), _flags("search", *fit(instruction, argument))
            )
        elif verb != "click":
            continue
        elif key in listings:
            place, item = listings[key]
            ok, early = float(wish.allows(item.price)), 1 - min(place, 9) / 10
            flags = _flags("item", *fit(instruction, item.title), ok, early, float(key == best))
            offers[action] = Offer("item", ("item", _magnitude(item.price)), flags, "", key)
        elif key in READ and page.kind == "item":
            offers[action] = Offer("read", ("read", key), _flags("read"))
        elif key in LINKS:
            kind, described = LINKS[key], (LINKS[key], page.kind)
            if kind == "buy":
                described = ("buy", _magnitude(page.price))
                offers[action] = Offer("buy", described, _flags("buy", *own, price_ok))
            else:
                early = 1 / page.number if kind in ("next", "prev") and page.number else 0.0
                offers[action] = Offer(kind, described, _flags(kind, early=early))
        elif key.removesuffix(CHOSEN) in choices:
            offers[action] = choices[key.removesuffix(CHOSEN)]
    return Sheet(page, offers, wanted, own, scores)


def _choices(instruction: str, page: Page) -> tuple[dict[str, Offer], dict[str, str]]:
    """Return the offers of an item's options by lower-case value, and the values that the instruction names."""
    wish, offers, wanted = read_wish(instruction), dict[str, Offer](), dict[str, str]()
    for name, values in page.options.items():
        ranks = {}
        for value in values:
            own = content(value)
            share = len(own & wish.content) / len(own) if own else 0.0
            named = is_named(instruction, value)
            ranks[value] = (float(named), len(terms(value)) if named else 0, share)
        best = max(ranks, key=ranks.__getitem__)
        if ranks[best][0]:
            wanted[name] = best
        for value, (named, _, share) in ranks.items():
            is_best = float(value == best and (named or share) > 0)
            flags = _flags("option", max(share, named), 0.0, named, best=is_best)
            words = ("option", *terms(name), *terms(value))
            # A value of two options belongs to the later one: that is the one which a click chooses.
            offers[value.lower()] = Offer("option", words, flags, name, value, bool(named and is_best))
    return offers, wanted


def _flags(
    kind: str,
    match: float = 0.0,
    focus: float = 0.0,
    phrase: float = 0.0,
    price_ok: float = 0.0,
    early: float = 0.0,
    best: float = 0.0,
) -> tuple[float, ...]:
    return (*(float(kind == known) for known in KINDS), match, focus, phrase, price_ok, early, best)


def _magnitude(price: str) -> str:
    """Return a word for the size of a price: "$1" below 10 dollars, "$2" below 100, and so on."""
    whole = price.partition("$")[2].partition(".")[0]
    return f"${len(whole)}" if whole.isdecimal() else "$"
