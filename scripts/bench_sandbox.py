"""Measures what it costs to pay by a program in a sandbox, in CPU time of all processes that take part.

    python scripts/bench_sandbox.py [--quick] [--json docs/results/bench_sandbox.json] [--sandbox own]

The program is a reward as language models write them: a distance, a progress, an effort, a bonus. A call pays a batch
of 64 steps, or one step. "Start" is what it takes to load a program into a new worker of an open sandbox and to pay a
first step. The CPU clocks of this process and of all below it are read before and after; whatever else the machine does
has little part in that. Needs Linux. Sandboxes that the machine does not have are left out.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from time import clock_gettime

import numpy as np

from guerdon.core.names import check_name
from guerdon.reward_models.programs.sandbox import Limits, LoadedProgram, Sandbox, open_sandbox
from guerdon.scripts.bench_figures import Figure, parser, report

__all__ = ["SandboxBench", "main"]

KINDS = ("monty", "own", "sandlock")
BATCH = 64
TARGET = ("<", 100.0)
PROGRAM = """
import numpy as np

def reward(state, next_state, action):
    before = np.linalg.norm(state.object - state.target)
    after = np.linalg.norm(next_state.object - next_state.target)
    reach = np.linalg.norm(next_state.tcp - next_state.object)
    return {
        "reach": 1 - np.tanh(reach / 0.1),
        "progress": 10 * (before - after),
        "effort": -0.01 * np.sum(np.square(action)),
        "there": 1.0 if after < 0.05 else 0.0,
    }
"""


class SandboxBench:
    """All measurements.

    Args:
        kinds: of sandboxes.
        quick: two short repetitions, to see that it works; the figures mean little.
    """

    def __init__(self, kinds: Sequence[str] = KINDS, quick: bool = False):
        self.kinds = kinds
        self.repetitions, self.batches, self.starts = (2, 5, 2) if quick else (9, 60, 10)
        rng = np.random.default_rng(0)
        vectors = [f"{group}.{name}" for group in ("state", "next_state") for name in ("tcp", "object", "target")]
        self.columns = {name: rng.normal(size=(BATCH, 3)) for name in vectors}
        self.columns["action"] = rng.normal(size=(BATCH, 4))

    def run(self) -> Iterator[Figure]:
        """Measure one sandbox after another."""
        for kind in self.kinds:
            try:
                with open_sandbox(kind) as sandbox:
                    _ = sandbox.about
            except RuntimeError as error:
                print(f"{kind}: left out, {error}")
                continue
            yield from self.measure(kind)

    def measure(self, kind: str) -> Iterator[Figure]:
        """Measure one sandbox."""
        with open_sandbox(kind, Limits(seconds=60.0)) as sandbox:
            program = sandbox.load(PROGRAM)
            for size, name in ((BATCH, f"batches of {BATCH}"), (1, "single steps")):
                columns = self.columns_of(size)
                program.run(columns, size)
                calls = self.batches if size > 1 else 10 * self.batches
                times = [_spent_on(partial(_pay, program, columns, size, calls)) for _ in range(self.repetitions)]
                target = TARGET if size > 1 else None
                yield Figure(f"{kind}, {name}", "µs/step", [one / calls / size * 1e6 for one in times], target)
            times = [self.start(sandbox) for _ in range(self.repetitions)]
            yield Figure(f"{kind}, start", "ms", [one * 1e3 for one in times])

    def start(self, sandbox: Sandbox) -> float:
        """Return the CPU time of loading a program and paying a step, in s."""
        programs: list[LoadedProgram] = []

        def load() -> None:
            for _ in range(self.starts):
                programs.append(sandbox.load(PROGRAM))
                programs[-1].run(self.columns_of(1), 1)

        spent = _spent_on(load)  # while the workers live: the clock of one that has ended cannot be read
        for program in programs:
            program.close()
        return spent / self.starts

    def columns_of(self, size: int) -> dict[str, np.ndarray]:
        """Return the first steps."""
        return {name: values[:size] for name, values in self.columns.items()}


def _pay(program: LoadedProgram, columns: dict[str, np.ndarray], size: int, calls: int) -> None:
    for _ in range(calls):
        program.run(columns, size)


def _spent_on(work: Callable[[], None]) -> float:
    """Return the CPU time that a piece of work takes here and in the processes below, in s."""
    before = _clocks()
    work()
    return sum(clock - before.get(process, 0.0) for process, clock in _clocks().items())


def _clocks() -> dict[int, float]:
    """Return the CPU time so far of this process and of all that descend from it, in s, by number."""
    parents = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            parents[int(path.parent.name)] = int(path.read_text().rpartition(")")[2].split()[1])
    family = {os.getpid()}
    while more := {child for child, parent in parents.items() if parent in family} - family:
        family |= more
    found = {}
    for process in family:
        with contextlib.suppress(OSError):
            # The number of another process's clock, as clock_getcpuclockid(3) makes it; all its threads count.
            found[process] = clock_gettime((~process << 3) | 2)
    return found


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print the table and, if asked to, write the figures."""
    options = parser(__doc__)
    options.add_argument("--sandbox", action="append", help="a sandbox, several times for several; default all")
    args = options.parse_args(argv)
    kinds = [check_name("sandbox", kind, KINDS, "--sandbox") for kind in args.sandbox or KINDS]
    report(SandboxBench(kinds, args.quick).run(), args, None, **_versions())
    return 0


def _versions() -> dict[str, str]:
    found = {"numpy": np.__version__}
    for package in ("pydantic-monty", "sandlock"):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


if __name__ == "__main__":
    sys.exit(main())
