"""Writing the search index: from texts to arrays on disk, in bounded memory.

The first pass reads the texts, numbers their terms as they appear, and saves the counts of some thousand products at a
time. The second gathers the counts of some thousand terms at a time, weighs them, and appends them to the final files.

Scores are BM25 as Lucene computes it (Robertson and Zaragoza, "The probabilistic relevance framework", 2009):
    weight = idf * tf / (tf + k1 * (1 - b + b * L / mean L)),  idf = ln(1 + (N - df + 0.5) / (df + 0.5))
with k1 = 0.9 and b = 0.4; L is the number of terms of the text as it survives in one byte (`stored_length`).
"""

from __future__ import annotations

import os
import tempfile
import zlib
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from ....core.files import write_json
from .analyzer import tokens

__all__ = ["FORMAT", "build_index", "indexed_text", "stored_length", "term_weights"]

FORMAT = 1
K1, B = 0.9, 0.4
# A term that more than one product in 16 holds also gets a row of counts, one byte a product; small shops need none.
FREQUENT, ROWS_FROM = 16, 16_384
PRODUCTS_AT_ONCE, TERMS_AT_ONCE, POSTINGS_AT_ONCE = 16_384, 3_000_000, 2_000_000

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[Any]


def indexed_text(title: str, description: str, bullets: Sequence[str], options: Mapping[str, Sequence[str]]) -> str:
    """Return what can be found of a product: title, description, FIRST bullet and options, in lower case."""
    listed = ", and ".join(f"{name}: {', '.join(values)}" for name, values in options.items())
    return " ".join((title, description, bullets[0] if bullets else "", listed)).lower()


def build_index(
    texts: Iterable[str], ids: Sequence[str], folder: Path, progress: Callable[[int], None] | None = None
) -> None:
    """Index `texts` and write the index to `folder`, replacing one that is there.

    A million texts of 130 terms take a few minutes, 1 GB of memory and 2 GB of disk, half of it only meanwhile. The
    file meta.json is written last: a folder without it holds no index.

    Args:
        texts: one for each product, in catalogue order; see `indexed_text`. Read once.
        ids: their ids: equal scores are ordered by id, as a string.
        folder: where the index goes; made if needed.
        progress: called with the number of texts read so far, now and then.

    Raises:
        ValueError: there are more texts than ids, or fewer.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".building-") as temporary:
        work = Path(temporary)
        counts = _Counts(work)
        counts.read(texts, progress or (lambda _: None))
        products = len(counts.lengths)
        if products != len(ids):
            raise ValueError(f"there are {products} texts but {len(ids)} ids: each product needs one of both")
        final = work / "final"
        final.mkdir()
        rank = np.empty(products, np.int32)
        rank[sorted(range(products), key=ids.__getitem__)] = np.arange(products, dtype=np.int32)
        np.save(final / "rank.npy", rank)
        _write_terms(final, counts.numbers)
        counts.numbers.clear()
        _write_postings(final, counts)
        (folder / "meta.json").unlink(missing_ok=True)
        sizes = {path.name: path.stat().st_size for path in sorted(final.iterdir())}
        for name in sizes:
            os.replace(final / name, folder / name)
        write_json(folder / "meta.json", {"format": FORMAT, "products": products, "files": sizes})


def stored_length(length: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """Return what Lucene's one-byte code keeps of a length: all of it below 40; above, of what exceeds 24, 4 bits."""
    length = np.asarray(length, np.int64)
    beyond = np.maximum(length - 24, 0)
    dropped = np.maximum(np.frexp(beyond.astype(np.float64))[1] - 4, 0)
    return np.where(beyond, 24 + (beyond >> dropped << dropped), length)


def term_weights(count: Ints, idf: Floats, inverse_norm: Floats) -> Floats:
    """Return what terms add to a score: idf * tf / (tf + norm), in Lucene's own order of single-precision steps."""
    saturation = 1 + count.astype(np.float32) * inverse_norm
    return (idf - idf / saturation).astype(np.float32, copy=False)


class _Counts:
    """First pass: how often each term occurs in each product, in chunks on disk that are sorted by term.

    Attributes:
        numbers: term to its number, in the order of first appearance.
        lengths: terms of each text.
        held_by, most: (terms,) in how many products a term occurs, and how often at most in one.
        chunks: files of (3, postings) int32: term, product, count.
    """

    def __init__(self, work: Path) -> None:
        self.work = work
        self.numbers: dict[str, int] = _Numbers()
        self.lengths = array("q")
        self.held_by: Ints = np.zeros(0, np.int64)
        self.most: Ints = np.zeros(0, np.int64)
        self.chunks: list[Path] = []

    def read(self, texts: Iterable[str], progress: Callable[[int], None]) -> None:
        flat, first = array("i"), 0
        for text in texts:
            before = len(flat)
            flat.extend(map(self.numbers.__getitem__, tokens(text)))
            self.lengths.append(len(flat) - before)
            if len(self.lengths) - first >= PRODUCTS_AT_ONCE or len(flat) >= TERMS_AT_ONCE:
                self._save(flat, first)
                flat, first = array("i"), len(self.lengths)
                progress(first)
        self._save(flat, first)
        progress(len(self.lengths))

    def _save(self, flat: array[int], first: int) -> None:
        lengths = np.asarray(self.lengths[first:], np.int64)
        products = np.repeat(np.arange(first, first + len(lengths)), lengths)
        keys = np.asarray(flat, np.int64) << 32 | products
        keys.sort()
        starts = np.flatnonzero(np.diff(keys, prepend=-1))
        chunk = np.empty((3, len(starts)), np.int32)
        chunk[0], chunk[1] = keys[starts] >> 32, keys[starts] & 0xFFFFFFFF
        chunk[2] = np.diff(starts, append=len(keys))
        self.chunks.append(self.work / f"{len(self.chunks)}.npy")
        np.save(self.chunks[-1], chunk)

        more = len(self.numbers) - len(self.most)
        self.most = np.concatenate([self.most, np.zeros(more, np.int64)])
        self.held_by = np.concatenate([self.held_by, np.zeros(more, np.int64)])
        if len(starts):
            runs = np.flatnonzero(np.diff(chunk[0], prepend=-1))
            terms = chunk[0, runs]
            self.held_by[terms] += np.diff(runs, append=len(starts))
            self.most[terms] = np.maximum(self.most[terms], np.maximum.reduceat(chunk[2], runs))


class _Numbers(dict[str, int]):
    def __missing__(self, term: str) -> int:
        number = self[term] = len(self)
        return number


def _write_terms(folder: Path, numbers: Mapping[str, int]) -> None:
    """Write the dictionary: the terms one after another, where each ends, and their numbers by checksum."""
    ends, sums, text = array("q", [0]), array("L"), bytearray()
    for term in numbers:
        raw = term.encode("utf-8", "surrogatepass")
        text += raw
        ends.append(len(text))
        sums.append(zlib.crc32(raw))
    checksums = np.asarray(sums, np.uint32)
    order = np.argsort(checksums, kind="stable")
    np.save(folder / "term_text.npy", np.frombuffer(bytes(text), np.uint8))
    np.save(folder / "term_ends.npy", np.asarray(ends, np.int64))
    np.save(folder / "term_checksums.npy", checksums[order])
    np.save(folder / "term_numbers.npy", order.astype(np.int32))


def _write_postings(folder: Path, counts: _Counts) -> None:
    """Second pass: write which products hold a term, and with what weight, term after term."""
    lengths, held_by = np.asarray(counts.lengths, np.int64), counts.held_by
    filled = max(1, np.count_nonzero(lengths))  # products without a single term do not count, as in Lucene
    idf = np.log(1 + (filled - held_by + 0.5) / (held_by + 0.5)).astype(np.float32)
    share = stored_length(lengths) / max(1.0, lengths.sum() / filled)
    inverse_norm = (1 / (K1 * (1 - B + B * share))).astype(np.float32)
    starts = np.concatenate([[0], np.cumsum(held_by)])
    in_row = (held_by * FREQUENT > len(lengths)) & (counts.most < 256) & (len(lengths) >= ROWS_FROM)
    rows = np.where(in_row, np.cumsum(in_row) - 1, -1).astype(np.int32)
    highest = np.zeros(len(idf), np.float32)
    postings, table = int(starts[-1]), (int(in_row.sum()), len(lengths))
    with (
        _array_file(folder / "products.npy", np.int32, (postings,)) as products_file,
        _array_file(folder / "weights.npy", np.float32, (postings,)) as weights_file,
        _array_file(folder / "row_counts.npy", np.uint8, table) as rows_file,
    ):
        for first, last in _groups(starts):
            terms, products, count = _gather(counts.chunks, first, last)
            weights = term_weights(count, idf[terms], inverse_norm[products])
            bounds = starts[first : last + 1] - starts[first]
            highest[first:last] = np.maximum.reduceat(weights, bounds[:-1])
            products_file.write(products.tobytes())
            weights_file.write(weights.tobytes())
            for term in first + np.flatnonzero(in_row[first:last]):
                row, here = np.zeros(len(lengths), np.uint8), slice(bounds[term - first], bounds[term - first + 1])
                row[products[here]] = count[here]
                rows_file.write(row.tobytes())
    np.save(folder / "inverse_norm.npy", inverse_norm)
    np.save(folder / "starts.npy", starts.astype(np.int64))
    np.save(folder / "idf.npy", idf)
    np.save(folder / "highest.npy", highest)
    np.save(folder / "rows.npy", rows)


def _groups(starts: Ints) -> Iterator[tuple[int, int]]:
    """Yield ranges of terms that together have about `POSTINGS_AT_ONCE` postings (one term may have more)."""
    first = 0
    while first < len(starts) - 1:
        last = int(np.searchsorted(starts, starts[first] + POSTINGS_AT_ONCE, side="right")) - 1
        last = max(last, first + 1)
        yield first, last
        first = last


def _gather(chunks: list[Path], first: int, last: int) -> Ints:
    """Return (3, postings) of the terms from `first` to before `last`, by term, then by product."""
    parts = []
    for path in chunks:
        chunk = np.load(path, mmap_mode="r")
        begin, end = np.searchsorted(chunk[0], np.array([first, last], np.int32))  # same type: no copy of the chunk
        parts.append(np.array(chunk[:, begin:end]))  # a copy, so that the file need not stay mapped
    whole = np.concatenate(parts, axis=1)
    return whole[:, np.argsort(whole[0], kind="stable")]


@contextmanager
def _array_file(path: Path, dtype: npt.DTypeLike, shape: tuple[int, ...]) -> Iterator[BinaryIO]:
    """Open a .npy file whose values are appended as raw bytes."""
    with path.open("wb") as file:
        header = {"descr": np.lib.format.dtype_to_descr(np.dtype(dtype)), "fortran_order": False, "shape": shape}
        np.lib.format.write_array_header_1_0(file, header)
        yield file
