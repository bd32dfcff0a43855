"""Recorded episodes for testing rewards, among them the ones that break rewards: experts, loops and nonsense."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from random import Random
from typing import Any, NamedTuple

import gymnasium as gym
import numpy as np

from guerdon.agents.scripted import SCRIPTED
from guerdon.core.trajectory import Step, Trajectory
from guerdon.core.transition import Transition
from guerdon.envs.registration import env_ids, world_of
from guerdon.reward_models import Reward
from guerdon.wrappers.spec_reward import SpecReward, SpecRewardVector

from .rollouts import NONSENSE, Chooser, fallback, is_text, joined, lists_actions

__all__ = ["ARM", "ENV", "POLICIES", "Custom", "Payments", "env_of", "envs_of", "record", "step_with", "trajectory"]

ENV, ARM = "guerdon:guerdon/Household-v0", "guerdon:guerdon/PickPlace-v0"
"""One world of text and one of numbers, for rules that hold in all."""

ANY = (ENV, "guerdon:guerdon/Reach-v0", "guerdon:guerdon/Grid-v0")
"""Worlds of each kind, for rewards that are for every world."""

Policy = Callable[[Mapping[str, Any], Any], Any]
"""From info and observation to an action."""


def env_of(reward_id: str) -> str:
    """Return the id of an env of the world that a reward is named after ("household/..." -> Household-v0)."""
    envs = envs_of(reward_id)
    return ARM if ARM in envs else envs[0]


def envs_of(reward_id: str) -> list[str]:
    """Return the ids of all envs of the world that a reward is named after; one of each kind for "learned/..."."""
    name = reward_id.split("/")[0]
    if name == "learned":
        return list(ANY)
    worlds = {env_id: world_of(env_id.removeprefix("guerdon:")) or "" for env_id in env_ids()}
    found = [env_id for env_id, world in worlds.items() if world.rpartition(".")[2] == name]
    assert found, f"{reward_id}: no package of guerdon.envs is called {name!r}; name the reward 'world/name-vN'"
    return found


def expert(space: gym.Space, seed: int) -> Policy:
    """Follow the expert, where there is one, to the goal."""
    return Chooser(seed, space, expert=1.0, nonsense=0.0)


def scripted_expert(env_id: str, obs: Any, info: Mapping[str, Any]) -> Policy:
    """Follow the scripted policy that solves an arm's task, from the first observation on."""
    (name,) = [name for name, policy in SCRIPTED.items() if name.endswith("-expert") and policy.plays(env_id)]
    solver = SCRIPTED[name]()
    solver.reset(obs, info)
    return lambda info, obs: solver.act(obs, info)


def random(space: gym.Space, seed: int) -> Policy:
    """Act at random, with some nonsense in it."""
    return Chooser(seed, space, expert=0.0)


def wandering_expert(space: gym.Space, seed: int) -> Policy:
    """Follow the expert half of the time: reaches goals by detours."""
    return Chooser(seed, space, expert=0.5)


def busy_loop(space: gym.Space, seed: int) -> Policy:
    """Find something that opens, then open and close it for ever; repeat one action in worlds without words."""
    rng, again = Random(seed), None
    if not is_text(space):
        again = fallback(space) if lists_actions(space) else Chooser(seed, space)({})

    def choose(info: Mapping[str, Any], obs: Any) -> Any:
        if again is not None:
            return again
        actions = info["admissible_actions"]
        for verb in ("open ", "close "):
            for action in actions:
                if action.startswith(verb):
                    return action
        return rng.choice(actions)

    return choose


def nonsense(space: gym.Space, seed: int) -> Policy:
    """Give commands that mean nothing: odd texts in text worlds, corners of the space and far beyond it elsewhere."""
    texts = (NONSENSE, "", " ", "look\x00", "go to", "Look", "open open open", "take the money", "é" * 100)
    rng = Random(seed)
    if is_text(space):
        return lambda info, obs: rng.choice(texts)
    if lists_actions(space):
        return lambda info, obs: rng.randrange(int(space.n))  # type: ignore[attr-defined]
    sizes = (1.0, 1e3, 1e30)
    return lambda info, obs: np.array([rng.choice((-1, 1)) * rng.choice(sizes) for _ in range(space.shape[0])])  # type: ignore[index]


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
    if policy == "expert" and not lists_actions(env.action_space):
        choose = scripted_expert(env_id, obs, info)
    steps: list[Any] = []
    totals, terms = [], {name: [] for name in env.reward.bounds}
    over = truncated = False
    while not over:
        action, state = choose(info, obs), base.state
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


class Custom(Reward):
    """A reward made of a function, for breaking rules with."""

    id = "test/custom-v1"

    def __init__(self, pay: Callable[[Transition], Any], reads: tuple[str, ...] = ("action",)):
        self.function, self.reads = pay, frozenset(reads)  # type: ignore[misc]

    @property
    def bounds(self) -> Mapping[str, tuple[float, float]]:
        return {"a": (-1e9, 1e9), "b": (-1e9, 1e9)}

    def __call__(self, transition: Transition) -> Any:
        return self.function(transition)


def step_with(reward: Reward, vector: bool = False, env_id: str = ENV) -> None:
    """Pay one step of a real env by a reward."""
    if vector:
        many = SpecRewardVector(gym.make_vec(env_id, 2), reward)
        many.reset(seed=0)
        many.step(joined([fallback(many.single_action_space)] * 2))
    else:
        env = SpecReward(gym.make(env_id), reward)
        env.reset(seed=0)
        env.step(fallback(env.action_space))
