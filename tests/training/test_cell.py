"""One cell from beginning to end: what it leaves, what it refuses, and that it is run once."""

from __future__ import annotations

import dataclasses
import shutil
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest
import torch

from guerdon.core.episode_log import read_episodes
from guerdon.core.names import UnknownNameError
from guerdon.core.random import derive_seed
from guerdon.core.transition import Transition
from guerdon.evaluation.cell import run_cell
from guerdon.evaluation.evaluate import evaluate, task_list
from guerdon.evaluation.load import load_actor
from guerdon.evaluation.run_reader import read_run
from guerdon.evaluation.store import RunFolder, is_done
from guerdon.reward_models import REWARDS, Reward, make_reward
from guerdon.reward_models.base import RewardError

from .cells import HOUSEHOLD, ROLLOUT, SMALL, cell, files, points, run_info, weights

UNSEEN = {**SMALL, "split": "valid_unseen"}
DQN: dict[str, Any] = {
    "agent": "dqn",
    "agent_args": {"num_envs": 4, "buffer_size": 256, "learning_starts": 50, "exploration_fraction": 0.5},
    "reward": "household/busy-v1",
    "episodes": 1,
    "curve_episodes": 1,
}


class Bad(Reward):
    """Pays NaN for the first command that is not "look"."""

    id: ClassVar[str] = "tests/bad-v1"
    reads: ClassVar[frozenset[str]] = frozenset({"action"})

    @property
    def bounds(self) -> Mapping[str, tuple[float, float]]:
        return {"bad": (0.0, 1.0)}

    def __call__(self, transition: Transition) -> tuple[np.ndarray, dict[str, np.ndarray]]:
        paid = np.where([action == "look" for action in transition.action], 0.0, np.nan)
        return paid, {"bad": paid}


@pytest.fixture
def bad_reward(monkeypatch: pytest.MonkeyPatch) -> str:
    """Make `Bad` known for one test."""
    assert "household/busy-v1" in REWARDS  # all others have been found
    monkeypatch.setitem(REWARDS._things, Bad.id, Bad)
    return Bad.id


def test_a_run_leaves_what_the_store_promises(trained: Path) -> None:
    assert trained == cell().folder(trained.parents[3])
    assert trained.parts[-4:-1] == (
        "guerdon-Household-v0",
        "household-plan-distance-v1-0.5-household-novelty-v1-scope-lifelong",
        "ppo",
    )
    video = next(name for name in files(trained) if name.endswith(".mp4"))
    assert files(trained) == [
        "checkpoints/policy.zip",
        "episodes.csv",
        "metrics.jsonl",
        "run.json",
        video,
        "videos/index.json",
    ]
    info = run_info(trained)
    assert {key: info[key] for key in ("schema", "status", "env", "reward", "agent", "seed", "steps")} == {
        "schema": 1,
        "status": "done",
        "env": HOUSEHOLD,
        "reward": cell().reward,
        "agent": "ppo",
        "seed": 0,
        "steps": 512,
    }
    assert info["reward_hash"] == make_reward(cell().reward).hash
    assert info["args"]["agent_args"] == ROLLOUT
    assert {"torch", "numpy", "gymnasium"} <= info["versions"].keys()
    assert info["wall_s"] > 0
    assert "error" not in info
    assert read_run(trained).done


def test_the_curve_has_its_points(trained: Path) -> None:
    measured = {f"eval/unseen/{what}" for what in ("success", "objective", "reward", "length")}
    found = points(trained)
    assert len(found) == len(set(found))
    assert {name for step, name in found if step == 0} == measured
    for mark in (256, 512):
        names = {name for step, name in found if step == mark}
        assert measured < names
        assert {"train/success", "train/objective", "train/reward", "train/length"} < names
        assert sum(name.startswith("train/term/") for name in names) == 4
    assert {step for step, _ in found} == {0, 256, 512}


def test_every_episode_is_there(trained: Path) -> None:
    rows = read_episodes(trained / "episodes.csv")
    train = [row for row in rows if row.phase == "train"]
    assert Counter(row.phase for row in rows) == {"train": len(train), "unseen": 4}
    assert [row.episode for row in train] == list(range(len(train)))
    assert [row.step for row in train] == sorted(row.step for row in train)
    assert 512 - 8 * 12 < sum(row.length for row in train) <= 512
    assert [row.task for row in rows if row.phase == "unseen"] == task_list(HOUSEHOLD, UNSEEN, 4)
    assert {row.step for row in rows if row.phase == "unseen"} == {512}
    for row in rows:
        assert sum(row.terms.values()) == pytest.approx(row.reward)


def test_the_final_evaluation_can_be_repeated_from_the_policy(trained: Path) -> None:
    seed = derive_seed(0, "evaluation", "unseen")
    tasks = task_list(HOUSEHOLD, UNSEEN, 4)
    again = evaluate(load_actor(trained), HOUSEHOLD, UNSEEN, cell().reward, tasks, seed, "unseen", 512)
    assert again == [row for row in read_episodes(trained / "episodes.csv") if row.phase == "unseen"]


def test_a_finished_cell_is_not_run_again(trained: Path) -> None:
    before = {name: (trained / name).stat().st_mtime_ns for name in files(trained)}
    news: list[tuple[int, int, dict[str, float]]] = []
    assert run_cell(cell(), trained.parents[3], lambda *args: news.append(args)) == trained
    assert {name: (trained / name).stat().st_mtime_ns for name in files(trained)} == before
    assert news == [(512, 512, {})]


def test_everything_that_matters_changes_the_folder() -> None:
    changes: list[dict[str, Any]] = [
        {"steps": 513},
        {"env_kwargs": {**SMALL, "task_types": (2,)}},
        {"agent_args": {**ROLLOUT, "gamma": 0.9}},
        {"sets": {}},
        {"episodes": None},
        {"points": 3},
        {"curve_episodes": 3},
        {"seed": 1},
        {"agent": "A2C"},
        {"reward": "household/busy-v1"},
        {"reward": "household/busy-v1(bonus=0.25)"},
    ]
    assert len({cell(**change).folder("") for change in [{}, *changes]}) == 12
    assert cell(video=True).folder("") == cell().folder("")


def test_games_may_be_a_path() -> None:
    as_path, as_text = (cell(env_kwargs={"games": games}) for games in (Path("my.jsonl"), "my.jsonl"))
    assert as_path.hash == as_text.hash


def test_two_processes_cannot_work_on_one_cell(tmp_path: Path) -> None:
    with RunFolder(cell(), tmp_path), pytest.raises(RuntimeError, match="another process works on this run"):
        run_cell(cell(), tmp_path)
    assert not is_done(cell().folder(tmp_path))
    with RunFolder(cell(), tmp_path):
        pass  # the lock is free again


def test_a_cell_that_was_finished_meanwhile_is_not_run_again(
    trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def enter(run: RunFolder) -> RunFolder:  # another process finishes while this one gets ready
        shutil.copytree(trained, run.path, dirs_exist_ok=True)
        return original(run)

    original = RunFolder.__enter__
    monkeypatch.setattr(RunFolder, "__enter__", enter)
    monkeypatch.setattr(RunFolder, "begin", lambda _: pytest.fail("it was begun anew"))
    assert is_done(run_cell(cell(), tmp_path))


def test_nan_is_an_error_and_nothing_is_committed(bad_reward: str, tmp_path: Path) -> None:
    config = cell(reward=bad_reward)
    with pytest.raises(RewardError, match="tests/bad-v1: 'bad' is nan in env"):
        run_cell(config, tmp_path)
    info = run_info(config.folder(tmp_path))
    assert not is_done(config.folder(tmp_path))
    assert info["status"] == "running"
    assert info["error"].startswith("RewardError: tests/bad-v1: 'bad' is nan")
    assert not read_run(config.folder(tmp_path)).done


@pytest.mark.parametrize(
    ("changes", "kind", "message"),
    [
        (
            {"sets": {"same": {"task_types": (1, 2)}}},
            ValueError,
            "the evaluation set 'same' holds 3 tasks that are trained on",
        ),
        ({"reward": "household/busi-v1"}, UnknownNameError, "Did you mean 'household/busy-v1'"),
        ({"agent": "pp0"}, UnknownNameError, "Did you mean 'ppo'"),
        ({"agent": "scripted/exprt"}, UnknownNameError, "Did you mean 'expert'"),
        ({"agent_args": {"n_step": 3}}, UnknownNameError, "Did you mean 'n_steps'"),
        ({"reward": "household/plan-distance-v1(gamma=0.5)"}, ValueError, "made for gamma=0.5, but the agent"),
        ({"env_kwargs": {**SMALL, "split": "valid_sen"}}, UnknownNameError, "Did you mean 'valid_seen'"),
        ({"steps": -1}, ValueError, "steps"),
        ({"episodes": 0}, ValueError, "episodes"),
    ],
)
def test_mistakes_are_found_before_any_work(
    changes: dict[str, Any], kind: type[Exception], message: str, tmp_path: Path
) -> None:
    with pytest.raises(kind, match=message):
        run_cell(cell(**changes), tmp_path)
    assert not list(tmp_path.rglob("episodes.csv"))


def test_a_scripted_cell_only_evaluates(tmp_path: Path) -> None:
    folder = run_cell(cell(agent="scripted/expert", video=True), tmp_path)
    assert files(folder) == ["episodes.csv", "run.json"]
    assert run_info(folder)["steps"] == 0
    assert "agent_args" not in run_info(folder)["args"]
    rows = read_episodes(folder / "episodes.csv")
    assert [(row.phase, row.task) for row in rows] == [("unseen", task) for task in task_list(HOUSEHOLD, UNSEEN, 4)]
    assert all(row.step == 0 for row in rows)
    assert read_run(folder).scripted == "expert"


def test_own_games_may_be_trained_on_and_played_in_the_end(tmp_path: Path) -> None:
    folder = run_cell(cell(agent="scripted/lazy", sets={"games": {}}), tmp_path)
    assert {row.phase for row in read_episodes(folder / "episodes.csv")} == {"games"}


def test_the_evaluation_pays_with_the_discount_of_the_agent(tmp_path: Path) -> None:
    config = cell(reward="household/plan-distance-v1", agent_args={**ROLLOUT, "gamma": 0.5}, steps=64, points=0)
    folder = run_cell(config, tmp_path)
    tasks, seed = task_list(HOUSEHOLD, UNSEEN, 4), derive_seed(0, "evaluation", "unseen")
    reward = make_reward(config.reward, gamma=0.5)
    rows = evaluate(load_actor(folder), HOUSEHOLD, UNSEEN, reward, tasks, seed, "unseen", 64)
    assert rows == [row for row in read_episodes(folder / "episodes.csv") if row.phase == "unseen"]


def test_steps_are_rounded_up_and_no_point_is_measured_twice(tmp_path: Path) -> None:
    folder = run_cell(cell(steps=100, points=5, episodes=1, curve_episodes=1), tmp_path)
    found = [step for step, name in points(folder) if name == "eval/unseen/success"]
    assert found == [0, 64, 128]


def test_every_point_is_measured_whatever_the_algorithm(tmp_path: Path) -> None:
    folder = run_cell(cell(**DQN, steps=200, points=3), tmp_path)
    found = [step for step, name in points(folder) if name == "eval/unseen/success"]
    assert len(found) == 4
    assert found[-1] >= 200


@pytest.mark.parametrize("agent", ["ppo", "dqn"])
def test_measuring_more_often_does_not_change_the_policy(agent: str, tmp_path: Path) -> None:
    changes: dict[str, Any] = DQN if agent == "dqn" else {"episodes": 1, "curve_episodes": 1}
    often, seldom = (run_cell(cell(**changes, steps=256, points=count), tmp_path) for count in (4, 0))
    first, second = weights(often), weights(seldom)
    assert all(torch.equal(first[name], second[name]) for name in first)
    rows = [[dataclasses.asdict(row) for row in read_episodes(run / "episodes.csv")] for run in (often, seldom)]
    assert rows[0] == rows[1]


def test_a_video_that_cannot_be_made_does_not_cost_the_training(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("pictures need OpenGL")

    monkeypatch.setattr("guerdon.evaluation.cell.film", fail)
    with pytest.warns(UserWarning, match="no video: pictures need OpenGL"):
        folder = run_cell(cell(video=True), tmp_path)
    assert is_done(folder)
