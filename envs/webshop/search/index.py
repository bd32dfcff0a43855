"""The search engine: BM25 over arrays that stay on disk, exact, in well under a millisecond.

A query adds up the weights of its terms product by product. Two things keep that short. The best k are found without
sorting: the k-th largest of many block maxima is a lower bound of the k-th best score, and few products reach it. And
terms that very many products hold ("size", "color") weigh little, so they are looked up only for products that can
still reach that bound (the idea of MaxScore: Turtle and Flood, "Query evaluation", 1995).
"""

from __future__ import annotations

import json
import threading
import zlib
from bisect import bisect_left
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from .analyzer import tokens
from .builder import FORMAT, build_index, indexed_text, term_weights

__all__ = ["SearchIndex", "StaleIndexError", "build_index", "indexed_text"]

TIED = 1e-5  # scores this close count as equal
SLACK = 1e-3  # more than the rounding errors of one sum
HIGHEST_IN_SINGLE = 100.0  # scores that can exceed this (very long queries) are added up in double precision
BLOCKS = 2048
HOPE = 0.25  # a bound is looked for once the terms left over can add at most this share of the others
FEW = 0.6  # share of the blocks that may hold candidates when frequent terms are looked up for these alone


Sums = npt.NDArray[np.floating[Any]]
Numbers = npt.NDArray[np.int64]


class StaleIndexError(ValueError):
    """A folder holds no index, half of one, or one of another format; `build_index` makes it anew."""


class SearchIndex:
    """An index on disk, opened without reading it. Several threads may search at once.

    Args:
        folder: where `build_index` wrote it.

    Raises:
        StaleIndexError: the folder holds no complete index of this format.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = Path(folder)
        self._local = threading.local()
        load = _Files(self.folder)
        self.num_products = load.num_products
        self._text = load.array("term_text").data
        self._ends = load.array("term_ends").data
        self._checksums = load.array("term_checksums").data
        self._numbers = load.array("term_numbers").data
        self._starts = load.array("starts").data
        self._rows = load.array("rows").data
        self._highest = load.array("highest").data
        self._idf = load.array("idf")
        self._products = load.array("products")
        self._weights = load.array("weights")
        self._row_counts = load.array("row_counts")
        self._inverse_norm = load.array("inverse_norm")
        self._rank = load.array("rank")
        self._number = lru_cache(maxsize=50_000)(self._find_number)  # of terms, not of queries

    def __reduce__(self) -> tuple[type[SearchIndex], tuple[Path]]:
        return SearchIndex, (self.folder,)

    def search(self, query: str, k: int = 50) -> Numbers:
        """Return the numbers of the best products, at most `k`, best first.

        A term that the query repeats counts as often. Scores within 1e-5 of the best of a group are tied; ties are
        ordered by id. Products that share no term with the query are never found.
        """
        counts = self._term_counts(query)
        if not counts or k <= 0:
            return np.zeros(0, np.int64)
        highest = sum(self._highest[term] * count for term, count in counts.items())
        sums = self._scratch(np.float32 if highest <= HIGHEST_IN_SINGLE else np.float64)
        waiting: list[tuple[float, int, int]] = []  # frequent terms: (most that they can add, term, count)
        for term, count in counts.items():
            if self._rows[term] < 0:
                self._add(sums, term, count)
            else:
                waiting.append((self._highest[term] * count, term, count))
        waiting.sort()
        rest = sum(most for most, _, _ in waiting)
        while True:
            if rest <= HOPE * (highest - rest):
                tops = sums.reshape(-1, min(BLOCKS, len(sums))).max(axis=0)
                bound = _kth_largest(tops, k) - rest - SLACK
                if not waiting or (bound > 0 and np.count_nonzero(tops >= bound) <= FEW * len(tops)):
                    break
            most, term, count = waiting.pop()
            self._add(sums, term, count)
            rest = rest - most if waiting else 0.0
        found = np.flatnonzero(sums >= bound if bound > 0 else sums)
        scores = sums[found].astype(np.float64)
        if waiting:
            terms = np.array([term for _, term, _ in waiting])
            times = np.array([[count] for _, _, count in waiting])
            rows = np.array([self._rows[term] for term in terms])
            held = self._row_counts[rows[:, None], found]
            scores += (term_weights(held, self._idf[terms][:, None], self._inverse_norm[found]) * times).sum(axis=0)
        return self._best(found, scores, k)

    def scores(self, query: str) -> tuple[Numbers, npt.NDArray[np.float64]]:
        """Return every product that shares a term with the query, in catalogue order, and its score."""
        sums = np.zeros(self.num_products)
        for term, count in self._term_counts(query).items():
            here = slice(self._starts[term], self._starts[term + 1])
            sums[self._products[here]] += self._weights[here].astype(np.float64) * count
        found = np.flatnonzero(sums)
        return found, sums[found]

    def _term_counts(self, query: str) -> dict[int, int]:
        counts: dict[int, int] = {}
        for term in tokens(query):
            number = self._number(term)
            if number >= 0:
                counts[number] = counts.get(number, 0) + 1
        return counts

    def _find_number(self, term: str) -> int:
        """Return the number of a term, -1 if no product holds it."""
        raw = term.encode("utf-8", "surrogatepass")
        checksum = zlib.crc32(raw)
        place = bisect_left(self._checksums, checksum)
        while place < len(self._checksums) and self._checksums[place] == checksum:
            number = self._numbers[place]
            if self._text[self._ends[number] : self._ends[number + 1]] == raw:
                return number
            place += 1
        return -1

    def _scratch(self, dtype: type[np.floating[Any]]) -> Sums:
        """Return zeros, one sum per product, rounded up to whole blocks; this thread gets the same room again."""
        sums = getattr(self._local, dtype.__name__, None)
        if sums is None:
            blocks = min(BLOCKS, max(1, self.num_products))
            sums = np.empty(-(-self.num_products // blocks) * blocks, dtype)
            setattr(self._local, dtype.__name__, sums)
        sums.fill(0)
        return sums

    def _add(self, sums: Sums, term: int, count: int) -> None:
        start, end = self._starts[term], self._starts[term + 1]
        weights = self._weights[start:end]
        np.add.at(sums, self._products[start:end], weights if count == 1 else weights * sums.dtype.type(count))

    def _best(self, found: Numbers, scores: npt.NDArray[np.float64], k: int) -> Numbers:
        """Return the best `k` of `found`, in order."""
        if len(found) > k:
            kth = np.partition(scores, len(scores) - k)[len(scores) - k]
            keep = np.flatnonzero(scores >= kth - TIED)
            found, scores = found[keep], scores[keep]
            if len(found) > 4 * k:
                keep = self._cut_long_ties(found, scores, k, kth)
                found, scores = found[keep], scores[keep]
        rank = self._rank[found]
        order = np.lexsort((rank, -scores))
        falls = -np.diff(scores[order])
        if np.any((falls > 0) & (falls <= TIED)):
            order = order[np.lexsort((rank[order], np.array(_groups(scores[order]))))]
        return found[order[:k]]

    def _cut_long_ties(self, found: Numbers, scores: npt.NDArray[np.float64], k: int, kth: float) -> Numbers:
        """Return places in `found` that hold the best `k`, whose last scores `kth`: of a long tie only its first k."""
        is_above = scores > kth + TIED
        kept, left = [np.flatnonzero(is_above)], np.flatnonzero(~is_above)
        above = -np.sort(-scores[is_above])
        groups = _groups(above)
        first = above[groups.index(groups[-1])] if groups else scores[left].max()
        missing = k - len(above)
        while True:
            is_tied = scores[left] >= first - TIED
            tied = left[is_tied]
            missing -= len(tied)
            if len(tied) > k:
                tied = tied[np.argpartition(self._rank[found[tied]], k)[:k]]
            kept.append(tied)
            if missing <= 0:
                return np.concatenate(kept)
            left = left[~is_tied]
            first = scores[left].max()


class _Files:
    """The files of an index, checked against what meta.json says of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            meta: dict[str, Any] = json.loads((folder / "meta.json").read_text("utf-8"))
            version, sizes, self.num_products = meta["format"], meta["files"].items(), int(meta["products"])
        except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
            raise StaleIndexError(f"{folder} holds no complete search index: {error}") from error
        if version != FORMAT:
            raise StaleIndexError(f"the search index in {folder} has format {version!r}, this program reads {FORMAT}")
        for name, size in sizes:
            path = folder / name
            if not path.is_file() or path.stat().st_size != size:
                raise StaleIndexError(f"{path} is missing or not {size} bytes long, as meta.json says")

    def array(self, name: str) -> npt.NDArray[Any]:
        try:
            return np.asarray(np.load(self.folder / f"{name}.npy", mmap_mode="r"))
        except (OSError, ValueError) as error:
            raise StaleIndexError(f"{self.folder / name}.npy cannot be read: {error}") from error


def _kth_largest(tops: Sums, k: int) -> float:
    """Return the k-th largest of `tops`, 0 if there are not so many."""
    return float(np.partition(tops, len(tops) - k)[len(tops) - k]) if k <= len(tops) else 0.0


def _groups(scores: npt.NDArray[np.float64]) -> list[int]:
    """Number the groups of tied scores, which fall. A group reaches down to `TIED` below its first score."""
    groups, first, group = [], np.inf, -1
    for score in scores.tolist():
        if score < first - TIED:
            first, group = score, group + 1
        groups.append(group)
    return groups
