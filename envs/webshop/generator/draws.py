"""Seeded draws that stay the same in every Python version.

Of `random.Random` only the method `random` promises an unchanging sequence for a seed, so every draw here takes that
bound method and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

__all__ = ["Draw", "bell", "pick", "sample", "shuffle"]

Draw = Callable[[], float]
"""The method `random` of a seeded `random.Random`: a float in [0, 1) at each call."""

T = TypeVar("T")


def pick(items: Sequence[T], draw: Draw) -> T:
    """Return one of the items, each with the same chance."""
    return items[int(draw() * len(items))]


def sample(items: Sequence[T], number: int, draw: Draw) -> list[T]:
    """Return `number` of the items (all, if there are fewer) without replacement, in drawn order."""
    pool = list(items)
    size = len(pool)
    number = min(number, size)
    for index in range(number):
        other = index + int(draw() * (size - index))
        pool[index], pool[other] = pool[other], pool[index]
    del pool[number:]
    return pool


def shuffle(items: Sequence[T], draw: Draw) -> list[T]:
    """Return the items in random order."""
    return sample(items, len(items), draw)


def bell(draw: Draw) -> float:
    """Return a bell-shaped number of mean 0 and standard deviation 1, between -3 and 3 (of three uniform ones)."""
    return 2.0 * (draw() + draw() + draw() - 1.5)
