"""The manipulation envs: one and many agree to the bit, starts are pinned, bad input is told."""

from __future__ import annotations

from typing import Any

import gymnasium as gym
import numpy as np
import pytest

from guerdon.agents.scripted import SCRIPTED, find_scripted
from guerdon.core.names import UnknownNameError
from guerdon.envs.manipulation import ENVS

IDS = [f"guerdon:{name}" for name in ENVS]
every_env = pytest.mark.parametrize("env_id", IDS)


def many(env_id: str, size: int, **kwargs: Any) -> Any:
    return gym.make_vec(env_id, size, vectorization_mode="vector_entry_point", **kwargs)


@every_env
@pytest.mark.parametrize("control", ["end_effector", "joint"])
@pytest.mark.parametrize(("size", "threads"), [(1, 1), (3, 1), (5, 2)])
def test_one_and_many_simulate_the_same(env_id: str, control: str, size: int, threads: int) -> None:
    envs = many(env_id, size, control=control, num_threads=threads)
    one = gym.make(env_id, control=control)
    seen, _ = envs.reset(seed=5)
    row = size - 1
    alone, info = one.reset(seed=5 + row)
    rng = np.random.default_rng(0)
    for step in range(25):
        actions = rng.uniform(-1, 1, envs.action_space.shape)
        for key, value in alone.items():
            np.testing.assert_array_equal(seen[key][row], value, f"{key} at step {step}")
        np.testing.assert_array_equal(
            envs._cell.simulations.state(row),
            one.unwrapped._cell.simulations.state(0),  # type: ignore[attr-defined]
        )
        seen, rewards, *_ = envs.step(actions)
        alone, reward, _, _, info = one.step(actions[row])
        assert (rewards[row], info["is_success"]) == (reward, bool(reward))


@every_env
def test_difficulty_and_split_draw_other_starts(env_id: str) -> None:
    def first(**kwargs: Any) -> np.ndarray:
        return gym.make(env_id, **kwargs).reset(options={"task": f"{kwargs.get('split', 'train')}-00007"})[0][
            "desired_goal"
        ]

    assert (first() == first()).all()
    assert (first() != first(split="test")).any()
    assert (first(difficulty=0.0) != first(difficulty=1.0)).any()


def test_a_diverged_simulation_is_contained_and_said() -> None:
    envs = many(IDS[0], 3)
    envs.reset(seed=0)
    envs._cell.simulations.field("qvel")[1] = 1e30
    seen, rewards, terminated, _, infos = envs.step(np.zeros((3, 4)))
    assert terminated.tolist() == [False, True, False]
    assert infos["failure"].tolist() == [None, "diverged", None]
    assert np.isfinite(rewards).all()
    assert all(np.isfinite(value).all() for value in seen.values())
    seen, *_ = envs.step(np.zeros((3, 4)))  # the next step starts it anew
    assert all(np.isfinite(value).all() for value in seen.values())


def test_success_needs_rest() -> None:
    env = gym.make("guerdon:guerdon/Reach-v0", split="test")
    observation, _ = env.reset(options={"task": "test-00003"})
    for _ in range(40):
        way = observation["desired_goal"] - observation["achieved_goal"]
        observation, *_ = env.step(np.array([*np.clip(way / 0.05, -1, 1), 0.0]))
    base: Any = env.unwrapped
    assert base.state.success
    observation, *_, info = env.step(np.array([0.5, 0.0, 0.0, 0.0]))
    assert base.state.gap <= 0.03
    assert not info["is_success"], "it is there, but it moves"


@every_env
def test_goals_are_paid_as_the_env_pays(env_id: str) -> None:
    expert = SCRIPTED[find_scripted("expert", env_id)]()
    env = gym.make(env_id)
    base: Any = env.unwrapped
    seen, info = env.reset(seed=2)
    expert.reset(seen, info)
    goals, infos, paid, over = [], [], [], False
    while not over:
        seen, reward, _, over, info = env.step(expert.act(seen, info))
        assert base.compute_reward(seen["achieved_goal"], seen["desired_goal"], info) == reward
        goals.append((seen["achieved_goal"], seen["desired_goal"]))
        infos.append(info)
        paid.append(reward)
    reached, wanted = (np.array(column) for column in zip(*goals, strict=True))
    np.testing.assert_array_equal(base.compute_reward(reached, wanted, infos), paid)
    assert paid[-1] == 1
    assert base.compute_reward(reached, wanted + 0.5, infos).sum() == 0
    with pytest.raises(ValueError, match=r"shape \(3,\) or \(B, 3\)"):
        base.compute_reward(reached[None], wanted[None], infos)


@pytest.mark.parametrize(
    ("kwargs", "message"),
    [
        ({"control": "joints"}, "unknown control 'joints' in Reach-v0. Did you mean 'joint'"),
        ({"camera": "top"}, "unknown camera 'top' in Reach-v0"),
        ({"difficulty": 2.0}, r"difficulty is 2.0, not in \[0, 1\]"),
        ({"split": "valid"}, "unknown split 'valid'"),
    ],
)
def test_a_wrong_argument_is_one_clear_error(kwargs: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        gym.make("guerdon:guerdon/Reach-v0", **kwargs)


@pytest.mark.parametrize(
    ("action", "message"),
    [
        (np.zeros(3), r"shape \(4,\), not \(3,\)"),
        (np.zeros((1, 4)), r"shape \(4,\), not \(1, 4\)"),
        (np.array([0, np.nan, 0, 0]), "finite numbers"),
        ("left", "an action is an array"),
    ],
)
def test_a_wrong_action_is_one_clear_error(action: Any, message: str) -> None:
    env = gym.make("guerdon:guerdon/Reach-v0").unwrapped
    env.reset(seed=0)
    with pytest.raises((ValueError, TypeError), match=message):
        env.step(action)


def test_an_unknown_task_is_one_clear_error() -> None:
    with pytest.raises(UnknownNameError, match="unknown manipulation task 'Pull'"):
        gym.make("guerdon:guerdon/Reach-v0", robot_task="Pull")
