"""Measures the web-shop env in CPU time of one process, every figure with its median and range.

    python scripts/bench_webshop.py [--quick] [--full [--products N]] [--json docs/results/bench_webshop.json]

Everything is played by a policy that takes any admissible action, all equally likely, in episodes of 15 steps, with
the whole info at every step. Rates count env steps; resets between episodes are in the time and not in the count.
"Warm" means goals played 10 times before, with other random numbers. "Cold" means that every episode is the first one
of its goal and that every search is one never made before: five words from the catalogue's titles. Catalogues are
built into an empty temporary folder, each in a process of its own. Ratios and differences come from repetitions that
alternate, so a busy machine disturbs both sides alike.
"""

from __future__ import annotations

import itertools
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import gymnasium as gym

import guerdon
from guerdon.envs.webshop import fuzzy, score
from guerdon.envs.webshop.catalogue import Catalogue, open_catalogue
from guerdon.envs.webshop.queries import suggested_queries
from guerdon.envs.webshop.search.analyzer import tokens
from guerdon.envs.webshop.search.index import indexed_text
from guerdon.envs.webshop.shop import PAGE_SIZE
from guerdon.scripts.bench_figures import Figure, parser, report
from guerdon.scripts.bench_webshop_process import ENV, HORIZON, NUM_ENVS, instruction_queries
from guerdon.scripts.benchmark import RATE, Bench, cpu_seconds, play, run_json
from guerdon.scripts.search_yardsticks import HITS, yardsticks

__all__ = ["WebShopBench", "main"]

DEFAULT, LARGE, LARGEST = 1000, 100_000, 1_181_436
WARM_UP = 10
PROCESS = Path(__file__).with_name("bench_webshop_process.py")
RECORDED = {"name": "WebShop's text env, measured once on other hardware", "unit": RATE, "value": 53}


class FreeSearch(gym.Wrapper):
    """Makes a search never made before of every search that is tried."""

    def __init__(self, env: gym.Env, queries: Iterator[str]):
        super().__init__(env)
        self.queries = queries

    def step(self, action: str) -> Any:
        """Take an action, or search for something else instead."""
        return self.env.step(f"search[{next(self.queries)}]" if action.startswith("search[") else action)


class WebShopBench(Bench):
    """All measurements, each as a method that yields figures.

    Args:
        cache: an empty folder, the cache of this process and its children.
        quick: two short repetitions and small catalogues, to see that it works; the figures mean little.
    """

    def __init__(self, cache: Path, quick: bool = False):
        self.cache, self.quick = cache, quick
        repetitions, episodes = (2, 16) if quick else (15, 512)
        super().__init__(HORIZON, NUM_ENVS, repetitions, episodes)
        self.many = partial(guerdon.make_vec, ENV, NUM_ENVS, max_episode_steps=HORIZON)

    def run(self) -> Iterator[Figure]:
        """Measure one thing after another; `cold` comes before anything that would warm it."""
        yield from itertools.chain(self.builds(), self.memory(), self.cold(), self.warm())
        yield from self.vector(self.single(), self.many())
        yield from self.rewards("webshop", self.single, self.many)
        yield from itertools.chain(self.scores(), self.queries(), self.shares())

    def child(self, measure: str, products: int) -> Any:
        """Measure something in a process of its own."""
        return run_json(PROCESS, measure, products, *(["--quick"] if self.quick else []))

    def single(self, reward: str | None = None, **arguments: Any) -> gym.Env:
        """Make a single env with all default wrappers; without a reward, play all of its goals to warm them."""
        env: Any = guerdon.make(ENV, reward, max_episode_steps=HORIZON, **arguments)
        if reward is None:
            tasks = env.unwrapped.catalogue.tasks
            play(env, self.rows(NUM_ENVS if self.quick else len(tasks) * WARM_UP), 0, itertools.cycle(tasks))
        return env

    def shuffled(self, items: Sequence[Any]) -> list[Any]:
        """Return the items in a random order."""
        return [items[i] for i in self.numbers.permutation(len(items)).tolist()]

    def builds(self) -> Iterator[Figure]:
        """The default catalogue, built with nothing in the cache and opened with it there."""
        built, opened = [], []
        for _ in range(1 if self.quick else 7):
            shutil.rmtree(self.cache / "webshop", ignore_errors=True)
            built.append(self.child("build", DEFAULT)["cpu"])
            opened.append(self.child("open", DEFAULT)["cpu"] * 1000)
        yield Figure("build the default catalogue", "CPU-s", built, ("<", 2))
        yield Figure("open the default catalogue, in the cache", "ms", opened)

    def memory(self) -> Iterator[Figure]:
        """Memory of a process that does nothing else."""
        found = self.child("play", DEFAULT)
        yield Figure("memory after the imports", "MB", [found["imports"]])
        yield Figure(f"peak memory, vector env of {NUM_ENVS} after play", "MB", [found["peak"]], ("<", 400))

    def cold(self) -> Iterator[Figure]:
        """Goals and searches that are all new, products of all splits."""
        env: Any = gym.make(ENV, split="all", max_episode_steps=HORIZON)
        fresh = iter(self.shuffled(env.unwrapped.catalogue.tasks))
        free = FreeSearch(env, iter(self.free_searches(env.unwrapped.catalogue, 10_000)))
        yield Figure("gym.make, cold", RATE, self.rate(free, fresh), (">=", 10_000))
        yield Figure("reset, new goal", "µs", self.each(8, 1e6, lambda: env.reset(options={"task": next(fresh)})))

    def free_searches(self, catalogue: Catalogue, number: int) -> list[str]:
        """Draw words of titles, as often as they stand there, five a search; no search twice."""
        titles = " ".join(product.title for product in catalogue.shop.compiled.products).lower()
        words = titles.replace("[", " ").replace("]", " ").split()
        draws = self.numbers.integers(len(words), size=(number, 5)).tolist()
        return list(dict.fromkeys(" ".join(words[draw] for draw in row) for row in draws))

    def warm(self) -> Iterator[Figure]:
        """Goals and searches that are all known."""
        env = self.single()
        yield Figure("gym.make, warm", RATE, self.rate(env), (">=", 10_000))
        yield Figure("raw env, warm", RATE, self.rate(gym.wrappers.TimeLimit(env.unwrapped, HORIZON)))
        yield Figure("gym.make, text_rich, warm", RATE, self.rate(self.single(observation_mode="text_rich")))
        yield Figure("reset, goal played before", "µs", self.each(self.episodes, 1e6, env.reset))

    def scores(self) -> Iterator[Figure]:
        """The score of products that the search finds for a goal, each pair of the two once."""
        shop = open_catalogue(goals="all", split="all").shop
        pairs = []
        for number in self.shuffled(range(len(shop.compiled.goal_list)))[: 150 * self.repetitions]:
            goal = shop.goal(number)
            (query,) = instruction_queries(shop, [number])
            for hit in self.shuffled(shop.search(query))[:4]:
                product = shop.product(hit)
                chosen = {name: values[len(goal.id) % len(values)] for name, values in product.options.items()}
                pairs.append((goal, product, chosen, product.price))

        def measure(pairs: list[tuple], seed: int) -> float:
            for memo in vars(fuzzy).values():
                if hasattr(memo, "cache_clear"):
                    memo.cache_clear()
            mine = pairs[seed - 1 :: self.repetitions]
            return cpu_seconds(lambda: [score(*pair) for pair in mine]) / len(mine) * 1e6

        plain = [(*json.loads(json.dumps([goal.to_dict(), item.to_dict()])), *rest) for goal, item, *rest in pairs]
        yield Figure("score, new pair", "µs", self.repeat(partial(measure, pairs)), ("<", 100))
        yield Figure("score, new pair, from plain dicts", "µs", self.repeat(partial(measure, plain)), ("<", 100))

    def queries(self) -> Iterator[Figure]:
        """Searches for instructions, each once; at the default size also by other engines."""
        large = 2 * DEFAULT if self.quick else LARGE
        for size, target in ((DEFAULT, None), (large, ("<", 0.2))):
            if size == large:
                self.child("build", large)
            shop = open_catalogue(size, goals="all", split="all").shop
            goals = self.shuffled(range(len(shop.compiled.goal_list)))[: 150 * self.repetitions]
            queries = list(instruction_queries(shop, goals))

            def measure(search: Callable[[str], object], queries: list[str], seed: int) -> float:
                mine = queries[seed - 1 :: self.repetitions]
                return cpu_seconds(lambda: [search(query) for query in mine]) / len(mine) * 1e3

            name = f"query, {size:,} products"
            own = partial(measure, shop.compiled.search.search, queries)
            yield Figure(name, "ms", self.repeat(own), target)
            if size == DEFAULT:
                corpus = [
                    tokens(indexed_text(item.title, item.description, item.bullets, item.options))
                    for item in shop.compiled.products
                ]
                for engine, search in yardsticks(corpus).items():
                    other = partial(measure, lambda query, search=search: search(tokens(query)), queries)
                    yield Figure(f"{name}, {engine}", "ms", self.repeat(other))

    def shares(self) -> Iterator[Figure]:
        """Goals whose own product cannot be bought for 1.0, and those whose own product a suggested search finds."""
        shops = {
            compat: open_catalogue(goals="all", split="all", compat=compat).shop for compat in ("webshop", "fixed")
        }
        shop = shops["webshop"]
        for mode in ("human", "synthetic"):
            goals = [i for i, (_, kind, _, _) in enumerate(shop.compiled.goal_list) if kind == mode]
            goals = goals[:: 20 if self.quick else 1]
            for compat, other in shops.items():
                yield share(f"{mode} goals out of reach, {compat}", goals, partial(out_of_reach, other))
            yield share(f"{mode} goals found by a suggested search", goals, partial(found, shop, HITS, None))
            yield share(f"{mode} goals on page 1 of a suggested search", goals, partial(found, shop, PAGE_SIZE, None))
            yield share(f"{mode} goals on page 1 for the instruction", goals, partial(found, shop, PAGE_SIZE, 1))

    def full(self, products: int) -> Iterator[Figure]:
        """A catalogue as large as the original: built in one process, held in another."""
        shutil.rmtree(self.cache / "webshop", ignore_errors=True)
        name = f"{products:,} products"
        built = self.child("build", products)
        size = sum(path.stat().st_size for path in self.cache.rglob("*") if path.is_file())
        for clock, unit, what in (("wall", "s", ", wall"), ("cpu", "CPU-s", "")):
            index = built[f"index_{clock}"]
            yield Figure(f"{name}, build{what}", unit, [built[clock]])
            yield Figure(f"{name}, of it search index{what}", unit, [index])
            yield Figure(f"{name}, of it products and goals{what}", unit, [built[clock] - index])
        yield Figure(f"{name}, peak memory of the build", "MB", [built["peak"]])
        yield Figure(f"{name}, on disk", "MB", [size / 2**20])
        yield Figure(f"{name}, open", "ms", [self.child("open", products)["cpu"] * 1000])
        held = self.child("hold", products)
        yield Figure(f"{name}, gym.make", RATE, held["steps_per_s"])
        yield Figure(f"{name}, query", "ms", held["query_ms"])
        if "resident" in held:
            yield Figure(f"{name}, memory after play", "MB", [held["resident"]], ("<", 2500))
            yield Figure(f"{name}, of it pages of files", "MB", [held["mapped"]])
        yield Figure(f"{name}, peak memory in play", "MB", [held["peak"]])


def out_of_reach(shop: Any, goal: int) -> bool:
    """Return whether no clicks on a goal's own product make it worth 1.0."""
    return shop.prospect(goal, shop.target(goal)).clicks({}) is None


def found(shop: Any, hits: int, searches: int | None, goal: int) -> bool:
    """Return whether one of the first suggested searches (None: of all) has the own product among its first hits."""
    target, queries = shop.target(goal), suggested_queries(shop.goal(goal).instruction_text)[:searches]
    return any(target in shop.search(query)[:hits] for query in queries)


def share(name: str, goals: Sequence[int], holds: Callable[[int], bool]) -> Figure:
    """Return the percentage of goals for which something holds."""
    return Figure(name, "%", [100 * sum(map(holds, goals)) / len(goals)])


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print the table and, if asked to, write the figures."""
    options = parser(__doc__)
    options.add_argument("--full", action="store_true", help="also the original's size: 5 minutes, 4 GB of disk")
    options.add_argument("--products", type=int, default=LARGEST, help="another size for --full (default: %(default)s)")
    args = options.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="guerdon-bench-", ignore_cleanup_errors=True) as folder:
        os.environ["GUERDON_CACHE"] = folder
        bench = WebShopBench(Path(folder), args.quick)
        report(itertools.chain(bench.run(), bench.full(args.products) if args.full else ()), args, RECORDED)
    return 0


if __name__ == "__main__":
    sys.exit(main())
