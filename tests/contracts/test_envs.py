"""What every env of the suite promises, whatever its world. A new env is under test as soon as it is registered."""

from __future__ import annotations

import functools
import json
import os
import subprocess
import sys
import warnings
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.envs.registration import EnvSpec
from gymnasium.error import ResetNeeded
from gymnasium.utils.env_checker import check_env

import guerdon
from guerdon.core.names import UnknownNameError
from guerdon.core.transition import Transition
from guerdon.envs.registration import env_ids, world_of
from guerdon.reward_models import REWARDS, Reward
from guerdon.wrappers.spec_reward import SpecReward, SpecRewardVector

from . import rollouts
from .rollouts import (
    Chooser,
    assert_same,
    begin,
    fallback,
    is_text,
    joined,
    lists_actions,
    plain,
    play,
    rollout_digests,
    wrong_actions,
)

IDS = env_ids()
every_env = pytest.mark.parametrize("env_id", IDS)

KEYS: dict[str, type | tuple[type, ...]] = {
    "admissible_actions": list,
    "is_success": bool,
    "failure": (type(None), StrEnum),
    "dead_end": bool,
    "plan_length": int,
    "expert_action": (type(None), str, int),
    "objective": float,
    "task": str,
    "task_type": str,
}
"""Keys of the info of a text env and their types; in a world of numbered actions they are the same but for those."""
EVERYWHERE = ("is_success", "failure", "objective", "task", "task_type")
"""The keys that other worlds need too."""


@functools.cache
def undrawable(env_id: str) -> str:
    """Return why pictures of this env cannot be drawn on this machine; empty where they can."""
    env, _ = begin(env_id, render_mode="rgb_array")
    try:
        env.render()
    except RuntimeError as error:
        return f"no pictures here: {error}"
    finally:
        env.close()
    return ""


def expression(env_id: str) -> str:
    """Return an expression of two rewards for the world of an env."""
    world = (world_of(env_id.removeprefix("guerdon:")) or "").rpartition(".")[2]
    names = [name for name in REWARDS if name.startswith(f"{world}/")]
    return f"{names[0]} + 0.5 * {names[-1]}"


def solve(env: gym.Env, info: dict[str, Any]) -> dict[str, Any]:
    """Follow the expert to the goal; skip the test where there is no expert."""
    if "expert_action" not in info:
        pytest.skip("this world has no expert in its info")
    while not info["is_success"]:
        info = env.step(info["expert_action"])[-1]
    return info


def test_there_is_an_env() -> None:
    assert IDS
    assert all(env_id.startswith("guerdon:guerdon/") for env_id in IDS)


@every_env
def test_gymnasium_finds_nothing_to_complain_of(env_id: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        # Velocities and positions have no bounds that would be true, as in gymnasium's own MuJoCo envs.
        warnings.filterwarnings("ignore", r".*A Box observation space m\w+ value is -?infinity")
        check_env(gym.make(env_id).unwrapped, skip_render_check=bool(undrawable(env_id)))


@every_env
@pytest.mark.parametrize("seed", range(3))
def test_the_same_seed_gives_the_same_rollout(env_id: str, seed: int) -> None:
    (one, info), (two, same) = begin(env_id, seed), begin(env_id, seed)
    assert plain(info) == plain(same)
    played = play(one, Chooser(seed, one.action_space), info)
    assert_same(played, play(two, Chooser(seed, two.action_space), same))
    other, different = begin(env_id, seed + 1000)
    assert played != play(other, Chooser(seed, other.action_space), different)


@pytest.fixture(scope="module")
def elsewhere() -> dict[str, dict[str, str]]:
    """Rollout digests from a process of its own, with another hash seed."""
    done = subprocess.run(
        [sys.executable, str(Path(rollouts.__file__)), *IDS],
        env={**os.environ, "PYTHONHASHSEED": "77"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@every_env
@pytest.mark.parametrize("begun_by", ["seed", "task"])
def test_another_process_plays_the_same(env_id: str, begun_by: str, elsewhere: dict[str, dict[str, str]]) -> None:
    assert rollout_digests(env_id)[begun_by] == elsewhere[env_id][begun_by]


@every_env
def test_a_named_task_is_the_one_that_is_played(env_id: str) -> None:
    env, info = begin(env_id, 5)
    first = env.reset(options={"task": info["task"]})
    env.reset()
    again = env.reset(options={"task": info["task"]})
    assert again[1]["task"] == info["task"]
    assert plain(first) == plain(again)


@every_env
def test_the_spec_survives_json_with_its_reward(env_id: str) -> None:
    env = guerdon.make(env_id, expression(env_id), max_episode_steps=25)
    twin = gym.make(EnvSpec.from_json(env.spec.to_json()))  # type: ignore[union-attr]
    assert str(twin) == str(env)
    assert twin.spec == env.spec
    info, same = env.reset(seed=4)[1], twin.reset(seed=4)[1]
    played = play(env, Chooser(4, env.action_space), info)
    assert_same(played, play(twin, Chooser(4, twin.action_space), same))


@every_env
def test_pictures_have_even_sides_and_text_is_text(env_id: str) -> None:
    modes = gym.make(env_id).metadata["render_modes"]
    assert "rgb_array" in modes
    for mode in modes:
        if mode == "rgb_array" and undrawable(env_id):
            pytest.skip(undrawable(env_id))
        env, info = begin(env_id, render_mode=mode)
        for _ in range(2):
            shown = env.render()
            if mode == "rgb_array":
                assert isinstance(shown, np.ndarray)
                assert shown.dtype == np.uint8
                height, width, channels = shown.shape
                assert (height % 2, width % 2, channels) == (0, 0, 3), "video encoders want even sides"
                assert shown.std() > 0
            else:
                assert isinstance(shown, str)
                assert shown
            *_, terminated, _, info = env.step(Chooser(0, env.action_space)(info))
            if terminated:
                _, info = env.reset()
        env.close()


@every_env
def test_the_time_limit_truncates_and_does_not_terminate(env_id: str) -> None:
    limit = gym.make(env_id).spec.max_episode_steps  # type: ignore[union-attr]
    assert limit is not None, "every env of the suite has a time limit in its spec"
    for steps in (limit, 7):
        env, _ = begin(env_id, max_episode_steps=steps)
        action = fallback(env.action_space)
        ends = [env.step(action)[2:4] for _ in range(steps)]
        assert ends == [(False, False)] * (steps - 1) + [(False, True)]


@every_env
def test_stepping_needs_an_episode(env_id: str) -> None:
    for env in (gym.make(env_id), gym.make(env_id).unwrapped):
        with pytest.raises(ResetNeeded, match="reset"):
            env.step(fallback(env.action_space))
    env = gym.make(env_id).unwrapped
    for early in ("state", "objective", "snapshot"):
        with pytest.raises(ResetNeeded, match="reset"):
            getattr(env, early)()


@every_env
def test_stepping_after_the_goal_is_an_error(env_id: str) -> None:
    env, info = begin(env_id, unwrapped=True)
    info = solve(env, info)  # skips worlds without an expert in the info; there, success does not end the episode
    with pytest.raises(ResetNeeded, match=r"over .*reset\(\)"):
        env.step(fallback(env.action_space))
    env.reset()
    env.step(fallback(env.action_space))


@every_env
def test_an_action_of_the_wrong_kind_is_an_error(env_id: str) -> None:
    (env, _), (twin, _) = begin(env_id, unwrapped=True), begin(env_id, unwrapped=True)
    for wrong, error in wrong_actions(env.action_space):
        with pytest.raises(error, match="action"):
            env.step(wrong)
    good = fallback(env.action_space)
    assert plain(env.step(good)) == plain(twin.step(good)), "what was refused must not change anything"


@every_env
def test_impossible_reset_options_get_one_clear_error(env_id: str) -> None:
    env, info = begin(env_id)
    task = info["task"]
    with pytest.raises(UnknownNameError, match=r"option 'tsk' in .*reset.* Did you mean .*'task'"):
        env.reset(options={"tsk": task})
    with pytest.raises(UnknownNameError, match=rf"task '{task}x' in .*reset.* Did you mean .*'{task}'"):
        env.reset(options={"task": f"{task}x"})
    with pytest.raises(ValueError, match="task 7 "):
        env.reset(options={"task": 7})
    assert env.reset(options={"task": task})[1]["task"] == task


ORACLE = {"is_success", "success", "objective", "dead_end", "plan_length", "expert_action", "terminated", "reward"}


class Reader(Reward):
    """Pays nothing and notes what it is handed."""

    id = "test/reader-v1"
    reads = frozenset({"text"})
    bounds = MappingProxyType({"nothing": (0.0, 0.0)})  # type: ignore[assignment]

    def __init__(self) -> None:
        self.read: list[dict[str, Any]] = []

    def reset(self, start: Transition) -> None:
        self.read.append(dict(start.info))

    def __call__(self, transition: Transition) -> tuple[np.ndarray, dict[str, np.ndarray]]:
        self.read.append(dict(transition.info))
        zero = np.zeros(len(transition))
        return zero, {"nothing": zero}


@every_env
@pytest.mark.parametrize("num_envs", [0, 2], ids=["single", "vector"])
def test_a_reward_that_reads_text_is_told_nothing_of_the_oracle(env_id: str, num_envs: int) -> None:
    if num_envs:
        many = SpecRewardVector(gym.make_vec(env_id, num_envs), Reader())
        _, infos = many.reset(seed=0)
        for _ in range(60):
            experts = infos.get("expert_action", [None] * num_envs)
            actions = [fallback(many.single_action_space) if one is None else one for one in experts]
            infos = many.step(joined(actions))[-1]
    else:
        many = SpecReward(gym.make(env_id), Reader())
        _, info = many.reset(seed=0)
        play(many, Chooser(0, many.action_space, expert=0.9), info, 80)
    told: Any = many.reward
    keys = set().union(*told.read)
    assert len(told.read) > 40
    assert not keys & ORACLE
    assert keys <= set(gym.make(env_id).metadata.get("text_info", ()))


@every_env
def test_infos_have_their_keys_and_types(env_id: str) -> None:
    for seed in range(6):
        env, info = begin(env_id, seed)
        listed, obs = lists_actions(env.action_space), None
        keys = KEYS if listed else {key: KEYS[key] for key in EVERYWHERE}
        choose, task, over = Chooser(seed, env.action_space), info["task"], False
        while True:
            for key, kind in keys.items():
                assert isinstance(info[key], kind), (key, info[key])
                assert kind in (StrEnum, list) or not isinstance(kind, type) or type(info[key]) is kind, key
            assert info["task"] == task
            assert (env.unwrapped.objective == 1.0) == info["is_success"]  # type: ignore[attr-defined]
            assert 0.0 <= env.unwrapped.objective <= 1.0  # type: ignore[attr-defined]
            if listed:
                check_listed_info(env, info)
            if over:
                break
            assert info["objective"] == env.unwrapped.objective  # type: ignore[attr-defined]
            action, before = choose(info, obs), info
            obs, reward, terminated, truncated, info = env.step(action)
            over = terminated or truncated
            assert (type(terminated), type(truncated), type(reward)) == (bool, bool, float)
            assert env.observation_space.contains(obs)
            if listed:
                worked = (action.strip() if is_text(env.action_space) else action) in before["admissible_actions"]
                assert worked == (info["failure"] is None), (action, info["failure"])
            if terminated:
                assert info["is_success"] or info["dead_end"] if listed else info["failure"]


def check_listed_info(env: gym.Env, info: dict[str, Any]) -> None:
    """Check that the parts of the info of an env that lists actions agree with each other and with the env."""
    actions = info["admissible_actions"]
    assert actions == env.unwrapped.admissible_actions()  # type: ignore[attr-defined]
    assert len(set(actions)) == len(actions)
    assert all(env.action_space.contains(action) for action in actions)
    assert (info["expert_action"] is None) == (info["is_success"] or info["dead_end"])
    assert info["expert_action"] is None or info["expert_action"] in actions
    assert info["dead_end"] == (info["plan_length"] == -1)
    assert info["is_success"] == (info["plan_length"] == 0)
    actions.append("changed by its reader")  # the list is the reader's own
    assert env.unwrapped.admissible_actions() == actions[:-1]  # type: ignore[attr-defined]
    actions.pop()
