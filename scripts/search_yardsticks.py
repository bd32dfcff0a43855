"""Other search engines to measure ours against: BM25 in a few lines of Python, and libraries if they are installed."""

from __future__ import annotations

import heapq
import importlib.util
import math
from collections import Counter
from collections.abc import Callable

__all__ = ["HITS", "yardsticks"]

HITS = 50
K1, B = 0.9, 0.4

Search = Callable[[list[str]], object]


def yardsticks(corpus: list[list[str]]) -> dict[str, Search]:
    """Return other engines over the same terms: BM25 in a few lines of Python, and libraries that are installed."""
    engines: dict[str, Search] = {"BM25 in plain Python": _plain_bm25(corpus)}
    if importlib.util.find_spec("bm25s"):
        other = importlib.import_module("bm25s").BM25(k1=K1, b=B)
        other.index(corpus, show_progress=False)
        engines["bm25s"] = lambda terms: other.retrieve([terms], k=HITS, show_progress=False)
    if importlib.util.find_spec("rank_bm25"):
        okapi = importlib.import_module("rank_bm25").BM25Okapi(corpus, k1=K1, b=B)
        engines["rank-bm25"] = lambda terms: okapi.get_top_n(terms, range(len(corpus)), n=HITS)
    return engines


def _plain_bm25(corpus: list[list[str]]) -> Search:
    """Return a search over lists of terms, weighed beforehand."""
    mean = sum(map(len, corpus)) / len(corpus)
    weights: dict[str, dict[int, float]] = {}
    for number, terms in enumerate(corpus):
        for term, count in Counter(terms).items():
            share = count / (count + K1 * (1 - B + B * len(terms) / mean))
            weights.setdefault(term, {})[number] = share
    idf = {term: math.log(1 + (len(corpus) - len(held) + 0.5) / (len(held) + 0.5)) for term, held in weights.items()}

    def search(terms: list[str]) -> list[int]:
        sums: dict[int, float] = {}
        for term in terms:
            for number, share in weights.get(term, {}).items():
                sums[number] = sums.get(number, 0.0) + idf[term] * share
        return heapq.nlargest(HITS, sums, key=sums.__getitem__)

    return search
