"""Random draws that stay the same in every Python version.

Of `random.Random` only the method `random` promises an unchanging sequence for a seed, so all drawing of
scenes and games builds on it alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any, TypeVar

__all__ = ["below", "shuffle", "spread", "weighted"]

T = TypeVar("T")


def below(number: int, rng: Random) -> int:
    """Return a uniform whole number from 0 to `number - 1`."""
    return int(rng.random() * number)


def shuffle(items: list[Any], rng: Random) -> None:
    """Shuffle a list in place (Fisher and Yates)."""
    for last in range(len(items) - 1, 0, -1):
        other = below(last + 1, rng)
        items[last], items[other] = items[other], items[last]


def weighted(weights: Mapping[T, float], rng: Random) -> T:
    """Return one key, each with probability in proportion to its weight; there must be one at least."""
    left = rng.random() * sum(weights.values())
    for key, weight in weights.items():
        left -= weight
        if left < 0:
            return key
    return next(reversed(list(weights)))


def spread(fewest: float, mean: float, most: float, number: int) -> list[int]:
    """Return `number` whole numbers from `fewest` to `most` with the given mean, ascending.

    They are the quantiles of fewest + (most - fewest) * u**k with u uniform in [0, 1], which has the mean
    fewest + (most - fewest) / (k + 1): many small ones and a few large. Rounding the running sum instead
    of each value keeps the mean.
    """
    if mean <= fewest:
        return [round(fewest)] * number
    power = (most - mean) / (mean - fewest)
    values, total = [], 0.0
    for index in range(number):
        before = total
        total = round(total + fewest + (most - fewest) * ((index + 0.5) / number) ** power, 6)
        values.append(int(total + 0.5) - int(before + 0.5))
    return values
