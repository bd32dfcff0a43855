"""The original's files load as the original loads them: recorded products, drawn prices and goals come out equal.

The records (made with the real code on a catalogue of invented text) lie beside the repository and are shared between
projects; without them these tests are skipped. The nouns of titles are given to the loader, so no tagger is needed.
"""

from __future__ import annotations

import gzip
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from guerdon.envs.webshop.data.original import OriginalFiles, OriginalShop, find_original
from guerdon.envs.webshop.data.product import Goal, Product
from guerdon.envs.webshop.data.schema_files import read_goals, read_products

SHARED = Path(__file__).resolve().parents[3] / "shared" / "conformance" / "webshop" / "dev"
SEED = 20261
GOALS_MADE = {"synthetic": 200, "human": 155}
GOALS_RECORDED = {"synthetic": 106, "human": 100}

pytestmark = pytest.mark.skipif(
    not (SHARED / "loader_input.jsonl.gz").exists(),
    reason="the recorded catalogue of the real engine is not beside this repository",
)


def rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in gzip.decompress((SHARED / name).read_bytes()).splitlines()]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> OriginalFiles:
    folder = tmp_path_factory.mktemp("original")
    nouns = {row["asin"]: row["title_nouns"] for row in rows("products.jsonl.gz")}
    items, attributes, human = [], {}, {}
    for row in rows("loader_input.jsonl.gz"):
        item = row["item"]
        items.append({**item, "title_nouns": nouns.get(item["asin"], [])})
        if row["attributes"] is not None:
            attributes.setdefault(item["asin"], row["attributes"])
        if row["human_instructions"] is not None:
            human.setdefault(item["asin"], row["human_instructions"])
    (folder / "items_shuffle_1000.json").write_text(json.dumps(items), encoding="utf-8")
    (folder / "items_ins_v2_1000.json").write_text(json.dumps(attributes, ensure_ascii=False), encoding="utf-8")
    (folder / "items_human_ins.json").write_text(json.dumps(human, indent=1), encoding="utf-8")
    found = find_original(folder)
    assert found is not None
    return found


def plain(value: Product | Goal) -> dict[str, Any]:
    """Return the value as JSON holds it, with lists for tuples."""
    return json.loads(json.dumps(asdict(value)))


@pytest.mark.parametrize("mode", ["human", "synthetic"])
def test_the_products_are_the_recorded_ones(files: OriginalFiles, mode: str) -> None:
    recorded = rows("products.jsonl.gz")
    loaded = [plain(product) for product in OriginalShop(files, mode, SEED, reproducible=False).products()]
    assert len(rows("loader_input.jsonl.gz")) == 407
    assert len(loaded) == len(recorded) == 404
    for ours, theirs in zip(loaded, recorded, strict=True):
        assert ours == theirs
        assert list(ours["options"]) == list(theirs["options"]), "the order of options is the order of clickables"


@pytest.mark.parametrize("mode", ["human", "synthetic"])
def test_the_goals_are_the_recorded_ones(files: OriginalFiles, mode: str) -> None:
    goals = OriginalShop(files, mode, SEED, reproducible=False).goals()
    recorded = [row for row in rows("goals.jsonl.gz") if row["mode"] == mode]
    assert (len(goals), len(recorded)) == (GOALS_MADE[mode], GOALS_RECORDED[mode])
    for theirs in recorded:
        ours = plain(goals[theirs["index"]])
        assert set(theirs) - set(ours) == {"index"}
        assert {key: ours[key] for key in theirs if key not in ("id", "index")} == {
            key: value for key, value in theirs.items() if key not in ("id", "index")
        }


def test_draws_that_do_not_depend_on_order_change_nothing_but_prices_and_bounds(files: OriginalFiles) -> None:
    theirs, ours = OriginalShop(files, "human", SEED, reproducible=False), OriginalShop(files, "human", SEED)
    for a, b in zip(theirs.products(), ours.products(), strict=True):
        assert {**asdict(a), "price": 0} == {**asdict(b), "price": 0}
        assert b.pricing[0] <= b.price <= b.pricing[-1]
    same = ("id", "asin", "attributes", "goal_options", "weight", "split")
    for a, b in zip(theirs.goals(), ours.goals(), strict=True):
        assert [getattr(a, key) for key in same] == [getattr(b, key) for key in same]


def test_the_recorded_files_are_read_in_the_plain_form() -> None:
    assert [plain(product) for product in read_products(SHARED / "products.jsonl.gz")] == rows("products.jsonl.gz")
    for ours, theirs in zip(read_goals(SHARED / "goals.jsonl.gz"), rows("goals.jsonl.gz"), strict=True):
        assert {key: plain(ours)[key] for key in theirs if key != "index"} == {
            key: value for key, value in theirs.items() if key != "index"
        }
