"""A whole comparison, small: what it leaves, that it is not made twice, and that one failure does not stop it."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from base64 import b64encode
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from guerdon.agents.scripted import ScriptedActor
from guerdon.core.episode_log import read_episodes
from guerdon.core.names import UnknownNameError
from guerdon.envs.household.games.generator import generate
from guerdon.evaluation import compare as module
from guerdon.evaluation.cell import run_cell
from guerdon.evaluation.compare import CompareConfig, Outcome, compare
from guerdon.evaluation.comparison import Comparison
from guerdon.evaluation.evaluate import evaluate
from guerdon.evaluation.store import is_done
from guerdon.reward_models import make_reward
from guerdon.scripts import compare as verb
from guerdon.scripts.options import Overrides

from ..household.alfworld_fixture import GOALS, write_game
from .cells import ROLLOUT

REWARDS = ("household/success-v1", "household/busy-v1")


def config(folder: Path, **changes: Any) -> CompareConfig:
    """Return a comparison on eight games of a scene file, with one seed."""
    settings: dict[str, Any] = {
        "rewards": REWARDS,
        "seeds": 1,
        "steps": 2000,
        "env_kwargs": {"games": str(folder / "games.jsonl"), "max_episode_steps": 20},
        "agent_args": ROLLOUT,
        "episodes": 8,
        "points": 1,
        "out": folder / "runs",
        "jobs": 2,
    }
    return CompareConfig(**settings | changes)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("compare")
    scenes = [generate("valid_seen", index) for index in range(8)]
    (folder / "games.jsonl").write_text("".join(json.dumps(scene.to_dict()) + "\n" for scene in scenes))
    return folder


@pytest.fixture(scope="module")
def outcome(folder: Path) -> Outcome:
    return compare(config(folder), quiet=True)


def test_it_leaves_numbers_a_page_and_a_video(outcome: Outcome, folder: Path) -> None:
    assert outcome.errors == {}
    assert outcome.json.parent == outcome.page.parent
    assert (outcome.json.name, outcome.page.name) == ("compare.json", "report.html")
    assert Comparison.load(outcome.json) == outcome.comparison
    page = outcome.page.read_text()
    assert all(reward in page for reward in REWARDS)
    assert len(outcome.videos) == 2
    for video in outcome.videos:
        assert video.is_relative_to(folder / "runs")
        assert b64encode(video.read_bytes()).decode() in page


def test_the_numbers_are_those_of_the_runs(outcome: Outcome) -> None:
    comparison = outcome.comparison
    assert {row.id for row in comparison.rows} == set(REWARDS)
    assert (comparison.steps, comparison.seeds, comparison.sets) == (2000, (0,), ("games",))
    baselines = {baseline.name: baseline.sets["games"] for baseline in comparison.baselines}
    assert baselines.keys() == {"expert", "household/busy-exploit", "lazy", "random"}
    assert baselines["expert"].success.mean.value == 1.0
    assert baselines["lazy"].success.mean.value == 0.0
    paid = baselines["household/busy-exploit"].paid["household/busy-v1"].reward
    assert paid is not None
    assert paid > 1.0
    assert all(row.sets["games"].num_tasks == 8 for row in comparison.rows)


def test_the_same_comparison_is_not_made_twice(
    outcome: Outcome, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    numbers, began = outcome.json.read_bytes(), time.perf_counter()
    runs = {path: path.stat().st_mtime_ns for path in folder.rglob("run.json")}
    assert len(runs) == 2 * (1 + 4)
    code = verb.main(
        verb.Compare(
            reward=REWARDS,
            seeds=1,
            steps=2000,
            episodes=8,
            points=1,
            out=str(folder / "runs"),
            overrides=Overrides(
                env_arg=(f"games={folder / 'games.jsonl'}", "max_episode_steps=20"),
                agent_arg=tuple(f"{key}={value}" for key, value in ROLLOUT.items()),
            ),
        )
    )
    assert code == 0
    assert time.perf_counter() - began < 10
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("run.json")} == runs
    assert outcome.json.read_bytes() == numbers
    out = capsys.readouterr().out
    assert f"report   {outcome.page}" in out
    assert f"numbers  {outcome.json}" in out
    assert out.count("video    ") == 2


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"rewards": ("household/success-v1", "household/busi-v1")}, "Did you mean 'household/busy-v1'"),
        ({"agent": "pp0"}, "Did you mean 'ppo'"),
        ({"seeds": 0}, "seeds is 0, not at least 1"),
        ({"rewards": ("household/success-v1", "household/plan-distance-v1(gamma=0.5)")}, "made for gamma=0.5"),
        ({"env": "guerdon:guerdon/Nothing-v0", "rewards": None}, "name at least one"),
        ({"env_kwargs": {"split": "trian"}}, "Did you mean 'train'"),
        ({"agent_args": {"n_step": 3}}, "Did you mean 'n_steps'"),
    ],
)
def test_mistakes_are_found_before_a_process_starts(
    changes: dict[str, Any], message: str, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "run_cells", lambda *_: pytest.fail("processes were started"))
    with pytest.raises(ValueError, match=message):
        compare(config(folder, out=tmp_path / "runs", **changes), quiet=True)
    assert not (tmp_path / "runs").exists()


def test_unknown_rewards_are_unknown_names(tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError):
        config(tmp_path, rewards=("household/nothing-v1",)).cells()


def test_scripted_policies_are_paid_with_the_discount_of_the_agent(folder: Path, tmp_path: Path) -> None:
    reward = "household/plan-distance-v1"
    settings = config(folder, rewards=(reward,), agent_args={**ROLLOUT, "gamma": 0.5})
    cell = next(cell for cell in settings.cells() if cell.scripted == "lazy")
    rows = read_episodes(run_cell(cell, tmp_path) / "episodes.csv")
    tasks = [row.task for row in rows]
    paid = evaluate(ScriptedActor("lazy"), cell.env, cell.env_kwargs, make_reward(reward, gamma=0.5), tasks)
    assert [row.reward for row in rows] == [row.reward for row in paid]


USERS_SCRIPT = """
import sys
from pathlib import Path

import bad_reward
from guerdon.evaluation.cell import run_cell
from guerdon.evaluation.compare import CompareConfig, compare

if __name__ == "__main__":
    outcome = compare(
        CompareConfig(
            rewards=("household/busy-v1", "tests/bad-v1"),
            seeds=1, steps=64, points=0, episodes=2, jobs=2, out=sys.argv[1],
            env_kwargs={"split": "valid_seen", "max_episode_steps": 5},
            sets={"unseen": {"split": "valid_unseen"}},
            agent_args={"num_envs": 8, "n_steps": 8, "batch_size": 32},
        )
    )
    print(*outcome.errors, sep="\\n")
"""
BAD_REWARD = '''
import numpy as np

from guerdon.reward_models import Reward, register


@register
class Bad(Reward):
    """Pays NaN."""

    id = "tests/bad-v1"
    reads = frozenset()
    bounds = {"bad": (0.0, 1.0)}

    def __call__(self, transition):
        paid = np.full(len(transition), np.nan)
        return paid, {"bad": paid}
'''


def test_a_reward_that_is_not_a_number_does_not_stop_the_others(tmp_path: Path) -> None:
    (tmp_path / "bad_reward.py").write_text(BAD_REWARD)
    (tmp_path / "script.py").write_text(USERS_SCRIPT)
    done = subprocess.run(
        [sys.executable, "script.py", tmp_path / "runs"], check=False, capture_output=True, text=True, cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    failed = [Path(line) for line in done.stdout.splitlines()]
    assert len(failed) == 5, "the agent and four scripted policies"
    for folder in failed:
        assert "tests-bad-v1" in folder.parts
        assert not is_done(folder)
        assert "'bad' is nan in env" in json.loads((folder / "run.json").read_text())["error"]
    assert "failed tests/bad-v1  ppo  seed 0: tests/bad-v1: 'bad' is nan in env" in done.stderr.replace("\n", " ")
    (numbers,) = (tmp_path / "runs").rglob("compare.json")
    comparison = Comparison.load(numbers)
    assert [row.id for row in comparison.rows] == ["household/busy-v1"]
    assert any("tests/bad-v1" in note for note in comparison.notes)
    assert "tests/bad-v1" in numbers.with_name("report.html").read_text()


def test_what_is_said_of_the_env_holds_for_the_sets_too() -> None:
    shop = "guerdon:guerdon/WebShop-v0"
    assert CompareConfig(env=shop).resolved().sets["test"] == {"split": "test", "goals": "all"}  # type: ignore[index]
    said = CompareConfig(env=shop, env_kwargs={"goals": "human", "split": "train"}).resolved()
    assert said.sets == {"eval": {"split": "eval"}, "test": {"split": "test"}}


def test_a_users_alfworld_data_are_trained_and_tested_on_by_their_own_splits(tmp_path: Path) -> None:
    for split, count in (("train", 2), ("valid_seen", 1), ("valid_unseen", 1)):
        for number in range(count):
            name = f"pick_and_place_simple-Mug-None-CounterTop-1/trial_{split}_{number}"
            write_game(tmp_path / "data" / "json_2.1.1" / split / name, GOALS[1])
    games = {"env_kwargs": {"games": str(tmp_path / "data"), "max_episode_steps": 20}}
    cell = config(tmp_path, **games, agent=None, recipes=("gae",), rewards=REWARDS[:1], agent_args={}).cell(
        REWARDS[0], 0
    )
    assert {name: kwargs["split"] for name, kwargs in cell.sets.items()} == {
        "seen": "valid_seen",
        "unseen": "valid_unseen",
    }
    small = {"warm_start": 4, "warm_updates": 5, "segment": 4, "num_envs": 4, "policy": {"width": 8}}
    folder = run_cell(replace(cell, steps=64, agent_args=small, points=0), tmp_path / "runs")
    assert {row.phase for row in read_episodes(folder / "episodes.csv") if row.phase != "train"} == {"seen", "unseen"}
    (tmp_path / "data" / "json_2.1.1" / "valid_unseen").rename(tmp_path / "elsewhere")
    assert config(tmp_path, **games).cell(REWARDS[0], 0).sets == {"games": {}}
