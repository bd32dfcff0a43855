"""Measures the worlds of process rewards in CPU time of one process, every figure with its median and range.

    python scripts/bench_process_worlds.py [--quick] [--json docs/results/bench_process_worlds.json]

A vector env of 64 is played by a policy that takes any admissible action, all equally likely, with the whole info at
every step. Random numbers are drawn beforehand. Rates count env steps; resets between episodes are in the time and not
in the count. "Warm" means that the same tasks were played before, with other random numbers; "new tasks" that every
repetition draws others of the training split, most of which have to be built first. Worlds that are not registered are
left out.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from time import process_time
from typing import Any

import gymnasium as gym
import numpy as np

from guerdon.core.names import check_name
from guerdon.envs.registration import env_ids
from guerdon.scripts.bench_figures import Figure, parser, report
from guerdon.scripts.benchmark import RATE, Bench, Rows, choose

__all__ = ["ProcessBench", "main"]

WORLDS = ("Tree", "Grid", "PadTrap", "Calc", "LineProg", "SearchQA")
HORIZON, NUM_ENVS = 50, 64
TARGET = (">=", 20_000.0)


class ProcessBench(Bench):
    """All measurements, each as a method that yields figures.

    Args:
        names: the worlds, such as "Tree".
        quick: two short repetitions, to see that it works; the figures mean little.
    """

    def __init__(self, names: Sequence[str] = WORLDS, quick: bool = False):
        repetitions, episodes = (2, 16) if quick else (9, 256)
        super().__init__(HORIZON, NUM_ENVS, repetitions, episodes)
        known = {env_id.rpartition("/")[2].partition("-")[0]: env_id for env_id in env_ids()}
        self.envs = {name: known[name] for name in names if name in known}

    def run(self) -> Iterator[Figure]:
        """Measure one world after another."""
        for name, env_id in self.envs.items():
            env = gym.make_vec(env_id, num_envs=NUM_ENVS)
            play_admissible(env, self.many_rows()[:10], seed=0)  # imports and tables that all tasks share
            # Slot i is seeded with seed + i, so that closer seeds would share tasks.
            yield Figure(f"{name}, vector env of {NUM_ENVS}, new tasks", RATE, self.speed(env, NUM_ENVS))
            play_admissible(env, self.many_rows(), seed=0)
            yield Figure(f"{name}, vector env of {NUM_ENVS}, warm", RATE, self.speed(env, 0), TARGET)

    def speed(self, env: Any, apart: int) -> list[float]:
        """Return env steps per CPU second in each repetition, whose seeds are so far apart."""

        def measure(number: int) -> float:
            seconds, steps = play_admissible(env, self.many_rows(), number * apart)
            return steps / seconds

        return self.repeat(measure)


def play_admissible(env: Any, rows: Rows, seed: int) -> tuple[float, int]:
    """Step a vector env, which resets on the next step, once for each row of numbers; return (CPU s, env steps).

    As `benchmark.play_many`, also for envs whose actions are numbers.
    """
    text = isinstance(env.single_action_space, gym.spaces.Text)
    resets = over = 0
    began = process_time()
    _, info = env.reset(seed=seed)
    for row in rows:
        resets += over
        listed = info["admissible_actions"]
        actions = choose(listed, row) if text else _numbers(listed, row)
        _, _, terminated, truncated, info = env.step(actions)
        over = int((terminated | truncated).sum())
    return process_time() - began, len(rows) * env.num_envs - resets


def _numbers(listed: Sequence[Sequence[int]], row: Sequence[int]) -> np.ndarray:
    """Turn a random number for each env into one of its admissible actions; 0 where there is none, at an end."""
    return np.array([actions[draw % len(actions)] if actions else 0 for actions, draw in zip(listed, row, strict=True)])


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print the table and, if asked to, write the figures."""
    options = parser(__doc__)
    options.add_argument("--world", action="append", help="a world to measure, several times for several; default all")
    args = options.parse_args(argv)
    names = [check_name("world", name, WORLDS, "--world") for name in args.world or WORLDS]
    report(ProcessBench(names, args.quick).run(), args, None)
    return 0


if __name__ == "__main__":
    sys.exit(main())
