"""Playing a fixed list of tasks: each once, in order, the same whoever watches and however many at once."""

from __future__ import annotations

import dataclasses
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import gymnasium as gym
import pytest

import guerdon
from guerdon.agents.scripted import SCRIPTED, ScriptedActor
from guerdon.core.names import UnknownNameError
from guerdon.evaluation.evaluate import evaluate, task_list
from guerdon.evaluation.load import load_actor

from .cells import HOUSEHOLD, SMALL

UNSEEN: dict[str, Any] = {"split": "valid_unseen"}
REWARD = "household/plan-distance-v1 + household/busy-v1"


@pytest.fixture(scope="module")
def tasks() -> list[str]:
    return task_list(HOUSEHOLD, UNSEEN, 12)


def test_a_task_list_is_spread_over_the_fixed_order(tasks: list[str]) -> None:
    every = task_list(HOUSEHOLD, UNSEEN)
    assert len(every) == len(set(every)) == 134
    assert task_list(HOUSEHOLD, UNSEEN, 134) == task_list(HOUSEHOLD, UNSEEN, 999) == every
    places = [every.index(task) for task in tasks]
    assert places == sorted(set(places))
    assert len(places) == 12
    assert places[-1] > 120
    assert max(b - a for a, b in pairwise(places)) <= 12


@pytest.mark.parametrize("policy", ["expert", "lazy", "household/busy-exploit"])
def test_how_many_play_at_once_makes_no_difference(policy: str, tasks: list[str]) -> None:
    alone = evaluate(ScriptedActor(policy), HOUSEHOLD, UNSEEN, REWARD, tasks, num_envs=1)
    assert [row.task for row in alone] == tasks
    assert [row.episode for row in alone] == list(range(12))
    for num_envs in (5, 32):
        assert evaluate(ScriptedActor(policy), HOUSEHOLD, UNSEEN, REWARD, tasks, num_envs=num_envs) == alone


def test_the_expert_solves_every_task_in_the_fewest_commands(tasks: list[str]) -> None:
    env = gym.make(HOUSEHOLD, **UNSEEN)
    rows = evaluate(ScriptedActor("expert"), HOUSEHOLD, UNSEEN, "household/success-v1", tasks)
    for row in rows:
        info = env.reset(options={"task": row.task})[1]
        assert (row.is_success, row.objective, row.reward) == (True, 1.0, 1.0)
        assert (row.length, row.task_type) == (info["plan_length"], info["task_type"])
    assert len({row.task_type for row in rows}) >= 4


def test_rows_equal_a_loop_over_a_single_env(tasks: list[str]) -> None:
    rows = evaluate(ScriptedActor("household/busy-exploit"), HOUSEHOLD, UNSEEN, REWARD, tasks[:3], 9, "unseen", 640)
    env = guerdon.make(HOUSEHOLD, REWARD, **UNSEEN)
    policy = SCRIPTED["household/busy-exploit"]()
    for number, row in enumerate(rows):
        obs, info = env.reset(options={"task": row.task})
        policy.reset(obs, info)
        total, terms, length, over = 0.0, Counter[str](), 0, False
        while not over:
            obs, reward, terminated, truncated, info = env.step(policy.act(obs, info))
            over = terminated or truncated
            total, length = total + float(reward), length + 1
            for name, value in info["reward_terms"].items():
                terms[name] += value
        assert dataclasses.asdict(row) == {
            "phase": "unseen",
            "step": 640,
            "episode": number,
            "task": info["task"],
            "task_type": info["task_type"],
            "seed": 9,
            "length": length,
            "is_success": info["is_success"],
            "objective": info["objective"],
            "reward": total,
            "terms": dict(terms),
        }


@pytest.mark.parametrize("policy", ["random", "trained"])
def test_equal_seeds_play_equally_and_others_differ(policy: str, tasks: list[str], trained: Path) -> None:
    actor = load_actor(trained if policy == "trained" else policy)
    first, again, other = (evaluate(actor, HOUSEHOLD, UNSEEN, REWARD, tasks[:4], seed) for seed in (1, 1, 2))
    assert first == again
    assert [row.reward for row in first] != [row.reward for row in other]


def test_unknown_tasks_are_named() -> None:
    with pytest.raises(UnknownNameError, match=r"unknown task 'valid_seen-9999'.*Did you mean 'valid_seen-"):
        evaluate(ScriptedActor("lazy"), HOUSEHOLD, SMALL, REWARD, ["valid_seen-9999"])
