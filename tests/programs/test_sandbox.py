"""Honest programs, limits, and the life of sandboxes and their workers."""

from __future__ import annotations

import copy
import ctypes
import gc
import os
import pickle
import sys
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from guerdon.core.names import UnknownNameError
from guerdon.reward_models.programs import process
from guerdon.reward_models.programs.sandbox import Limits, Sandbox, open_sandbox
from guerdon.reward_models.programs.verdict import Kind, SandboxError, Verdict

from .honest import COLUMNS, HONEST, SIZE
from .sandboxes import KINDS, opened

only_linux = pytest.mark.skipif(sys.platform != "linux", reason="processes are confined on Linux only")
BREAKS = "import os\ndef reward(x):\n    return os._exit(3) if x == 13 else x"


@pytest.fixture(scope="module", params=[*KINDS, "auto"])
def sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    with opened(request.param, Limits(seconds=5.0)) as made:
        yield made


def refused(action: Any) -> Verdict:
    """Return the verdict with which something is refused."""
    with pytest.raises(SandboxError) as caught:
        action()
    return caught.value.verdict


@pytest.mark.parametrize("name", HONEST)
def test_honest_programs_pay_what_they_say(sandbox: Sandbox, name: str) -> None:
    source, expected = HONEST[name]
    program = sandbox.load(source)
    for size in (SIZE, 1):
        paid = program.run({column: values[:size] for column, values in COLUMNS.items()}, size)
        assert list(paid) == list(expected()) == list(program.facts.terms)
        for term, values in expected().items():
            np.testing.assert_allclose(paid[term], values[:size], rtol=1e-12, atol=1e-12)
    program.close()


def test_a_batch_is_a_loop_to_the_bit(sandbox: Sandbox) -> None:
    program = sandbox.load(HONEST["numpy"][0])
    paid = program.run(COLUMNS, SIZE)
    for row in range(SIZE):
        alone = program.run({name: values[row : row + 1] for name, values in COLUMNS.items()}, 1)
        assert {name: values[0] for name, values in alone.items()} == {name: v[row] for name, v in paid.items()}


def test_numbers_vectors_and_texts_arrive(sandbox: Sandbox) -> None:
    program = sandbox.load(
        "def reward(a, s):\n    return {'a': float(len(a)), 'n': s.n, 'v': s.v[2], 'b': float(s.v.shape[0])}"
    )
    paid = program.run({"a": ["go to", "é"], "s.n": np.array([True, False]), "s.v": np.arange(6).reshape(2, 3)}, 2)
    assert {name: values.tolist() for name, values in paid.items()} == {
        "a": [5.0, 1.0],
        "n": [1.0, 0.0],
        "v": [2.0, 5.0],
        "b": [3.0, 3.0],
    }


def test_there_is_no_memory(sandbox: Sandbox) -> None:
    program = sandbox.load(
        "n = []\ndef reward(x, seen=[]):\n    n.append(1)\n    seen.append(1)\n    return len(n) + len(seen)"
    )
    for _ in range(2):
        assert program.run({"x": np.zeros(3)}, 3)["reward"].tolist() == [2.0, 2.0, 2.0]


@pytest.mark.parametrize(
    ("body", "kind", "line"),
    [
        ("    y = 1\n    return y / (x - 2)", Kind.ERROR, 3),
        ("    return help_me(x)\ndef help_me(x):\n    z = [1]\n    return z[int(x)]", Kind.ERROR, 5),
        ("    if x == 2:\n        return float('inf')\n    return x", Kind.NOT_FINITE, 1),
        ("    return 1 if x < 2 else 'two'", Kind.OUTPUT, None),
    ],
)
def test_a_verdict_names_line_and_step(sandbox: Sandbox, body: str, kind: Kind, line: int | None) -> None:
    verdict = refused(lambda: sandbox.load(f"def reward(x):\n{body}").run({"x": np.arange(4.0)}, 4))
    assert verdict.kind == kind
    assert line is None or verdict.line == line
    assert verdict.row == (1 if "z[" in body else 2)


def test_what_is_missing_is_named(sandbox: Sandbox) -> None:
    program = sandbox.load("def reward(state, goal):\n    return 1.0")
    assert "asks for 'goal'; there is action, state" in str(
        refused(lambda: program.run({"state.a": [1], "action": [1]}, 1))
    )
    with pytest.raises(ValueError, match=r"'state\.a' has 1 rows, not 2"):
        program.run({"state.a": [1.0], "goal": [1.0, 2.0]}, 2)
    with pytest.raises(ValueError, match="batch of 0"):
        program.run({}, 0)


def test_printing_has_a_limit(sandbox: Sandbox) -> None:
    quiet = sandbox.load("def reward(x):\n    print('a' * 100)\n    return x")
    for _ in range(2 * sandbox.limits.output // 6400):
        quiet.run({"x": np.ones(64)}, 64)
    loud = sandbox.load("def reward(x):\n    print('a' * 2000)\n    return x")
    assert refused(lambda: loud.run({"x": np.ones(64)}, 64)).kind == Kind.OUTPUT


def test_memory_and_recursion_end_where_the_limits_say() -> None:
    for kind in KINDS:
        try:
            with opened(kind, Limits(seconds=10.0, memory_mb=64, recursion=150)) as sandbox:
                program = sandbox.load("def reward(x):\n    return len('a' * int(x)) / 2**20")
                assert program.run({"x": [20.0 * 2**20]}, 1)["reward"].tolist() == [20.0]
                assert refused(lambda p=program: p.run({"x": [90.0 * 2**20]}, 1)).kind == Kind.MEMORY
                program = sandbox.load(
                    "def f(n):\n    return 1 + f(n - 1) if n > 0 else 0\ndef reward(x):\n    return f(x)"
                )
                assert program.run({"x": [100.0]}, 1)["reward"].tolist() == [100.0]
                assert refused(lambda p=program: p.run({"x": [300.0]}, 1)).kind == Kind.RECURSION
        except pytest.skip.Exception:
            continue


def test_copies_share_and_pickles_open_again(sandbox: Sandbox) -> None:
    program = sandbox.load("def reward(x):\n    return {'a': x, 'b': -x}")
    x = {"x": np.arange(3.0)}
    paid = program.run(x, 3)
    assert copy.deepcopy(program) is program
    with pickle.loads(pickle.dumps(sandbox)) as other:
        assert (other.kind, other.limits) == (sandbox.kind, sandbox.limits)
    again = pickle.loads(pickle.dumps(program))
    np.testing.assert_equal(again.run(x, 3), paid)
    again.sandbox.close()
    np.testing.assert_equal(program.run(x, 3), paid)


def test_a_closed_program_and_a_closed_sandbox_open_again() -> None:
    for kind in KINDS:
        try:
            with opened(kind) as sandbox:
                program = sandbox.load("def reward(x):\n    return x")
                for close in (program.close, sandbox.close, program.close):
                    assert program.run({"x": np.ones(2)}, 2)["reward"].tolist() == [1, 1]
                    close()
        except pytest.skip.Exception:
            continue


def test_a_fork_has_workers_of_its_own_or_says_that_it_cannot(sandbox: Sandbox) -> None:
    program = sandbox.load("def reward(x):\n    return 2 * x")
    x = {"x": np.arange(3.0)}
    program.run(x, 3)
    child = os.fork()
    if child == 0:
        status = 1
        try:
            status = 0 if program.run(x, 3)["reward"].tolist() == [0, 2, 4] else 2
            program.close()
            sandbox.close()
        except RuntimeError as error:
            status = 3 if "forked" in str(error) else 4
        finally:
            os._exit(status)
    expected = 3 if sandbox.kind in ("monty", "auto") else 0
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == expected
    assert program.run(x, 3)["reward"].tolist() == [0, 2, 4]


@only_linux
@pytest.mark.parametrize("kind", ["own", "sandlock"])
def test_a_broken_worker_is_replaced(kind: str) -> None:
    with opened(kind) as sandbox:
        program = sandbox.load(BREAKS, lint=False)
        for _ in range(2):
            assert program.run({"x": np.array([1.0, 2.0])}, 2)["reward"].tolist() == [1, 2]
            verdict = refused(lambda: program.run({"x": np.array([1.0, 13.0])}, 2))
            assert (verdict.kind, "exit code 3" in verdict.message) == (Kind.CRASH, True)


@only_linux
def test_a_server_that_is_gone_is_replaced_after_an_error() -> None:
    with opened("own") as sandbox:
        assert isinstance(sandbox, process.ProcessSandbox)
        sandbox.start().end()
        assert sandbox._launcher is not None
        sandbox._launcher.close()
        program = sandbox.load("def reward(x):\n    return x")
        with pytest.raises(RuntimeError, match="is gone"):
            program.run({"x": np.ones(1)}, 1)
        assert program.run({"x": np.ones(1)}, 1)["reward"].tolist() == [1]


@only_linux
def test_what_is_not_confined_does_not_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "MUST_REFUSE", (*process.MUST_REFUSE, "telepathy"))
    with open_sandbox("own") as sandbox, pytest.raises(RuntimeError, match=r"cannot be kept from telepathy .*seccomp"):
        sandbox.load("def reward(x):\n    return x").run({"x": np.ones(1)}, 1)


@only_linux
def test_what_keeps_the_code_in_is_told() -> None:
    with opened("own") as own:
        expected = {"no-new-privileges", "limits", "seccomp"}
        if ctypes.CDLL(None).syscall(444, None, 0, 1) > 0:  # landlock_create_ruleset, asked for its version
            expected.add("landlock")
        assert set(own.about["layers"]) >= expected
        assert all(own.about["refused"].values())
    with opened("sandlock") as sandlock:
        assert sandlock.about["layers"][0] == "sandlock"
    with opened("process") as either:
        assert all(either.about["refused"].values())


def test_workers_leave_nothing_behind() -> None:
    for kind in KINDS:
        try:
            with opened(kind) as sandbox:
                sandbox.load("def reward(x):\n    return x").run({"x": np.ones(1)}, 1)
                gc.collect()
                descriptors = len(os.listdir("/proc/self/fd")) if sys.platform == "linux" else 0
                for _ in range(5):
                    program = sandbox.load("def reward(x):\n    return x")
                    program.run({"x": np.ones(1)}, 1)
                    program.close()
                if sys.platform == "linux":
                    assert len(os.listdir("/proc/self/fd")) <= descriptors
        except pytest.skip.Exception:
            continue


def test_names_and_limits_are_checked() -> None:
    with pytest.raises(UnknownNameError, match="Did you mean 'process'"):
        open_sandbox("proces")
    with pytest.raises(ValueError, match="limit seconds is 0"):
        Limits(seconds=0)


def test_a_verdict_believes_no_worker() -> None:
    assert Verdict.of("ok", "fine").kind == Kind.CRASH
    assert Verdict.of(["a"], {"b": 1}, "3", -1) == Verdict(Kind.CRASH, "{'b': 1}")
    assert Verdict.of("error", "a\x1b[2J\nb" + "c" * 1000, 3, 2**40).message == "a [2J b" + "c" * 293
    error = pickle.loads(pickle.dumps(SandboxError(Verdict(Kind.TIMEOUT, "slow", 3, 1))))
    assert str(error) == "line 3: timeout: slow (step 1 of the batch)"
