"""Searches that a reader of an instruction may try: words of the instruction, nothing else."""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = ["suggested_queries"]

PRICE = re.compile(r",? and price lower than [\d.]+ dollars")
BRACKETS = re.compile(r"[\[\]]")
FILLER = frozenset(
    (  # noqa: SIM905 - a list of words
        "a an and any are as at be buy by can could do find for from get give have help hi hello i i'd i'm i've in is "
        "it like look looking me my need needs of on one or order please shop show some something that the there this "
        "to trying up want wants we with would you"
    ).split()
)
"""Words that say nothing about a product."""


@lru_cache(maxsize=8192)
def suggested_queries(instruction: str) -> tuple[str, ...]:
    """Return one to four different searches, lower-case.

    In order: the whole instruction without its price; its words without filler; the first and the last half of those.
    """
    text = BRACKETS.sub(" ", PRICE.sub("", instruction.lower()))
    words = [word for word in re.findall(r"[^\s,;:.!?]+(?:\.\d+)?", text) if word not in FILLER]
    half = (len(words) + 1) // 2
    found = [" ".join(text.split()), " ".join(words), " ".join(words[:half]), " ".join(words[half:])]
    return tuple(dict.fromkeys(query for query in found if query)) or ("product",)
