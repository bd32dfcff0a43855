"""How right an answer is: token F1, as a pure function."""

from __future__ import annotations

import re
from collections import Counter

__all__ = ["f1", "tokens"]

DROPPED = re.compile(r"[^\w\s]")
ARTICLES = frozenset(("a", "an", "the"))
POLAR = frozenset(("yes", "no"))


def tokens(text: str) -> list[str]:
    """Return the words of an answer: lower-case, without punctuation and articles."""
    return [word for word in DROPPED.sub("", text.lower()).split() if word not in ARTICLES]


def f1(answer: str, gold: str) -> float:
    """Return the F1 of an answer's words against the gold answer's, in [0, 1]; 1.0 if and only if they are the same.

    With c words in common, counted as often as they are in both: precision c / |answer|, recall c / |gold|, and F1
    their harmonic mean. Order does not matter, so a list may be given in any. If either is "yes" or "no", both must
    be: such an answer is right or wrong.
    Source: SQuAD (Rajpurkar et al., 2016) for F1; HotpotQA (Yang et al., 2018) for yes and no.
    """
    one, other = tokens(answer), tokens(gold)
    given, wanted = Counter(one), Counter(other)
    if given == wanted:
        return 1.0
    common = (given & wanted).total()
    if not common or POLAR & {" ".join(one), " ".join(other)}:
        return 0.0
    return 2.0 * common / (len(one) + len(other))
