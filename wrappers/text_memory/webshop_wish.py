"""What an instruction of the web-shop asks for, and how well a text or a price fits it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

__all__ = ["Fit", "Wish", "content", "fit", "is_named", "read_wish", "terms"]

TERM = re.compile(r"\d+(?:\.\d+)?|[^\W\d_]+(?:['’][^\W\d_]+)*")
BOUND = re.compile(
    r",?\s*(?:and\s+)?(?:(?:the\s+)?price\s+)?(?:(?:lower|less|cheaper) than|under|below|at most|up to)\s+"
    r"(?:\$\s*(\d[\d,]*(?:\.\d+)?)(?:\s*dollars)?|(\d[\d,]*(?:\.\d+)?)\s*dollars)",
    re.IGNORECASE,
)
AMOUNT = re.compile(r"\d[\d,]*(?:\.\d+)?")
ENDINGS = ("'s", "’s", "ing", "able", "ed", "es", "s")
STOP = frozenset(
    ("a an the and or of for with without in on to at by as from under into out up so if but then than too also just "  # noqa: SIM905 - a list of words
     "is are am be been being was were it its it's that this these those there which who what should must has have had "
     "having can could would will may might shall do does did doing i i'd i'm i've i'll he she his her they them their "
     "we our us you your me my myself let let's any some one ones something anything very really even please like need "
     "needs needed want wants wanted looking look searching search shopping find get buy show take give made come "
     "comes good price priced lower less cheaper dollars color colour size").split()
)  # fmt: skip


@lru_cache(maxsize=65536)
def terms(text: str) -> tuple[str, ...]:
    """Return the words and numbers of a text, lower-case, in order."""
    return tuple(TERM.findall(text.lower()))


@lru_cache(maxsize=65536)
def _stem(word: str) -> str:
    """Cut the commonest endings, so that "machine washable" has the words of "machine wash"."""
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            break
    return word[:-1] if word.endswith("e") and len(word) > 3 else word


@lru_cache(maxsize=65536)
def _stems(text: str) -> tuple[str, ...]:
    """Return the stems of a text in order, without words that say nothing of a product."""
    return tuple(_stem(term) for term in terms(text) if term not in STOP)


@lru_cache(maxsize=65536)
def content(text: str) -> frozenset[str]:
    """Return the stems of a text."""
    return frozenset(_stems(text))


@dataclass(frozen=True)
class Wish:
    """An instruction, read.

    Attributes:
        words: its words without the price bound, lower-case, in order.
        content: stems of the words that say something of the product.
        bound: the price must be lower; infinite if no bound is stated.
    """

    words: tuple[str, ...]
    content: frozenset[str]
    bound: float

    def allows(self, price: str) -> bool:
        """Return whether a price such as "$9.99", or the low end of "$5.0 to $9.0", is within the bound."""
        amount = AMOUNT.search(price)
        return amount is None or float(amount[0].replace(",", "")) <= self.bound

    def share(self, found: frozenset[str]) -> float:
        """Return the share of the wish that is among some stems."""
        return len(self.content & found) / len(self.content) if self.content else 0.0


@lru_cache(maxsize=8192)
def read_wish(instruction: str) -> Wish:
    """Read an instruction; the last price bound in it counts."""
    bounds = list(BOUND.finditer(instruction))
    rest = BOUND.sub(" ", instruction)
    bound = float((bounds[-1][1] or bounds[-1][2]).replace(",", "")) if bounds else float("inf")
    return Wish(terms(rest), content(rest), bound)


class Fit(NamedTuple):
    """How well a text fits a wish, each in [0, 1].

    Attributes:
        match: share of the wish's words that are in the text.
        focus: share of the text's words that are in the wish.
        phrase: the longest run of words of the text that stand in the wish in this order, up to 4, in quarters.
    """

    match: float
    focus: float
    phrase: float

    @property
    def score(self) -> float:
        """One number to compare texts by."""
        return self.match + 0.5 * self.focus + 0.5 * self.phrase


@lru_cache(maxsize=65536)
def fit(instruction: str, text: str) -> Fit:
    """Compare a text with an instruction."""
    wish, own = read_wish(instruction), content(text)
    pairs, run, longest = _pairs(instruction), 0, 0
    before = ""
    for stem in _stems(text):
        run = run + 1 if run and (before, stem) in pairs else int(stem in wish.content)
        longest, before = max(longest, run), stem
    common = len(own & wish.content)
    return Fit(wish.share(own), common / len(own) if own else 0.0, min(longest, 4) / 4)


@lru_cache(maxsize=8192)
def _pairs(instruction: str) -> frozenset[tuple[str, str]]:
    stems = _stems(BOUND.sub(" ", instruction))
    return frozenset(pairwise(stems))


@lru_cache(maxsize=65536)
def is_named(instruction: str, value: str) -> bool:
    """Return whether a value, word for word, stands in the instruction outside the price bound."""
    own = terms(value)
    return bool(own) and f" {' '.join(own)} " in f" {' '.join(read_wish(instruction).words)} "
