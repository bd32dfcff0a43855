"""A row of a study: the seeds of one way of training together."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from guerdon.evaluation.config import CellConfig
from guerdon.evaluation.executor import run_cells
from guerdon.evaluation.study import study_row
from guerdon.scripts.record_learning import STUDIES, save, seeds_of

CELL = CellConfig(
    env="guerdon:guerdon/Reach-v0",
    reward="manipulation/staged-v1",
    env_kwargs={"split": "train"},
    agent="robot-ppo",
    steps=128,
    agent_args={"num_envs": 4, "n_steps": 16, "batch_size": 32, "n_epochs": 1},
    sets={"test": {"split": "test"}},
    episodes=6,
    points=2,
    curve_episodes=3,
)


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("runs")
    cells = [replace(CELL, seed=seed) for seed in (0, 1)]
    assert run_cells(cells, root, 1, quiet=True) == {}
    return root


def test_a_row_has_the_numbers_of_its_runs(runs: Path) -> None:
    cells = [replace(CELL, seed=seed) for seed in (0, 1)]
    row = study_row("tasks", cells, runs)
    assert (row.env, row.agent, row.steps, row.num_tasks, row.evaluated_on) == (CELL.env, "robot-ppo", 128, 6, "test")
    assert row.success.low <= row.success.value <= row.success.high
    assert row.success.value == pytest.approx(sum(row.per_seed) / 2)
    assert row.curve_steps == (0, 64, 128)
    assert len(row.curve) == 3
    assert row.reached == (None, None)  # nobody learns it in 128 steps
    assert row.runs == tuple(cell.hash for cell in cells)
    assert study_row("tasks", cells, runs) == row


def test_what_is_missing_is_said(runs: Path) -> None:
    with pytest.raises(ValueError, match="no cells"):
        study_row("tasks", [], runs)
    with pytest.raises((ValueError, FileNotFoundError), match=r"s2-|run\.json"):
        study_row("tasks", [replace(CELL, seed=2)], runs)


def test_studies_train_what_they_do_not_test() -> None:
    for name, cells in STUDIES.items():
        assert len({cell.hash for cell in cells}) == len(cells), name
        for cell in cells:
            assert cell.env_kwargs["split"] != cell.sets["test"]["split"]
            assert cell.made_reward().id
    assert [cell.seed for cell in seeds_of(CELL, 3)] == [0, 1, 2]


def test_rows_of_other_studies_stay(tmp_path: Path) -> None:
    target = tmp_path / "learning.json"

    def rows() -> list[Any]:
        return [(row["study"], row["x"]) for row in json.loads(target.read_text())["rows"]]

    save([{"study": "two", "x": 1}], ["two"], target, ["one", "two"], what="studies")
    save([{"study": "one", "x": 2}], ["one"], target, ["one", "two"], what="studies")
    assert rows() == [("one", 2), ("two", 1)]
    save([{"study": "two", "x": 3}], ["two"], target, ["one", "two"], what="studies")
    assert rows() == [("one", 2), ("two", 3)]
    assert json.loads(target.read_text())["what"] == "studies"
