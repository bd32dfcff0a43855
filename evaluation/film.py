"""Filming one episode of a policy, with the reward terms drawn in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np

from ..agents.actor import Actor
from ..reward_models import Reward, make_reward
from ..wrappers.spec_reward import SpecReward
from ..wrappers.text_page import TextPage
from ..wrappers.video import VideoRecorder

__all__ = ["film"]


def film(
    actor: Actor,
    env_id: str,
    env_kwargs: Mapping[str, Any],
    reward: str | Mapping[str, Any] | Reward,
    task: str | None,
    folder: str | Path,
    seed: int = 0,
    caption: str = "",
    episode: int = 0,
) -> Path:
    """Play one task and write it as an mp4 (H.264) named by its outcome; return the file.

    Args:
        actor: who plays.
        env_id: the env.
        env_kwargs: its arguments.
        reward: what is shown as reward.
        task: the task, or None for one that `seed` draws.
        folder: where the video goes; an index.json beside it says what it shows.
        seed: seeds the env and the actor.
        caption: a sentence at the foot of every page; by default the reward's id.
        episode: number of the video in its folder.
    """
    env: gym.Env = gym.make(env_id, render_mode="rgb_array", **env_kwargs)
    made = make_reward(reward)
    env = TextPage(SpecReward(env, made), policy=actor.name, caption=caption or f"paid by {made.id}")
    recorder = VideoRecorder(env, folder, label=actor.name, reward=made.id, overwrite=True)
    recorder.episode = episode - 1
    actor.seed(seed)
    obs, info = recorder.reset(seed=seed, options=None if task is None else {"task": task})
    fresh = np.ones(1, dtype=bool)
    over = False
    while not over:
        action = actor.act([obs], {key: [value] for key, value in info.items()}, fresh)[0]
        obs, _, terminated, truncated, info = recorder.step(action)
        fresh[:] = False
        over = terminated or truncated
    recorder.close()
    return max(Path(folder).glob("ep*_*.mp4"), key=lambda file: file.stat().st_mtime_ns)
