"""A cell of a recipe of our own that is killed in the middle ends as an unbroken one does, to the byte."""

from __future__ import annotations

import dataclasses
import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch

from guerdon.evaluation.cell import run_cell
from guerdon.evaluation.load import load_actor

from . import killed
from .cells import cell, files, run_info

ARGS: dict[str, Any] = {"num_envs": 8, "segment": 8, "minibatch": 32, "anneal": True, "policy": {"width": 8}}
CONFIG = cell(agent="recipe/gae", steps=512, points=4, agent_args=ARGS)
DEATHS = {
    "in the first stretch": ("episode", 3),
    "after the first checkpoint": ("checkpoint", 1),
    "while the next checkpoint is written": ("rename", 1),
    "in the middle of an episode of all slots": ("episode", 11),
}


def weights(folder: Path) -> dict[str, torch.Tensor]:
    return torch.load(folder / "checkpoints" / "policy.pt", weights_only=True)["weights"]


def same(first: Path, second: Path) -> bool:
    one, other = weights(first), weights(second)
    return one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run_cell(CONFIG, tmp_path_factory.mktemp("unbroken"))


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("broken")
    for when, (place, count) in DEATHS.items():
        command = [
            sys.executable,
            killed.__file__,
            json.dumps(dataclasses.asdict(CONFIG)),
            str(root),
            place,
            str(count),
        ]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        assert done.returncode == -signal.SIGKILL, f"{when}: {done.stderr}"
        assert not (CONFIG.folder(root) / "checkpoints" / "policy.pt").exists(), when
    return run_cell(CONFIG, root)


def test_the_killed_run_ends_with_the_weights_of_the_unbroken_one(broken: Path, unbroken: Path) -> None:
    assert same(broken, unbroken)
    assert files(broken) == files(unbroken)
    assert {**run_info(broken), "wall_s": 0} == {**run_info(unbroken), "wall_s": 0}


@pytest.mark.parametrize("name", ["episodes.csv", "metrics.jsonl"])
def test_its_tables_are_equal(broken: Path, unbroken: Path, name: str) -> None:
    assert (broken / name).read_text() == (unbroken / name).read_text()


def test_the_seed_decides_the_weights(unbroken: Path, tmp_path: Path) -> None:
    assert same(run_cell(CONFIG, tmp_path), unbroken)
    assert not same(run_cell(dataclasses.replace(CONFIG, seed=1), tmp_path), unbroken)


def test_the_policy_can_be_loaded(unbroken: Path) -> None:
    assert load_actor(unbroken).name == "TextPolicy"
