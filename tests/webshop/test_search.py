"""The search engine against a naive one, and the life of its files: exact order, ties by id, stale folders noticed."""

from __future__ import annotations

import json
import math
import pickle
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guerdon.envs.webshop.search import analyzer, builder, index
from guerdon.envs.webshop.search.analyzer import tokens
from guerdon.envs.webshop.search.builder import stored_length
from guerdon.envs.webshop.search.index import SearchIndex, StaleIndexError, build_index, indexed_text
from guerdon.envs.webshop.search.porter import stem

WORDS = ["red", "blue", "shoe", "hat", "lamp", "oil", "xl", "2.5", "café", "tea"]


class Naive:
    """BM25 by its formula, in double precision."""

    def __init__(self, texts: Sequence[str]) -> None:
        read = [tokens(text) for text in texts]
        self.held: dict[str, list[tuple[int, int]]] = {}  # term to (product, count)
        for number, terms in enumerate(read):
            for term, count in Counter(terms).items():
                self.held.setdefault(term, []).append((number, count))
        self.filled = sum(bool(terms) for terms in read)
        mean = sum(map(len, read)) / max(self.filled, 1)
        self.norms = [0.9 * (1 - 0.4 + 0.4 * int(stored_length(len(terms))) / max(mean, 1)) for terms in read]

    def scores(self, query: str) -> dict[int, float]:
        """Return product number to score; products without a hit are left out."""
        scores: dict[int, float] = {}
        for term in tokens(query):
            held = self.held.get(term, [])
            idf = math.log(1 + (self.filled - len(held) + 0.5) / (len(held) + 0.5))
            for number, count in held:
                scores[number] = scores.get(number, 0.0) + idf * count / (count + self.norms[number])
        return scores

    def order(self, query: str, ids: Sequence[str]) -> list[int]:
        return naive_order(self.scores(query), ids)


def naive_order(scores: dict[int, float], ids: Sequence[str]) -> list[int]:
    order, left = [], sorted(scores, key=lambda number: -scores[number])
    while left:
        tied = [number for number in left if scores[number] >= scores[left[0]] - 1e-5]
        order += sorted(tied, key=ids.__getitem__)
        left = left[len(tied) :]
    return order


def built(folder: Path, texts: Sequence[str], ids: Sequence[str]) -> SearchIndex:
    build_index(iter(texts), ids, folder)
    return SearchIndex(folder)


@pytest.fixture
def always_prune(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small shops, too, keep rows of frequent terms, and read and gather in many small parts."""
    monkeypatch.setattr(builder, "ROWS_FROM", 0)
    monkeypatch.setattr(builder, "PRODUCTS_AT_ONCE", 7)
    monkeypatch.setattr(builder, "POSTINGS_AT_ONCE", 20)
    monkeypatch.setattr(index, "BLOCKS", 16)
    monkeypatch.setattr(index, "HOPE", 10.0)
    monkeypatch.setattr(index, "FEW", 1.0)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[str], list[str], SearchIndex]:
    """500 products of skewed vocabulary, ids in no order."""
    rng = np.random.default_rng(0)
    words = [f"w{number}" for number in range(300)]
    odds = 1 / np.arange(2, 302)
    texts = [" ".join(rng.choice(words, rng.integers(1, 80), p=odds / odds.sum())) for _ in range(500)]
    ids = [f"B{number * 7919 % 500:03d}" for number in range(500)]
    return texts, ids, built(tmp_path_factory.mktemp("shop"), texts, ids)


texts_of_words = st.lists(st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join), min_size=1, max_size=60)
queries_of_words = st.lists(st.sampled_from([*WORDS, "unknown", "the"]), max_size=8).map(" ".join)


@given(texts=texts_of_words, queries=st.lists(queries_of_words, min_size=1, max_size=3), k=st.sampled_from([1, 3, 50]))
@settings(max_examples=100)
def test_the_order_is_that_of_the_formula(texts: list[str], queries: list[str], k: int) -> None:
    ids = [f"B{number * 7 % 61:02d}" for number in range(len(texts))]
    with tempfile.TemporaryDirectory() as folder:
        index = built(Path(folder), texts, ids)
        naive = Naive(texts)
        for query in queries:
            assert index.search(query, k).tolist() == naive.order(query, ids)[:k]
            numbers, scores = index.scores(query)
            assert dict(zip(numbers.tolist(), scores, strict=True)) == pytest.approx(naive.scores(query), abs=1e-5)


@pytest.mark.usefixtures("always_prune")
@pytest.mark.parametrize("seed", range(3))
def test_leaving_products_out_early_changes_nothing(tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(seed)
    words = [f"w{number}" for number in range(400)]
    odds = 1 / np.arange(1, 401)
    texts = [" ".join(rng.choice(words, rng.integers(5, 60), p=odds / odds.sum())) for _ in range(400)]
    ids = [f"B{number}" for number in rng.permutation(400)]
    index = built(tmp_path, texts, ids)
    naive, added = Naive(texts), []
    monkeypatch.setattr(index, "_add", lambda *args: (added.append(args[1]), SearchIndex._add(index, *args)))
    asked = 0
    for _ in range(30):
        query = " ".join(rng.choice(words, 3)) + " " + " ".join(rng.choice(words[:20], 4))
        asked += len(index._term_counts(query))
        for k in (1, 4, 16):
            assert index.search(query, k).tolist() == naive.order(query, ids)[:k], (query, k)
    print("share", len(added) / asked)
    assert len(added) < 2.0 * asked, "many frequent terms were never added up"


def test_counts_that_do_not_fit_a_row_are_kept_elsewhere(tmp_path: Path, always_prune: None) -> None:
    texts = ["red " * number for number in range(1, 400, 20)]
    ids = [f"B{number:03d}" for number in range(len(texts))]
    index = built(tmp_path, texts, ids)
    assert index.search("red", 5).tolist() == Naive(texts).order("red", ids)[:5]


def test_repeated_words_of_a_query_count(tmp_path: Path) -> None:
    index = built(tmp_path, ["red hat", "blue hat"], ["B1", "B2"])
    assert index.search("red blue blue").tolist() == [1, 0]
    assert index.search("red red blue").tolist() == [0, 1]
    assert index.search("red blue").tolist() == [0, 1], "a tie, by id"


def test_ties_are_ordered_by_id_as_a_string(tmp_path: Path) -> None:
    ids = ["B9", "B10", "b1", "B1", "A5", "É", "B100"]
    index = built(tmp_path, ["red hat"] * len(ids), ids)
    assert [ids[number] for number in index.search("hat")] == sorted(ids)
    assert [ids[number] for number in index.search("hat", 3)] == sorted(ids)[:3]


@pytest.mark.parametrize("k", [1, 50, 2000])
def test_long_ties_at_the_cut(tmp_path: Path, k: int) -> None:
    texts = ["hat lamp"] * 3000 + ["hat hat lamp"] * 20 + ["shoe"] * 100
    ids = [f"B{number * 1009 % 3120:04d}" for number in range(len(texts))]
    index = built(tmp_path, texts, ids)
    best = sorted(range(3000, 3020), key=ids.__getitem__) + sorted(range(3000), key=ids.__getitem__)
    assert index.search("hat", k).tolist() == best[:k]


def test_nearly_equal_scores_are_tied(tmp_path: Path) -> None:
    index = built(tmp_path, ["hat"] * 5, ["B5", "B4", "B3", "B2", "B1"])
    found, scores = np.arange(5), np.array([3.000011, 3.000009, 3.000002, 3.0, 2.99])
    assert index._best(found, scores, 5).tolist() == [2, 1, 0, 3, 4], "a group reaches 1e-5 below its first score"


@given(seed=st.integers(0, 2**32 - 1), k=st.sampled_from([1, 2, 5]))
def test_long_near_ties_at_the_cut(shop: tuple[list[str], list[str], SearchIndex], seed: int, k: int) -> None:
    """Scores that crowd within a few tolerances, many of them equal, are grouped from the top."""
    _, ids, index = shop
    rng = np.random.default_rng(seed)
    scores = np.array([3 + 0.7e-5 * step for step in rng.integers(0, rng.integers(1, 9), 60) * rng.integers(0, 2, 60)])
    found = np.sort(rng.choice(500, 60, replace=False))
    expected = naive_order(dict(zip(found.tolist(), scores.tolist(), strict=True)), ids)
    assert index._best(found, scores, k).tolist() == expected[:k]


def test_a_word_that_every_product_holds(tmp_path: Path) -> None:
    """It hardly counts, so that all scores are within the tolerance: the order is that of the ids."""
    ids = [f"B{number * 7919 % 100_003:06d}" for number in range(60_000)]
    index = built(tmp_path, ["hat " * (1 + number % 3) for number in range(60_000)], ids)
    assert [ids[number] for number in index.search("hat", 20)] == sorted(ids)[:20]


@pytest.mark.parametrize("query", ["", " ", "the and of", "zzz", "!?", "\ud800", "\x00", "ß" * 1000, "。、"])
def test_queries_that_find_nothing(shop: tuple[list[str], list[str], SearchIndex], query: str) -> None:
    found = shop[2].search(query)
    assert found.tolist() == []
    assert found.dtype == np.int64


def test_very_long_queries(shop: tuple[list[str], list[str], SearchIndex]) -> None:
    texts, ids, index = shop
    query = " ".join(texts[:150])
    assert len(tokens(query)) > 3000
    assert index.search(query).tolist() == Naive(texts).order(query, ids)[:50]


def test_odd_texts(tmp_path: Path) -> None:
    texts = ["", "\ud800 lone", "日本 茶", "👍🏽 thumbs", "naïve café", "a" * 1000, "\x00nul", "ﬁne ²", "the of"]
    ids = [f"B{number}" for number in range(len(texts))]
    index = built(tmp_path, texts, ids)
    for query, number in [("LONE", 1), ("茶", 2), ("👍🏽", 3), ("CAFÉ", 4), ("a" * 1000, 5), ("nul", 6), ("ﬁne", 7)]:
        assert index.search(query).tolist() == [number]
    assert index.search("the").tolist() == []


@pytest.mark.parametrize("texts", [[], ["", ""], ["the", "red"]], ids=["none", "empty", "one word"])
def test_shops_of_almost_nothing(tmp_path: Path, texts: list[str]) -> None:
    index = built(tmp_path, texts, [f"B{number}" for number in range(len(texts))])
    assert index.num_products == len(texts)
    assert index.search("red").tolist() == ([1] if "red" in texts else [])


def test_texts_and_ids_must_be_equally_many(tmp_path: Path) -> None:
    for ids in (["B1"], ["B1", "B2", "B3"]):
        with pytest.raises(ValueError, match=rf"2 texts but {len(ids)} ids"):
            build_index(["red", "hat"], ids, tmp_path)
    with pytest.raises(StaleIndexError, match="no complete search index"):
        SearchIndex(tmp_path)


def test_progress_is_told(tmp_path: Path, always_prune: None) -> None:
    told: list[int] = []
    build_index(["hat"] * 20, [f"B{number}" for number in range(20)], tmp_path, told.append)
    assert told == [7, 14, 20]


def test_two_builds_are_equal_to_the_byte(tmp_path: Path, shop: tuple[list[str], list[str], SearchIndex]) -> None:
    build_index(shop[0], shop[1], tmp_path)
    files = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert files == {path.name: path.read_bytes() for path in shop[2].folder.iterdir()}, "nothing else is left behind"


def test_a_failed_build_leaves_the_old_index(tmp_path: Path) -> None:
    def texts() -> Iterator[str]:
        yield "red"
        raise OSError("the disk is gone")

    built(tmp_path, ["hat"], ["B1"])
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(OSError, match="disk is gone"):
        build_index(texts(), ["B1", "B2"], tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
    assert SearchIndex(tmp_path).search("hat").tolist() == [0]


def test_an_open_index_outlives_a_rebuild(tmp_path: Path) -> None:
    old = built(tmp_path, ["hat", "red"], ["B1", "B2"])
    new = built(tmp_path, ["red", "red hat"], ["B1", "B2"])
    assert (old.search("hat").tolist(), new.search("hat").tolist()) == ([0], [1])


def test_missing_and_short_files_are_noticed(tmp_path: Path, shop: tuple[list[str], list[str], SearchIndex]) -> None:
    names = sorted(path.name for path in shop[2].folder.iterdir())
    assert "meta.json" in names
    for name in names:
        for damage in ("missing", "short"):
            folder = tmp_path / damage / name
            shutil.copytree(shop[2].folder, folder)
            raw = (folder / name).read_bytes()
            if damage == "missing":
                (folder / name).unlink()
            else:
                (folder / name).write_bytes(raw[: len(raw) // 2])
            with pytest.raises(StaleIndexError, match=r"no complete search index|is missing or not"):
                SearchIndex(folder)
    mended = built(tmp_path / "short" / "meta.json", shop[0], shop[1])
    assert mended.search("w1").tolist() == shop[2].search("w1").tolist(), "a rebuild mends it"


@pytest.mark.parametrize(
    ("meta", "message"),
    [
        ("[]", "complete"),
        ("{}", "complete"),
        ('{"format": 1, "files": {}}', "complete"),
        ("format", "format 'next'"),
    ],
)
def test_other_formats_are_noticed(tmp_path: Path, meta: str, message: str) -> None:
    built(tmp_path, ["hat"], ["B1"])
    path = tmp_path / "meta.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "format": "next"}) if meta == "format" else meta)
    with pytest.raises(StaleIndexError, match=message):
        SearchIndex(tmp_path)
    with pytest.raises(StaleIndexError):
        SearchIndex(tmp_path / "nowhere")


def test_threads_do_not_disturb_each_other(shop: tuple[list[str], list[str], SearchIndex]) -> None:
    index = shop[2]
    queries = [f"w{number} w{number * 3 % 50} w{number % 7}" for number in range(200)]
    expected = [index.search(query).tolist() for query in queries]
    with ThreadPoolExecutor(4) as pool:
        assert [found.tolist() for found in pool.map(index.search, queries)] == expected


def test_an_index_can_be_sent_to_another_process(shop: tuple[list[str], list[str], SearchIndex]) -> None:
    assert pickle.loads(pickle.dumps(shop[2])).search("w3 w5").tolist() == shop[2].search("w3 w5").tolist()


def test_only_the_first_feature_is_indexed() -> None:
    options = {"color": ("Red", "blue"), "size": ("xl",)}
    text = indexed_text("Fine Hat", "Warm.", ("First", "Second"), options)
    assert text == "fine hat warm. first color: red, blue, and size: xl"
    assert indexed_text("Hat", "", (), {}) == "hat   "


def test_lengths_keep_four_bits_beyond_24() -> None:
    assert stored_length(range(41)).tolist() == list(range(41))
    kept = {41: 40, 42: 42, 55: 54, 56: 56, 59: 56, 60: 60, 130: 128, 152: 152, 167: 152, 168: 168, 1000: 984}
    assert {length: int(stored_length(length)) for length in kept} == kept
    lengths = stored_length(np.arange(5000))
    assert (np.diff(lengths) >= 0).all()
    assert (stored_length(lengths) == lengths).all()


@given(text=st.text(max_size=60))
def test_tokens_come_in_order_and_blanks_part_them(text: str) -> None:
    found = tokens(text)
    assert found == [token for part in text.split() for token in tokens(part)]
    assert found == tokens(text.lower())
    assert all(token and not token.isspace() for token in found)


@given(text=st.text(st.sampled_from("ab1_'.,:;-# "), max_size=30))
def test_plain_text_is_read_alike_by_both_patterns(text: str) -> None:
    assert analyzer._ASCII.findall(text) == analyzer._unicode_pattern().findall(text)


@given(word=st.text("abcdefghijklmnopqrstuvwxyz'1é", min_size=1, max_size=20))
def test_a_stem_is_never_longer_than_its_word(word: str) -> None:
    found = stem(word)
    assert 1 <= len(found) <= len(word) + 1
    assert found[:1] == word[:1]
