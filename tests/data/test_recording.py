"""Recording episodes: equal for equal seeds, on training tasks only, and good enough to play them again."""

from __future__ import annotations

import gymnasium as gym
import numpy as np
import pytest

from guerdon.core.names import UnknownNameError
from guerdon.evaluation.datasets import demonstrate, record, replay, sample_pairs, training_kwargs
from guerdon.evaluation.evaluate import task_list
from guerdon.evaluation.noisy import open_player
from guerdon.reward_models import make_reward

REACH, HOUSEHOLD, GRID = (f"guerdon:guerdon/{name}-v0" for name in ("Reach", "Household", "Grid"))
WORLDS = [
    HOUSEHOLD,
    REACH,
    GRID,
    "guerdon:guerdon/WebShop-v0",
    "guerdon:guerdon/SearchQA-v0",
    "guerdon:guerdon/Calc-v0",
]


def actions(trajectories: list) -> list[list[str]]:
    return [[str(step.action) for step in one.steps] for one in trajectories]


@pytest.mark.parametrize("env", WORLDS)
def test_equal_seeds_give_equal_episodes_in_every_world(env: str) -> None:
    one, same = (record(env, None, "expert:0.4", 5, seed=3, num_envs=2) for _ in range(2))
    other = record(env, None, "expert:0.4", 5, seed=4, num_envs=2)
    assert actions(one) == actions(same)
    assert [each.seed for each in one] == [each.seed for each in same]
    assert actions(one) != actions(other)


@pytest.mark.parametrize("env", WORLDS)
def test_an_episode_is_whole_and_hangs_together(env: str) -> None:
    for one in record(env, None, "random", 3, num_envs=2):
        assert [step.terminated or step.truncated for step in one.steps] == [False] * (len(one) - 1) + [True]
        for before, after in zip(one.steps[:-1], one.steps[1:], strict=True):
            assert repr(before.next_obs) == repr(after.obs)
        assert {step.tag for step in one.steps} == {one.steps[0].tag}
        assert one.truncated != one.steps[-1].terminated


@pytest.mark.parametrize("env", [HOUSEHOLD, REACH, GRID])
def test_the_env_of_one_episode_goes_as_recorded(env: str) -> None:
    """Task, seed and actions are all it takes: a single env agrees with the many that were played at once."""
    found = record(env, None, "expert:0.3", 5, seed=1, num_envs=3)[4]
    alone = gym.make(env, **training_kwargs(env))
    obs, _ = alone.reset(seed=found.seed, options={"task": found.task_id})
    for step in found.steps:
        assert repr(obs) == repr(step.obs)
        obs, reward, terminated, truncated, _ = alone.step(step.action)
        assert (reward, terminated, truncated) == (step.reward, step.terminated, step.truncated)
    alone.close()


def test_tasks_are_those_of_training_and_are_not_repeated() -> None:
    found = {one.task_id for one in record(HOUSEHOLD, None, "expert", 40)}
    assert len(found) == 40
    assert found <= set(task_list(HOUSEHOLD, {"split": "train"}))
    again = [one.task_id for one in record(HOUSEHOLD, None, "random", 40, num_envs=7)]
    assert found == set(again)  # whoever plays, and however many at once


@pytest.mark.parametrize(("env", "split"), [(HOUSEHOLD, "valid_unseen"), (REACH, "test")])
def test_tasks_of_evaluation_are_refused(env: str, split: str) -> None:
    with pytest.raises(ValueError, match="kept for evaluation"):
        record(env, {"split": split}, "expert", 1)


@pytest.mark.parametrize("env", [HOUSEHOLD, REACH])
def test_columns_are_what_a_reward_pays_online(env: str) -> None:
    reward = {HOUSEHOLD: "household/subgoals-v1", REACH: "manipulation/distance-v1"}[env]
    (one,) = record(env, None, "expert", 1, columns=[reward], states=True)
    assert one.column(reward) == pytest.approx(make_reward(reward).relabel(one))
    assert one.column(reward).any()


def test_states_are_kept_only_if_they_are_wanted() -> None:
    (without,), (having,) = (record(REACH, None, "expert", 1, columns=["state.gap"], states=s) for s in (False, True))
    assert without.steps[0].state is None
    assert having.steps[0].state.gap > having.steps[-1].next_state.gap
    assert without.column("state.gap").tolist() == [float(step.next_state.gap) for step in having.steps]


def test_plans_get_shorter_under_the_expert() -> None:
    (one,) = record(HOUSEHOLD, None, "expert", 1)
    assert (one.column("plan_before") - one.column("plan_after") == 1).all()
    assert one.column("plan_after")[-1] == 0


@pytest.mark.parametrize("env", [HOUSEHOLD, REACH, GRID])
def test_a_replay_sees_the_states_and_keeps_the_scores(env: str) -> None:
    found = record(env, None, "expert:0.3", 5, states=True, num_envs=4)
    for one in found:
        one.write("mine", np.arange(len(one)))
    again = replay(found, env, training_kwargs(env), num_envs=2)
    for old, new in zip(found, again, strict=True):
        assert repr(old.steps) == repr(new.steps)


def test_a_replay_in_another_env_is_noticed() -> None:
    found = record(REACH, None, "expert", 2)
    with pytest.raises(ValueError, match="does not go as it was recorded"):
        replay(found, REACH, {"split": "train", "randomise": 1.0})


def test_noise_is_taken_as_often_as_said() -> None:
    steps = [step for one in record(HOUSEHOLD, None, "expert:0.3", 60) for step in one.steps]
    assert np.mean([step.tag == "noise" for step in steps]) == pytest.approx(0.3, abs=0.06)
    assert all(step.action in step.admissible for step in steps)


def test_full_noise_is_not_the_expert_and_none_is() -> None:
    space = gym.spaces.Box(-1, 1, (4,), np.float32)
    player = open_player("expert:1", REACH, space)
    player.seed(0)
    obs = {key: np.zeros((2, size)) for key, size in (("observation", 34), ("achieved_goal", 3), ("desired_goal", 3))}
    drawn = player.act(obs, {}, np.ones(2, dtype=bool))
    assert player.tags == ["noise", "noise"]
    assert all(space.contains(one) for one in drawn)
    assert open_player("expert", REACH, space).chance == 0


def test_only_solved_episodes_if_asked() -> None:
    found = demonstrate(HOUSEHOLD, None, "expert:0.6", 3, solved=True)
    assert len(found) == 3
    assert all(one.steps[-1].success for one in found)
    with pytest.raises(RuntimeError, match="lazy solved 0 of 8"):
        demonstrate(HOUSEHOLD, None, "lazy", 2, solved=True)


@pytest.mark.parametrize(
    ("arguments", "error", "text"),
    [
        ({"policy": "expirt"}, UnknownNameError, "Did you mean 'expert'"),
        ({"policy": "expert:1.5"}, ValueError, "not in"),
        ({"episodes": 0}, ValueError, "at least 1"),
        ({"columns": ["state.progres"]}, UnknownNameError, "Did you mean 'progress'"),
        ({"columns": ["succes"]}, UnknownNameError, "Did you mean 'success'"),
    ],
)
def test_mistakes_are_one_clear_error(arguments: dict, error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=text):
        record(HOUSEHOLD, None, **{"episodes": 1, **arguments})


def test_pairs_of_the_same_task_are() -> None:
    found = record(HOUSEHOLD, None, "expert", 4) + record(HOUSEHOLD, None, "random", 4)
    pairs = sample_pairs(found, 50, same_task=True)
    for (one, start, stop), (other, *_) in pairs.tolist():
        assert one != other
        assert found[one].task_id == found[other].task_id
        assert 0 <= start < stop <= len(found[one])
    assert (sample_pairs(found, 50, same_task=True) == pairs).all()
    with pytest.raises(ValueError, match="no two of 4"):
        sample_pairs(found[:4], 1, same_task=True)
    with pytest.raises(ValueError, match="number of pairs"):
        sample_pairs(found, 0)
