"""Playing the envs of the suite in a reproducible way, and saying whether two plays were the same.

As a script it prints the digests of fresh rollouts, so that two processes can be compared:
`python rollouts.py ENV_ID ...`.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import sys
from collections.abc import Mapping, Sequence
from enum import Enum
from random import Random
from typing import Any

import gymnasium as gym
import numpy as np

__all__ = [
    "NONSENSE",
    "Chooser",
    "assert_same",
    "begin",
    "carry",
    "digest",
    "fallback",
    "is_text",
    "joined",
    "lists_actions",
    "plain",
    "play",
    "rollout_digests",
    "wrong_actions",
]

NONSENSE = "dance with the fridge"
STEPS = 40


def is_text(space: gym.Space) -> bool:
    """Whether actions or observations of this space are text; the suite's others are numbers."""
    return isinstance(space, gym.spaces.Text)


def lists_actions(space: gym.Space) -> bool:
    """Whether an env with actions of this space lists in its info which of them are admissible, and ends on success."""
    return isinstance(space, gym.spaces.Text | gym.spaces.Discrete)


def fallback(space: gym.Space) -> Any:
    """Return an action that no env refuses and that ends no episode: nonsense to a text world, zeros to others."""
    return NONSENSE if is_text(space) else np.zeros_like(space.sample())


def wrong_actions(space: gym.Space) -> list[tuple[Any, type[Exception]]]:
    """Return things that are no action of this space, each with its error."""
    if is_text(space):
        return [(3, TypeError), (None, TypeError), (["look"], TypeError)]
    if isinstance(space, gym.spaces.Discrete):
        whole = (-1, int(space.n), 10**9)
        return [*((one, TypeError) for one in ("look", None, 0.0, [0], {})), *((one, ValueError) for one in whole)]
    shape = space.shape or (0,)
    kinds: tuple[Any, ...] = ("look", None, {}, ["look"] * 4, [None] * 4, [[0.0], [0.0, 0.0]], np.zeros(shape, complex))
    shapes: tuple[Any, ...] = (3.0, [], np.zeros(shape[0] - 1), np.zeros(shape[0] + 1), np.zeros((1, *shape)))
    numbers = [np.full(shape, bad) for bad in (np.nan, np.inf, -np.inf)] + [np.array([0.0] * (shape[0] - 1) + [np.nan])]
    return [*((one, TypeError) for one in kinds), *((one, ValueError) for one in (*shapes, *numbers))]


def joined(actions: Sequence[Any]) -> Any:
    """Return actions as a vector env takes them."""
    return list(actions) if isinstance(actions[0], str) else np.stack(actions)


def carry(observation: Mapping[str, np.ndarray]) -> np.ndarray:
    """Return an expert's action for an arm with a gripper: fetch the thing, if any, and take it to its place."""
    seen = observation["observation"]
    to_thing, touches = seen[21:24], seen[30:32]
    to_place = observation["desired_goal"] - observation["achieved_goal"]
    if touches.all() or not to_thing.any():
        way, hand = to_place, -1.0
    elif np.hypot(to_thing[0], to_thing[1]) > 0.015:
        way, hand = np.add(to_thing, (0.0, 0.0, 0.08)), 1.0
    else:
        way, hand = to_thing, 1.0 if to_thing[2] < -0.012 else -1.0
    return np.clip([*(10.0 * way), hand], -1.0, 1.0).astype(np.float32)


class Chooser:
    """A policy for any env: now and then the expert's action, now and then nonsense, otherwise a legal action.

    The expert is the one in the info, where there is one; `carry` for an arm, if it is handed the observation.

    Args:
        seed: two choosers of one seed choose alike when they see alike.
        space: where actions come from in envs that do not list admissible ones.
        expert: how often to follow the expert, where there is one.
        nonsense: how often to give a command that means nothing, in envs that list admissible ones.
    """

    def __init__(self, seed: int, space: gym.Space, expert: float = 0.5, nonsense: float = 0.1):
        self.rng, self.space, self.expert, self.nonsense = Random(seed), space, expert, nonsense

    def __call__(self, info: Mapping[str, Any], obs: Any = None) -> Any:
        draw = self.rng.random()
        if not lists_actions(self.space):
            if draw < self.expert and isinstance(obs, Mapping) and self.space.shape == (4,):
                return carry(obs)
            self.space.seed(self.rng.getrandbits(31))
            return self.space.sample()
        if draw < self.expert and info.get("expert_action") is not None:
            return info["expert_action"]
        if draw > 1 - self.nonsense:
            return NONSENSE if is_text(self.space) else self.rng.randrange(int(self.space.n))  # type: ignore[attr-defined]
        actions = list(info["admissible_actions"])
        return self.rng.choice(actions) if actions else fallback(self.space)


def begin(env_id: str, seed: int = 0, unwrapped: bool = False, **kwargs: Any) -> tuple[gym.Env, dict[str, Any]]:
    """Return an env that has been reset, and its info."""
    env = gym.make(env_id, **kwargs)
    env = env.unwrapped if unwrapped else env
    return env, env.reset(seed=seed)[1]


def play(env: gym.Env, choose: Chooser, info: Mapping[str, Any], steps: int = STEPS) -> list[Any]:
    """Play `steps` steps on from where `env` stands, resetting without a seed at every end; return it all."""
    records, obs = [], None
    for _ in range(steps):
        action = choose(info, obs)
        obs, reward, terminated, truncated, info = env.step(action)
        records.append(plain([action, obs, reward, terminated, truncated, info]))
        if terminated or truncated:
            obs, info = env.reset()
            records.append(plain([obs, info]))
    return records


def plain(value: Any) -> Any:
    """Return `value` as JSON would give it back, floats and types included."""
    if isinstance(value, Enum):
        return [type(value).__name__, value.value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return [type(value).__name__, plain(dataclasses.asdict(value))]
    if isinstance(value, np.ndarray | np.generic):
        return [str(value.dtype), plain(value.tolist())]
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [plain(one) for one in value]
    if isinstance(value, float):
        return f"{value!r}"
    return value


def assert_same(one: Sequence[Any], two: Sequence[Any]) -> None:
    """Fail where two lists of records part, showing that record from the first differing character on."""
    __tracebackhide__ = True
    for number, (left, right) in enumerate(zip(one, two, strict=False)):
        if left != right:
            texts = json.dumps(left), json.dumps(right)
            pairs = enumerate(zip(*texts, strict=False))
            at = max(0, next((at for at, (a, b) in pairs if a != b), min(map(len, texts))) - 60)
            raise AssertionError(f"record {number} differs:\n  {texts[0][at : at + 300]}\n  {texts[1][at : at + 300]}")
    assert len(one) == len(two), f"{len(one)} records are not {len(two)}"


def digest(records: Any) -> str:
    """Return a hash that is equal only for equal records."""
    return hashlib.sha256(json.dumps(records, sort_keys=True).encode()).hexdigest()[:32]


def rollout_digests(env_id: str) -> dict[str, str]:
    """Return digests of two rollouts: one begun by a seed, one by naming a task."""
    env = gym.make(env_id)
    obs, info = env.reset(seed=11)
    task = info["task"]
    seeded = [plain([obs, info]), *play(env, Chooser(1, env.action_space), info)]
    obs, info = env.reset(seed=12, options={"task": task})
    pinned = [plain([obs, info]), *play(env, Chooser(2, env.action_space), info)]
    env.close()
    return {"seed": digest(seeded), "task": digest(pinned)}


if __name__ == "__main__":
    print(json.dumps({env_id: rollout_digests(env_id) for env_id in sys.argv[1:]}))
