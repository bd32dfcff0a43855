"""The original's files: what is found and loaded, and one clear error, with its place, for every broken value."""

from __future__ import annotations

import json
import sys
import warnings
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from guerdon.envs.webshop.data.json_stream import ShopFileError
from guerdon.envs.webshop.data.nouns import NounFinder
from guerdon.envs.webshop.data.original import OriginalShop, find_original

ITEM: dict[str, Any] = {
    "asin": "B000000001",
    "name": "Plant Pot",
    "full_description": "It holds a plant.",
    "small_description": ["no holes"],
    "pricing": "$19.99",
    "product_category": "Home › Pots",
    "category": "garden",
    "query": " Plant Pot ",
    "customization_options": {"Color": [{"value": " Red/Blue "}, {"value": "green", "image": None}], "Size": None},
    "title_nouns": ["plant", "pot"],
}


def write(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def original(folder: Path, items: Any, attributes: Any = None, human: Any = None) -> Path:
    for name, value in (("shuffle", items), ("ins_v2", attributes or {}), ("human_ins", human or {})):
        data = value if isinstance(value, bytes) else json.dumps(value).encode()
        write(folder, f"items_{name}.json", data)
    return folder


def shop(path: Path, **settings: Any) -> OriginalShop:
    files = find_original(path)
    assert files is not None
    return OriginalShop(files, **settings)


def test_items_are_found_in_a_folder_or_by_name(tmp_path: Path) -> None:
    assert find_original(tmp_path) is None
    assert find_original(tmp_path / "absent") is None
    assert find_original(write(tmp_path, "products.jsonl", b"")) is None
    small = write(tmp_path, "items_shuffle_1000.json", b"[]")
    with pytest.raises(ShopFileError, match=r"items_ins_v2_1000\.json, is not beside it"):
        find_original(tmp_path)
    full_attributes = write(tmp_path, "items_ins_v2.json", b"{}")
    found = find_original(tmp_path)
    assert found is not None
    assert (found.items, found.attributes, found.human) == (small, full_attributes, None)
    with pytest.raises(ShopFileError, match="no human goals; take goals='synthetic'"):
        OriginalShop(found)
    with pytest.raises(ValueError, match=r"unknown kind of goals 'sythetic'\. Did you mean 'synthetic'"):
        OriginalShop(found, goals="sythetic")
    own_attributes = write(tmp_path, "items_ins_v2_1000.json", b"{}")
    write(tmp_path, "items_shuffle.json", b"[]")
    with pytest.raises(ShopFileError, match=r"holds items_shuffle.json, items_shuffle_1000.json; give the path"):
        find_original(tmp_path)
    found = find_original(small)
    assert found is not None
    assert found.attributes == own_attributes


def test_items_are_normalised_and_dropped_by_the_rules(tmp_path: Path) -> None:
    items = [
        ITEM,
        {**ITEM, "name": "repeated"},
        {"asin": "nan"},
        {**ITEM, "asin": "B0000000012"},
        {
            **ITEM,
            "asin": "B2",
            "pricing": "$1,010.00 - $1,024.50",
            "small_description": "one",
            "full_description": None,
        },
        {**ITEM, "asin": "B3", "pricing": None, "customization_options": "", "small_description": None},
    ]
    seen: list[tuple[int, int]] = []
    loaded = shop(original(tmp_path, items, {"B2": {"attributes": []}, "B3": {}}), progress=lambda *at: seen.append(at))
    first, second, third = loaded.products()
    assert dict(first.options) == {"color": ("red | blue", "green")}
    assert (first.query, first.price, first.price_text) == ("plant pot", 19.99, "$19.99")
    assert (first.attributes, second.attributes, third.attributes) == (("DUMMY_ATTR",), (), ("DUMMY_ATTR",))
    assert (second.pricing, second.price_text) == ((1010.0, 1024.5), "$1010.0 to $1024.5")
    assert 1010 <= second.price <= 1024.5
    assert (second.bullets, second.description) == (("one",), "")
    assert (third.pricing, third.price, third.price_text, third.options) == ((100.0,), 100.0, "$100.0", {})
    assert third.bullets == ()
    size = (tmp_path / "items_shuffle.json").stat().st_size
    assert seen == [(size, size)]
    assert loaded.goals() == []


def test_a_price_depends_on_the_product_alone_if_draws_are_reproducible(tmp_path: Path) -> None:
    items = [{**ITEM, "asin": f"B{i}", "pricing": "$10$90"} for i in range(6)]
    human = {
        item["asin"]: [{"instruction": "x.", "instruction_attributes": ["a"], "instruction_options": []}] * 2
        for item in items
    }
    whole, part = tmp_path / "whole", tmp_path / "part"
    for folder, some in ((whole, items), (part, items[3:])):
        folder.mkdir()
        original(folder, some, human=human)

    def drawn(path: Path, **settings: Any) -> dict[str, Any]:
        loaded = shop(path, **settings)
        prices = {product.asin: product.price for product in loaded.products()}
        bounds = {asin: sorted(g.price_upper for g in loaded.goals() if g.asin == asin) for asin in prices}
        return {asin: (prices[asin], bounds[asin]) for asin in prices}

    assert len({price for price, _ in drawn(whole).values()}) == 6
    assert drawn(part).items() <= drawn(whole).items()
    assert drawn(whole, seed=1) != drawn(whole)
    ordered = drawn(whole, reproducible=False)
    assert drawn(whole, reproducible=False) == ordered
    assert not drawn(part, reproducible=False).items() & ordered.items()
    for price, bounds in ordered.values():
        assert all(price < bound <= price + 40 for bound in bounds)


def test_goals_are_worded_weighted_and_split_by_the_rules(tmp_path: Path) -> None:
    options = {"Size": [{"value": "L"}, {"value": "S"}], "Color": [{"value": "Red"}]}
    items = [
        {**ITEM, "customization_options": options},
        {**ITEM, "asin": "B2", "pricing": "$985", "customization_options": {}},
    ]
    attributes = {
        "B000000001": {"attributes": ["a"], "instruction": "find a pot", "instruction_attributes": ["a", "b"]},
        "B2": {"attributes": ["a"], "instruction": "find two", "instruction_attributes": ["b"]},
    }
    human = {
        "B000000001": [
            {"instruction": "i want a pot.", "instruction_attributes": ["a"], "instruction_options": ["red"]},
            {"instruction": None, "instruction_attributes": []},
        ]
    }
    folder = original(tmp_path, items, attributes, human)
    goals = {goal.instruction_text.split(",")[0]: goal for goal in shop(folder, goals="synthetic").goals()}
    assert set(goals) == {"find a pot with color: red", "find two"}
    texts = {goal.instruction_text for goal in shop(folder, goals="synthetic").goals()}
    assert {text.rsplit(", and price lower than ", 1)[0] for text in texts} == {
        "find a pot with color: red, and size: l",
        "find a pot with color: red, and size: s",
        "find two",
    }
    assert (goals["find two"].price_upper, goals["find two"].weight) == (1e6, pytest.approx(1 / 3))
    assert goals["find a pot with color: red"].weight == pytest.approx((1 / 2 + 1 / 3) / 2)
    assert goals["find a pot with color: red"].name_nouns == ("plant", "pot")
    (goal,) = shop(folder).goals()
    assert goal.instruction_text == f"i want a pot, and price lower than {goal.price_upper:.2f} dollars"
    assert (goal.id, goal.goal_options, goal.weight, goal.split) == ("human-0000", ("red",), 1.0, "train")


@pytest.mark.parametrize(("count", "sizes"), [(11, (2, 2, 7)), (1999, (399, 399, 1201)), (2000, (500, 1000, 500))])
def test_splits_follow_the_position(tmp_path: Path, count: int, sizes: tuple[int, ...]) -> None:
    entry = {"instruction": "x", "instruction_attributes": ["a"], "instruction_options": []}
    goals = shop(original(tmp_path, [ITEM], human={"B000000001": [entry] * count})).goals()
    assert [goal.id for goal in goals] == [f"human-{i:04d}" for i in range(count)]
    order = [goal.split for goal in goals]
    assert order == ["test"] * sizes[0] + ["eval"] * sizes[1] + ["train"] * sizes[2]


BROKEN_ITEMS: dict[str, tuple[Any, str]] = {
    "none": ([], "the file has no item that can be sold"),
    "only dropped": ([{"asin": "nan"}], "the file has no item that can be sold"),
    "no array": ({"a": 1}, r"the start, byte 0: '\[' should stand here"),
    "cut": (json.dumps([ITEM, ITEM]).encode()[:-30], "items_shuffle.json: item 2, byte .*it was cut short"),
    "no object": ([ITEM, 5], r"item 2, byte \d+: it is not an object"),
    "no asin": ([ITEM, {"name": "x"}], r"item 2, byte \d+: its 'asin' is None; every item needs an id"),
    "asin number": ([{**ITEM, "asin": 5}], "item 1, byte 1: its 'asin' is 5"),
    "no name": ([{**ITEM, "name": None}], "item 1, byte 1, asin B000000001: 'name' is None, not a string"),
    "missing": ([{k: v for k, v in ITEM.items() if k != "query"}], "item 1, .*the key 'query' is missing"),
    "description": ([{**ITEM, "full_description": ["x"]}], r"item 1, .*'full_description' is \['x'\], not a string"),
    "bullets": ([{**ITEM, "small_description": [1]}], "item 1, .*'small_description' holds 1, not a string"),
    "pricing": ([{**ITEM, "pricing": 5}], "item 1, .*'pricing' is 5, not a string"),
    "pricing text": ([{**ITEM, "pricing": "19.99"}], r"item 1, .*'pricing' is '19.99', in which no price such as"),
    "pricing dots": ([{**ITEM, "pricing": "$1.2.3"}], r"item 1, .*'pricing' is '\$1.2.3', in which no price"),
    "options": ([{**ITEM, "customization_options": [1]}], r"item 1, .*'customization_options' is \[1\], not an object"),
    "option": ([{**ITEM, "customization_options": {"A": [{"x": 1}]}}], "item 1, .*the option 'A' holds {'x': 1}"),
    "nouns": ([{**ITEM, "title_nouns": "pot"}], "item 1, .*'title_nouns' is 'pot', not a list"),
}


@pytest.mark.parametrize("kind", BROKEN_ITEMS)
def test_a_broken_item_is_named_with_its_place(tmp_path: Path, kind: str) -> None:
    items, message = BROKEN_ITEMS[kind]
    folder = original(tmp_path, items)
    with pytest.raises(ShopFileError, match=message) as raised:
        list(shop(folder).products())
    assert str(folder / "items_shuffle.json") in str(raised.value)


@pytest.mark.parametrize(
    ("mode", "attributes", "human", "message"),
    [
        ("human", {"B1": None}, {}, "items_ins_v2.json: asin B1, byte 7: 'None' is not an object"),
        ("human", {"B1": {"attributes": "a"}}, {}, "items_ins_v2.json: asin B1, .*'attributes' is 'a', not a list"),
        ("human", [1], {}, r"items_ins_v2.json: the start, byte 0: '\{' should stand here, not '\['"),
        ("human", {}, {"B1": {}}, "items_human_ins.json: asin B1, .*its instructions are not a list"),
        ("human", {}, {"B1": [3]}, "items_human_ins.json: asin B1, .*'3' is not an object"),
        ("human", {}, {"B1": [{"instruction_attributes": ["a"]}]}, "asin B1, .*'instruction_options' is None"),
        ("human", {}, b'{"B1": [{"instr', "items_human_ins.json: key 'B1', byte 7: the file ends too early"),
        ("synthetic", {"B1": {"instruction": "x"}}, {}, "asin B1, .*'instruction_attributes' is None, not a list"),
        ("synthetic", {"B1": {"instruction": "x", "instruction_attributes": []}}, {}, "asin B1, .*is empty"),
        ("synthetic", {"B1": {"instruction": 5, "instruction_attributes": ["a"]}}, {}, "'instruction' is 5, not a str"),
    ],
)
def test_a_broken_instruction_is_named_with_its_asin(
    tmp_path: Path, mode: str, attributes: Any, human: Any, message: str
) -> None:
    with pytest.raises(ShopFileError, match=message):
        shop(original(tmp_path, [ITEM], attributes, human), goals=mode).goals()


# ---- nouns


def test_without_the_tagger_plain_rules_find_the_nouns_and_one_warning_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "spacy", None)
    items = [{**ITEM, "asin": f"B{i}"} for i in range(1100)]
    for item in items[:700]:
        del item["title_nouns"]
        item["name"] = "Café Plant Pot, Set of 2 with a heavy saucer - really 3mm thick | Pot"
    loaded = shop(original(tmp_path, items))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        products = list(loaded.products())
    assert [str(warning.message)[:52] for warning in caught] == ["the nouns of titles are found by plain rules, so rew"]
    assert issubclass(caught[0].category, UserWarning)
    assert {product.title_nouns for product in products[:700]} == {
        ("café", "plant", "pot", "set", "saucer", "mm", "pot")
    }
    assert {product.title_nouns for product in products[700:]} == {("plant", "pot")}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        original(tmp_path, [ITEM])
        assert len(list(shop(tmp_path).products())) == 1, "no word of warning if every item brings its nouns"


def test_the_tagger_is_used_where_it_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    tags = {"Plant": "NOUN", "POTS": "PROPN", "sold": "VERB"}

    def load(name: str, **_: Any) -> Any:
        assert name == "en_core_web_sm"
        tokens = lambda title: [SimpleNamespace(text=word, pos_=tags[word]) for word in title.split()]  # noqa: E731
        return SimpleNamespace(pipe=lambda titles: map(tokens, titles))

    monkeypatch.setitem(sys.modules, "spacy", SimpleNamespace(load=load))
    assert NounFinder()(["Plant POTS sold Plant", ""]) == [("plant", "pots", "plant"), ()]
