"""Recorded episodes for testing rewards, among them the ones that break rewards: experts, loops and nonsense."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from random import Random
from typing import Any, NamedTuple

import gymnasium as gym
import numpy as np

from guerdon.core.trajectory import Step, Trajectory
from guerdon.envs.registration import env_ids
from guerdon.reward_models import Reward
from guerdon.wrappers.spec_reward import SpecReward

from .rollouts import NONSENSE, Chooser

__all__ = ["POLICIES", "Payments", "env_of", "record", "trajectory"]

Policy = Callable[[Mapping[str, Any]], Any]


def env_of(reward_id: str) -> str:
    """Return the id of the env for the world that a reward is named after ("household/..." -> Household)."""
    world = reward_id.split("/")[0]
    found = [env_id for env_id in env_ids() if env_id.split("/")[-1].lower().startswith(world)]
    assert found, f"{reward_id}: no env is called after the world {world!r}; name the reward 'world/name-vN'"
    return found[0]


def expert(space: gym.Space, seed: int) -> Policy:
    """Follow the expert, where there is one, to the goal."""
    return Chooser(seed, space, expert=1.0, nonsense=0.0)


def random(space: gym.Space, seed: int) -> Policy:
    """Act at random, with some nonsense in it."""
    return Chooser(seed, space, expert=0.0)


def wandering_expert(space: gym.Space, seed: int) -> Policy:
    """Follow the expert half of the time: reaches goals by detours."""
    return Chooser(seed, space, expert=0.5)


def busy_loop(space: gym.Space, seed: int) -> Policy:
    """Find something that opens, then open and close it for ever; repeat one action in worlds without words."""
    rng, again = Random(seed), []

    def choose(info: Mapping[str, Any]) -> Any:
        if "admissible_actions" not in info:
            again.append(Chooser(seed, space)(info) if not again else again[0])
            return again[0]
        actions = info["admissible_actions"]
        for verb in ("open ", "close "):
            for action in actions:
                if action.startswith(verb):
                    return action
        return rng.choice(actions)

    return choose


def nonsense(space: gym.Space, seed: int) -> Policy:
    """Give commands that mean nothing: odd texts in text worlds, extreme actions elsewhere."""
    texts = (NONSENSE, "", " ", "look\x00", "go to", "Look", "open open open", "take the money", "é" * 100)
    rng = Random(seed)
    return lambda info: rng.choice(texts) if "admissible_actions" in info else Chooser(seed, space)(info)


POLICIES: dict[str, Callable[[gym.Space, int], Policy]] = {
    one.__name__: one for one in (expert, random, wandering_expert, busy_loop, nonsense)
}
EXPERT_STEPS = 80


class Payments(NamedTuple):
    """What a reward paid for an episode, step by step: totals (T,), and each term (T,)."""

    totals: np.ndarray
    terms: dict[str, np.ndarray]


def record(env_id: str, policy: str, seed: int, reward: Reward | str, **kwargs: Any) -> tuple[Trajectory, Payments]:
    """Play one episode under a reward; return it as data, and what was paid online."""
    env = SpecReward(gym.make(env_id, **kwargs), reward)
    base: Any = env.unwrapped
    obs, info = env.reset(seed=seed)
    choose = POLICIES[policy](env.action_space, seed)
    steps: list[Any] = []
    totals, terms = [], {name: [] for name in env.reward.bounds}
    over = truncated = False
    while not over:
        action, state = choose(info), base.state
        after, paid, terminated, truncated, told = env.step(action)
        assert type(paid) is float
        assert list(told["reward_terms"]) == list(env.reward.bounds)
        text = {key: told[key] for key in base.metadata.get("text_info", ())}
        steps.append(
            Step(
                obs,
                action,
                after,
                terminated,
                truncated,
                told["is_success"],
                state=state,
                next_state=base.state,
                admissible=tuple(info.get("admissible_actions", ())),
                valid=told.get("failure") is None,
                reward=told["reward_env"],
            )
        )
        steps[-1].text = text  # what a reward may read of the info after the step
        totals.append(paid)
        for name, value in told["reward_terms"].items():
            assert type(value) is float
            terms[name].append(value)
        obs, info, over = after, told, terminated or truncated
    played = Trajectory(info["task"], seed, steps, base.objective, truncated=truncated)
    return played, Payments(np.array(totals), {name: np.array(value) for name, value in terms.items()})


@functools.cache
def trajectory(env_id: str, policy: str, seed: int) -> Trajectory:
    """Return one recorded episode, the same object every time."""
    return record(env_id, policy, seed, Silence())[0]


class Silence(Reward):
    """Pays nothing."""

    id = "test/silence-v1"
    reads = frozenset()

    @property
    def bounds(self) -> Mapping[str, tuple[float, float]]:
        return {"nothing": (0.0, 0.0)}

    def __call__(self, transition: Any) -> Any:
        zero = np.zeros(len(transition))
        return zero, {"nothing": zero}
