"""Many envs at once are a loop over single ones: the vector env, gymnasium's two, and their autoreset modes."""

from __future__ import annotations

import functools
from typing import Any

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.error import ResetNeeded
from gymnasium.vector import AsyncVectorEnv, AutoresetMode, SyncVectorEnv, VectorEnv

import guerdon  # noqa: F401 - registers the envs
from guerdon.core.names import UnknownNameError
from guerdon.envs.registration import env_ids

from .rollouts import NONSENSE, Chooser, assert_same, plain

IDS = [env_id for env_id in env_ids() if gym.spec(env_id.removeprefix("guerdon:")).vector_entry_point]
every_env = pytest.mark.parametrize("env_id", IDS)
SHORT = 9  # steps of an episode, so that time limits, goals and resets all happen


def native(env_id: str, num_envs: int, mode: AutoresetMode = AutoresetMode.NEXT_STEP) -> VectorEnv:
    """Return the suite's own vector env."""
    return gym.make_vec(env_id, num_envs, max_episode_steps=SHORT, autoreset_mode=mode)


def looped(env_id: str, num_envs: int, mode: AutoresetMode = AutoresetMode.NEXT_STEP) -> VectorEnv:
    """Return gymnasium's loop over single envs."""
    one = functools.partial(gym.make, env_id, max_episode_steps=SHORT)
    return SyncVectorEnv([one] * num_envs, autoreset_mode=mode)


def stream(envs: VectorEnv, steps: int, seed: int, options: dict[str, Any] | None = None) -> list[Any]:
    """Play; return everything that came out. In the mode without autoreset, reset what has ended by a mask."""
    choosers = [Chooser(1000 * seed + i, envs.single_action_space, expert=0.8) for i in range(envs.num_envs)]
    obs, infos = envs.reset(seed=seed, options=options)
    out, keys = [plain([obs, infos])], [k for k, v in infos.items() if isinstance(v, np.ndarray) and k[0] != "_"]
    for _ in range(steps):
        rows = [{key: infos[key][i] for key in keys} for i in range(envs.num_envs)]
        actions = [choose(row) for choose, row in zip(choosers, rows, strict=True)]
        if not all(isinstance(action, str) for action in actions):
            actions = np.stack(actions)
        obs, rewards, terminated, truncated, infos = envs.step(actions)
        out.append(plain([obs, rewards, terminated, truncated, infos]))
        over = terminated | truncated
        if envs.metadata["autoreset_mode"] == AutoresetMode.DISABLED and over.any():
            obs, some = envs.reset(options={"reset_mask": over})
            out.append(plain([obs, some]))
            both = {key: np.where(over, some[key], infos[key]) for key in keys}
            infos = infos | both
    return out


def ends(records: list[Any]) -> tuple[int, int]:
    """Return how many episodes of a stream terminated, and how many were truncated."""
    steps = [record for record in records if len(record) == 5]
    return sum(sum(step[2][1]) for step in steps), sum(sum(step[3][1]) for step in steps)


@every_env
@pytest.mark.parametrize("mode", list(AutoresetMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("seed", [0, 100, 200])
def test_the_vector_env_is_a_loop(env_id: str, mode: AutoresetMode, seed: int) -> None:
    ours = stream(native(env_id, 4, mode), 60, seed)
    assert_same(ours, stream(looped(env_id, 4, mode), 60, seed))
    assert min(ends(ours)) > 0, "both kinds of ends must happen for this to mean anything"


@every_env
def test_other_processes_stream_the_same(env_id: str) -> None:
    one = functools.partial(gym.make, env_id, max_episode_steps=SHORT)
    theirs = AsyncVectorEnv([one] * 2, shared_memory=False, context="spawn")
    try:
        assert_same(stream(native(env_id, 2), 60, 7), stream(theirs, 60, 7))
    finally:
        theirs.close()


@every_env
def test_text_in_shared_memory_fails_loudly(env_id: str) -> None:
    env = gym.make(env_id)
    if not isinstance(env.observation_space, gym.spaces.Text):
        pytest.skip("not a text env")
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
    assert after[0] == before[0]
    assert after[2] == before[2]
    assert some["task"][1] == gym.make(env_id).reset(seed=55)[1]["task"]
    actions = [(infos if i != 1 else some)["expert_action"][i] for i in range(3)]
    obs, *_ = envs.step(actions)
    reference, *_ = mirror.step([action if i != 1 else NONSENSE for i, action in enumerate(actions)])
    assert [obs[0], obs[2]] == [reference[0], reference[2]]
    assert plain(infos["task"]) == plain(same["task"])


@every_env
def test_each_slot_can_be_given_its_own_task(env_id: str) -> None:
    envs = native(env_id, 3)
    tasks = envs.reset(seed=8)[1]["task"].tolist()[::-1]
    obs, infos = envs.reset(options={"task": tasks})
    assert infos["task"].tolist() == tasks
    assert list(obs) == [gym.make(env_id).reset(options={"task": task})[0] for task in tasks]
    assert envs.reset(options={"task": tasks[0]})[1]["task"].tolist() == [tasks[0]] * 3


@every_env
def test_the_same_seeds_in_any_form_give_the_same_tasks(env_id: str) -> None:
    wanted = native(env_id, 3).reset(seed=20)[1]["task"].tolist()
    for seeds in ([20, 21, 22], (20, 21, 22)):
        assert native(env_id, 3).reset(seed=seeds)[1]["task"].tolist() == wanted  # type: ignore[arg-type]


@every_env
def test_impossible_resets_get_one_clear_error(env_id: str) -> None:
    envs = native(env_id, 2)
    with pytest.raises(ResetNeeded, match=r"reset"):
        envs.step([NONSENSE] * 2)
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
    envs.step([NONSENSE] * 2)  # none of it did harm


@every_env
def test_a_failed_first_reset_is_no_reset(env_id: str) -> None:
    envs = native(env_id, 2)
    with pytest.raises(ValueError, match=r"nowhere"):
        envs.reset(options={"task": "nowhere"})
    with pytest.raises(ResetNeeded, match=r"reset"):
        envs.step([NONSENSE] * 2)


@every_env
def test_impossible_steps_get_one_clear_error(env_id: str) -> None:
    envs = native(env_id, 2, AutoresetMode.DISABLED)
    envs.reset(seed=0)
    with pytest.raises(ValueError, match=r"1 actions .* 2 envs"):
        envs.step([NONSENSE])
    for wrong in (3, None, ["look"]):
        with pytest.raises(TypeError, match=r"action"):
            envs.step([NONSENSE, wrong])
    for _ in range(SHORT):
        envs.step([NONSENSE] * 2)
    with pytest.raises(ResetNeeded, match=r"over"):
        envs.step([NONSENSE] * 2)
