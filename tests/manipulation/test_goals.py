"""Goals of one's own: placed at reset in one env and in many, and refused where they are impossible."""

from __future__ import annotations

from typing import Any

import gymnasium as gym
import numpy as np
import pytest

from guerdon.agents.scripted import SCRIPTED

PICK = "guerdon:guerdon/PickPlace-v0"
TARGET = (0.45, 0.1, 0.2)


def test_a_target_of_ones_own_is_where_it_was_put_and_is_reached() -> None:
    env, expert = gym.make(PICK), SCRIPTED["manipulation/pick-place-expert"]()
    seen, info = env.reset(seed=4, options={"target": TARGET})
    drawn, _ = env.reset(seed=4)
    assert not np.array_equal(drawn["desired_goal"], TARGET)
    np.testing.assert_array_equal(drawn["achieved_goal"], seen["achieved_goal"], "the cube is where it would have been")
    seen, info = env.reset(seed=4, options={"target": TARGET})
    np.testing.assert_array_equal(seen["desired_goal"], TARGET)
    expert.reset(seen, info)
    for _ in range(60):
        seen, *_, info = env.step(expert.act(seen, info))
    assert info["is_success"]
    np.testing.assert_array_equal(seen["desired_goal"], TARGET)


def test_many_envs_take_it_too_and_only_until_the_next_episode() -> None:
    envs: Any = gym.make_vec(PICK, 3, vectorization_mode="vector_entry_point", max_episode_steps=2)
    seen, _ = envs.reset(seed=0, options={"target": TARGET})
    np.testing.assert_array_equal(seen["desired_goal"], [TARGET] * 3)
    one, _ = gym.make(PICK).reset(seed=1, options={"target": TARGET})
    for key, value in one.items():
        np.testing.assert_array_equal(seen[key][1], value)
    for _ in range(3):
        seen, *_ = envs.step(envs.action_space.sample())
    assert not (seen["desired_goal"] == TARGET).all(axis=1).any()


@pytest.mark.parametrize(
    ("env", "target", "message"),
    [
        (PICK, (2.0, 0.0, 0.2), r"target \(2.0, 0.0, 0.2\) is out of the gripper's reach.*\(0.65, 0.0, 0.2\)"),
        (PICK, (0.5, 0.0), "three finite numbers"),
        (PICK, (0.5, 0.0, float("nan")), "three finite numbers"),
        ("guerdon:guerdon/Stack-v0", TARGET, "belongs to a thing on the table"),
    ],
)
def test_impossible_goals_are_refused(env: str, target: tuple[float, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        gym.make(env).reset(options={"target": target})
    with pytest.raises(ValueError, match=message):
        gym.make_vec(env, 2, vectorization_mode="vector_entry_point").reset(options={"target": target})
