"""What can be taken along of an env: copies, pickles, snapshots; and what it hands out stays as it was."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import gymnasium as gym
import numpy as np
import pytest

from guerdon.envs.registration import env_ids

from .rollouts import Chooser, assert_same, begin, lists_actions, plain, play

IDS = env_ids()
every_env = pytest.mark.parametrize("env_id", IDS)


def advance(env: gym.Env, info: dict[str, Any], seed: int) -> dict[str, Any]:
    """Play some steps and stop in the middle of an episode, an arm with its hand full; return the last info."""
    listed, obs = lists_actions(env.action_space), None
    choose = Chooser(seed, env.action_space, expert=0.1 if listed else 0.97)
    for _ in range(12 if listed else 16):
        if info.get("plan_length") == 1:
            break  # the next step could end it
        obs, _, terminated, _, info = env.step(choose(info, obs))
        if terminated:
            info = env.reset()[1]
    return info


@every_env
@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("clone", [copy.deepcopy, lambda env: pickle.loads(pickle.dumps(env))], ids=["copy", "pickle"])
def test_a_copy_goes_on_like_its_original(env_id: str, clone: Any, seed: int) -> None:
    env, info = begin(env_id, seed)
    info = advance(env, info, seed)
    twin = clone(env)
    for shared in ("model", "catalogue"):  # large and never changed: one for all envs of a process
        assert getattr(twin.unwrapped, shared, None) is getattr(env.unwrapped, shared, None), shared
    played = play(twin, Chooser(seed, env.action_space, expert=0.0), info, steps=90)
    assert_same(played, play(env, Chooser(seed, env.action_space, expert=0.0), info, steps=90))


@every_env
@pytest.mark.parametrize("seed", range(4))
def test_a_snapshot_brings_back_episode_and_random_numbers(env_id: str, seed: int) -> None:
    env, info = begin(env_id, seed, unwrapped=True)
    if not hasattr(env, "snapshot"):
        pytest.skip("this world has no snapshots")
    info = advance(env, info, seed)
    saved, state = env.snapshot(), plain(env.state)  # type: ignore[attr-defined]

    def go_on(env: gym.Env, info: dict[str, Any]) -> list[Any]:
        rest = play(env, Chooser(seed, env.action_space), info, steps=25)
        return [*rest, plain(env.reset()), plain(env.reset())]  # the next tasks are drawn from the RNG

    played = go_on(env, info)
    assert type(saved) is bytes
    back = plain(env.restore(saved))  # type: ignore[attr-defined]
    assert back[1] == plain(info)
    assert plain(env.state) == state  # type: ignore[attr-defined]
    assert env.snapshot() == saved  # type: ignore[attr-defined]
    assert_same(go_on(env, info), played)
    fresh = gym.make(env_id).unwrapped
    there = fresh.restore(saved)  # type: ignore[attr-defined]
    assert plain(there) == back
    assert plain(fresh.state) == state  # type: ignore[attr-defined]
    assert_same(go_on(fresh, there[1]), played)


@every_env
@pytest.mark.parametrize("broken", [b"", b"{}", b"[]", b"null", b"7", b"\xff", b'{"task": 1}'])
def test_bytes_that_are_no_snapshot_are_refused(env_id: str, broken: bytes) -> None:
    env, _ = begin(env_id, unwrapped=True)
    if not hasattr(env, "snapshot"):
        pytest.skip("this world has no snapshots")
    before = env.snapshot()  # type: ignore[attr-defined]
    with pytest.raises(ValueError, match=r"snapshot|task"):
        env.restore(broken)  # type: ignore[attr-defined]
    assert env.snapshot() == before, "what was refused must not change anything"  # type: ignore[attr-defined]


@every_env
def test_a_snapshot_of_another_env_is_refused(env_id: str) -> None:
    env, _ = begin(env_id, unwrapped=True)
    before = env.snapshot()  # type: ignore[attr-defined]
    for other in IDS:
        if other != env_id:
            with pytest.raises(ValueError, match=r"snapshot|task"):
                env.restore(begin(other, unwrapped=True)[0].snapshot())  # type: ignore[attr-defined]
    assert env.snapshot() == before, "what was refused must not change anything"  # type: ignore[attr-defined]


@every_env
def test_what_an_env_hands_out_is_its_readers_own(env_id: str) -> None:
    """Neither does it change later, nor does the env notice what the reader writes into it."""
    (env, info), (twin, same) = begin(env_id, 2), begin(env_id, 2)
    choose, alike, obs, theirs = Chooser(2, env.action_space), Chooser(2, env.action_space), None, None
    kept = []
    for _ in range(25):
        action = choose(info, obs)
        before = plain(action)
        obs, _, terminated, truncated, info = env.step(action)
        assert plain(action) == before
        theirs, _, _, _, same = twin.step(alike(same, theirs))
        assert plain([obs, info]) == plain([theirs, same])
        kept.append(((obs, info), plain([obs, info])))
        scribble([theirs, same])
        assert plain(env.unwrapped.state) == plain(twin.unwrapped.state)  # type: ignore[attr-defined]
        theirs, same = copy.deepcopy(obs), copy.deepcopy(info)  # for the twin's policy
        if info["is_success"] or terminated or truncated:
            break
    assert all(plain(list(given)) == said for given, said in kept)


def scribble(value: Any) -> None:
    """Overwrite the arrays and lists in what an env gave."""
    if isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            scribble(one)
    if isinstance(value, list):
        value.append("changed by its reader")
    elif isinstance(value, np.ndarray):
        value.fill(77)
