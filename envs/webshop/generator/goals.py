"""Streams the goals of the built-in catalogue's products, in two modes and three splits.

All goals of a family's products are in the family's split. A split of a mode has at most as many goals as in WebShop's
protocol (500 for test, 1,000 for evaluation, 10,587 for training); they go to the first families. So the goals of a
catalogue are among those of every larger one, under the same ids: 1,000 products have about 700 human-style goals,
and from about 21,000 products on the lists are full and only the shop around them grows. (The one thing
that does change is the weight of synthetic goals, which counts all of them.)

With 1,000 products, searching for a human-style instruction and buying the first hit scores about 0.62, and 0.80 if the
options named in the instruction are chosen too; the target is among the first ten hits nine times out of ten.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import product as combinations
from math import prod

from ..data.product import Goal, Product
from .draws import Draw, sample, shuffle
from .families import family_plan, family_rng, find_member
from .instructions import human_instruction, synthetic_instruction

__all__ = ["MOST_COMBINATIONS", "MOST_GOALS", "generate_goals"]

MOST_GOALS = {"train": 10_587, "eval": 1_000, "test": 500}
"""Most goals of a split, for each mode."""
MOST_COMBINATIONS = 4
"""Most synthetic goals of one product, each with another combination of its options."""

_NO_BOUND = 1e6
_HUMAN_GOALS = {True: (1.0, 0.35), False: (0.58, 0.0)}
"""Chances of a first and a second human-style goal of a product with options, and of one without."""
_SHARE_OPTION_NAMED = 0.95
_SHARE_HIDDEN = 0.6
_TRIES = 4


@dataclass
class _Lists:
    """The goals so far, and the instructions that they use up."""

    goals: dict[tuple[str, str], list[Goal]] = field(
        default_factory=lambda: {(mode, split): [] for mode in ("human", "synthetic") for split in MOST_GOALS}
    )
    texts: set[str] = field(default_factory=set)

    def is_full(self, mode: str, split: str) -> bool:
        return len(self.goals[mode, split]) >= MOST_GOALS[split]

    def add(self, goal: Goal) -> bool:
        """Add a goal under the next id of its list, unless its instruction is taken already."""
        if goal.instruction_text in self.texts:
            return False
        self.texts.add(goal.instruction_text)
        goals = self.goals[goal.mode, goal.split]
        goals.append(replace(goal, id=f"{goal.mode}-{goal.split}-{len(goals) + 1:05d}"))
        return True


def generate_goals(products: Iterable[Product], seed: int = 0) -> Iterator[Goal]:
    """Yield the goals for products of `generate_products`: human-style ones first, each mode split by split.

    Args:
        products: in their order; no more of them are taken once all lists are full.
        seed: the seed that the products were made with.

    Raises:
        ValueError: a product is not of the catalogue with this seed.
    """
    lists = _Lists()
    for product in products:
        family, member = find_member(product.asin, seed)
        if product.attributes:
            _add_goals(lists, product, family, member, seed)
        if all(lists.is_full(*key) for key in lists.goals):
            break
    synthetic = (goal for (mode, _), goals in lists.goals.items() if mode == "synthetic" for goal in goals)
    counts = Counter(text for goal in synthetic for text in goal.attributes)
    for (mode, _), goals in lists.goals.items():
        for goal in goals:
            if mode == "synthetic":
                rarity = sum(1 / counts[text] for text in goal.attributes) / len(goal.attributes)
                goal = replace(goal, weight=rarity)
            yield goal


def _add_goals(lists: _Lists, product: Product, family: int, member: int, seed: int) -> None:
    product_type, split = family_plan(family, seed)
    if not lists.is_full("human", split):
        draw = family_rng(seed, "human goals", family, member).random
        wanted = sum(draw() < share for share in _HUMAN_GOALS[bool(product.options)])
        for _ in range(wanted * _TRIES):
            attributes = _some_attributes(product, draw)
            named = {name: values for name, values in product.options.items() if draw() < _SHARE_OPTION_NAMED}
            options = {name: values[int(draw() * len(values))] for name, values in named.items()}
            text = human_instruction(product_type, attributes, options, draw)
            bound, words = _bound(product.price, draw)
            goal = _goal("human", split, product, text.strip(".") + words, attributes, bound, tuple(options.values()))
            wanted -= lists.add(goal)
            if not wanted or lists.is_full("human", split):
                break
    draw = family_rng(seed, "synthetic goals", family, member).random
    attributes = _some_attributes(product, draw)
    text = synthetic_instruction(product_type, attributes, draw)
    bound, words = _bound(product.price, draw)
    for options in _some_combinations(product.options, draw):
        if lists.is_full("synthetic", split):
            break
        choice = ", and ".join(f"{name}: {value}" for name, value in options.items())
        whole = f"{text} with {choice}{words}" if choice else text + words
        lists.add(_goal("synthetic", split, product, whole, attributes, bound, options))


def _goal(
    mode: str,
    split: str,
    product: Product,
    text: str,
    attributes: tuple[str, ...],
    bound: float,
    options: Mapping[str, str] | tuple[str, ...],
) -> Goal:
    return Goal(
        id="",
        mode=mode,
        asin=product.asin,
        category=product.category,
        query=product.query,
        product_category=product.product_category,
        name=product.title,
        instruction_text=text,
        attributes=attributes,
        price_upper=bound,
        goal_options=options,
        weight=1.0,
        name_nouns=product.title_nouns,
        split=split,
    )


def _some_attributes(product: Product, draw: Draw) -> tuple[str, ...]:
    """Draw one to three of the product's attributes, often first one that only its later features tell."""
    number = 1 + (draw() < 0.55) + (draw() < 0.2)
    attributes = shuffle(product.attributes, draw)
    if draw() < _SHARE_HIDDEN:
        found = f"{product.title} {product.bullets[0]} {product.description}".lower()
        attributes.sort(key=lambda attribute: attribute in found)
    return tuple(attributes[:number])


def _some_combinations(options: Mapping[str, tuple[str, ...]], draw: Draw) -> list[dict[str, str]]:
    """Draw at most `MOST_COMBINATIONS` different choices of one value of each option, option names sorted."""
    names = sorted(options)
    lists = [options[name] for name in names]
    if prod(map(len, lists)) <= MOST_COMBINATIONS:
        return [dict(zip(names, values, strict=True)) for values in combinations(*lists)]
    found: dict[tuple[str, ...], dict[str, str]] = {}
    while len(found) < MOST_COMBINATIONS:
        values = tuple([values[int(draw() * len(values))] for values in lists])
        found[values] = dict(zip(names, values, strict=True))
    return list(found.values())


def _bound(price: float, draw: Draw) -> tuple[float, str]:
    """Draw a price bound as WebShop does: the larger of two of the next four multiples of ten above the price.

    Returns:
        The bound and the words that state it; without two such multiples below 1,000, `1e6` and no words.
    """
    candidates = [float(bound) for bound in range(10, 1000, 10) if bound > price][:4]
    if len(candidates) < 2:
        return _NO_BOUND, ""
    bound = max(sample(candidates, 2, draw))
    return bound, f", and price lower than {bound:.2f} dollars"
