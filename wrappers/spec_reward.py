"""Puts a reward, given by id, on an env: the same reward code for one env and for many."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium.utils import RecordConstructorArgs
from gymnasium.vector import AutoresetMode, VectorEnv, VectorWrapper

from ..core.transition import batch_of_one
from ..reward_models import Reward, make_reward
from .reward_meter import RewardMeter

__all__ = ["SpecReward", "SpecRewardVector"]

ONE = np.zeros(1, dtype=int)


class SpecReward(gym.Wrapper, RecordConstructorArgs):
    """Pays a reward of the suite in place of the env's own.

    Every step's info gains `reward_terms` ({term: float}, summing to the reward) and `reward_env` (what the env
    itself paid). The reward is handed only the fields that it declares in `reads`.

    Args:
        env: a single env of the suite.
        reward: an id, an expression or plain data (see `make_reward`), so that `env.spec.to_json()` keeps it.

    Raises:
        UnknownNameError: there is no such reward.
        RewardError: on a step for which the reward is NaN, infinite or of a wrong shape.
    """

    def __init__(self, env: gym.Env, reward: str | Mapping[str, Any] | Reward):
        self.reward = copy.deepcopy(make_reward(reward))  # each env has a memory of its own
        plain = reward.spec if isinstance(reward, Reward) else reward
        RecordConstructorArgs.__init__(self, reward=plain)
        gym.Wrapper.__init__(self, env)
        self._meter = RewardMeter(self.reward, env.unwrapped.metadata.get("text_info", ()))

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        """Reset the env and the reward."""
        obs, info = self.env.reset(seed=seed, options=options)
        self._meter.start(batch_of_one(obs), self._state(), _columns(info), ONE)
        info["reward_terms"] = dict.fromkeys(self._meter.names, 0.0)
        info["reward_env"] = 0.0
        return obs, info

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        """Step the env and pay the reward."""
        obs, own, terminated, truncated, info = self.env.step(action)
        ended, cut = np.array([terminated]), np.array([truncated])
        done, seen = batch_of_one(action), batch_of_one(obs)
        total, terms = self._meter.step(done, seen, self._state(), ended, cut, _columns(info), ONE)
        info["reward_terms"] = {name: float(value[0]) for name, value in terms.items()}
        info["reward_env"] = float(own)
        return obs, float(total[0]), terminated, truncated, info

    def _state(self) -> Any:
        if not self._meter.reads_state:
            return None
        state = self.env.unwrapped.state  # type: ignore[attr-defined]
        return type(state).stack([state])


class SpecRewardVector(VectorWrapper):
    """Pays a reward of the suite on a vector env; equal to `SpecReward` on each of its envs.

    Infos gain `reward_terms` (a dict of arrays (num_envs,)) and `reward_env`, with masks.

    Args:
        env: a vector env that resets on the next step or not by itself ("NextStep", "Disabled"). In the "SameStep"
            mode the last state of an episode is gone before it can be paid.
        reward: as in `SpecReward`.
    """

    def __init__(self, env: VectorEnv, reward: str | Mapping[str, Any] | Reward):
        super().__init__(env)
        mode = env.metadata.get("autoreset_mode")
        if mode not in (AutoresetMode.NEXT_STEP, AutoresetMode.DISABLED):
            raise ValueError(f"SpecRewardVector: the vector env's autoreset mode is {mode}, not NEXT_STEP or DISABLED")
        self.autoreset_mode = mode
        self.reward = copy.deepcopy(make_reward(reward))
        self._meter = RewardMeter(self.reward, env.unwrapped.metadata.get("text_info", ()))
        self._over = np.zeros(env.num_envs, dtype=bool)

    def reset(self, *, seed: Any = None, options: dict[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        """Reset the envs, or those of `options["reset_mask"]`, and the reward in the same slots."""
        mask = (options or {}).get("reset_mask")
        rows = np.arange(self.num_envs) if mask is None else np.flatnonzero(mask)
        obs, info = self.env.reset(seed=seed, options=options)
        self._meter.start(obs, self._state(), info, rows)
        self._over[rows] = False
        there = np.isin(np.arange(self.num_envs), rows)
        return obs, {**info, **self._info(np.zeros(self.num_envs), None, there)}

    def step(self, actions: Any) -> tuple[Any, np.ndarray, np.ndarray, np.ndarray, dict[str, Any]]:
        """Step the envs and pay the reward; a slot that is reset by this step is paid 0."""
        obs, own, terminated, truncated, info = self.env.step(actions)
        state = self._state()
        total, terms = self._meter.step(actions, obs, state, terminated, truncated, info, np.flatnonzero(~self._over))
        if self._over.any():
            self._meter.start(obs, state, info, np.flatnonzero(self._over))
        self._over = terminated | truncated
        return obs, total, terminated, truncated, {**info, **self._info(own, terms, np.ones(self.num_envs, dtype=bool))}

    def _info(self, own: np.ndarray, terms: dict[str, np.ndarray] | None, there: np.ndarray) -> dict[str, Any]:
        columns: dict[str, Any] = {}
        for name in self._meter.names:
            columns[name] = np.zeros(self.num_envs) if terms is None else terms[name]
            columns[f"_{name}"] = there.copy()
        return {
            "reward_terms": columns,
            "_reward_terms": there.copy(),
            "reward_env": np.asarray(own, dtype=float),
            "_reward_env": there.copy(),
        }

    def _state(self) -> Any:
        if not self._meter.reads_state:
            return None
        base = self.env.unwrapped
        if hasattr(base, "state"):
            return base.state  # type: ignore[attr-defined]
        states = base.get_attr("state")  # type: ignore[attr-defined]
        return type(states[0]).stack(states)


def _columns(info: Mapping[str, Any]) -> dict[str, list[Any]]:
    return {key: [value] for key, value in info.items()}
