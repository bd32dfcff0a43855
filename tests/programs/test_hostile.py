"""Every hostile program, in every sandbox: kept in, in time, with a verdict, and with nothing changed outside."""

from __future__ import annotations

import builtins
import math
import os
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np
import pytest

from guerdon.reward_models.programs.sandbox import Limits, LoadedProgram, Sandbox
from guerdon.reward_models.programs.verdict import SandboxError

from .honest import COLUMNS, HONEST, SIZE
from .hostile import HOSTILE, Hostile
from .sandboxes import KINDS, opened

HURRIED, PATIENT = Limits(seconds=0.25, memory_mb=64), Limits(seconds=4.0, memory_mb=64)
COLUMNS_OF_HOSTILE = {"x": np.arange(64.0), "v": np.ones((64, 3))}
LONGEST = 5.0


@pytest.fixture(scope="module", params=KINDS)
def place(request: pytest.FixtureRequest) -> Iterator[tuple[Sandbox, LoadedProgram]]:
    """A sandbox in a hurry, and an honest program that has its worker in a patient one all the time."""
    os.environ["GUERDON_SECRET"] = "42"
    with opened(request.param, HURRIED) as sandbox, opened(request.param, PATIENT) as patient:
        yield sandbox, patient.load(HONEST["numpy"][0])
    del os.environ["GUERDON_SECRET"]


def outside() -> dict[str, Any]:
    """What a program might have changed in this process."""
    return {
        "builtins": {name: id(value) for name, value in vars(builtins).items() if name != "_"},
        "math": {name: id(value) for name, value in vars(math).items()},
        "numpy": (np.pi, id(np.linalg.norm), id(np.sum), np.geterr()),
        "environment": dict(os.environ),
        "folder": os.getcwd(),
        "recursion": sys.getrecursionlimit(),
        "signals": [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM)],
        "threads": threading.active_count(),
    }


@pytest.mark.parametrize("hostile", HOSTILE, ids=[one.name for one in HOSTILE])
def test_it_is_kept_in(place: tuple[Sandbox, LoadedProgram], hostile: Hostile, tmp_path: Path) -> None:
    sandbox, honest = place
    canary = tmp_path / "canary"
    canary.write_text("42")
    before = outside()
    for lint, allowed in ((True, hostile.linted), (False, hostile.bare)):
        if not allowed:
            continue
        began = monotonic()
        verdict = run(sandbox, hostile, canary, lint)
        if verdict == "timeout" and verdict not in allowed.split():  # the machine may be slow
            began, verdict = monotonic(), run(honest.sandbox, hostile, canary, lint)
        assert monotonic() - began < LONGEST
        assert verdict in allowed.split(), f"{verdict} {'with' if lint else 'without'} the lint"
    assert canary.read_text() == "42"
    assert list(tmp_path.iterdir()) == [canary]
    assert outside() == before
    expected = HONEST["numpy"][1]()
    for name, values in honest.run(COLUMNS, SIZE).items():
        np.testing.assert_allclose(values, expected[name], rtol=1e-12)


def run(sandbox: Sandbox, hostile: Hostile, canary: Path, lint: bool) -> str:
    """Run a program; return the kind of its verdict, after a look at what it says and pays."""
    paid: dict[str, np.ndarray] = {}
    try:
        program = sandbox.load(hostile.code.replace("CANARY", str(canary)), lint=lint)
        try:
            for _ in range(hostile.batches):
                paid = program.run(COLUMNS_OF_HOSTILE, 64)
        finally:
            program.close()
    except SandboxError as caught:
        error = caught
    else:
        error = None
    if error:
        assert error.verdict.message
        assert len(str(error)) < 500
        assert str(error).isprintable()
        return str(error.verdict.kind)
    for values in paid.values():
        assert not (values == 42).any(), "it reached what it was after"
    return "ok"


def test_there_are_enough_and_no_two_are_called_the_same() -> None:
    names = [one.name for one in HOSTILE]
    assert len(set(names)) == len(names) >= 150
