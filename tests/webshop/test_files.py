"""Files of products and goals: what is read, and one clear error for every way in which a file can be broken."""

from __future__ import annotations

import gzip
import json
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guerdon.envs.webshop.data import json_stream
from guerdon.envs.webshop.data.json_stream import ShopFileError, stream_array, stream_object
from guerdon.envs.webshop.data.product import Goal, Product
from guerdon.envs.webshop.data.schema_files import read_goals, read_products

PRODUCT: dict[str, Any] = {
    "asin": "B000000001",
    "category": "garden",
    "query": "plant pot",
    "product_category": "Home › Pots",
    "title": "Café plant pot",
    "description": "It holds a plant.",
    "bullets": ["no holes"],
    "pricing": [10.0, 24.5],
    "price_text": "$10.0 to $24.5",
    "price": 12.25,
    "options": {"color": ["red", "dark green"]},
    "attributes": ["long lasting"],
    "title_nouns": ["plant", "pot"],
}
GOAL: dict[str, Any] = {
    "id": "human-0000",
    "mode": "human",
    "asin": "B000000001",
    "category": "garden",
    "query": "plant pot",
    "product_category": "Home › Pots",
    "name": "Café plant pot",
    "instruction_text": "i need a red pot",
    "attributes": ["long lasting"],
    "price_upper": 1e6,
    "goal_options": ["red"],
    "weight": 1,
    "name_nouns": ["plant", "pot"],
    "split": "test",
}


def lines(*records: dict[str, Any]) -> bytes:
    return b"".join(json.dumps(record, ensure_ascii=False).encode() + b"\n" for record in records)


def write(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


# ---- the plain form


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_the_plain_form_is_read_back_in_order(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    products = [{**PRODUCT, "asin": f"B{i}", "further": i} for i in range(3)]
    suffix = ".jsonl" if pack is bytes else ".jsonl.gz"
    path = write(tmp_path, f"products{suffix}", pack(lines(products[0]) + b"\n" + lines(*products[1:])[:-1]))
    found = list(read_products(path))
    assert found == [Product.from_dict(record) for record in products]
    assert [product.asin for product in found] == ["B0", "B1", "B2"], "no line end at the end of the file is no fault"
    goals = [{**GOAL, "id": f"human-{i:04d}"} for i in range(3)]
    assert list(read_goals(write(tmp_path, f"goals{suffix}", pack(lines(*goals))))) == list(map(Goal.from_dict, goals))


BROKEN_LINES: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "the file has no product"),
    "blank": (b"\n \n", "the file has no product"),
    "torn": (lines(PRODUCT) + lines({**PRODUCT, "asin": "B2"})[:-20], ":2: not JSON .*it was cut short"),
    "not json": (lines(PRODUCT) + b"{'asin': 1}\n" + lines(PRODUCT), r":2: not JSON \(Expecting property name"),
    "not an object": (b"[1, 2]\n", r":1: a line is one JSON object, not '\[1, 2\]"),
    "not utf-8": (lines(PRODUCT) + b'{"asin": "\xff"}\n', r":2: not UTF-8 text \(column byte 11\)"),
    "half a character": (lines(PRODUCT).replace(b"no holes", rb"no \ud83d"), ":1: .*half of a character"),
    "nested": (b"[" * 100_000 + b"\n", ":1: "),
    "missing key": (lines({key: PRODUCT[key] for key in PRODUCT if key != "options"}), ":1: the key 'options' is mis"),
    "twice": (lines(PRODUCT, {**PRODUCT, "asin": "B2"}, PRODUCT), ":3: the id 'B000000001' is that of line 1 already"),
    "no id": (lines({**PRODUCT, "asin": " "}), ":1: 'asin' is ' ', an empty id"),
    "title": (lines({**PRODUCT, "title": 5}), ":1: 'title' is 5, not a string"),
    "bullet": (lines({**PRODUCT, "bullets": ["a", None]}), ":1: 'bullets' holds None, not a string"),
    "option text": (
        lines({**PRODUCT, "options": {"color": "red"}}),
        r":1: \"options\['color'\]\" is 'red', not a list",
    ),
    "option value": (
        lines({**PRODUCT, "options": {"color": [1]}}),
        r":1: \"options\['color'\]\" holds 1, not a string",
    ),
    "options": (lines({**PRODUCT, "options": ["red"]}), r":1: 'options' is \['red'\], not an object"),
    "no price": (lines({**PRODUCT, "pricing": []}), r":1: 'pricing' is \[\], neither"),
    "price text": (lines({**PRODUCT, "pricing": ["$5"]}), r":1: 'pricing' is '\$5', not a number"),
    "price nan": (lines({**PRODUCT, "price": float("nan")}), ":1: 'price' is nan, not a number"),
    "price below 0": (lines({**PRODUCT, "price": -1}), ":1: 'price' is -1, not a number from 0 up"),
}


@pytest.mark.parametrize("kind", BROKEN_LINES)
def test_a_broken_file_of_products_gets_one_error_with_its_line(tmp_path: Path, kind: str) -> None:
    data, message = BROKEN_LINES[kind]
    path = write(tmp_path, "products.jsonl", data)
    with pytest.raises(ShopFileError, match=message) as raised:
        list(read_products(path))
    assert str(path) in str(raised.value)
    with pytest.raises(ShopFileError, match=message):
        list(read_products(write(tmp_path, "products.jsonl.gz", gzip.compress(data))))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"weight": "1"}, "'weight' is '1', not a number"),
        ({"split": "tset"}, "unknown split 'tset'. Did you mean 'test'"),
        ({"goal_options": {"color": 3}}, "'goal_options' holds 3"),
        ({"goal_options": "red"}, "'goal_options' is 'red', neither an object nor a list"),
        ({"id": ""}, "'id' is '', an empty id"),
        ({"price_upper": None}, "'price_upper' is None"),
    ],
)
def test_a_broken_goal_is_named(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    path = write(tmp_path, "goals.jsonl", lines({**GOAL, "id": "human-0001"}, {**GOAL, **change}))
    with pytest.raises(ShopFileError, match=f":2: {message}"):
        list(read_goals(path))
    with pytest.raises(ShopFileError, match="the file has no goal"):
        list(read_goals(write(tmp_path, "none.jsonl", b"")))
    twice = write(tmp_path, "twice.jsonl", lines(GOAL, GOAL))
    with pytest.raises(ShopFileError, match=":2: the id 'human-0000' is that of line 1 already"):
        list(read_goals(twice))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_cut_of_a_packed_file_goes_unnoticed(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    whole = gzip.compress(lines(*({**PRODUCT, "asin": f"B{i}"} for i in range(20))), mtime=0)
    cut = data.draw(st.integers(0, len(whole) - 1))
    path = write(tmp_path_factory.mktemp("cut"), "p.jsonl.gz", whole[:cut])
    with pytest.raises(ShopFileError, match="not a whole gzip file" if cut else "the file has no product"):
        list(read_products(path))


def test_what_is_no_gzip_file_is_said_to_be_none(tmp_path: Path) -> None:
    with pytest.raises(ShopFileError, match="not a whole gzip file"):
        list(read_products(write(tmp_path, "p.jsonl.gz", lines(PRODUCT))))
    broken = bytearray(gzip.compress(lines(PRODUCT) * 9))
    broken[len(broken) // 2] ^= 0xFF
    with pytest.raises(ShopFileError):
        list(read_products(write(tmp_path, "q.jsonl.gz", bytes(broken))))


# ---- streams of JSON

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(st.characters(codec="utf-8")),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(max_examples=100, deadline=None)
@given(st.lists(VALUES, max_size=5), st.integers(1, 9), st.booleans(), st.sampled_from([None, 1]))
def test_a_stream_gives_what_the_whole_file_gives(
    tmp_path_factory: pytest.TempPathFactory, values: list[Any], chunk: int, ascii_only: bool, indent: int | None
) -> None:
    folder = tmp_path_factory.mktemp("stream")
    text = json.dumps(values, ensure_ascii=ascii_only, indent=indent)
    raw = text.encode()
    table = {f"k{i}é": value for i, value in enumerate(values)}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_stream, "CHUNK", chunk)
        found = list(stream_array(write(folder, "a.json", raw + b" \n")))
        pairs = list(stream_object(write(folder, "o.json", json.dumps(table, indent=indent).encode())))
        for cut in {len(raw) // 2, len(raw) - 1}:
            with pytest.raises(ShopFileError):
                list(stream_array(write(folder, "cut.json", raw[:cut])))
    assert [value for _, value in found] == values
    assert {key: value for _, key, value in pairs} == table
    for offset, value in found:
        assert json.JSONDecoder().raw_decode(raw[offset:].decode())[0] == value, "the offset is that of the value"


BROKEN_ARRAYS: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "the file is empty"),
    "blank": (b"  ", "the start, byte 2: the file ends too early"),
    "object": (b'{"a": 1}', r"the start, byte 0: '\[' should stand here, not '\{'"),
    "cut in an item": (b'[{"a": 1}, {"b": "caf', "item 2, byte 11: the file ends too early: it was cut short"),
    "cut after an item": (b'[{"a": 1}, {"b": 2}', "after item 2, byte 19: the file ends too early"),
    "no comma": (b'[{"a": 1} {"b": 2}]', r"after item 1, byte 10: ',' or '\]' should stand here, not '\{'"),
    "last comma": (b'[{"a": 1}, ]          ', r"item 2, byte 11: not JSON \(Expecting value"),
    "bad item": ('[{"é": 1}, {"b" 2}, {"this": "goes on"}]'.encode(), "item 2, byte 17: not JSON .*':' delim"),
    "more": (b'[{"a": 1}] x', "byte 11: there is more text after the end"),
    "not utf-8": (b'[{"a": "\xff"}]', "byte 8: not UTF-8 text"),
    "half a letter": (b'[{"a": "\xc3', "byte 8: not UTF-8 text"),
    "half a character": (rb'[{"a": "\ud83d x"}]', "item 1, byte 1: .*half of a character"),
    "nested": (b"[" * 200_000, "nested too deeply"),
    "digits": (b"[1, " + b"9" * 5000 + b"]" + b" " * 99, "item 2, byte 4: not JSON"),
}


@pytest.mark.parametrize("kind", BROKEN_ARRAYS)
@pytest.mark.parametrize("chunk", [1, 1 << 20])
def test_a_broken_array_is_reported_with_item_and_byte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, chunk: int
) -> None:
    data, message = BROKEN_ARRAYS[kind]
    monkeypatch.setattr(json_stream, "CHUNK", chunk)
    with pytest.raises(ShopFileError, match=message):
        list(stream_array(write(tmp_path, "a.json", data)))


def test_a_broken_object_is_reported_with_its_key(tmp_path: Path) -> None:
    for data, message in (
        (b'{"a": 1, "b"', "key 'b', byte 12: the file ends too early"),
        (b'{"a": 1, 2: 3}', "key number 2, byte 9: '\"' should stand here"),
        (b'{"a": 1, "b": tru}                     ', "key 'b', byte 14: not JSON"),
        (b'["a"]', "the start, byte 0"),
    ):
        with pytest.raises(ShopFileError, match=message):
            list(stream_object(write(tmp_path, "o.json", data)))


def test_memory_does_not_grow_with_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_stream, "CHUNK", 1 << 14)
    path = write(
        tmp_path, "a.json", b"[" + b", ".join([json.dumps({**PRODUCT, "x": "é" * 500}).encode()] * 1000) + b"]"
    )
    assert path.stat().st_size > 3_000_000
    tracemalloc.start()
    try:
        assert sum(1 for _ in stream_array(path)) == 1000
        assert tracemalloc.get_traced_memory()[1] < 400_000
        monkeypatch.setattr(json_stream, "LONGEST", 1 << 16)
        endless = write(tmp_path, "b.json", b'[{"a": "' + b"x" * 3_000_000)
        tracemalloc.reset_peak()
        with pytest.raises(ShopFileError, match="item 1, byte 1: it is over 65536 characters long: is a quote missing"):
            list(stream_array(endless))
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()
