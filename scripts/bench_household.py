"""Measures the household env in CPU time of one process, every figure with its median and range.

    python scripts/bench_household.py [--quick] [--json docs/results/bench_household.json]

Everything is played by a policy that takes any admissible action, all equally likely, with the whole info at every
step: admissible actions, goal check, plan length, expert action. Random numbers are drawn beforehand. Rates count env
steps; resets between episodes are in the time and not in the count. "Warm" means tasks that were loaded and played
before, with other random numbers than those of the measurement; "cold" means that every episode is the first one of its
task. Ratios and differences come from repetitions that alternate, so a busy machine disturbs both sides alike.
"""

from __future__ import annotations

import argparse
import itertools
import json
import platform
import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np

__all__ = ["Bench", "Figure", "main"]

ENV = "guerdon:guerdon/Household-v0"
HORIZON, NUM_ENVS, NUM_MEMORY_TASKS = 50, 64, 256
RECORDED = {
    "name": "ALFWorld 0.4.2, measured once on other hardware",
    "unit": "steps/CPU-s",
    "value": 22,
}
Rows = list[list[int]]


@dataclass(frozen=True)
class Figure:
    """One measured quantity: its repetitions, and what was aimed at as (">=" or "<", value)."""

    name: str
    unit: str
    values: Sequence[float]
    target: tuple[str, float] | None = None

    def plain(self) -> dict[str, Any]:
        """Return the figure as plain data: median, range, number of repetitions, target and whether it is met."""
        median = statistics.median(self.values)
        met = None
        if self.target is not None:
            met = median >= self.target[1] if self.target[0] == ">=" else median < self.target[1]
        return {
            "name": self.name,
            "unit": self.unit,
            "median": median,
            "range": [min(self.values), max(self.values)],
            "repetitions": len(self.values),
            "target": None if self.target is None else f"{self.target[0]} {self.target[1]:g}",
            "met": met,
        }


def play(env: Any, rows: Rows, seed: int, tasks: Iterator[str] | None = None) -> tuple[float, int]:
    """Play one episode for each row of random numbers in a single env; return (CPU seconds, env steps)."""
    steps, options = 0, None
    began = process_time()
    for number, row in enumerate(rows):
        if tasks is not None:
            options = {"task": next(tasks)}
        _, info = env.reset(seed=seed if number == 0 else None, options=options)
        for draw in row:
            actions = info["admissible_actions"]
            _, _, terminated, truncated, info = env.step(actions[draw % len(actions)])
            steps += 1
            if terminated or truncated:
                break
    return process_time() - began, steps


def play_many(env: Any, rows: Rows, seed: int) -> tuple[float, int]:
    """Step a vector env once for each row of random numbers; return (CPU seconds, env steps)."""
    resets = last = 0
    began = process_time()
    _, info = env.reset(seed=seed)
    for row in rows:
        actions = [some[draw % len(some)] for some, draw in zip(info["admissible_actions"], row, strict=True)]
        _, _, terminated, truncated, info = env.step(actions)
        last = int((terminated | truncated).sum())
        resets += last
    return process_time() - began, len(rows) * env.num_envs - (resets - last)


class Bench:
    """All measurements over one set of tasks.

    Args:
        folder: where scene files may be written.
        quick: a few short repetitions, to see that it works; the figures mean little.
    """

    def __init__(self, folder: Path, quick: bool = False):
        from guerdon.envs.household.catalogue import open_catalogue

        self.folder, self.quick = folder, quick
        self.repetitions, self.episodes = (2, 4) if quick else (15, 256)
        self.train = open_catalogue()
        self.fresh = iter(self.train.tasks[NUM_MEMORY_TASKS:])
        self.games = self._scene_file("warm", self.train.tasks[:NUM_ENVS])
        self._numbers = np.random.default_rng(0)

    def run(self) -> Iterator[Figure]:
        """Measure one thing after another."""
        for part in (self._memory, self._rates, self._rooms, self._resets, self._plans, self._vector):
            yield from part()
        yield from self._rewards("vector env of 64", self._make_vec, play_many, self._many_rows)
        yield from self._rewards("single env", self._make, play, self._rows)

    # -- what the measurements share ----------------------------------------------------------------------

    def _scene_file(self, name: str, tasks: Sequence[str]) -> str:
        path = self.folder / f"{name}.jsonl"
        path.write_text("".join(json.dumps(self.train.source.scene(task).to_dict()) + "\n" for task in tasks), "utf-8")
        return str(path)

    def _rows(self, episodes: int | None = None) -> Rows:
        return self._numbers.integers(2**30, size=(episodes or self.episodes, HORIZON)).tolist()

    def _many_rows(self) -> Rows:
        return self._numbers.integers(2**30, size=(max(self.episodes * HORIZON // NUM_ENVS, 8), NUM_ENVS)).tolist()

    def _make(self, reward: str | None = None, games: str | None = None) -> Any:
        import guerdon

        env = guerdon.make(ENV, reward, games=games or self.games)
        play(env, self._rows(self.episodes * 2), seed=0)
        return env

    def _make_vec(self, reward: str | None = None) -> Any:
        import guerdon

        return guerdon.make_vec(ENV, NUM_ENVS, reward, games=self.games)

    def _repeat(self, measure: Callable[[int], float]) -> list[float]:
        return [measure(seed) for seed in range(1, self.repetitions + 1)]

    def _rate(self, env: Any, tasks: Iterator[str] | None = None, episodes: int | None = None) -> list[float]:
        def measure(seed: int) -> float:
            seconds, steps = play(env, self._rows(episodes), seed, tasks)
            return steps / seconds

        return self._repeat(measure)

    def _each(self, count: int, action: Callable[[], object], scale: float) -> list[float]:
        def measure(_: int) -> float:
            began = process_time()
            for _ in range(count):
                action()
            return (process_time() - began) / count * scale

        return self._repeat(measure)

    # -- the measurements ---------------------------------------------------------------------------------

    def _rates(self) -> Iterator[Figure]:
        import gymnasium as gym

        env = self._make()
        yield Figure("gym.make, warm", "steps/CPU-s", self._rate(env), (">=", 80_000))
        yield Figure("raw env, warm", "steps/CPU-s", self._rate(env.unwrapped))
        few = min(self.episodes, 64)
        yield Figure("gym.make, cold", "steps/CPU-s", self._rate(gym.make(ENV), self.fresh, few))

    def _rooms(self) -> Iterator[Figure]:
        by_room: dict[str, list[str]] = {}
        for task in self.train.tasks[:NUM_MEMORY_TASKS]:
            by_room.setdefault(self.train.source.scene(task).room, []).append(task)
        for room in ("kitchen", "living", "bedroom", "bathroom"):
            env = self._make(games=self._scene_file(room, by_room[room][:32]))
            yield Figure(f"gym.make, warm, {room}", "steps/CPU-s", self._rate(env))

    def _resets(self) -> Iterator[Figure]:
        import gymnasium as gym

        count, env, raw = self.episodes, self._make(), gym.make(ENV).unwrapped
        yield Figure("reset, task loaded", "µs", self._each(count, env.reset, 1e6), ("<", 50))
        few = min(count, 20)
        first = self._each(few, lambda: raw.reset(options={"task": next(self.fresh)}), 1e3)
        yield Figure("reset, first load of a generated game", "ms", first)
        play(env, self._rows(1), seed=1)
        base = env.unwrapped
        yield Figure("snapshot and restore", "µs", self._each(count, lambda: base.restore(base.snapshot()), 1e6))

    def _plans(self) -> Iterator[Figure]:
        """Replay recorded commands with and without asking for the plan; a rollout's plans are new when timed."""
        from guerdon.envs.household.catalogue import open_catalogue
        from guerdon.envs.household.game import Game
        from guerdon.envs.household.planner import plan

        catalogue = open_catalogue(self.games)
        states: list[Game] = []

        def record(world: Any, row: list[int]) -> tuple[Any, list[str]]:
            game, commands = Game(world), list[str]()
            for number, draw in enumerate(row):
                actions = list(game.view())
                commands.append(actions[draw % len(actions)])
                game.step(commands[-1])
                if game.won:
                    break
                if number % 10 == 0 and len(states) < 500:
                    states.append(game.copy())
            return world, commands

        def replay(rollouts: list[tuple[Any, list[str]]], ask: Callable[[Game], object]) -> float:
            began = process_time()
            for world, commands in rollouts:
                game = Game(world)
                for command in commands:
                    game.step(command)
                    game.view()
                    ask(game)
            return process_time() - began

        def amortised(_: int) -> float:
            worlds = itertools.cycle([catalogue.world(task) for task in catalogue.tasks])
            rollouts = [record(next(worlds), row) for row in self._rows()]
            without = replay(rollouts, id)
            return (replay(rollouts, plan) - without) / sum(len(commands) for _, commands in rollouts) * 1e6

        def uncached(_: int) -> float:
            def ask(question: Callable[[Game], object]) -> float:
                began = process_time()
                for game in states:
                    game.forget()
                    game.world.plans.clear()
                    game.world.placements.clear()
                    question(game)
                return process_time() - began

            return (ask(plan) - ask(id)) / len(states) * 1e6

        yield Figure("plan distance, amortised", "µs/step", self._repeat(amortised), ("<", 50))
        yield Figure("plan distance, nothing remembered", "µs", self._repeat(uncached))

    def _vector(self) -> Iterator[Figure]:
        single, many = self._make(), self._make_vec()
        rates: list[float] = []

        def ratio(seed: int) -> float:
            seconds, steps = play(single, self._rows(), seed)
            seconds_many, steps_many = play_many(many, self._many_rows(), seed)
            rates.append(steps_many / seconds_many)
            return rates[-1] / (steps / seconds)

        ratios = self._repeat(ratio)
        yield Figure("vector env of 64, warm", "steps/CPU-s", rates)
        yield Figure("vector env of 64 to single env", "times", ratios, (">=", 1.2))

    def _rewards(self, what: str, make: Callable[..., Any], run: Callable[..., Any], rows: Callable[[], Rows]):
        """Play the same steps with and without a reward, after once without, which warms the tasks for both."""
        from guerdon.reward_models import REWARDS

        plain = make()
        for name in (name for name in REWARDS if name.startswith("household/")):
            paying = make(name)

            def overhead(seed: int, paying: Any = paying) -> float:
                numbers = rows()
                per_step = [
                    seconds / steps for env in (plain, plain, paying) for seconds, steps in [run(env, numbers, seed)]
                ]
                return (per_step[2] - per_step[1]) * 1e6

            yield Figure(f"{name}, {what}", "µs/step", self._repeat(overhead))

    def _memory(self) -> Iterator[Figure]:
        games = self._scene_file("memory", self.train.tasks[:NUM_MEMORY_TASKS])
        command = [sys.executable, __file__, "--memory-of", games, *(["--quick"] if self.quick else [])]
        found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        yield Figure("memory after the imports", "MB", [found["imports"]])
        yield Figure(f"peak memory, vector env of {NUM_MEMORY_TASKS} tasks", "MB", [found["peak"]], ("<", 300))


def measure_memory(games: str, calls: int) -> dict[str, float]:
    """Return the peak memory of this process in MB after the imports and after playing all tasks of a file at once."""
    import gymnasium as gym

    import guerdon  # noqa: F401 - its imports are part of what is measured

    imports = _peak_mb()
    env = gym.make_vec(ENV, num_envs=NUM_MEMORY_TASKS, games=games)
    tasks = env.unwrapped.catalogue.tasks  # type: ignore[attr-defined]
    _, info = env.reset(seed=0, options={"task": list(tasks)})
    for row in np.random.default_rng(0).integers(2**30, size=(calls, NUM_MEMORY_TASKS)).tolist():
        actions = [some[draw % len(some)] for some, draw in zip(info["admissible_actions"], row, strict=True)]
        *_, info = env.step(actions)
    return {"imports": imports, "peak": _peak_mb()}


def _peak_mb() -> float:
    status = Path("/proc/self/status")  # `getrusage` on Linux also counts what the parent held before the exec
    if status.exists():
        return int(re.findall(r"VmHWM:\s+(\d+) kB", status.read_text())[0]) / 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def _cpu() -> str:
    info = Path("/proc/cpuinfo")
    names = re.findall(r"^model name\s*: (.+)$", info.read_text(), re.MULTILINE) if info.exists() else []
    return names[0] if names else platform.processor() or platform.machine()


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print the table and, if asked to, write the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="a few short repetitions; the figures mean little")
    parser.add_argument("--json", metavar="PATH", help="where to write the figures; without it they are only printed")
    parser.add_argument("--memory-of", help=argparse.SUPPRESS)
    args = parser.parse_args(argv)
    if args.memory_of:
        print(json.dumps(measure_memory(args.memory_of, 20 if args.quick else 200)))
        return 0
    from guerdon import __version__
    from guerdon.core.files import write_json

    figures = []
    print(f"{'':<48}{'median':>10} {'range':>22}  {'unit':<12}{'target':<11}")
    with tempfile.TemporaryDirectory(prefix="guerdon-bench-") as folder:
        for figure in Bench(Path(folder), args.quick).run():
            row = figure.plain()
            figures.append(row)
            low, high = (_number(end) for end in row["range"])
            verdict = {True: "pass", False: "FAIL", None: ""}[row["met"]]
            ends = f"{low} .. {high}" if row["repetitions"] > 1 else ""
            print(f"{row['name']:<48}{_number(row['median']):>10} {ends:>22}  {row['unit']:<12}", end="")
            print(f"{row['target'] or '':<11}{verdict}".rstrip(), flush=True)
    print(f"{'recorded, not measured here: ' + RECORDED['name']}: {RECORDED['value']} {RECORDED['unit']}")
    if args.json:
        machine = {"cpu": _cpu(), "python": platform.python_version(), "guerdon": __version__}
        write_json(args.json, {"schema": 1, **machine, "quick": args.quick, "figures": figures, "recorded": RECORDED})
    return 0


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


if __name__ == "__main__":
    sys.exit(main())
