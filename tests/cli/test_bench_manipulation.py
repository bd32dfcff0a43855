"""The benchmark of the robot envs: it runs by path, measures all that it names, and its physics is the envs' own."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.metadata import version
from itertools import product
from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np
import pytest

from guerdon.envs.manipulation.checks import CONTROLS
from guerdon.envs.manipulation.tasks.base import TASKS
from guerdon.reward_models import REWARDS
from guerdon.scripts import bench_manipulation

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "bench_manipulation.py"


def test_a_quick_run_measures_everything(tmp_path: Path) -> None:
    out = tmp_path / "bench.json"
    command = [sys.executable, str(SCRIPT), "--quick", "--json", str(out)]
    run = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    assert run.returncode == 0, run.stderr
    written = json.loads(out.read_text("utf-8"))
    assert written["mujoco"] == version("mujoco")
    figures = {figure["name"]: figure for figure in written["figures"]}
    assert len(figures) == len(written["figures"])
    targets = {figure["name"]: figure["target"] for figure in figures.values() if figure["target"]}
    if targets.pop("picture, 480 x 480, wall", None) is None:
        assert "pictures are not measured" in run.stderr
    cases = [f"{task}, {control}" for task, control in product(TASKS, CONTROLS)]
    singles = [f"{case}: {what}" for case in cases for what in ("raw env", "gym.make")]
    assert targets == dict.fromkeys(singles, ">= 8,000") | {"vector env of 8, two threads to one, wall": ">= 1.7"}
    for case in cases:
        assert figures[f"{case}: vector env of 8 to physics"]["median"] > 0
        assert figures[f"{case}: pure physics"]["median"] > figures[f"{case}: raw env"]["median"]
    for reward in (name for name in REWARDS if name.startswith("manipulation/")):
        assert f"{reward}, vector env of 64" in figures
    for figure in figures.values():
        assert figure["range"][0] <= figure["median"] <= figure["range"][1]
        assert figure["name"] in run.stdout
    assert (
        figures["peak memory, vector env of 256 after play"]["median"] > figures["memory after the imports"]["median"]
    )


@pytest.mark.parametrize("control", CONTROLS)
def test_pure_physics_is_what_the_env_does(control: str, monkeypatch: pytest.MonkeyPatch) -> None:
    env: Any = gym.make("guerdon:guerdon/PickPlace-v0", control=control)
    actions = np.random.default_rng(0).uniform(-1, 1, (1, 12, *env.action_space.shape))
    (physics,) = bench_manipulation.play_single(env, actions, 5, record=True)[1]
    made, make = [], bench_manipulation.mujoco.MjData

    def note(model: Any) -> Any:
        made.append(make(model))
        return made[-1]

    monkeypatch.setattr(bench_manipulation.mujoco, "MjData", note)
    assert bench_manipulation.pure(env.unwrapped, *physics) >= 0
    assert np.array_equal(made[0].qpos, env.unwrapped._cell.qpos[0])
