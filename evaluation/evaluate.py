"""Playing a fixed list of tasks, each once, and writing down what happened."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium.envs.registration import load_env_creator

from ..agents.actor import Actor
from ..core.columns import merged
from ..core.episode_log import EpisodeRow
from ..core.names import check_name
from ..reward_models import Reward, make_reward
from ..wrappers.spec_reward import SpecRewardVector

__all__ = ["evaluate", "task_list"]


def task_list(env_id: str, env_kwargs: Mapping[str, Any], count: int | None = None) -> list[str]:
    """Return the tasks of an env, or `count` of them spread evenly over its fixed order.

    The list depends on the env and on `count` only, so every policy and every seed meets the same tasks.
    """
    if count is not None and count < 1:
        raise ValueError(f"episodes is {count}, not at least 1")
    known = inspect.signature(load_env_creator(gym.spec(env_id.rpartition(":")[2]).entry_point)).parameters  # type: ignore[arg-type]
    for key in env_kwargs:
        check_name("argument", key, [*known, "max_episode_steps"], env_id)
    env = gym.make(env_id, **env_kwargs)
    catalogue = getattr(env.unwrapped, "catalogue", None)
    env.close()
    if catalogue is None:
        raise ValueError(f"{env_id} has no list of tasks (`unwrapped.catalogue.tasks`) to evaluate on")
    tasks = list(catalogue.tasks)
    if count is None or count >= len(tasks):
        return tasks
    return [tasks[i * len(tasks) // count] for i in range(count)]


def evaluate(
    actor: Actor,
    env_id: str,
    env_kwargs: Mapping[str, Any],
    reward: str | Mapping[str, Any] | Reward,
    tasks: Sequence[str],
    seed: int = 0,
    phase: str = "eval",
    step: int = 0,
    num_envs: int = 32,
) -> list[EpisodeRow]:
    """Play each task once and return one row a task, in the order of `tasks`.

    Args:
        actor: who plays; it is seeded first, so equal calls give equal rows.
        env_id: the env.
        env_kwargs: its arguments.
        reward: under which the episodes are scored as well; the objective is the env's own.
        tasks: task ids of that env.
        seed: seeds the actor.
        phase: written into the rows.
        step: written into the rows.
        num_envs: episodes that are played at once.
    """
    size = min(num_envs, len(tasks))
    base = gym.make_vec(env_id, num_envs=size, autoreset_mode="Disabled", **env_kwargs)
    env = SpecRewardVector(base, make_reward(reward))
    actor.seed(seed)
    rows: list[EpisodeRow | None] = [None] * len(tasks)
    playing = list(range(size))  # index of the task in each slot; a slot without one idles on the first task
    waiting = size
    obs, infos = env.reset(seed=seed, options={"task": [tasks[i] for i in playing]})
    live, fresh = np.ones(size, dtype=bool), np.ones(size, dtype=bool)
    returns, lengths = np.zeros(size), np.zeros(size, dtype=int)
    sums = {name: np.zeros(size) for name in env.reward.bounds}
    while live.any():
        actions = actor.act(obs, infos, fresh)
        obs, rewards, terminated, truncated, infos = env.step(actions)
        fresh = np.zeros(size, dtype=bool)
        returns += rewards
        lengths += 1
        for name, total in sums.items():
            total += infos["reward_terms"][name]
        done = terminated | truncated
        if not done.any():
            continue
        for slot in np.flatnonzero(done & live).tolist():
            rows[playing[slot]] = EpisodeRow(
                phase=phase,
                step=step,
                episode=playing[slot],
                task=tasks[playing[slot]],
                task_type=str(infos["task_type"][slot]),
                seed=seed,
                length=int(lengths[slot]),
                is_success=bool(infos["is_success"][slot]),
                objective=float(infos["objective"][slot]),
                reward=float(returns[slot]),
                terms={name: float(total[slot]) for name, total in sums.items()},
            )
            live[slot] = waiting < len(tasks)
            playing[slot] = waiting if live[slot] else 0
            waiting += int(live[slot])
        again = [tasks[playing[slot]] if done[slot] else None for slot in range(size)]
        obs, new = env.reset(options={"reset_mask": done, "task": again})
        infos = {key: merged(value, new[key], done) for key, value in infos.items() if isinstance(value, np.ndarray)}
        fresh = done
        for total in (returns, lengths, *sums.values()):
            total[done] = 0
    env.close()
    return [row for row in rows if row is not None]
