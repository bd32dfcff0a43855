"""What every benchmark shares: playing against the CPU clock, again and again, here and in processes of its own."""

from __future__ import annotations

import gc
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np

from guerdon.scripts.bench_figures import Figure

__all__ = ["RATE", "Bench", "choose", "cpu_seconds", "peak_mb", "play", "play_many", "run_json"]

Rows = Sequence[Sequence[int]]
RATE = "steps/CPU-s"


class Bench:
    """Measures again and again, with random numbers that are drawn beforehand.

    Args:
        horizon: most steps of an episode.
        num_envs: games of the vector env.
        repetitions: values that a figure gets.
        episodes: played for one of them.
    """

    def __init__(self, horizon: int, num_envs: int, repetitions: int, episodes: int):
        self.horizon, self.num_envs = horizon, num_envs
        self.repetitions, self.episodes = repetitions, episodes
        self.numbers = np.random.default_rng(0)

    def rows(self, episodes: int | None = None) -> list[list[int]]:
        """Draw random numbers for the steps of some episodes."""
        return self.numbers.integers(2**30, size=(episodes or self.episodes, self.horizon)).tolist()

    def many_rows(self) -> list[list[int]]:
        """Draw random numbers for as many steps of the vector env."""
        steps = self.episodes * self.horizon // self.num_envs
        return self.numbers.integers(2**30, size=(steps, self.num_envs)).tolist()

    def repeat(self, measure: Callable[[int], float]) -> list[float]:
        """Measure with the seeds 1, 2, ..., each time without the rubbish of the one before."""
        values = []
        for seed in range(1, self.repetitions + 1):
            gc.collect()
            values.append(measure(seed))
        return values

    def each(self, count: int, scale: float, action: Callable[[], object]) -> list[float]:
        """Measure the time of a call, in s times `scale`."""
        return self.repeat(lambda _: cpu_seconds(lambda: [action() for _ in range(count)]) / count * scale)

    def rate(self, env: Any, tasks: Iterator[str] | None = None) -> list[float]:
        """Measure env steps per CPU second; with `tasks`, which may be scarce, over 32 episodes at most."""

        def measure(seed: int) -> float:
            seconds, steps = play(env, self.rows(min(self.episodes, 32) if tasks else None), seed, tasks)
            return steps / seconds

        return self.repeat(measure)

    def vector(self, single: Any, many: Any, target: tuple[str, float] | None = None) -> Iterator[Figure]:
        """Many games in one process against one game, on the same tasks."""
        rates: list[float] = []

        def ratio(seed: int) -> float:
            seconds, steps = play(single, self.rows(), seed)
            seconds_many, steps_many = play_many(many, self.many_rows(), seed)
            rates.append(steps_many / seconds_many)
            return rates[-1] / (steps / seconds)

        ratios = self.repeat(ratio)
        yield Figure(f"vector env of {self.num_envs}, warm", RATE, rates)
        yield Figure(f"vector env of {self.num_envs} to single env", "times", ratios, target)

    def rewards(self, world: str, single: Callable[..., Any], many: Callable[..., Any]) -> Iterator[Figure]:
        """Play the same steps with and without each reward of a world, after once without, which warms both.

        Args:
            world: what the rewards' ids begin with.
            single: makes an env that pays a reward; called without one, an env that pays its own.
            many: makes such a vector env.
        """
        from guerdon.reward_models import REWARDS

        def overhead(run: Callable[..., Any], rows: Callable[[], Rows], plain: Any, paying: Any, seed: int) -> float:
            numbers = rows()
            run(plain, numbers, seed)
            (without, steps), (paid, _) = run(plain, numbers, seed), run(paying, numbers, seed)
            return (paid - without) / steps * 1e6

        names = [name for name in REWARDS if name.startswith(f"{world}/")]
        for what, make, run, rows in (
            (f"vector env of {self.num_envs}", many, play_many, self.many_rows),
            ("single env", single, play, self.rows),
        ):
            plain = make()
            for name in names:
                yield Figure(f"{name}, {what}", "µs/step", self.repeat(partial(overhead, run, rows, plain, make(name))))


def cpu_seconds(work: Callable[[], object]) -> float:
    """Return the CPU time of a call, in s."""
    began = process_time()
    work()
    return process_time() - began


def choose(admissible: Iterable[Sequence[str]], row: Sequence[int]) -> list[str]:
    """Turn a random number for each env into one of its admissible actions; "" where there is none, at an end."""
    return [actions[draw % len(actions)] if actions else "" for actions, draw in zip(admissible, row, strict=True)]


def play(env: Any, rows: Rows, seed: int, tasks: Iterator[str] | None = None) -> tuple[float, int]:
    """Play an episode in a single env for each row of random numbers, one a step; return (CPU s, env steps).

    Resets are in the time and not in the count. `tasks` gives each episode its task; without it the env draws.
    """
    steps, options = 0, None
    began = process_time()
    for number, row in enumerate(rows):
        if tasks is not None:
            options = {"task": next(tasks)}
        _, info = env.reset(seed=None if number else seed, options=options)
        for draw in row:
            actions = info["admissible_actions"]
            _, _, terminated, truncated, info = env.step(actions[draw % len(actions)])
            steps += 1
            if terminated or truncated:
                break
    return process_time() - began, steps


def play_many(env: Any, rows: Rows, seed: int) -> tuple[float, int]:
    """Step a vector env, which resets on the next step, once for each row; return (CPU s, env steps)."""
    resets = over = 0
    began = process_time()
    _, info = env.reset(seed=seed)
    for row in rows:
        resets += over
        _, _, terminated, truncated, info = env.step(choose(info["admissible_actions"], row))
        over = int((terminated | truncated).sum())
    return process_time() - began, len(rows) * env.num_envs - resets


def run_json(script: str | Path, *arguments: object) -> Any:
    """Run a script in a process of its own and return what it prints, read as JSON."""
    command = [sys.executable, str(script), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    if done.returncode:
        raise RuntimeError(f"{' '.join(command[1:])} failed:\n{done.stderr}")
    return json.loads(done.stdout)


def peak_mb() -> float:
    """Return the largest memory that this process has held, in MB (2**20 bytes)."""
    status = Path("/proc/self/status")  # `getrusage` on Linux also counts what the parent held before the exec
    if status.exists():
        return int(re.findall(r"VmHWM:\s+(\d+) kB", status.read_text())[0]) / 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
