"""Goals of the original's files: what is drawn at random, how instructions are worded, which session gets which."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from random import Random

from ....core.random import derive_seed
from .product import Goal, Product

__all__ = ["Draws", "Instruction", "goals_in_session_order"]

_BOUNDS = tuple(10.0 * step for step in range(1, 100))
_SHUFFLE_SEED = 233  # the original's; it decides which session gets which goal


@dataclass(frozen=True, slots=True)
class Instruction:
    """How a goal is worded before the price is added, what the product must have, which option values are wanted.

    `options` is None for a synthetic instruction: it gives a goal for every combination of the product's options.
    """

    text: str
    attributes: tuple[str, ...]
    options: tuple[str, ...] | None


class Draws:
    """What the original draws at random: a price for each range, a price bound for each instruction.

    Args:
        seed: of the draws.
        reproducible: True derives each draw from the seed and the product's asin alone, so that a product has one
            price in any file that holds it. False uses one stream for all, as the original does after
            `random.seed(seed)`: all prices in the order of the catalogue, then all bounds.
    """

    def __init__(self, seed: int, reproducible: bool):
        self._seed = seed
        self._stream = None if reproducible else Random(seed)

    def price(self, asin: str, low: float, high: float) -> float:
        """Draw a price in [low, high] dollars."""
        stream = self._stream or Random(derive_seed(self._seed, asin, "price"))
        return stream.uniform(low, high)

    def bound(self, asin: str, number: int, price: float) -> float | None:
        """Draw the price bound of the product's instruction `number`: the larger of two round prices above `price`.

        They are two of the first four multiples of 10, up to 990; with fewer than two there is no bound.
        """
        candidates = [bound for bound in _BOUNDS if bound > price][:4]
        if len(candidates) < 2:
            return None
        stream = self._stream or Random(derive_seed(self._seed, asin, "bound", number))
        return max(stream.sample(candidates, 2))


def goals_in_session_order(
    mode: str, instructed: Iterable[tuple[Product, tuple[Instruction, ...]]], draws: Draws
) -> list[Goal]:
    """Return the goals of all products that have instructions (in the order of the catalogue), ready to be played.

    They are shuffled as the original's: session number i plays the i-th. It is named "<mode>-<i>", with four digits
    at least. From 2,000 goals up the splits are the original's by position: test 0 to 499, eval 500 to 1,499, train
    the rest. With fewer: test the first fifth (rounded down), eval the next fifth, train the rest.

    The weight of a human goal is 1. That of a synthetic goal is the mean, over its attributes, of 1 / (number of
    goals that have the attribute), so that a product with many combinations of options is not drawn more often.
    """
    goals = [goal for product, texts in instructed for goal in _goals_of(mode, product, texts, draws)]
    counts = Counter(attribute for goal in goals for attribute in goal.attributes)
    Random(_SHUFFLE_SEED).shuffle(goals)
    test, evaluation = (500, 1500) if len(goals) >= 2000 else (len(goals) // 5, 2 * (len(goals) // 5))
    for i, goal in enumerate(goals):
        weight = 1.0
        if mode == "synthetic":
            weight = sum(1.0 / counts[attribute] for attribute in goal.attributes) / len(goal.attributes)
        split = "test" if i < test else "eval" if i < evaluation else "train"
        goals[i] = replace(goal, id=f"{mode}-{i:04d}", weight=weight, split=split)
    return goals


def _goals_of(mode: str, product: Product, instructions: Iterable[Instruction], draws: Draws) -> Iterator[Goal]:
    for number, instruction in enumerate(instructions):
        bound = draws.bound(product.asin, number, product.price)
        price_text = "" if bound is None else f", and price lower than {bound:.2f} dollars"
        for options in _wanted(product, instruction):
            text = instruction.text
            if isinstance(options, Mapping) and options:
                text += " with " + ", and ".join(f"{name}: {value}" for name, value in options.items())
            yield Goal(
                id="",
                mode=mode,
                asin=product.asin,
                category=product.category,
                query=product.query,
                product_category=product.product_category,
                name=product.title,
                instruction_text=text + price_text,
                attributes=instruction.attributes,
                price_upper=1e6 if bound is None else bound,
                goal_options=options,
                weight=1.0,
                name_nouns=product.title_nouns,
            )


def _wanted(product: Product, instruction: Instruction) -> Iterator[Mapping[str, str] | tuple[str, ...]]:
    if instruction.options is not None:
        yield instruction.options
        return
    names = sorted(product.options)
    for values in itertools.product(*(product.options[name] for name in names)):
        yield dict(zip(names, values, strict=True))
