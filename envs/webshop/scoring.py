"""The score of a purchase: WebShop's reward with all its parts, as a pure function."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypedDict, get_args

from ...core.names import check_name
from .colors import COLORS, reduce_color
from .data.product import Goal, Product
from .fuzzy import is_close

__all__ = ["Compat", "Fit", "Score", "score"]

Compat = Literal["webshop", "fixed"]
"""Whose rules hold: the original's with its faults, or the mended ones."""


class Components(TypedDict, total=False):
    """The parts of a score; `r_option` and `w_option` are there only if the goal names options.

    r_type: factor 0, 0.1, 0.5 or 1 for buying the right kind of thing.
    r_att, r_option: share of the wanted attributes and options that were met; r_price: whether the price is in bounds.
    w_att, w_option, w_price: weights of these, 1 in sum.
    query_match, category_match, title_score: what r_type was found from.
    """

    r_type: float
    r_att: float
    w_att: float
    query_match: bool
    category_match: bool
    title_score: float
    r_option: float
    w_option: float
    r_price: bool
    w_price: float


@dataclass(frozen=True, slots=True)
class Score:
    """What a purchase is worth.

    Attributes:
        reward: in [0, 1]; 1.0 is success.
        components: see `Components`.
    """

    reward: float
    components: Components


class Fit:
    """How one product fares against one goal, whatever is chosen of it: all of the score but options and price.

    Args:
        goal, product: the two.
        compat: "webshop" or "fixed".

    Attributes:
        r_type: see `Components`.
        num_attributes: wanted attributes that the product has.
        num_parts: wanted attributes + wanted options + 1: the parts that the score is made of.
    """

    __slots__ = (
        "_masks",
        "_options",
        "category_match",
        "goal",
        "num_attributes",
        "num_parts",
        "product",
        "query_match",
        "r_type",
        "title_score",
    )

    def __init__(self, goal: Goal, product: Product, compat: Compat = "webshop"):
        self.goal, self.product = goal, product
        self._options = _wanted_options(goal.goal_options, compat)
        self._masks: dict[str, int] = {}
        self.num_parts = len(goal.attributes) + len(self._options) + 1
        self.num_attributes = _count_attributes(goal.attributes, product, compat)
        self.query_match = product.query == goal.query
        self.category_match = len(_categories(product.product_category) & _categories(goal.product_category)) >= 2
        nouns = goal.name_nouns
        self.title_score = len(set(product.title_nouns) & set(nouns)) / len(nouns) if nouns else 0.2
        self.r_type = _type_factor(self.query_match or self.category_match, self.title_score)

    def mask(self, value: str) -> int:
        """Return which wanted options a chosen value meets, as bits."""
        mask = self._masks.get(value)
        if mask is None:
            mask, chosen = 0, reduce_color(value)
            for bit, wanted in enumerate(self._options):
                if is_close(chosen, wanted):
                    mask |= 1 << bit
            self._masks[value] = mask
        return mask

    @property
    def num_options(self) -> int:
        """How many options the goal names."""
        return len(self._options)

    def reward(self, num_options: int, affordable: bool) -> float:
        """Return the score for this many wanted options met and a price that is in bounds or not."""
        return (self.num_attributes + num_options + affordable) / self.num_parts * self.r_type

    def score(self, chosen: Iterable[str], price: float) -> Score:
        """Return the score of buying the product at `price` with these option values chosen."""
        met = 0
        for value in chosen:
            met |= self.mask(value)
        count, affordable, wanted = met.bit_count(), price <= self.goal.price_upper, len(self.goal.attributes)
        components = Components(
            r_type=self.r_type,
            r_att=self.num_attributes / wanted if wanted else 0.0,
            w_att=wanted / self.num_parts,
            query_match=self.query_match,
            category_match=self.category_match,
            title_score=self.title_score,
        )
        if self._options:
            components["r_option"] = count / len(self._options)
            components["w_option"] = len(self._options) / self.num_parts
        components["r_price"] = affordable
        components["w_price"] = 1 / self.num_parts
        return Score(self.reward(count, affordable), components)


def score(
    goal: Goal | Mapping[str, Any],
    product: Product | Mapping[str, Any],
    options: Mapping[str, str] | Sequence[str],
    price: float,
    compat: Compat = "webshop",
) -> Score:
    """Return what it is worth to buy `product` with `options` for `price` when `goal` was asked for.

        R = r_type * (attributes met + options met + [price <= bound]) / (attributes + options wanted + 1)

    Source: WebShop (Yao et al., 2022), section 3, with the constants of its code.

    Args:
        goal: what was asked for, as a dataclass or in its plain form.
        product: what is bought, as a dataclass or in its plain form.
        options: the chosen values by option name, or the values alone.
        price: what is paid, in dollars.
        compat: "webshop" keeps the original's faults. "fixed" mends two of them: wanted options are compared as
            chosen ones are (the original compares a synthetic goal's name and value together, so "black2626"
            never meets the wish for "black2626"), and an attribute counts only if the product has it (the original
            also accepts it anywhere in title, bullets or description, so listings stuffed with keywords score).

    Can be gamed (in both): options and price count for a product of another type if a fifth of the title's nouns are
    the same; leaving all options alone costs no more than their share.

    Raises:
        ValueError: a plain goal or product lacks a key; `compat` is not known.
    """
    check_name("compat", compat, get_args(Compat), "score")
    if isinstance(goal, Mapping):
        goal = Goal.from_dict(goal)
    if isinstance(product, Mapping):
        product = Product.from_dict(product)
    chosen = options.values() if isinstance(options, Mapping) else options
    return Fit(goal, product, compat).score(chosen, price)


def _wanted_options(wanted: Mapping[str, str] | tuple[str, ...], compat: Compat) -> tuple[str, ...]:
    """Return the wanted values as they are compared with chosen ones."""
    if not isinstance(wanted, Mapping):
        return tuple(reduce_color(value) for value in wanted)
    if compat == "fixed":
        return tuple(reduce_color(value) for value in wanted.values())
    # The original hands (name, value) pairs to rules for strings: a colour is found only if it is the whole name or
    # value, and what is compared is the pair as Python prints it.
    return tuple(next((color for color in COLORS if color in pair), str(pair)) for pair in wanted.items())


def _count_attributes(wanted: tuple[str, ...], product: Product, compat: Compat) -> int:
    count, texts = 0, None
    for attribute in wanted:
        if any(is_close(own, attribute) for own in product.attributes):
            count += 1
        elif compat == "webshop":
            if texts is None:
                texts = product.title.lower(), " ".join(product.bullets).lower(), product.description.lower()
            count += any(attribute in text for text in texts)
    return count


def _categories(path: str) -> set[str]:
    return {part.strip() for part in path.split("›")}


def _type_factor(same_kind: bool, title_score: float) -> float:
    if title_score == 0:
        return 0.0
    if title_score < 0.1:
        return 0.1
    return 1.0 if same_kind or title_score > 0.2 else 0.5
