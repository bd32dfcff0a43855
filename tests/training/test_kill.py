"""A run that is killed again and again leaves in the end what an unbroken one leaves, to the byte."""

from __future__ import annotations

import dataclasses
import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from guerdon.evaluation.cell import run_cell
from guerdon.evaluation.store import is_done

from . import killed
from .cells import cell, files, points, run_info, weights

CONFIG = cell(steps=1024, points=4, agent_args={"num_envs": 8, "n_steps": 8, "batch_size": 32})
# Episodes end in all 8 envs every 12 steps, points are 256 steps apart.
DEATHS = {
    "between a point and its checkpoint": ("point", 2),
    "after the first checkpoint": ("checkpoint", 1),
    "while the next checkpoint is written": ("rename", 1),
    "in the middle of the next stretch": ("episode", 11),
    "in the final evaluation": ("episode", 66),
    "before the commit": ("commit", 1),
}


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run_cell(CONFIG, tmp_path_factory.mktemp("unbroken"))


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a run that was killed in every way of `DEATHS`, one after the other, and then finished."""
    root = tmp_path_factory.mktemp("broken")
    plain = json.dumps(dataclasses.asdict(CONFIG))
    folder = CONFIG.folder(root)
    for when, (place, count) in DEATHS.items():
        command = [sys.executable, killed.__file__, plain, str(root), place, str(count)]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        assert done.returncode == -signal.SIGKILL, f"{when}: {done.stderr}"
        assert not is_done(folder), when
        there = [(folder / "checkpoints" / name).exists() for name in ("state.pkl", "policy.zip")]
        assert there == [list(DEATHS).index(when) >= 1, list(DEATHS).index(when) >= 4], when
    with (folder / "episodes.csv").open("a") as file:
        file.write("train,1024,9")  # a torn line, as a full disk leaves it
    return run_cell(CONFIG, root)


@pytest.mark.parametrize("name", ["episodes.csv", "metrics.jsonl"])
def test_the_tables_are_equal(broken: Path, unbroken: Path, name: str) -> None:
    assert (broken / name).read_text() == (unbroken / name).read_text()


def test_the_policy_is_equal(broken: Path, unbroken: Path) -> None:
    first, second = weights(broken), weights(unbroken)
    assert first.keys() == second.keys()
    assert all(torch.equal(first[name], second[name]) for name in first)


def test_the_run_says_the_same_of_itself(broken: Path, unbroken: Path) -> None:
    assert {**run_info(broken), "wall_s": 0} == {**run_info(unbroken), "wall_s": 0}
    assert points(broken)[-1][0] == 1024


def test_nothing_is_left_lying_about(broken: Path, unbroken: Path) -> None:
    assert files(broken) == files(unbroken)
