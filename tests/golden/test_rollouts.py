"""Pinned rollouts: what an env id plays is part of every published result, so it does not change unseen.

Text is pinned to the letter, one digest a step. Physics is not equal to the last bit on all machines, nor at all
between versions of MuJoCo, so numeric worlds are pinned as numbers, one weighted sum a step, which must be met to 1e-5;
where another MuJoCo is installed than the one that wrote the file, they are skipped.

`python -m tests.golden.test_rollouts` (in the repository, with the package installed) writes the file anew.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from importlib.metadata import version
from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np
import pytest

from guerdon.core.files import write_json
from guerdon.core.random import derive_seed
from guerdon.envs.registration import env_ids

GOLDEN = Path(__file__).with_name("rollouts.json")
SEEDS = (0, 7)
STEPS = 30


def rollout(env_id: str, seed: int) -> list[str]:
    """Play 30 steps; return one short digest, or one number in worlds of numbers, for the reset and for every step."""
    env = gym.make(env_id)
    say = number if is_simulated(env_id) else digest
    obs, info = env.reset(seed=seed)
    digests = [say(obs, info)]
    for step in range(STEPS):
        draw = derive_seed("golden", seed, step)
        if "admissible_actions" not in info:
            env.action_space.seed(draw)
            action = env.action_space.sample()
        elif draw % 2 and info.get("expert_action"):
            action = info["expert_action"]
        else:
            action = info["admissible_actions"][draw % len(info["admissible_actions"])]
        obs, reward, terminated, truncated, info = env.step(action)
        digests.append(say(obs, info, float(reward), terminated, truncated))
        if terminated or truncated:
            obs, info = env.reset()
    return digests


def is_simulated(env_id: str) -> bool:
    """Whether an env is simulated by MuJoCo; the others play out equally everywhere, to the last character."""
    return isinstance(gym.make(env_id).observation_space, gym.spaces.Dict)


def digest(obs: Any, info: dict[str, Any], *more: Any) -> str:
    """Return 8 hex digits of the observation, the admissible actions, the task and what else was given."""
    text = json.dumps(
        [obs if isinstance(obs, str) else int(obs), list(info["admissible_actions"]), info["task"], *more],
        sort_keys=True,
    )
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def number(obs: dict[str, np.ndarray], info: dict[str, Any], *more: float) -> str:
    """Return a sum of the observed numbers, the task's checksum, the success and what else was given, each weighted."""
    task = zlib.crc32(info["task"].encode()) / 2**32
    numbers = np.concatenate([*(obs[key] for key in sorted(obs)), [task, info["is_success"], *more]])
    return f"{numbers @ np.cos(np.arange(len(numbers))):.6f}"


@pytest.mark.parametrize("env_id", env_ids())
@pytest.mark.parametrize("seed", SEEDS)
def test_the_rollout_is_the_pinned_one(env_id: str, seed: int) -> None:
    pinned = json.loads(GOLDEN.read_text())
    assert env_id in pinned, f"{env_id} is new: pin it with `python -m tests.golden.test_rollouts`"
    written_by = pinned[env_id].get("mujoco")
    if written_by not in (None, version("mujoco")):
        pytest.skip(f"pinned with MuJoCo {written_by}; here is {version('mujoco')}")
    wanted, found = pinned[env_id][str(seed)].split(), rollout(env_id, seed)
    assert len(wanted) == len(found)
    parted = [step for step, pair in enumerate(zip(wanted, found, strict=True)) if not agree(env_id, *pair)]
    assert not parted, (
        f"{env_id}, seed {seed}, plays otherwise from step {parted[0]} on (0 is the reset). If that was not meant, it "
        f"is a bug. If it was, results before and after do not compare: register the next version of the id, say so in "
        f"its version history, and pin again with `python -m tests.golden.test_rollouts`."
    )


def agree(env_id: str, old: str, new: str) -> bool:
    """Whether a step is the pinned one."""
    return old == new if not is_simulated(env_id) else abs(float(old) - float(new)) < 1e-5


def test_no_pinned_env_disappears() -> None:
    assert set(json.loads(GOLDEN.read_text())) <= set(env_ids())


if __name__ == "__main__":
    pins: dict[str, dict[str, str]] = {}
    for env_id in env_ids():
        pins[env_id] = {str(seed): " ".join(rollout(env_id, seed)) for seed in SEEDS}
        pins[env_id] |= {"mujoco": version("mujoco")} if is_simulated(env_id) else {}
    write_json(GOLDEN, pins)
