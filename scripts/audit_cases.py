"""Episodes and tables of a reward in an env as plain data, for tools that know nothing of guerdon."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import gymnasium as gym
import numpy as np

from guerdon.agents.scripted import SCRIPTED
from guerdon.core.random import derive_seed
from guerdon.envs.tabular.env import TabularEnv
from guerdon.evaluation.audit.examine import AuditReport
from guerdon.evaluation.audit.finding import Played
from guerdon.evaluation.audit.planner import payments
from guerdon.evaluation.evaluate import task_list
from guerdon.reward_models import Reward, make_reward
from guerdon.wrappers.spec_reward import SpecReward

__all__ = ["case_of"]

LONGEST = 4096
"""Characters of a text that an observation can have, at most."""


def case_of(
    report: AuditReport, reward: str | Reward, env_kwargs: Mapping[str, Any], episodes: int, seed: int = 0
) -> dict[str, Any]:
    """Return what other tools are given of a reward that was audited.

    Args:
        report: of the audit; whoever is paid best in it plays the episodes "best".
        reward: the reward.
        env_kwargs: arguments of the env.
        episodes: how many of chance, and of whoever is paid best.
        seed: seeds chance.
    """
    made, env_id = make_reward(reward), report.env
    env = SpecReward(gym.make(env_id, **env_kwargs), made)
    base: Any = env.unwrapped
    horizon = env.spec.max_episode_steps if env.spec and env.spec.max_episode_steps else 100
    tasks = task_list(env_id, dict(env_kwargs), 12)
    expert = next((one.name for one in report.played if one.role == "expert" and one.name in SCRIPTED), None)
    best = max((one for one in report.played if one.role != "random"), key=lambda one: float(np.mean(one.paid)))
    rng = np.random.default_rng(derive_seed(seed, "cases"))

    def drawn(_: Any, info: Mapping[str, Any]) -> Any:
        listed = info.get("admissible_actions")
        if listed:
            return listed[int(rng.integers(len(listed)))]
        return env.action_space.sample()

    env.action_space.seed(seed)
    found = {
        "random": [_episode(env, tasks[i % len(tasks)], seed + i, drawn) for i in range(episodes)],
        "best": [_of(env, best, tasks, i, seed) for i in range(episodes)],
    }
    tables = None
    if isinstance(base, TabularEnv) and base.family.branches == 1:
        intended = _episode(env, tasks[0], seed, _player(str(expert))) if expert else {"steps": []}
        problem = base.catalogue.problem(tasks[0])
        tables = {
            "next": problem.mdp.transitions.tolist(),
            # Of the first of two steps: the last one is cut by the time limit, which a reward may heed.
            "rewards": payments(made, problem, 2)[0, :, :, 0].tolist(),
            "terminal": problem.mdp.terminal.tolist(),
            "intended": [str(step["action"]) for step in intended["steps"]],
        }
    size = np.size(found["random"][0]["start"])
    case = {
        "horizon": horizon,
        "tables": tables,
        "observations": _space(_main(env.observation_space), size),
        "actions": _space(env.action_space, 0),
        "episodes": found,
    }
    env.close()
    return case


def _of(env: Any, best: Played, tasks: Sequence[str], number: int, seed: int) -> dict[str, Any]:
    """Return one episode of a way to play: its actions again, or its policy."""
    if not best.actions:
        return _episode(env, tasks[number % len(tasks)], seed + number, _player(best.name, seed))
    few = len(best.actions)
    place = number % few
    actions = iter(best.actions[place])
    task = tasks[place * len(tasks) // few]
    return _episode(env, task, derive_seed(seed, "episode", place) % 2**31, lambda *_: next(actions))


def _player(name: str, seed: int = 0) -> Callable[..., Any]:
    policy, begun = SCRIPTED[name](seed), []

    def act(obs: Any, info: Mapping[str, Any]) -> Any:
        if not begun:
            policy.reset(obs, info)
            begun.append(True)
        return policy.act(obs, info)

    return act


def _episode(env: Any, task: str, seed: int, act: Callable[..., Any]) -> dict[str, Any]:
    obs, info = env.reset(seed=seed, options={"task": task})
    start, steps, over = _plain(obs), [], False
    while not over:
        try:
            action = act(obs, info)
        except StopIteration:  # the search stopped here
            steps[-1]["truncated"] = True
            break
        obs, paid, terminated, truncated, info = env.step(action)
        steps.append(
            {
                "obs": _plain(obs),
                "action": _plain(action),
                "reward": float(paid),
                "terms": info["reward_terms"],
                "terminated": bool(terminated),
                "truncated": bool(truncated),
            }
        )
        over = terminated or truncated
    return {"start": start, "steps": steps}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        value = value["observation"]
    return value.tolist() if isinstance(value, np.ndarray | np.generic) else value


def _main(space: gym.Space) -> gym.Space:
    return space["observation"] if isinstance(space, gym.spaces.Dict) else space


def _space(space: gym.Space, size: int) -> dict[str, Any]:
    if isinstance(space, gym.spaces.Discrete):
        return {"kind": "discrete", "n": int(space.n)}
    if isinstance(space, gym.spaces.Box):
        ends = {name: np.nan_to_num(getattr(space, name).astype(float)).tolist() for name in ("low", "high")}
        return {"kind": "box", **ends}
    return {"kind": "text", "n": max(LONGEST, size)}
