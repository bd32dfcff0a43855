"""Filming one episode of a policy, with the reward terms drawn in."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np

from ..agents.actor import Actor
from ..core.transition import batch_of_one
from ..envs.page import PICTURE_SIZE
from ..reward_models import Reward, make_reward
from ..wrappers.camera_page import CameraPage
from ..wrappers.spec_reward import SpecReward
from ..wrappers.text_page import TextPage
from ..wrappers.video import VideoRecorder

__all__ = ["film", "open_filmed"]

DETAIL = 2  # a camera's pixels for each of the page: smooth edges where the renderer gives none


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

    Text envs are filmed as typeset pages, others by their camera; both show the clock, the reward and its terms.

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
    env, made = open_filmed(env_id, env_kwargs), make_reward(reward)
    page = TextPage if isinstance(env.observation_space, gym.spaces.Text) else CameraPage
    env = page(SpecReward(env, made), policy=actor.name, caption=caption or f"paid by {made.id}")
    recorder = VideoRecorder(env, folder, label=actor.name, reward=made.id, overwrite=True)
    recorder.episode = episode - 1
    actor.seed(seed)
    obs, info = recorder.reset(seed=seed, options=None if task is None else {"task": task})
    fresh = np.ones(1, dtype=bool)
    over = False
    while not over:
        action = actor.act(batch_of_one(obs), {key: [value] for key, value in info.items()}, fresh)[0]
        obs, _, terminated, truncated, info = recorder.step(action)
        fresh[:] = False
        over = terminated or truncated
    recorder.close()
    return max(Path(folder).glob("ep*_*.mp4"), key=lambda file: file.stat().st_mtime_ns)


def open_filmed(env_id: str, env_kwargs: Mapping[str, Any]) -> gym.Env:
    """Make an env that renders images; a camera whose size is not given gets that of its place on a page, in detail."""
    env: gym.Env = gym.make(env_id, render_mode="rgb_array", **env_kwargs)
    size = dict(zip(("width", "height"), (DETAIL * pixels for pixels in PICTURE_SIZE), strict=True))
    known = inspect.signature(type(env.unwrapped)).parameters
    if not size.keys() <= known.keys() or size.keys() & env_kwargs.keys():
        return env
    env.close()
    return gym.make(env_id, render_mode="rgb_array", **size, **env_kwargs)
