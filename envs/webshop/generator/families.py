"""Which families of products there are: the product type and the split of each, and the ids of their members.

A family is one to six near-duplicates. Families come in blocks of 357: each of the 250 product types once for
training, and 53 and 54 of the types once more for evaluation and test, in an order in which a type's training family
comes first. So whatever the size of the catalogue, about 70 / 15 / 15 percent of the families belong to the three
splits, no family belongs to two, and nothing is asked for in a test whose type was not there in training.
"""

from __future__ import annotations

from functools import lru_cache
from random import Random

from ....core.random import derive_seed, stable_hash
from .draws import sample, shuffle
from .words import ProductType, product_types

__all__ = ["MOST_MEMBERS", "VERSION", "family_plan", "family_rng", "find_member", "member_asin"]

VERSION = 1
"""Part of every seed. Whatever changes the content of the catalogue raises it."""
MOST_MEMBERS = 6
HELD_OUT = {"eval": 53, "test": 54}
"""Types with a second family in a block, by its split."""

SLOTS = 8
BITS = 46
MASK = (1 << BITS) - 1
MULTIPLIERS = 0x1B873593AC9D, 0x2545F4914F6D
INVERSES = tuple(pow(multiplier, -1, MASK + 1) for multiplier in reversed(MULTIPLIERS))
SHIFT = BITS // 2
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
MOST_FAMILIES = 1 << 24


def family_rng(seed: int, *parts: object) -> Random:
    """Return the random numbers of one family, or of one part of its making."""
    return Random(derive_seed("webshop", VERSION, seed, *parts))


def family_plan(family: int, seed: int) -> tuple[ProductType, str]:
    """Return the product type of family number `family` and its split: "train", "eval" or "test"."""
    types = product_types()
    block, place = divmod(family, len(types) + sum(HELD_OUT.values()))
    number, split = _block(block, seed)[place]
    return types[number], split


@lru_cache(maxsize=8)
def _block(block: int, seed: int) -> tuple[tuple[int, str], ...]:
    draw = family_rng(seed, "block", block).random
    numbers = range(len(product_types()))
    chosen = sample(numbers, sum(HELD_OUT.values()), draw)
    splits = dict.fromkeys(chosen[: HELD_OUT["eval"]], "eval") | dict.fromkeys(chosen[HELD_OUT["eval"] :], "test")
    met: set[int] = set()
    entries = []
    for number in shuffle([*numbers, *chosen], draw):
        entries.append((number, splits[number] if number in met else "train"))
        met.add(number)
    return tuple(entries)


def member_asin(family: int, member: int, seed: int) -> str:
    """Return the id of a product: "B" and nine digits or capitals.

    It is a bijection of (family, member): unique by construction, without any order, and free of the catalogue's size.
    """
    value = family * SLOTS + member ^ _offset(seed)
    for multiplier in MULTIPLIERS:
        value = value * multiplier & MASK
        value ^= value >> SHIFT
    digits = []
    for _ in range(9):
        value, digit = divmod(value, 36)
        digits.append(DIGITS[digit])
    return "B" + "".join(digits)


def find_member(asin: str, seed: int) -> tuple[int, int]:
    """Return the (family, member) that an id stands for.

    Raises:
        ValueError: the generator gives no product this id with this seed.
    """
    value = 0
    for digit in reversed(asin[1:]):
        value = value * 36 + DIGITS.find(digit)
    for inverse in INVERSES:
        value ^= value >> SHIFT  # undoes itself, as the shift is half the width
        value = value * inverse & MASK
    family, member = divmod(value ^ _offset(seed), SLOTS)
    if family >= MOST_FAMILIES or member >= MOST_MEMBERS or member_asin(family, member, seed) != asin:
        raise ValueError(f"{asin!r} is no product of the built-in catalogue with seed {seed}")
    return family, member


@lru_cache(maxsize=8)
def _offset(seed: int) -> int:
    return stable_hash(f"webshop ids {VERSION} {seed}", BITS)
