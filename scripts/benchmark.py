"""What every benchmark shares: playing against the CPU clock, figures with a target, their table and their file."""

from __future__ import annotations

import platform
import re
import statistics
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import process_time
from typing import Any

__all__ = ["Figure", "choose", "cpu_seconds", "machine", "peak_mb", "play", "play_many", "print_figures"]

Rows = Sequence[Sequence[int]]


@dataclass(frozen=True)
class Figure:
    """One measured quantity: a value for each repetition, and what was aimed at as (">=" or "<", value)."""

    name: str
    unit: str
    values: Sequence[float]
    target: tuple[str, float] | None = None

    def plain(self) -> dict[str, Any]:
        """Return the figure as plain data: median, range, number of repetitions, target and whether it is met."""
        median = statistics.median(self.values)
        sign, aim = self.target or ("", 0.0)
        return {
            "name": self.name,
            "unit": self.unit,
            "median": median,
            "range": [min(self.values), max(self.values)],
            "repetitions": len(self.values),
            "target": f"{sign} {aim:,g}" if sign else None,
            "met": (median >= aim if sign == ">=" else median < aim) if sign else None,
        }


def cpu_seconds(work: Callable[[], object]) -> float:
    """Return the CPU time of a call, in s."""
    began = process_time()
    work()
    return process_time() - began


def choose(admissible: Iterable[Sequence[str]], row: Sequence[int]) -> list[str]:
    """Turn a random number for each env into one of its admissible actions."""
    return [actions[draw % len(actions)] for actions, draw in zip(admissible, row, strict=True)]


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


def peak_mb() -> float:
    """Return the largest memory that this process has held, in MB (2**20 bytes)."""
    status = Path("/proc/self/status")  # `getrusage` on Linux also counts what the parent held before the exec
    if status.exists():
        return int(re.findall(r"VmHWM:\s+(\d+) kB", status.read_text())[0]) / 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def machine() -> dict[str, str]:
    """Return what the figures depend on: the CPU's model and the version of Python."""
    info = Path("/proc/cpuinfo")
    names = re.findall(r"^model name\s*: (.+)$", info.read_text(), re.MULTILINE) if info.exists() else []
    return {
        "cpu": names[0] if names else platform.processor() or platform.machine(),
        "python": platform.python_version(),
    }


def print_figures(figures: Iterable[Figure]) -> list[dict[str, Any]]:
    """Print a row for each figure as it comes; return them as plain data."""
    print(f"{'':<50}{'median':>9}  {'range':>20}  {'unit':<13}target")
    found = []
    for figure in figures:
        row = figure.plain()
        found.append(row)
        ends = " .. ".join(map(_number, row["range"])) if row["repetitions"] > 1 else ""
        verdict = {True: "pass", False: "FAIL", None: ""}[row["met"]]
        aim = f"{row['target'] or '':<10} {verdict}"
        print(f"{row['name']:<50}{_number(row['median']):>9}  {ends:>20}  {row['unit']:<13}{aim}".rstrip(), flush=True)
    return found


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
