"""The search engine finds what the real one finds: the same words, the same order, the same scores.

The large set, recorded on the real engine, is shared between projects and lies beside the repository; without it those
tests are skipped. Our own lines are always tried: one of every rule, written down from a version that met all records.
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from guerdon.envs.webshop.search.analyzer import tokens
from guerdon.envs.webshop.search.index import SearchIndex, build_index, indexed_text

SHARED = Path(__file__).resolve().parents[3] / "shared" / "conformance" / "webshop" / "dev"
recorded = pytest.mark.skipif(
    not (SHARED / "search.jsonl.gz").exists(), reason="the records of the real engine are not beside this repository"
)

# Id, title, description, features, options.
PRODUCTS: list[tuple[str, str, str, list[str], dict[str, list[str]]]] = [
    ("B07", "Rose Hand Soap, Fragrance Free", "A mild soap for dry skin.", ["Long-lasting bar", "red box"], {}),
    ("B03", "Rose Hand Soap, Fragrance Free", "A mild soap for dry skin.", ["Long-lasting bar", "gift"], {}),
    ("B10", "Hand cream with oat", "Soap-free care for very dry hands.", [], {"scent": ["oat", "rose | honey"]}),
    ("B01", "Men's wool socks (pack of 3)", "Warm socks; wash at 30.5 degrees.", ["Soft"], {"size": ["9.5", "10.5"]}),
    ("B12", "Kids' socks", "Socks, socks and more socks!", ["Anti-slip"], {"color": ["red", "café au lait"]}),
    ("B02", "USB-C cable 6ft", "Charges at 2.4ghz speed, node.js not needed.", ["USB C to USB C"], {"color": ["grey"]}),
    ("B05", "Reading lamp", "A lamp that reads like a lamp: bright, brighter, brightest.", ["Dims"], {}),
    ("B04", "Lamp shades", "", ["Shade for lamps"], {"size": ["10 x 12", "12 x 14"]}),
    ("B11", "Green tea 日本 茶", "Loose tea, 1,000.50 grams.", ["No sugar"], {}),
    ("B09", "Tea towels", "Towels for tea lovers 👍🏽 only.", ["Cotton", "tea"], {"color": ["green", "dark green"]}),
    ("B08", "Office chair", "The chair for the office, of the office, by the office.", ["Chairs last"], {}),
    ("B06", "Garden chair", "A chair for gardens and gardening.", ["Foldable"], {"style": ["with lid", "w/o lid"]}),
]
# Query, ids of what is found in order, scores.
SEARCHES: list[tuple[str, str, list[float]]] = [
    ("soap", "B03 B07 B10", [0.9026, 0.9026, 0.6770]),
    ("rose soap for dry skin", "B03 B07 B10", [3.1425, 3.1425, 2.0309]),
    ("hand soap that is fragrance free, and price lower than 20.00 dollars", "B03 B07 B10", [3.1425, 3.1425, 2.2471]),
    ("socks", "B12 B01", [1.3354, 1.1106]),
    ("sock sock red", "B12 B01", [3.7849, 2.2212]),
    ("red sock sock", "B12 B01", [3.7849, 2.2212]),
    ("men's socks with size: 9.5", "B01 B12 B04", [4.1415, 1.3354, 0.8783]),
    ("café", "B12", [1.1141]),
    ("cafe", "", []),
    ("usb-c", "B02", [3.2396]),
    ("usb c cable in grey", "B02", [5.3995]),
    ("node.js", "B02", [1.0800]),
    ("reading lamps", "B05 B04", [2.8032, 1.1461]),
    ("shaded lamp", "B04 B05", [2.6473, 1.2859]),
    ("brightest", "B05", [1.1696]),
    ("lamp shade with size: 10 x 12", "B04 B05 B01", [7.6785, 1.2859, 0.8373]),
    ("茶", "B11", [1.1696]),
    ("日本 tea", "B11 B09", [3.4976, 1.1340]),
    ("👍🏽", "B09", [1.1320]),
    ("1,000.50", "B11", [1.1696]),
    ("green tea", "B09 B11", [2.2680, 2.0513]),
    ("tea towels with color: dark green", "B09 B11 B12 B02", [5.5733, 2.0513, 0.6770, 0.6562]),
    ("chair", "B08 B06", [1.3067, 1.1461]),
    ("office chairs for gardening", "B08 B06", [3.1119, 2.8171]),
    ("lid", "B06", [1.5012]),
    ("gift", "", []),
    ("the of and", "", []),
    ("box", "", []),
    ("foldable chair foldable", "B06 B08", [3.4471, 1.3067]),
    ("long-lasting", "B03 B07 B08", [1.5521, 1.5521, 0.7351]),
    ("12 x 14", "B04", [4.1529]),
    ("unknown word", "", []),
    ("Green TEA", "B09 B11", [2.2680, 2.0513]),
]
# Text, its terms.
ANALYSED: list[tuple[str, list[str]]] = [
    ("The men's gloves", ["men", "glove"]),
    ("rock'n'roll o'clock 'twas", ["rock'n'rol", "o'clock", "twa"]),
    ("12'6 3:4 a:b 1,000.50 1.2.3 5.", ["12'6", "3", "4", "a:b", "1,000.50", "1.2.3", "5"]),
    ('usb-c 2.4ghz 24"x36" #4 50%', ["usb", "c", "2.4ghz", "24", "x36", "4", "50"]),
    ("foo_bar __x__ _ -x-", ["foo_bar", "__x__", "x"]),
    ("a.b.c e.g. node.js .net c++", ["a.b.c", "e.g", "node.j", "net", "c"]),
    ("red/blue red|blue red&blue", ["red", "blue", "red", "blue", "red", "blue"]),
    ("IS'S the THEIR not", []),
    ("us as its 7s", ["us", "it", "7s"]),
    ("technology possibly assembly", ["technolog", "possibl", "assembl"]),
    ("hopping hoped falling sized agreed", ["hop", "hope", "fall", "size", "agre"]),
    ("happily sky enjoys", ["happili", "sky", "enjoi"]),
    ("relational conditional generalization", ["relat", "condit", "gener"]),
    ("électricité naïve café’s", ["électricité", "naïv", "café"]),
    ("日本tea5茶", ["日", "本", "tea5", "茶"]),
    ("カタカナ ひら 한국어", ["カタカナ", "ひ", "ら", "한국어"]),
    ("ภาษาไทย ok", ["ภาษาไทย", "ok"]),
    ("★ ☎\ufe0f ✔ brand™", ["★", "☎\ufe0f", "✔", "brand", "™"]),
    ("👍🏽 👩\u200d👩\u200d👧 🇩🇪🇫🇷", ["👍🏽", "👩\u200d👩\u200d👧", "🇩🇪", "🇫🇷"]),
    ("1\ufe0f⃣ #\ufe0f⃣", ["1\ufe0f⃣", "#\ufe0f⃣"]),
    ("½ ² 1⁄2 Ⅳ ①", ["1⁄2", "ⅳ"]),
    ("wide：colon ｆｕｌｌ", ["wide：colon", "ｆｕｌｌ"]),
    ("so\u00adft \u200bx", ["so\u00adft", "x"]),
    ("हिन्दी", ["हिन्दी"]),
    ("size: 6ft, and color: dark grey | blue", ["size", "6ft", "color", "dark", "grei", "blue"]),
]


def rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in gzip.decompress((SHARED / f"{name}.jsonl.gz").read_bytes()).splitlines()]


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> SearchIndex:
    folder = tmp_path_factory.mktemp("own")
    build_index((indexed_text(*row[1:]) for row in PRODUCTS), [row[0] for row in PRODUCTS], folder)
    return SearchIndex(folder)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> tuple[SearchIndex, list[str]]:
    folder, products = tmp_path_factory.mktemp("shared"), rows("products")
    keys = ("title", "description", "bullets", "options")
    ids = [product["asin"] for product in products]
    build_index((indexed_text(*(product[key] for key in keys)) for product in products), ids, folder)
    return SearchIndex(folder), ids


def scored(index: SearchIndex, query: str, found: list[int]) -> list[float]:
    numbers, scores = index.scores(query)
    by_number = dict(zip(numbers.tolist(), scores.tolist(), strict=True))
    return [by_number[number] for number in found]


@pytest.mark.parametrize(("text", "expected"), ANALYSED)
def test_words(text: str, expected: list[str]) -> None:
    assert tokens(text) == expected


@pytest.mark.parametrize(("query", "expected", "scores"), SEARCHES)
def test_searches(own: SearchIndex, query: str, expected: str, scores: list[float]) -> None:
    found = own.search(query).tolist()
    assert [PRODUCTS[number][0] for number in found] == expected.split()
    assert scored(own, query, found) == pytest.approx(scores, abs=1e-4)


@recorded
def test_recorded_words() -> None:
    cases = [row for row in rows("text_rules") if row["kind"] == "analyzer"]
    assert len(cases) > 50
    assert [(row["text"], tokens(row["text"])) for row in cases] == [(row["text"], row["tokens"]) for row in cases]


@recorded
def test_recorded_searches(shared: tuple[SearchIndex, list[str]]) -> None:
    index, ids = shared
    for row in rows("search"):
        found = index.search(row["query"]).tolist()
        assert len(found) == row["n_hits"], row["query"]
        assert [ids[number] for number in found[:10]] == row["top10"], row["query"]
        scores = row["scores"] + ([row["next_score"]] if row["next_score"] is not None else [])
        assert scored(index, row["query"], found[: len(scores)]) == pytest.approx(scores, abs=1e-3), row["query"]


@recorded
def test_recorded_rankings(shared: tuple[SearchIndex, list[str]]) -> None:
    index, ids = shared
    for row in rows("rankings"):
        if not row["query"].startswith("<"):  # those are listings, not searches
            assert [ids[number] for number in index.search(row["query"])] == row["ids"], row["query"]
