"""Many envs at once are a loop over single ones: the vector env, gymnasium's two, and their autoreset modes."""

from __future__ import annotations

import copy
import functools
import inspect
import itertools
import pickle
from typing import Any

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.error import ResetNeeded
from gymnasium.vector import AsyncVectorEnv, AutoresetMode, SyncVectorEnv, VectorEnv

import guerdon  # noqa: F401 - registers the envs
from guerdon.agents.actor import rows_of
from guerdon.core.names import UnknownNameError
from guerdon.envs.registration import env_ids

from .rollouts import Chooser, assert_same, fallback, is_text, joined, lists_actions, plain, wrong_actions

IDS = [env_id for env_id in env_ids() if gym.spec(env_id.removeprefix("guerdon:")).vector_entry_point]
every_env = pytest.mark.parametrize("env_id", IDS)


def limit(env_id: str) -> int:
    """Return so many steps for an episode that time limits, goals and resets all happen in 60 steps."""
    return SHORT.get(env_id.split("/")[-1], 9 if is_text(gym.make(env_id).action_space) else 25)


def native(env_id: str, num_envs: int, mode: AutoresetMode = AutoresetMode.NEXT_STEP, **kwargs: Any) -> VectorEnv:
    """Return the suite's own vector env."""
    return gym.make_vec(env_id, num_envs, max_episode_steps=limit(env_id), autoreset_mode=mode, **kwargs)


def looped(env_id: str, num_envs: int, mode: AutoresetMode = AutoresetMode.NEXT_STEP, **kwargs: Any) -> VectorEnv:
    """Return gymnasium's loop over single envs."""
    one = functools.partial(gym.make, env_id, max_episode_steps=limit(env_id), **kwargs)
    return SyncVectorEnv([one] * num_envs, autoreset_mode=mode)


def stream(envs: VectorEnv, steps: int, seed: int, stagger: bool = True) -> list[Any]:
    """Play; return everything that came out. In the mode without autoreset, reset what has ended by a mask.

    `stagger` begins one slot anew early, so that time limits do not come to all at once.
    """
    space = envs.single_action_space
    choosers = [
        Chooser(1000 * seed + i, space, expert=0.8 if lists_actions(space) else 0.95) for i in range(envs.num_envs)
    ]
    obs, infos = envs.reset(seed=seed)
    out, keys = [plain([obs, infos])], [k for k, v in infos.items() if isinstance(v, np.ndarray) and k[0] != "_"]
    for step in range(steps):
        if stagger and step == 4:
            mask = np.arange(envs.num_envs) == 1
            obs, some = envs.reset(options={"reset_mask": mask})
            out.append(plain([obs, some]))
            infos = infos | {key: np.where(mask, some[key], infos[key]) for key in keys}
        rows = [{key: infos[key][i] for key in keys} for i in range(envs.num_envs)]
        actions = [choose(row, seen) for choose, row, seen in zip(choosers, rows, rows_of(obs), strict=True)]
        obs, rewards, terminated, truncated, infos = envs.step(joined(actions))
        out.append(plain([obs, rewards, terminated, truncated, infos]))
        over = terminated | truncated
        if envs.metadata["autoreset_mode"] == AutoresetMode.DISABLED and over.any():
            obs, some = envs.reset(options={"reset_mask": over})
            out.append(plain([obs, some]))
            both = {key: np.where(over, some[key], infos[key]) for key in keys}
            infos = infos | both
    return out


def happened(records: list[Any]) -> dict[str, int]:
    """Return how many episodes of a stream terminated and were truncated, and in how many steps a goal was reached."""
    steps = [record for record in records if len(record) == 5]
    goals = sum(float(paid) > 0 for step in steps for paid in step[1][1])
    return {
        "terminated": sum(sum(step[2][1]) for step in steps),
        "truncated": sum(sum(step[3][1]) for step in steps),
        "goals": goals,
    }


def complete(env_id: str, records: list[Any]) -> bool:
    """Whether all that can happen did, and so the stream means anything.

    An arm's episode goes on after its goal; which tasks `carry` can do is known.
    """
    found = happened(records)
    if lists_actions(gym.make(env_id).action_space):
        return min(found["truncated"], found["terminated"]) > 0
    return found["truncated"] > 0 and (found["goals"] > 0 or env_id.split("/")[-1] not in CARRIED)


@every_env
@pytest.mark.parametrize("mode", list(AutoresetMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("seed", [0, 100, 200])
def test_the_vector_env_is_a_loop(env_id: str, mode: AutoresetMode, seed: int) -> None:
    ours = stream(native(env_id, 4, mode), 60, seed)
    assert_same(ours, stream(looped(env_id, 4, mode), 60, seed))
    assert complete(env_id, ours), happened(ours)


ARGUMENTS: dict[str, dict[str, Any]] = {
    "Household-v0": {"split": "L1/eval", "dialect": "put"},
    "WebShop-v0": {"split": "eval", "observation_mode": "text_rich", "compat": "fixed"},
    "Reach-v0": {"split": "eval", "control": "joint"},
    "Push-v0": {"split": "test", "difficulty": 1.0},
    "PickPlace-v0": {"difficulty": 0, "control": "joint"},
    "Tree-v0": {"branching": 2, "depth": 3, "variety": 0.5, "split": "valid"},
    "Grid-v0": {"size": 5, "slip": 0.0, "pits": 1, "split": "test"},
    "PadTrap-v0": {"needs": 3, "fixed_task": "valid-00007"},
    "Hacks-v0": {"hack": "tomatoes", "split": "valid"},
    "Calc-v0": {"split": "test", "difficulty": 1.0, "guess": 4},
    "LineProg-v0": {"split": "valid", "difficulty": 0.0},
    "SearchQA-v0": {"split": "test", "hops": 2},
}
SHORT = {"Tree-v0": 5, "Grid-v0": 13, "PadTrap-v0": 3, "Hacks-v0": 11, "LineProg-v0": 7, "SearchQA-v0": 3}
"""Time limits where episodes end of themselves before the usual limit."""
CARRIED = ("Reach-v0", "Push-v0", "PickPlace-v0")


@every_env
def test_arguments_mean_the_same_to_both(env_id: str) -> None:
    arguments = ARGUMENTS.get(env_id.split("/")[-1], {"split": "eval", "difficulty": 1.0})
    assert_same(stream(native(env_id, 3, **arguments), 30, 4), stream(looped(env_id, 3, **arguments), 30, 4))


@every_env
def test_threads_change_nothing(env_id: str) -> None:
    if "num_threads" not in inspect.signature(type(native(env_id, 1).unwrapped)).parameters:
        pytest.skip("this world steps its games in turn")
    assert_same(stream(native(env_id, 3, num_threads=2), 40, 6), stream(native(env_id, 3), 40, 6))


@every_env
def test_other_processes_stream_the_same(env_id: str) -> None:
    one = functools.partial(gym.make, env_id, max_episode_steps=limit(env_id))
    shared = not is_text(gym.make(env_id).observation_space)
    theirs = AsyncVectorEnv([one] * 2, shared_memory=shared, context="spawn")
    try:
        # Not staggered: without shared memory, gymnasium's workers forget that a mask has reset a slot that had ended.
        ours = stream(native(env_id, 2), 60, 7, stagger=False)
        assert_same(ours, stream(theirs, 60, 7, stagger=False))
        assert complete(env_id, ours), happened(ours)
    finally:
        theirs.close()


@every_env
def test_text_in_shared_memory_fails_loudly(env_id: str) -> None:
    env = gym.make(env_id)
    if not is_text(env.observation_space):
        pytest.skip("numbers can be in shared memory: see test_other_processes_stream_the_same")
    with pytest.raises(ValueError, match=r"shared_memory=False"):
        AsyncVectorEnv([functools.partial(gym.make, env_id)] * 2)


@every_env
def test_a_masked_reset_leaves_the_others_alone(env_id: str) -> None:
    envs, mirror = native(env_id, 3, AutoresetMode.DISABLED), native(env_id, 3, AutoresetMode.DISABLED)
    (before, infos), (_, same) = envs.reset(seed=3), mirror.reset(seed=3)
    mask = np.array([False, True, False])
    seeds: Any = [None, 55, None]
    after, some = envs.reset(seed=seeds, options={"reset_mask": mask})
    assert some["_task"].tolist() == mask.tolist()
    before, after = plain(rows_of(before)), rows_of(after)
    assert plain([after[0], after[2]]) == [before[0], before[2]]
    alone = gym.make(env_id).reset(seed=55)
    assert plain(after[1]) == plain(alone[0])
    assert some["task"][1] == alone[1]["task"] != infos["task"][1]
    space = envs.single_action_space
    told = [row(infos if i != 1 else some, i) for i in range(3)]
    for step in range(12):
        actions = [Chooser(9 * step + i, space, expert=1.0)(told[i], after[i]) for i in range(3)]
        others = [action if i != 1 else fallback(space) for i, action in enumerate(actions)]
        (obs, *_, infos), (reference, *_, same) = envs.step(joined(actions)), mirror.step(joined(others))
        after, reference = rows_of(obs), rows_of(reference)
        assert plain([after[0], after[2]]) == plain([reference[0], reference[2]])
        told = [row(infos, i) for i in range(3)]
        assert plain([told[0], told[2]]) == plain([row(same, 0), row(same, 2)])
        if infos["is_success"].any():
            break


def row(infos: dict[str, Any], i: int) -> dict[str, Any]:
    """Return one env's part of the infos of a vector env."""
    return {key: value[i] for key, value in infos.items() if isinstance(value, np.ndarray) and key[0] != "_"}


@every_env
@pytest.mark.parametrize(
    "clone", [copy.deepcopy, lambda envs: pickle.loads(pickle.dumps(envs))], ids=["copy", "pickle"]
)
def test_a_copy_goes_on_like_its_original(env_id: str, clone: Any) -> None:
    envs = native(env_id, 2)
    stream(envs, 15, 5)
    twin, actions = clone(envs), [joined([fallback(envs.single_action_space)] * 2)] * 30
    assert_same([plain(twin.step(action)) for action in actions], [plain(envs.step(action)) for action in actions])


def assert_apart(given: Any) -> None:
    """Check that what a step returned shares no memory, neither among itself nor with the infos."""
    arrays: dict[str, np.ndarray] = {}

    def collect(value: Any, name: str) -> None:
        if isinstance(value, np.ndarray):
            arrays[name] = value
        elif isinstance(value, dict | list | tuple):
            pairs = value.items() if isinstance(value, dict) else enumerate(value)
            for key, one in pairs:
                if not str(key).startswith("_"):
                    collect(one, f"{name}/{key}")

    collect(given, "")
    for one, other in itertools.combinations(arrays, 2):
        within_infos = one.startswith("/4") and other.startswith("/4")
        assert within_infos or not np.shares_memory(arrays[one], arrays[other]), (one, other)


@every_env
def test_what_a_vector_env_hands_out_does_not_change(env_id: str) -> None:
    envs = native(env_id, 2)
    obs, infos = envs.reset(seed=4)
    kept, choose = [], Chooser(4, envs.single_action_space, expert=0.9)
    for _ in range(30):
        kept.append(((obs, infos), plain([obs, infos])))
        actions = joined([choose(row(infos, i), seen) for i, seen in enumerate(rows_of(obs))])
        before = plain(actions)
        obs, rewards, terminated, truncated, infos = envs.step(actions)
        assert plain(actions) == before
        assert_apart([obs, rewards, terminated, truncated, infos])
        kept.append(((rewards, terminated, truncated), plain([rewards, terminated, truncated])))
    assert all(plain(list(given)) == said for given, said in kept)


@every_env
def test_each_slot_can_be_given_its_own_task(env_id: str) -> None:
    envs = native(env_id, 3)
    tasks = envs.reset(seed=8)[1]["task"].tolist()[::-1]
    obs, infos = envs.reset(options={"task": tasks})
    assert infos["task"].tolist() == tasks
    assert plain(rows_of(obs)) == plain([gym.make(env_id).reset(options={"task": task})[0] for task in tasks])
    assert envs.reset(options={"task": tasks[0]})[1]["task"].tolist() == [tasks[0]] * 3


@every_env
def test_the_same_seeds_in_any_form_give_the_same_tasks(env_id: str) -> None:
    wanted = native(env_id, 3).reset(seed=20)[1]["task"].tolist()
    for seeds in ([20, 21, 22], (20, 21, 22)):
        assert native(env_id, 3).reset(seed=seeds)[1]["task"].tolist() == wanted  # type: ignore[arg-type]


@every_env
def test_impossible_resets_get_one_clear_error(env_id: str) -> None:
    envs = native(env_id, 2)
    good = joined([fallback(envs.single_action_space)] * 2)
    with pytest.raises(ResetNeeded, match=r"reset"):
        envs.step(good)
    task = envs.reset(seed=0)[1]["task"][0]
    with pytest.raises(ValueError, match=r"1 seeds .* 2 envs"):
        envs.reset(seed=[1])  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"3 tasks .* 2 envs"):
        envs.reset(options={"task": [task] * 3})
    with pytest.raises(UnknownNameError, match=rf"task '{task}x' .*Did you mean .*'{task}'"):
        envs.reset(options={"task": [task, f"{task}x"]})
    with pytest.raises(ValueError, match=r"task 7 |tasks"):
        envs.reset(options={"task": 7})
    with pytest.raises(UnknownNameError, match=r"option 'tsk' .*Did you mean 'task'"):
        envs.reset(options={"tsk": task})
    for mask in (np.zeros(2, dtype=bool), np.ones(3, dtype=bool)):
        with pytest.raises(ValueError, match=r"reset_mask"):
            envs.reset(options={"reset_mask": mask})
    mirror = native(env_id, 2)
    mirror.reset(seed=0)
    assert plain(envs.step(good)) == plain(mirror.step(good)), "what was refused must not change anything"


@every_env
def test_a_failed_first_reset_is_no_reset(env_id: str) -> None:
    envs = native(env_id, 2)
    with pytest.raises(ValueError, match=r"nowhere"):
        envs.reset(options={"task": "nowhere"})
    with pytest.raises(ResetNeeded, match=r"reset"):
        envs.step(joined([fallback(envs.single_action_space)] * 2))


@every_env
def test_impossible_steps_get_one_clear_error(env_id: str) -> None:
    envs, mirror = native(env_id, 2, AutoresetMode.DISABLED), native(env_id, 2, AutoresetMode.DISABLED)
    envs.reset(seed=0)
    mirror.reset(seed=0)
    good = fallback(envs.single_action_space)
    both = joined([good] * 2)
    with pytest.raises(ValueError, match=r"1 actions .* 2 envs"):
        envs.step(joined([good]))
    for wrong, _ in wrong_actions(envs.single_action_space):
        with pytest.raises((TypeError, ValueError), match=r"action"):
            envs.step([good, wrong])
    assert plain(envs.step(both)) == plain(mirror.step(both)), "what was refused must not change anything"
    for _ in range(envs.unwrapped.max_episode_steps - 1):  # type: ignore[attr-defined]
        envs.step(both)
    with pytest.raises(ResetNeeded, match=r"over"):
        envs.step(both)
