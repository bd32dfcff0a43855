"""How alike two short phrases are: thefuzz's token set ratio on difflib, and a fast answer to "more than 85?"."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from functools import lru_cache

__all__ = ["THRESHOLD", "is_close", "token_set_ratio"]

THRESHOLD = 85
"""Phrases match if their ratio is above it."""

NOT_WORD = re.compile(r"\W")


@lru_cache(maxsize=65536)
def _prepare(text: str) -> tuple[str, frozenset[str]]:
    """Return the text without other than ASCII word characters, lower-case, and the set of its words."""
    plain = NOT_WORD.sub(" ", text.encode("ascii", "ignore").decode()).lower().strip()
    return plain, frozenset(plain.split())


def _pairs(a: frozenset[str], b: frozenset[str]) -> list[tuple[str, str]]:
    common = " ".join(sorted(a & b))
    left = f"{common} {' '.join(sorted(a - b))}".strip()
    right = f"{common} {' '.join(sorted(b - a))}".strip()
    return [(common, left), (common, right), (left, right)]


def token_set_ratio(a: str, b: str) -> int:
    """Return the similarity of two phrases, 0 to 100, with the words' order and repeats left out of account.

    With i the sorted common words, x and y those followed by the rest of each side: the best of the ratios of
    (i, x), (i, y) and (x, y), each rounded. A ratio is difflib's 2 * matches / total length. Nothing but characters
    other than ASCII words on one side: 0. The function is thefuzz 0.19's; WebShop (2022) scores with it.
    """
    (plain_a, words_a), (plain_b, words_b) = _prepare(a), _prepare(b)
    if not plain_a or not plain_b:
        return 0
    return max(_ratio(*pair) for pair in _pairs(words_a, words_b))


def _ratio(a: str, b: str) -> int:
    if not a or not b:
        return 0
    if a == b:
        return 100
    return round(100 * SequenceMatcher(None, a, b).ratio())


@lru_cache(maxsize=262144)
def is_close(a: str, b: str) -> bool:
    """Return whether `token_set_ratio(a, b)` is above `THRESHOLD`; most pairs are told apart without it."""
    (plain_a, words_a), (plain_b, words_b) = _prepare(a), _prepare(b)
    if not plain_a or not plain_b:
        return False
    if words_a <= words_b or words_b <= words_a:
        return True  # the common words are all there is on one side
    return any(_could_be_close(*pair) and _ratio(*pair) > THRESHOLD for pair in _pairs(words_a, words_b))


def _could_be_close(a: str, b: str) -> bool:
    """Bound the ratio from above, first by the lengths, then by the letters in common."""
    enough = (THRESHOLD + 0.5) / 200 * (len(a) + len(b))
    if min(len(a), len(b)) < enough:
        return False
    return sum(min(a.count(letter), b.count(letter)) for letter in set(a)) >= enough
