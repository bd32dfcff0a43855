"""Learning, for real: minutes of training must beat chance by more than luck."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from guerdon.agents.scripted import ScriptedActor
from guerdon.core.episode_log import read_episodes
from guerdon.evaluation.cell import run_cell
from guerdon.evaluation.config import CellConfig
from guerdon.evaluation.evaluate import evaluate

HOUSEHOLD = "guerdon:guerdon/Household-v0"
SIMPLE = {"split": "train", "task_types": (1,)}
UNSEEN = {**SIMPLE, "split": "valid_unseen"}
SUCCESS = "household/success-v1"


def p_value(gains: np.ndarray, num_permutations: int = 20_000) -> float:
    """Return how often gains this high come of flipping signs at random: a paired permutation test over tasks."""
    signs = np.random.default_rng(0).choice((-1.0, 1.0), (num_permutations, len(gains)))
    return (1 + np.sum(signs @ gains >= gains.sum() - 1e-9)) / (1 + num_permutations)


def test_the_test_knows_luck_from_gain() -> None:
    assert p_value(np.zeros(24)) == 1.0
    assert p_value(np.array([1.0, -1.0] * 12)) > 0.4
    assert p_value(np.ones(24)) < 0.001


@pytest.mark.slow
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_ppo_beats_chance_in_rooms_that_it_has_not_seen(seed: int, tmp_path: Path) -> None:
    config = CellConfig(
        env=HOUSEHOLD,
        reward="household/plan-distance-v1",
        env_kwargs=SIMPLE,
        seed=seed,
        steps=60_000,
        sets={"unseen": {"split": "valid_unseen"}},
        points=1,
    )
    rows = [row for row in read_episodes(run_cell(config, tmp_path) / "episodes.csv") if row.phase == "unseen"]
    tasks = [row.task for row in rows]
    chance = [evaluate(ScriptedActor("random"), HOUSEHOLD, UNSEEN, SUCCESS, tasks, trial) for trial in range(5)]
    floor = np.mean([[row.is_success for row in trial] for trial in chance], axis=0)
    gains = np.array([row.is_success for row in rows]) - floor
    assert p_value(gains) < 0.01, f"{gains.mean():+.2f} on {len(gains)} tasks"


@pytest.mark.slow
def test_the_potential_teaches_shopping_faster_than_the_native_reward(tmp_path: Path) -> None:
    """On goals for other products than those trained on, with the budget of the default comparison."""
    solved = {}
    for reward in ("webshop/best-ahead-v1", "webshop/purchase-v1"):
        outcomes = []
        for seed in range(3):
            config = CellConfig(
                env="guerdon:guerdon/WebShop-v0",
                reward=reward,
                env_kwargs={"split": "train"},
                seed=seed,
                steps=12_000,
                sets={"test": {"split": "test", "goals": "all"}},
                points=1,
            )
            rows = [row for row in read_episodes(run_cell(config, tmp_path) / "episodes.csv") if row.phase == "test"]
            outcomes.append([row.is_success for row in rows])
        solved[reward] = np.mean(outcomes, axis=0)
    gains = solved["webshop/best-ahead-v1"] - solved["webshop/purchase-v1"]
    assert p_value(gains) < 0.01, f"{gains.mean():+.2f} on {len(gains)} goals"
