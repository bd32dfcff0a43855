"""What `bench_webshop` measures in processes of their own: building, opening and holding a catalogue.

    python scripts/bench_webshop_process.py build|open|play|hold PRODUCTS [--quick]

Prints one JSON object. The catalogue is built into the cache folder (GUERDON_CACHE) and read from there.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import gymnasium as gym
import numpy as np

from guerdon.envs.webshop.catalogue import open_catalogue
from guerdon.envs.webshop.data import compiled
from guerdon.envs.webshop.queries import suggested_queries
from guerdon.envs.webshop.search.index import build_index
from guerdon.scripts.benchmark import Bench, choose, cpu_seconds, peak_mb, play

__all__ = ["ENV", "HORIZON", "NUM_ENVS", "instruction_queries", "main"]

ENV = "guerdon:guerdon/WebShop-v0"
HORIZON, NUM_ENVS = 15, 64
BATCHES = 10
RESIDENT = {"resident": "VmRSS", "mapped": "RssFile"}


def instruction_queries(shop: Any, numbers: Sequence[int]) -> Iterator[str]:
    """Yield the instructions of the goals with these numbers, without the price and each only once."""
    seen: set[str] = set()
    for number in numbers:
        query = suggested_queries(shop.goal(number).instruction_text)[0]
        if query not in seen:
            seen.add(query)
            yield query


def build(products: int, quick: bool) -> dict[str, float]:
    """Build a catalogue that is not in the cache and open it; return s of all and of the search index, and peak MB."""
    index = {"wall": 0.0, "cpu": 0.0}

    def timed(*args: Any) -> None:
        began, began_cpu = perf_counter(), process_time()
        build_index(*args)
        index["wall"], index["cpu"] = perf_counter() - began, process_time() - began_cpu

    compiled.__dict__["build_index"] = timed
    began, began_cpu = perf_counter(), process_time()
    open_catalogue(products)
    wall, cpu = perf_counter() - began, process_time() - began_cpu
    return {"wall": wall, "cpu": cpu, "index_wall": index["wall"], "index_cpu": index["cpu"], "peak": peak_mb()}


def open_built(products: int, quick: bool) -> dict[str, float]:
    """Open a catalogue that is in the cache; return CPU s."""
    return {"cpu": cpu_seconds(lambda: open_catalogue(products))}


def play_vector(products: int, quick: bool) -> dict[str, float]:
    """Play a vector env; return the peak MB of this process after the imports and after play."""
    imports = peak_mb()
    env = gym.make_vec(ENV, num_envs=NUM_ENVS, catalogue=products)
    _, info = env.reset(seed=0)
    for row in np.random.default_rng(0).integers(2**30, size=(20 if quick else 500, NUM_ENVS)).tolist():
        *_, info = env.step(choose(info["admissible_actions"], row))
    return {"imports": imports, "peak": peak_mb()}


def hold(products: int, quick: bool) -> dict[str, Any]:
    """Open a catalogue, play 1,000 steps and make 1,000 queries in it; return s, rates and MB of this process."""
    number = 100 if quick else 1000
    env: Any = gym.make(ENV, catalogue=products, max_episode_steps=HORIZON)
    catalogue = env.unwrapped.catalogue
    draws = Bench(HORIZON, NUM_ENVS, 1, number // BATCHES // HORIZON + 1)
    played = [play(env, draws.rows(), seed) for seed in range(BATCHES)]
    goals = draws.numbers.permutation(len(catalogue.shop.compiled.goal_list))[: 2 * number].tolist()
    queries = list(instruction_queries(catalogue.shop, goals))[:number]
    search = catalogue.shop.compiled.search.search
    batches = [queries[i::BATCHES] for i in range(BATCHES)]
    times = [cpu_seconds(lambda: [search(query) for query in batch]) for batch in batches]  # noqa: B023 - called at once
    return {
        "steps_per_s": [steps / seconds for seconds, steps in played],
        "query_ms": [seconds * 1000 / len(batch) for seconds, batch in zip(times, batches, strict=True)],
        "peak": peak_mb(),
        **_resident_mb(),
    }


def _resident_mb() -> dict[str, float]:
    """Return what is resident and, of it, pages of memory-mapped files, in MB; {} where Linux' status is missing."""
    status = Path("/proc/self/status")
    text = status.read_text() if status.exists() else ""
    found = {
        name: re.findall(rf"{key}:\s+(\d+) kB", text) for name, key in (("resident", "VmRSS"), ("mapped", "RssFile"))
    }
    return {name: int(values[0]) / 1024 for name, values in found.items() if values}


MEASURES: dict[str, Callable[[int, bool], dict[str, Any]]] = {
    "build": build,
    "open": open_built,
    "play": play_vector,
    "hold": hold,
}


def main(argv: Sequence[str] | None = None) -> int:
    """Measure one thing and print it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("measure", choices=MEASURES)
    parser.add_argument("products", type=int)
    parser.add_argument("--quick", action="store_true")
    args = parser.parse_args(argv)
    print(json.dumps(MEASURES[args.measure](args.products, args.quick)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
