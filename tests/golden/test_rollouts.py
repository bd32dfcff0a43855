"""Pinned rollouts: what an env id plays is part of every published result, so it does not change unseen.

`python -m tests.golden.test_rollouts` (in the repository, with the package installed) writes the file anew.
"""

from __future__ import annotations

import hashlib
import json
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
    """Play 30 steps; return one short digest for the reset and for every step."""
    env = gym.make(env_id)
    obs, info = env.reset(seed=seed)
    digests = [digest(obs, info)]
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
        digests.append(digest(obs, info, float(reward), terminated, truncated))
        if terminated or truncated:
            obs, info = env.reset()
    return digests


def digest(obs: Any, info: dict[str, Any], *more: Any) -> str:
    """Return 8 hex digits of the observation, the admissible actions, the task and what else was given."""
    seen = (
        np.asarray(obs).tolist() if not isinstance(obs, dict) else {key: np.asarray(obs[key]).tolist() for key in obs}
    )
    text = json.dumps([seen, info.get("admissible_actions"), info["task"], *more], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:8]


@pytest.mark.parametrize("env_id", env_ids())
@pytest.mark.parametrize("seed", SEEDS)
def test_the_rollout_is_the_pinned_one(env_id: str, seed: int) -> None:
    pinned = json.loads(GOLDEN.read_text())
    assert env_id in pinned, f"{env_id} is new: pin it with `python -m tests.golden.test_rollouts`"
    wanted, found = pinned[env_id][str(seed)].split(), rollout(env_id, seed)
    assert len(wanted) == len(found)
    parted = [step for step, (old, new) in enumerate(zip(wanted, found, strict=True)) if old != new]
    assert not parted, (
        f"{env_id}, seed {seed}, plays otherwise from step {parted[0]} on (0 is the reset). If that was not meant, it "
        f"is a bug. If it was, results before and after do not compare: register the next version of the id, say so in "
        f"its version history, and pin again with `python -m tests.golden.test_rollouts`."
    )


def test_no_pinned_env_disappears() -> None:
    assert set(json.loads(GOLDEN.read_text())) <= set(env_ids())


if __name__ == "__main__":
    pins = {env_id: {str(seed): " ".join(rollout(env_id, seed)) for seed in SEEDS} for env_id in env_ids()}
    write_json(GOLDEN, pins)
