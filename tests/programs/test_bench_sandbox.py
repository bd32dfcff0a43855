"""The benchmark of the sandboxes: it runs by path, measures all that the machine has, and counts the workers' time."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from guerdon.scripts import bench_sandbox

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "bench_sandbox.py"
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads the clocks of other processes")


def test_a_quick_run_measures_what_there_is(tmp_path: Path) -> None:
    out = tmp_path / "bench.json"
    command = [sys.executable, str(SCRIPT), "--quick", "--sandbox", "own", "--json", str(out)]
    run = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    assert run.returncode == 0, run.stderr
    written = json.loads(out.read_text("utf-8"))
    assert [figure["name"] for figure in written["figures"]] == [
        "own, batches of 64",
        "own, single steps",
        "own, start",
    ]
    assert [figure["target"] for figure in written["figures"]] == ["< 100", None, None]
    assert all(figure["median"] > 0 for figure in written["figures"])
    assert written["numpy"]


def test_the_time_of_processes_below_counts() -> None:
    code = "import sys\nfor line in sys.stdin:\n    sum(range(3_000_000))\n    print('done', flush=True)"
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdin is not None
        assert child.stdout is not None

        def ask() -> None:
            print("go", file=child.stdin, flush=True)
            child.stdout.readline()  # type: ignore[union-attr]

        ask()
        spent = bench_sandbox._spent_on(ask)
        idle = bench_sandbox._spent_on(lambda: None)
        child.stdin.close()
    assert spent > 0.01 > idle
