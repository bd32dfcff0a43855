"""What the pages of the shop show and which buttons they have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from .data.product import Product

__all__ = ["BUTTONS", "SUB_PAGES", "Screen", "item_screen", "results_screen", "start_screen", "sub_screen"]

SUB_PAGES = ("description", "features", "reviews", "attributes")
BUTTONS = frozenset(("search", "back to search", "< prev", "next >", "buy now", *SUB_PAGES))
"""Clickables that are buttons, also if an option of the product has a value of this name."""

SEPARATOR = " [SEP] "
BACK, PREV, NEXT = ("button", "Back to Search"), ("button", "< Prev"), ("button", "Next >")

Node = tuple[str, str]
"""A piece of text and what it is: "" (plain), "button", "link" (a product's id) or "option" (a value)."""


@dataclass(frozen=True, slots=True)
class Screen:
    """One page below the instruction.

    Attributes:
        nodes: what is on it, from top to bottom.
        choices: option value -> name of the option that clicking it sets; of two equal values the later one.
        text: the nodes as text, joined by " [SEP] ".
        clickables: texts that can be clicked, lower-case: buttons, then products, then option values.
        admissible: the actions that do something here.
    """

    nodes: tuple[Node, ...]
    choices: Mapping[str, str] = field(default_factory=dict)
    admissible: list[str] = field(default_factory=list)
    text: str = field(init=False)
    clickables: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        by_kind = [text.lower() for kind in ("button", "link", "option") for k, text in self.nodes if k == kind]
        object.__setattr__(self, "text", join(self.nodes))
        object.__setattr__(self, "clickables", tuple(dict.fromkeys(by_kind)))
        if not self.admissible:
            actions = [f"click[{text}]" for text in self.clickables if text != "search"]
            object.__setattr__(self, "admissible", actions)


def join(nodes: Iterable[Node]) -> str:
    """Return nodes as one line of text."""
    return SEPARATOR.join([text.strip() for _, text in nodes])


def start_screen(queries: Sequence[str]) -> Screen:
    """Return the page with the search bar, with searches that a reader of the instruction may try."""
    return Screen((("button", "Search"),), admissible=[f"search[{query}]" for query in queries])


def results_screen(page: int, total: int, products: Iterable[Product]) -> Screen:
    """Return a page of search results. "Next >" is always there, also behind the last product."""
    nodes: list[Node] = [BACK, ("", f"Page {page} (Total results: {total})"), *([PREV] if page > 1 else []), NEXT]
    for product in products:
        nodes += [("link", product.asin), ("", product.title), ("", product.price_text)]
    return Screen(tuple(nodes))


def item_screen(product: Product, show_attrs: bool) -> Screen:
    """Return a product's page."""
    nodes: list[Node] = [BACK, PREV]
    choices: dict[str, str] = {}
    for name, values in product.options.items():
        nodes += [("", name), *(("option", value) for value in values)]
        choices |= dict.fromkeys((value for value in values if value not in BUTTONS), name)
    nodes += [("", product.title), ("", f"Price: {product.price_text}"), ("", "Rating: N.A.")]
    buttons = [name.title() for name in SUB_PAGES if show_attrs or name != "attributes"]
    nodes += [("button", name) for name in (*buttons, "Buy Now")]
    return Screen(tuple(nodes), choices)


def sub_screen(product: Product, name: str) -> Screen:
    """Return one of a product's sub pages; there are never any reviews."""
    nodes: list[Node] = [BACK, PREV]
    if name == "description" and product.description:
        nodes.append(("", product.description))
    elif name == "features":
        nodes += [("", f" {bullet}") for bullet in product.bullets]
    elif name == "attributes":
        nodes += [("", f" {attribute}") for attribute in product.attributes]
        nodes += [("", product.category), ("", product.query), ("", product.product_category)]
    return Screen(tuple(nodes))
