"""The web-shop's pages, read back from their text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

__all__ = ["CHOSEN", "Listing", "Page", "read_page"]

SEP = " [SEP] "
START = "Instruction:" + SEP
DONE = f"Thank you for shopping with us!{SEP}Your code:"
CHOSEN = " [chosen]"
"""Stands after a chosen option value, where the shop shows what is chosen."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A product as a page of results names it: its lower-case id, title and price."""

    asin: str
    title: str
    price: str


@dataclass(frozen=True, slots=True)
class Page:
    """What is on a page.

    Attributes:
        kind: "start", "results", "item", "sub" (a description, the features or the reviews), "done" or "other".
        instruction: what to buy; "" on a page that does not say.
        number: of a page of results.
        listings: the products on a page of results, in order.
        title, price: of an item.
        options: option name to the values on offer, of an item.
        chosen: option name to its value, as far as the page marks it.
        text: what a sub page says; the whole text of a page of another kind.
    """

    kind: str
    instruction: str = ""
    number: int = 0
    listings: tuple[Listing, ...] = ()
    title: str = ""
    price: str = ""
    options: dict[str, tuple[str, ...]] = field(default_factory=dict)
    chosen: dict[str, str] = field(default_factory=dict)
    text: str = ""


def read_page(observation: str, admissible: Sequence[str]) -> Page:
    """Read one observation of the text mode; of several that follow one another, the last.

    Option names and values look alike on the page: a name is what cannot be clicked, so `admissible` is needed to
    tell them apart. A text of another form is a page of kind "other"; nothing raises.
    """
    before, mark, rest = observation.rpartition(START)
    if DONE in rest:
        return Page("done", text=observation)
    instruction, *fields = rest.split(SEP)
    if not mark or not fields:
        return Page("other", text=observation)
    if fields == ["Search"] and before.endswith("WebShop" + SEP):
        return Page("start", instruction)
    second = fields[1] if len(fields) > 1 and fields[0] == "Back to Search" else ""
    if second.startswith("Page ") and "(Total results:" in second:
        number = second.split()[1]
        known = number.isdecimal() and len(number) < 10
        return Page("results", instruction, int(number) if known else 0, listings=_listings(fields[2:]))
    if second != "< Prev":
        return Page("other", instruction, text=observation)
    prices = [i for i, text in enumerate(fields) if text.startswith("Price: ")]
    if not prices or prices[-1] < 3 or fields[-1] != "Buy Now":
        return Page("sub", instruction, text=" ".join(fields[2:]))
    at = prices[-1]
    options, chosen = _options(fields[2 : at - 1], admissible)
    price = fields[at].removeprefix("Price: ")
    return Page("item", instruction, title=fields[at - 1], price=price, options=options, chosen=chosen)


def _listings(fields: Sequence[str]) -> tuple[Listing, ...]:
    found, i = [], 0
    while i + 1 < len(fields):
        if i + 2 < len(fields) and fields[i + 2].startswith("$"):
            found.append(Listing(fields[i].lower(), fields[i + 1], fields[i + 2]))
            i += 3
        else:  # "< Prev", "Next >"
            i += 1
    return tuple(found)


def _options(fields: Sequence[str], admissible: Sequence[str]) -> tuple[dict[str, tuple[str, ...]], dict[str, str]]:
    """Return the values by option name, and those that are marked as chosen."""
    can_click = {action[6:-1].lower() for action in admissible if action.startswith("click[")}
    options: dict[str, list[str]] = {}
    chosen: dict[str, str] = {}
    name = ""
    for text in fields:
        value = text.removesuffix(CHOSEN)
        if value.lower() not in can_click and text.lower() not in can_click:
            name = text
            continue
        options.setdefault(name, []).append(value)
        if value != text:
            chosen[name] = value
    return {key: tuple(values) for key, values in options.items()}, chosen
