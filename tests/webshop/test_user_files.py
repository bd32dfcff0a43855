"""A user's own files through the front door: what loads, and the one error for what does not."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import gymnasium as gym
import pytest

from .small_shop import goal, product

ENV = "guerdon:guerdon/WebShop-v0"
MUG, CUP = product("A000000001", "Red Stone Mug"), product("A000000002", "Blue Tin Cup")


def write_lines(path: Path, records: list[dict[str, Any]]) -> str:
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return str(path)


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    return {
        "catalogue": write_lines(tmp_path / "products.jsonl", [MUG.to_dict(), CUP.to_dict()]),
        "goals": write_lines(tmp_path / "goals.jsonl", [goal(MUG, "wish").to_dict()]),
    }


def item(asin: str, name: str, **more: Any) -> dict[str, Any]:
    return {
        "asin": asin, "name": name, "full_description": "Made to last.", "small_description": ["Holds a pint"],
        "pricing": "$12.50", "images": [], "product_category": "Kitchen › Cups › Mugs", "category": "garden",
        "query": "mug", "page": 1, "customization_options": {}, "title_nouns": name.lower().split(), **more,
    }  # fmt: skip


@pytest.fixture
def original(tmp_path: Path) -> Path:
    colors = {"Color": [{"value": "Red", "image": None}, {"value": "Blue", "image": None}]}
    items = [item("B000000001", "Stone Mug", customization_options=colors), item("B000000002", "Tin Mug")]
    about = {"attributes": ["dishwasher safe"], "instruction": "Find me a dishwasher safe mug"}
    about["instruction_attributes"] = ["dishwasher safe"]
    asked = {"instruction": "i want a red mug.", "instruction_attributes": ["dishwasher safe"]}
    asked["instruction_options"] = ["red"]
    (tmp_path / "items_shuffle.json").write_text(json.dumps(items))
    (tmp_path / "items_ins_v2.json").write_text(json.dumps({"B000000001": about, "B000000002": {"attributes": []}}))
    (tmp_path / "items_human_ins.json").write_text(json.dumps({"B000000001": [asked]}))
    return tmp_path


def solved(**kwargs: Any) -> list[str]:
    env = gym.make(ENV, **kwargs)
    tasks = list(env.unwrapped.catalogue.tasks)  # type: ignore[attr-defined]
    for task in tasks:
        _, info = env.reset(options={"task": task})
        while info["expert_action"] is not None:
            *_, info = env.step(info["expert_action"])
        assert info["is_success"], task
    return tasks


@pytest.mark.parametrize("compat", ["webshop", "fixed"])
def test_original_files_are_played_to_the_end(original: Path, compat: str) -> None:
    assert solved(catalogue=original, compat=compat) == ["human-0000"]
    assert solved(catalogue=original / "items_shuffle.json", goals="human", compat=compat) == ["human-0000"]
    assert solved(catalogue=str(original), goals="synthetic", compat=compat) == ["synthetic-0000", "synthetic-0001"]


def test_files_in_the_plain_form_are_played_to_the_end(files: dict[str, str], tmp_path: Path) -> None:
    assert solved(**files) == ["wish"]
    packed = tmp_path / "packed.jsonl.gz"
    packed.write_bytes(gzip.compress(Path(files["catalogue"]).read_bytes()))
    assert solved(**{**files, "catalogue": packed}) == ["wish"]


def test_a_changed_file_is_compiled_anew(files: dict[str, str]) -> None:
    assert solved(**files) == ["wish"]
    other = goal(CUP, "other").to_dict()
    with Path(files["goals"]).open("a") as file:
        file.write(json.dumps(other) + "\n")
    from guerdon.envs.webshop import catalogue

    catalogue._open.cache_clear()
    catalogue._open_shop.cache_clear()
    assert gym.make(ENV, **files).unwrapped.catalogue.tasks == ("wish", "other")  # type: ignore[attr-defined]


def broken(files: dict[str, str], what: str, change: Any) -> dict[str, str]:
    path = Path(files[what])
    path.write_text(change(path.read_text()))
    return files


@pytest.mark.parametrize(
    ("what", "change", "message"),
    [
        ("catalogue", lambda text: text[:-20], r"products\.jsonl:2: .*cut short"),
        ("catalogue", lambda text: text + text.splitlines()[0] + "\n", r"products\.jsonl:3: .*A000000001.*line 1"),
        ("catalogue", lambda text: text.replace('"title"', '"name"', 1), r"products\.jsonl:1: .*'title' is missing"),
        ("catalogue", lambda text: "", r"products\.jsonl: the file has no product"),
        ("goals", lambda text: "{", r"goals\.jsonl:1: not JSON"),
        ("goals", lambda text: text.replace("A000000001", "A000000009"), r"'A000000009', which is not in the catal"),
    ],
)
def test_a_broken_file_is_one_error_with_its_place(
    files: dict[str, str], what: str, change: Any, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "cache"
    monkeypatch.setenv("GUERDON_CACHE", str(cache))
    with pytest.raises(ValueError, match=message):
        gym.make(ENV, **broken(files, what, change))
    assert not list((cache / "webshop").iterdir()), "nothing half-made is left"


@pytest.mark.parametrize(
    ("kwargs", "message"),
    [
        ({"catalogue": 10}, "catalogue is 10 products, not 1,000 to 1,181,436"),
        ({"catalogue": 2_000_000}, "not 1,000 to 1,181,436"),
        ({"catalogue": 1.5}, "neither a number of products nor a path"),
        ({"catalogue": "nowhere.jsonl"}, "'nowhere.jsonl' is neither a file of products nor a folder"),
        ({"goals": "humans"}, "unknown kind of goals 'humans'.*Did you mean 'human'"),
        ({"split": "tests"}, "unknown split 'tests'.*Did you mean 'test'"),
        ({"compat": "mended"}, "unknown compat 'mended'"),
        ({"observation_mode": "html"}, "unknown observation mode 'html'"),
    ],
)
def test_a_wrong_argument_is_one_clear_error(kwargs: dict[str, Any], message: str) -> None:
    with pytest.raises((ValueError, TypeError, FileNotFoundError), match=message):
        gym.make(ENV, **kwargs)


@pytest.mark.parametrize(
    ("action", "failure"),
    [
        ("search[" + "mug " * 3000 + "]", "query_too_long"),
        ("search[]", "not_an_action"),
        ("Search[mug]", "wrong_case"),
        ("click[search]", "search_needs_words"),
        ("click[buy now]", "not_on_this_page"),
        ("think[which mug?]", "not_an_action"),
        ("search[naïve ☕ Кружка \u202e \x00]", None),
        ("search[" + "mug " * 2000 + "]", None),
    ],
)
def test_odd_actions_are_answered_and_nothing_is_lost(files: dict[str, str], action: str, failure: str | None) -> None:
    env = gym.make(ENV, **files)
    first, info = env.reset(options={"task": "wish"})
    observation, reward, terminated, _, told = env.step(action)
    assert (told["failure"], reward, terminated) == (failure, 0.0, False)
    if failure:
        assert (observation, told["clickables"]) == (first, info["clickables"])
    while told["expert_action"] is not None:
        *_, told = env.step(told["expert_action"])
    assert told["is_success"]
