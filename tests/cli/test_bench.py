"""The benchmark of the household: it runs by path, measures all that it names, and keeps its own books right."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from guerdon.reward_models import REWARDS
from guerdon.scripts.bench_figures import Figure, print_figures
from guerdon.scripts.benchmark import choose, play, play_many

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "bench_household.py"
ENV = "guerdon:guerdon/Household-v0"


def test_a_quick_run_measures_everything(tmp_path: Path) -> None:
    out = tmp_path / "bench.json"
    command = [sys.executable, str(SCRIPT), "--quick", "--json", str(out)]
    run = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    assert run.returncode == 0, run.stderr
    written = json.loads(out.read_text("utf-8"))
    figures = {figure["name"]: figure for figure in written["figures"]}
    targets = {figure["name"]: figure["target"] for figure in figures.values() if figure["target"]}
    assert targets == {
        "gym.make, warm": ">= 80,000",
        "reset, task loaded": "< 50",
        "plan distance, amortised": "< 50",
        "vector env of 64 to single env": ">= 1.2",
        "peak memory, vector env of 256 tasks": "< 300",
    }
    for reward in (name for name in REWARDS if name.startswith("household/")):
        assert {f"{reward}, single env", f"{reward}, vector env of 64"} <= set(figures)
    for figure in figures.values():
        assert figure["range"][0] <= figure["median"] <= figure["range"][1]
        assert figure["name"] in run.stdout
    assert figures["gym.make, warm"]["median"] > figures["gym.make, cold"]["median"] * 0.5 > 0
    assert figures["peak memory, vector env of 256 tasks"]["median"] > figures["memory after the imports"]["median"]
    assert written["python"].startswith(f"{sys.version_info[0]}.{sys.version_info[1]}.")
    assert written["recorded"]["value"] == 22
    assert "not measured here" in run.stdout


@pytest.mark.parametrize(("sign", "aim", "met"), [(">=", 3, True), (">=", 3.1, False), ("<", 3, False), ("<", 4, True)])
def test_the_median_decides(sign: str, aim: float, met: bool, capsys: pytest.CaptureFixture[str]) -> None:
    (row,) = print_figures([Figure("x", "µs", [100.0, 3.0, 1.0], (sign, aim))])
    assert (row["median"], row["range"], row["met"]) == (3.0, [1.0, 100.0], met)
    assert capsys.readouterr().out.rstrip().endswith("pass" if met else "FAIL")


def test_actions_are_chosen_by_the_numbers() -> None:
    assert choose([["a", "b"], ["c"], [], ["d", "e", "f"]], [3, 7, 5, 2]) == ["b", "c", "", "f"]


def test_resets_are_not_counted() -> None:
    import gymnasium as gym

    single = gym.make(ENV, max_episode_steps=5)
    assert play(single, [[0] * 9] * 3, seed=0)[1] == 15
    # Each of the 3 episodes takes 5 steps; the calls 6 and 12 reset, as would call 18, which is not made.
    many = gym.make_vec(ENV, num_envs=3, max_episode_steps=5)
    assert play_many(many, [[0] * 3] * 17, seed=0)[1] == 45
