"""The benchmark of the web-shop: it runs by path and measures all that it names."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from guerdon.reward_models import REWARDS
from guerdon.scripts.search_yardsticks import yardsticks

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "bench_webshop.py"


def test_a_quick_run_measures_everything(tmp_path: Path) -> None:
    out = tmp_path / "bench.json"
    command = [sys.executable, str(SCRIPT), "--quick", "--full", "--products", "1500", "--json", str(out)]
    run = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    assert run.returncode == 0, run.stderr
    written = json.loads(out.read_text("utf-8"))
    figures = {figure["name"]: figure for figure in written["figures"]}
    assert len(figures) == len(written["figures"])
    targets = {figure["name"]: figure["target"] for figure in figures.values() if figure["target"]}
    targets.pop("1,500 products, memory after play", None)  # where the system tells what is resident
    assert targets == {
        "gym.make, warm": ">= 10,000",
        "gym.make, cold": ">= 10,000",
        "score, new pair": "< 100",
        "score, new pair, from plain dicts": "< 100",
        "query, 2,000 products": "< 0.2",
        "build the default catalogue": "< 2",
        "peak memory, vector env of 64 after play": "< 400",
    }
    for reward in (name for name in REWARDS if name.startswith("webshop/")):
        assert {f"{reward}, single env", f"{reward}, vector env of 64"} <= set(figures)
    for figure in figures.values():
        assert figure["range"][0] <= figure["median"] <= figure["range"][1]
        assert figure["name"] in run.stdout

    def median(name: str) -> float:
        return figures[name]["median"]

    assert median("gym.make, warm") > median("gym.make, cold") > 0
    assert median("peak memory, vector env of 64 after play") > median("memory after the imports")
    assert median("build the default catalogue") * 1000 > median("open the default catalogue, in the cache")
    for mode in ("human", "synthetic"):
        assert median(f"{mode} goals out of reach, fixed") <= median(f"{mode} goals out of reach, webshop") < 100
        pages = ("on page 1 for the instruction", "on page 1 of a suggested search", "found by a suggested search")
        alone, shown, listed = (median(f"{mode} goals {page}") for page in pages)
        assert 0 < alone <= shown <= listed <= 100
    for part in ("search index", "products and goals"):
        assert median(f"1,500 products, of it {part}") > 0
    assert median("1,500 products, on disk") > 1
    assert written["recorded"]["value"] == 53
    assert "not measured here" in run.stdout


def test_the_yardstick_ranks_as_the_engine_does(tmp_path: Path) -> None:
    from guerdon.envs.webshop.search.analyzer import tokens
    from guerdon.envs.webshop.search.index import SearchIndex, build_index

    texts = ["red canvas shoes", "blue canvas bag, canvas strap", "red wool scarf for men", "a shoe rack of steel"]
    build_index(texts, ["A", "B", "C", "D"], tmp_path)
    index, plain = SearchIndex(tmp_path), yardsticks([tokens(text) for text in texts])["BM25 in plain Python"]
    for query in ("red shoes", "canvas strap", "steel rack wool", "nothing"):
        assert plain(tokens(query)) == index.search(query).tolist()
