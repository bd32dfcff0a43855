"""Gymnasium's vector envs as Stable-Baselines3 wants them: equal to a loop by hand, and nothing is lost."""

from __future__ import annotations

import pickle
from typing import Any

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.vector import VectorEnv
from numpy.testing import assert_array_equal

from guerdon.agents.sb3_env import Sb3VecEnv
from guerdon.reward_models import make_reward
from guerdon.wrappers.spec_reward import SpecRewardVector
from guerdon.wrappers.text_encoder import EncodeTextVector

from .household import HOUSEHOLD, small_vector

REWARD = "household/plan-distance-v1 + 0.5 * household/novelty-v1"


def stack(size: int = 4, limit: int = 8, **kwargs: Any) -> VectorEnv:
    """Return encoded games that are paid `REWARD`; with `limit` 8 the expert is now done in time and now not."""
    return EncodeTextVector(SpecRewardVector(small_vector(size, max_episode_steps=limit, **kwargs), REWARD))


def choose(masks: np.ndarray, step: int) -> np.ndarray:
    """Return some admissible index for each row."""
    return np.array([np.flatnonzero(mask)[(7 * step + row) % mask.sum()] for row, mask in enumerate(masks)])


def expert(info: dict[str, Any]) -> np.ndarray:
    """Return the index of the expert's action for each row."""
    pairs = zip(info["admissible_actions"], info["expert_action"], strict=True)
    return np.array([actions.index(best) for actions, best in pairs])


def test_it_equals_a_loop_by_hand() -> None:
    size, ways = 4, {"success": 0, "time": 0}
    env, hand = Sb3VecEnv(stack(size)), stack(size)
    env.seed(11)
    obs = env.reset()
    want, info = hand.reset(seed=11)
    returns, lengths, terms = np.zeros(size), np.zeros(size, int), [dict[str, float]() for _ in range(size)]
    for step in range(60):
        for key in want:
            assert_array_equal(obs[key], want[key])
        actions = choose(hand.action_masks(), step)  # type: ignore[attr-defined]
        actions[1:] = expert(info)[1:]
        obs, rewards, dones, infos = env.step(actions)
        want, paid, terminated, truncated, info = hand.step(actions)
        assert_array_equal(rewards, paid.astype(np.float32))
        assert_array_equal(dones, terminated | truncated)
        lengths += 1
        for row in range(size):
            returns[row] += paid[row]
            for name in make_reward(REWARD).bounds:
                terms[row][name] = terms[row].get(name, 0.0) + info["reward_terms"][name][row]
            if not dones[row]:
                assert infos[row] == {}
                continue
            last = infos[row].pop("terminal_observation")
            assert all((last[key] == value[row]).all() for key, value in want.items())
            ways["success" if terminated[row] else "time"] += 1
            assert infos[row] == {
                "TimeLimit.truncated": not terminated[row],
                "episode": {"r": returns[row], "l": lengths[row], "t": 0.0},
                "is_success": info["is_success"][row],
                "objective": info["objective"][row],
                "terms": terms[row],
                "reward_env": float(terminated[row]),
                "task": info["task"][row],
                "task_type": "pick_and_place_simple",
            }
            returns[row], lengths[row], terms[row] = 0.0, 0, {}
        if dones.any():
            want, fresh = hand.reset(options={"reset_mask": dones})
            for key in ("admissible_actions", "expert_action"):
                info[key][dones] = fresh[key][dones]
    assert min(ways.values()) >= 3, ways


def test_success_in_the_last_step_is_no_time_limit() -> None:
    single = gym.make(HOUSEHOLD)
    single.reset(options={"task": "train-0000"})
    plan = single.unwrapped.expert_plan()  # type: ignore[attr-defined]
    base = gym.make_vec(HOUSEHOLD, num_envs=1, autoreset_mode="Disabled", max_episode_steps=len(plan))
    env = Sb3VecEnv(base)
    env.reset()
    base.reset(options={"task": "train-0000"})
    *_, (_, _, dones, infos) = [env.step([action]) for action in plan]  # type: ignore[arg-type]
    assert dones[0]
    assert infos[0]["is_success"]
    assert infos[0]["TimeLimit.truncated"] is False


def test_seeds_are_used_once() -> None:
    env = Sb3VecEnv(stack())
    env.seed(3)
    first, second = env.reset(), env.reset()
    env.seed(3)
    again = env.reset()
    assert_array_equal(first["goal"], again["goal"])
    assert (first["observation"] != second["observation"]).any()


def test_a_pickled_copy_goes_on_equally() -> None:
    env = Sb3VecEnv(stack())
    env.seed(2)
    env.reset()
    for step in range(13):  # into the second episodes
        env.step(choose(env.env.action_masks(), step))  # type: ignore[attr-defined]
    twin = pickle.loads(pickle.dumps(env))
    ended = 0
    for step in range(20):
        actions = choose(env.env.action_masks(), step)  # type: ignore[attr-defined]
        results = env.step(actions), twin.step(actions)
        np.testing.assert_equal(*results)
        ended += sum(results[0][2])
    assert ended >= 8


def test_envs_that_reset_themselves_are_refused() -> None:
    with pytest.raises(ValueError, match="autoreset_mode='Disabled'"):
        Sb3VecEnv(small_vector(2, "NextStep"))
    with pytest.raises(ValueError, match="autoreset_mode='Disabled'"):
        Sb3VecEnv(stack(2, mode="NextStep"))


def test_methods_and_attributes_are_found_inside() -> None:
    env = Sb3VecEnv(stack())
    env.reset()
    masks = env.env_method("action_masks")
    assert_array_equal(masks, env.env.action_masks())  # type: ignore[attr-defined]
    assert_array_equal(env.env_method("action_masks", indices=[2]), [masks[2]])
    assert env.get_attr("max_episode_steps") == [8] * 4
    assert env.get_attr("max_episode_steps", indices=[0, 3]) == [8] * 2
    assert env.env_is_wrapped(SpecRewardVector) == [True] * 4  # type: ignore[arg-type]
    assert env.env_is_wrapped(gym.wrappers.TimeLimit, 1) == [False]
    with pytest.raises(AttributeError, match="'no_such_thing'"):
        env.get_attr("no_such_thing")
