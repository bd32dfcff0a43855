"""Runs under a reward that learns: how they are evaluated, saved, shown and taken up again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from guerdon.core.episode_log import read_episodes
from guerdon.core.random import derive_seed
from guerdon.evaluation.cell import run_cell
from guerdon.evaluation.config import CellConfig
from guerdon.evaluation.evaluate import evaluate, task_list
from guerdon.evaluation.load import load_actor, load_reward
from guerdon.scripts import evaluate as cli
from guerdon.scripts.options import EnvArgs

HOUSEHOLD = "guerdon:guerdon/Household-v0"
SMALL: dict[str, Any] = {"split": "valid_seen", "task_types": (1,), "max_episode_steps": 12}
UNSEEN = {**SMALL, "split": "valid_unseen"}
REWARD = "household/success-v1 + 0.1 * learned/rnd-v1(every=16, warm_up=32)"
AGENTS = {
    "ppo": {"num_envs": 8, "n_steps": 8, "batch_size": 32},
    "recipe/gae": {"num_envs": 8, "segment": 8, "minibatch": 64},
}


class StopError(RuntimeError):
    """Ends a run in the middle."""


def cell(agent: str) -> CellConfig:
    """Return a cell of two stretches with a point of the curve after each."""
    return CellConfig(
        env=HOUSEHOLD,
        reward=REWARD,
        env_kwargs=SMALL,
        agent=agent,
        steps=512,
        agent_args=AGENTS[agent],
        sets={"unseen": {"split": "valid_unseen"}},
        episodes=4,
        points=2,
        curve_episodes=2,
    )


@pytest.fixture(scope="module", params=list(AGENTS))
def finished(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a finished run."""
    return run_cell(cell(request.param), tmp_path_factory.mktemp("finished"))


def test_the_evaluation_is_paid_by_what_was_learned_and_can_be_repeated(finished: Path) -> None:
    reward = load_reward(finished)
    assert not reward.learns
    (learned,) = [part for part in reward.parts if part.id == "learned/rnd-v1"]
    assert learned.steps >= 512  # type: ignore[attr-defined]
    seed, tasks = derive_seed(0, "evaluation", "unseen"), task_list(HOUSEHOLD, UNSEEN, 4)
    rows = [row for row in read_episodes(finished / "episodes.csv") if row.phase == "unseen"]
    again = evaluate(load_actor(finished), HOUSEHOLD, UNSEEN, reward, tasks, seed, "unseen", rows[0].step)
    assert again == rows
    assert all(row.terms["novelty"] > 0 for row in rows), "a reward that has learned nothing is still warming up"
    steps = learned.steps  # type: ignore[attr-defined]
    assert load_reward(finished).parts[1].steps == steps  # type: ignore[attr-defined]


def test_a_run_that_was_broken_off_goes_on_exactly(finished: Path, tmp_path: Path) -> None:
    agent = json.loads((finished / "run.json").read_text())["agent"]
    config = cell(agent)

    def stop(done: int, total: int, _: Any) -> None:
        if done >= total:
            raise StopError

    with pytest.raises(StopError):
        run_cell(config, tmp_path, stop)
    folder = config.folder(tmp_path)
    assert (folder / "checkpoints" / "state.pkl").exists()
    with pytest.raises(ValueError, match=r"not finished"):
        load_reward(folder)
    run_cell(config, tmp_path)
    for name in ("episodes.csv", "metrics.jsonl"):
        assert (folder / name).read_text() == (finished / name).read_text()


def test_a_finished_run_is_a_reward_on_the_command_line(finished: Path, capsys: pytest.CaptureFixture[str]) -> None:
    few = EnvArgs(env_arg=("split=valid_unseen", "max_episode_steps=12"))
    assert cli.main(cli.Evaluate("random", reward=str(finished), episodes=2, overrides=few)) == 0
    assert "all" in capsys.readouterr().out


def test_a_reward_is_loaded_by_its_name_too() -> None:
    assert load_reward(REWARD).spec["sum"][0] == {"id": "household/success-v1"}
