"""The web-shop says and scores what the real WebShop does: recorded pages, clickables, scores and parts are equal.

Two sets of records. Ours (`webshop_own.jsonl`: products, goals, scores, episodes; a step has what it leaves out from
the step before) was written down from the rules, holds every quirk once and is always there. The large one, recorded
with the real code on a catalogue of invented text, is shared between projects and lies beside the repository;
without it that part is skipped.
"""

from __future__ import annotations

import copy
import gzip
import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import gymnasium as gym
import pytest

from guerdon.envs.webshop.colors import reduce_color
from guerdon.envs.webshop.data.product import Goal, Product
from guerdon.envs.webshop.fuzzy import THRESHOLD, is_close, token_set_ratio
from guerdon.envs.webshop.scoring import score

OWN = Path(__file__).with_name("webshop_own.jsonl")
SHARED = Path(__file__).resolve().parents[3] / "shared" / "conformance" / "webshop" / "dev"
REASON = "the recorded answers of the real engine are not beside this repository; only our own were compared"
Record = dict[str, Any]

needs_shared = pytest.mark.skipif(not (SHARED / "episodes.jsonl.gz").exists(), reason=REASON)


@cache
def own(kind: str) -> list[Record]:
    records = [json.loads(line) for line in OWN.read_text("utf-8").splitlines()]
    return [
        {key: value for key, value in record.items() if key != "kind"} for record in records if record["kind"] == kind
    ]


@cache
def shared(name: str) -> list[Record]:
    packed = SHARED / f"{name}.jsonl.gz"
    return [json.loads(line) for line in gzip.decompress(packed.read_bytes()).splitlines()] if packed.exists() else []


def own_episodes() -> Iterable[Any]:
    """Return our episodes in the form of the shared ones, with every step filled in."""
    for episode in own("episode"):
        filled, step = [], {}
        for change in episode["steps"]:
            step = {**step, **change}
            filled.append({**step, "avail": {key: step[key] for key in ("has_search_bar", "clickables")}})
        yield pytest.param({**episode, "steps": filled}, id=episode["id"].replace(" ", "_"))


def shared_episodes() -> Iterable[Any]:
    """Return the shared episodes; if there are none, one that is skipped and says why."""
    if not shared("episodes"):
        return [pytest.param({}, id="absent", marks=pytest.mark.skip(reason=REASON))]
    return [pytest.param(episode, id=f"{episode['id']}-{episode['policy']}") for episode in shared("episodes")]


@pytest.fixture(scope="module")
def own_files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("own")
    for kind in ("product", "goal"):
        lines = [json.dumps(record, ensure_ascii=False) + "\n" for record in own(kind)]
        (folder / f"{kind}s.jsonl").write_text("".join(lines), "utf-8")
    return folder / "products.jsonl", folder / "goals.jsonl"


def replay(products: Path, goals: Path, episode: Record) -> None:
    """Play an episode and fail at the first thing that is not as recorded."""
    mode, more = episode["observation_mode"], episode["env_kwargs"]
    env = gym.make(
        "guerdon:guerdon/WebShop-v0",
        catalogue=products,
        goals=goals,
        observation_mode=mode,
        max_episode_steps=1000,
        **more,
    )
    obs, info = env.reset(options={"task": episode["goal"]})
    reward, done = 0.0, False
    for number, step in enumerate(episode["steps"]):
        if number:
            obs, reward, done, truncated, info = env.step(step["action"])
            assert not truncated
            assert (reward, done) == (step["reward"], step["done"]), (number, step["action"])
        assert obs == step["obs"], (number, step["action"])
        told = {key: info[key] for key in ("has_search_bar", "clickables")}
        assert told == step["avail"], (number, step["action"])
    assert done == bool(episode.get("info"))
    if done:
        assert info["score"].components == episode["info"]
        assert info["score"].reward == info["objective"] == reward
        assert info["is_success"] == (reward == 1)


@pytest.mark.parametrize("episode", own_episodes())
def test_our_episodes_replay(own_files: tuple[Path, Path], episode: Record) -> None:
    replay(*own_files, episode)


@pytest.mark.parametrize("episode", shared_episodes())
def test_the_recorded_episodes_replay(episode: Record) -> None:
    replay(SHARED / "products.jsonl.gz", SHARED / "goals.jsonl.gz", episode)


def compare_scores(products: list[Record], goals: list[Record], scores: list[Record]) -> None:
    """Fail at the first reward or component that is not exactly as recorded."""
    goods = {record["asin"]: Product.from_dict(record) for record in products}
    wishes = {record["id"]: Goal.from_dict(record) for record in goals}
    for row in scores:
        found = score(wishes[row["goal"]], goods[row["asin"]], row["options"], row["price"])
        assert found.reward == row["reward"], row
        assert found.components == row["info"], row
        for name, value in row["info"].items():
            assert isinstance(found.components[name], bool) == isinstance(value, bool), (name, row)


def test_our_scores() -> None:
    compare_scores(own("product"), own("goal"), own("score"))


@needs_shared
def test_the_recorded_scores() -> None:
    assert len(shared("rewards")) > 1000
    compare_scores(shared("products"), shared("goals"), shared("rewards"))


@needs_shared
def test_the_recorded_colours_and_ratios() -> None:
    kinds = {"color_norm": 0, "token_set_ratio": 0, "analyzer": 0}
    for row in shared("text_rules"):
        kinds[row["kind"]] += 1
        if row["kind"] == "color_norm":
            assert reduce_color(row["value"]) == row["norm"], row
        elif row["kind"] == "token_set_ratio":
            a, b = row["a"], str(tuple(row["b"])) if row["b_is_tuple"] else row["b"]
            assert token_set_ratio(a, b) == row["score"], row
            assert is_close(a, b) == (row["score"] > THRESHOLD), row
    assert min(kinds["color_norm"], kinds["token_set_ratio"]) > 150


def test_our_records_hold_every_quirk() -> None:
    """The records would notice: each quirk of the original is in them."""
    assert OWN.stat().st_size < 60_000
    products, goals, scores = own("product"), own("goal"), own("score")
    assert {type(goal["goal_options"]) for goal in goals} == {dict, list}
    assert {0.0, 0.1, 0.5, 1.0} <= {row["info"]["r_type"] for row in scores}
    assert {True, False} == {"r_option" in row["info"] for row in scores}
    assert any("features" in values for product in products for values in product["options"].values())
    listed = [[value for values in product["options"].values() for value in values] for product in products]
    assert any(len(set(values)) < len(values) for values in listed)
    assert any(len(product["pricing"]) == 2 for product in products)
    assert any(product["description"] == "" for product in products)
    assert any("" in product["bullets"] for product in products)
    bought = [episode for episode in own("episode") if episode.get("info")]
    assert len(bought) == len(own("episode")) >= 7
    assert {1.0} < {episode["steps"][-1]["reward"] for episode in bought}


def test_every_difference_is_noticed(own_files: tuple[Path, Path]) -> None:
    """The comparison can fail: one changed letter, a missing button, another reward or component is noticed."""
    episode = next(iter(own_episodes())).values[0]
    changes = [
        (("steps", 1, "obs"), "Nothing."),
        (("steps", 2, "avail", "clickables"), ["back to search"]),
        (("steps", 1, "reward"), 0.5),
        (("steps", 1, "avail", "has_search_bar"), True),
        (("info", "r_att"), 0.5),
    ]
    for path, wrong in changes:
        changed = copy.deepcopy(episode)
        place = changed
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = wrong
        with pytest.raises(AssertionError):
            replay(*own_files, changed)
    for key, wrong in (("reward", 0.123), ("info", {})):
        with pytest.raises(AssertionError):
            compare_scores(own("product"), own("goal"), [{**own("score")[0], key: wrong}])
