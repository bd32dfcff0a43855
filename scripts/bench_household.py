"""Measures the household env in CPU time of one process, every figure with its median and range.

    python scripts/bench_household.py [--quick] [--json docs/results/bench_household.json]

Everything is played by a policy that takes any admissible action, all equally likely, with the whole info at every
step: admissible actions, goal check, plan length, expert action. Random numbers are drawn beforehand. Rates count env
steps; resets between episodes are in the time and not in the count. "Warm" means tasks played 10 times before, with
other random numbers; "cold" means that every episode is the first one of its task. Ratios and differences come from
repetitions that alternate, so a busy machine disturbs both sides alike.
"""

from __future__ import annotations

import argparse
import itertools
import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np

import guerdon
from guerdon.envs.household.catalogue import open_catalogue
from guerdon.scripts.bench_figures import Figure, parser, report
from guerdon.scripts.benchmark import RATE, Bench, choose, cpu_seconds, peak_mb, play, run_json

__all__ = ["HouseholdBench", "main"]

ENV = "guerdon:guerdon/Household-v0"
ROOMS = ("kitchen", "living", "bedroom", "bathroom")
HORIZON, NUM_ENVS, NUM_MEMORY_TASKS, WARM_UP = 50, 64, 256, 10
RECORDED = {"name": "ALFWorld 0.4.2, measured once on other hardware", "unit": RATE, "value": 22}


class HouseholdBench(Bench):
    """All measurements, each as a method that yields figures.

    Args:
        folder: where scene files may be written.
        quick: two short repetitions, to see that it works; the figures mean little.
    """

    def __init__(self, folder: Path, quick: bool = False):
        self.folder, self.quick = folder, quick
        repetitions, episodes, warm_tasks = (2, 8, 8) if quick else (15, 128, NUM_ENVS)
        super().__init__(HORIZON, NUM_ENVS, repetitions, episodes)
        self.source, self.tasks = open_catalogue().source, open_catalogue().tasks
        self.fresh = iter(self.tasks[NUM_MEMORY_TASKS:])
        self.games = self.scene_file("warm", self.tasks[:warm_tasks])
        self.many = partial(guerdon.make_vec, ENV, NUM_ENVS, games=self.games)

    def run(self) -> Iterator[Figure]:
        """Measure one thing after another."""
        yield from itertools.chain(self.memory(), self.rates(), self.resets(), self.plans())
        yield from self.vector(self.single(), self.many(), (">=", 1.2))
        yield from self.rewards("household", self.single, self.many)

    def scene_file(self, name: str, tasks: Sequence[str]) -> str:
        """Write tasks of the training split as a file of games, so that single and vector envs draw from these only."""
        path = self.folder / f"{name}.jsonl"
        path.write_text("".join(json.dumps(self.source.scene(task).to_dict()) + "\n" for task in tasks), "utf-8")
        return str(path)

    def single(self, reward: str | None = None, games: str | None = None) -> gym.Env:
        """Make a single env with all default wrappers; without a reward, play all of its tasks to warm them."""
        env: Any = guerdon.make(ENV, reward, games=games or self.games)
        if reward is None:
            tasks = env.unwrapped.catalogue.tasks
            play(env, self.rows(len(tasks) * (1 if self.quick else WARM_UP)), 0, itertools.cycle(tasks))
        return env

    def rates(self) -> Iterator[Figure]:
        """Env steps per second, also by kind of room: kitchens hold most things."""
        env = self.single()
        yield Figure("gym.make, warm", RATE, self.rate(env), (">=", 80_000))
        yield Figure("raw env, warm", RATE, self.rate(env.unwrapped))
        yield Figure("gym.make, cold", RATE, self.rate(gym.make(ENV), self.fresh))
        scenes = [self.source.scene(task) for task in self.tasks[:NUM_MEMORY_TASKS]]
        for room in ROOMS:
            games = self.scene_file(room, [scene.id for scene in scenes if scene.room == room][:16])
            yield Figure(f"gym.make, warm, {room}", RATE, self.rate(self.single(games=games)))

    def resets(self) -> Iterator[Figure]:
        """Beginning an episode, and going back in one."""
        env, raw = self.single(), gym.make(ENV)
        yield Figure("reset, task loaded", "µs", self.each(self.episodes, 1e6, env.reset), ("<", 50))
        first_load = self.each(8, 1e3, lambda: raw.reset(options={"task": next(self.fresh)}))
        yield Figure("reset, first load of a generated game", "ms", first_load)
        play(env, self.rows(1), seed=1)
        base: Any = env.unwrapped
        yield Figure("snapshot and restore", "µs", self.each(128, 1e6, lambda: base.restore(base.snapshot())))

    def plans(self) -> Iterator[Figure]:
        """Replay recorded commands with and without asking for the plan, which was never asked for on them before."""
        from guerdon.envs.household.catalogue import open_catalogue
        from guerdon.envs.household.game import Game
        from guerdon.envs.household.planner import plan

        catalogue = open_catalogue(self.games)
        states: list[Game] = []

        def record(task: str, row: list[int]) -> tuple[Any, list[str]]:
            game, commands = Game(catalogue.world(task)), list[str]()
            for draw in row:
                commands += choose([list(game.choices)], [draw])
                game.step(commands[-1])
                if game.won:
                    break
            else:
                states.append(game.copy())
            return game.world, commands

        def replay(rollouts: list[tuple[Any, list[str]]], ask: Callable[[Game], object]) -> None:
            for world, commands in rollouts:
                game = Game(world)
                for command in commands:
                    game.step(command)
                    ask(game)

        def forgetful(ask: Callable[[Game], object]) -> None:
            for game in states:
                game.plan = game.placement = None
                game.situations.clear()
                game.world.situations.clear()
                game.world.placements.clear()
                ask(game)

        def amortised(_: int) -> float:
            rollouts = [record(*pair) for pair in zip(itertools.cycle(catalogue.tasks), self.rows(), strict=False)]
            without = cpu_seconds(lambda: replay(rollouts, id))
            steps = sum(len(commands) for _, commands in rollouts)
            return (cpu_seconds(lambda: replay(rollouts, plan)) - without) / steps * 1e6

        def anew(_: int) -> float:
            without = cpu_seconds(lambda: forgetful(id))
            return (cpu_seconds(lambda: forgetful(plan)) - without) / len(states) * 1e6

        yield Figure("plan distance, amortised", "µs/step", self.repeat(amortised), ("<", 50))
        del states[512:]
        yield Figure("plan distance, nothing remembered", "µs", self.repeat(anew))

    def memory(self) -> Iterator[Figure]:
        """Memory of a process of its own that does nothing else."""
        games = self.scene_file("memory", self.tasks[:NUM_MEMORY_TASKS])
        found = run_json(__file__, "--memory-of", games, *(["--quick"] if self.quick else []))
        yield Figure("memory after the imports", "MB", [found["imports"]])
        yield Figure(f"peak memory, vector env of {NUM_MEMORY_TASKS} tasks", "MB", [found["peak"]], ("<", 300))


def measure_memory(games: str, steps: int) -> dict[str, float]:
    """Return the peak memory of this process after the imports and after playing all tasks of a file at once."""
    imports = peak_mb()
    env = gym.make_vec(ENV, num_envs=NUM_MEMORY_TASKS, games=games)
    _, info = env.reset(seed=0, options={"task": list(env.unwrapped.catalogue.tasks)})  # type: ignore[attr-defined]
    for row in np.random.default_rng(0).integers(2**30, size=(steps, NUM_MEMORY_TASKS)).tolist():
        *_, info = env.step(choose(info["admissible_actions"], row))
    return {"imports": imports, "peak": peak_mb()}


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print the table and, if asked to, write the figures."""
    options = parser(__doc__)
    options.add_argument("--memory-of", help=argparse.SUPPRESS)
    args = options.parse_args(argv)
    if args.memory_of:
        print(json.dumps(measure_memory(args.memory_of, 20 if args.quick else 200)))
        return 0
    with tempfile.TemporaryDirectory(prefix="guerdon-bench-") as folder:
        report(HouseholdBench(Path(folder), args.quick).run(), args, RECORDED)
    return 0


if __name__ == "__main__":
    sys.exit(main())
