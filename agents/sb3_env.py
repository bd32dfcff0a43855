"""Any Gymnasium vector env as a Stable-Baselines3 VecEnv, without losing the last observation of an episode."""

from __future__ import annotations

from typing import Any

import numpy as np
from gymnasium.vector import AutoresetMode, VectorEnv
from stable_baselines3.common.vec_env import VecEnv

from .episode_sums import EpisodeSums

__all__ = ["Sb3VecEnv"]


class Sb3VecEnv(VecEnv):
    """Adapter: steps the vector env, resets what has ended, and says so the way SB3 expects.

    An ended row's info has `terminal_observation`, `TimeLimit.truncated` (SB3 then bootstraps) and `episode` with
    the return `r` and the length `l`. Other info: `is_success`, `objective`, and at the end of an episode the sums
    of its reward terms in `terms` and of the env's own reward in `reward_env`.

    Args:
        env: a vector env whose autoreset mode is DISABLED.
    """

    def __init__(self, env: VectorEnv):
        if env.metadata.get("autoreset_mode") != AutoresetMode.DISABLED:
            raise ValueError(
                "Sb3VecEnv resets ended episodes itself: make the vector env with autoreset_mode='Disabled'"
            )
        self.env = env
        super().__init__(env.num_envs, env.single_observation_space, env.single_action_space)
        self._actions: Any = None
        self._sums = EpisodeSums(self.num_envs)

    def reset(self) -> Any:
        """Reset all envs; the seeds set by `seed` are used once."""
        seeds = self._seeds
        obs, info = self.env.reset(seed=None if all(s is None for s in seeds) else list(seeds))  # type: ignore[arg-type]
        self._reset_seeds()
        self._sums.begin(np.ones(self.num_envs, dtype=bool), info)
        return obs

    def step_async(self, actions: np.ndarray) -> None:
        """Keep the actions for `step_wait`."""
        self._actions = actions

    def step_wait(self) -> tuple[Any, np.ndarray, np.ndarray, list[dict[str, Any]]]:
        """Step all envs and reset those that have ended."""
        obs, rewards, terminated, truncated, info = self.env.step(self._actions)
        done = terminated | truncated
        self._sums.add(rewards, info)
        settled = info.get("settled")  # for hindsight replay
        infos: list[dict[str, Any]] = [{} if settled is None else {"settled": settled[i]} for i in range(self.num_envs)]
        if done.any():
            last = obs
            for row in np.flatnonzero(done).tolist():
                infos[row] |= self._ended(row, last, info, bool(truncated[row] and not terminated[row]))
            obs, fresh = self.env.reset(options={"reset_mask": done})
            self._sums.begin(done, fresh)
        return obs, rewards.astype(np.float32), done, infos

    def _ended(self, row: int, obs: Any, info: dict[str, Any], cut: bool) -> dict[str, Any]:
        return {
            "terminal_observation": _row(obs, row),
            "TimeLimit.truncated": cut,
            **self._sums.ended(row, info),
        }

    def close(self) -> None:
        """Close the vector env."""
        self.env.close()

    def get_attr(self, attr_name: str, indices: Any = None) -> list[Any]:
        """Return an attribute of the vector env (or of a wrapper around it), once for each row asked for."""
        return [self._find(attr_name)] * len(list(self._get_indices(indices)))

    def set_attr(self, attr_name: str, value: Any, indices: Any = None) -> None:
        """Set an attribute on the outermost vector env."""
        setattr(self.env, attr_name, value)

    def env_method(self, method_name: str, *args: Any, indices: Any = None, **kwargs: Any) -> list[Any]:
        """Call a method that returns a batch, and hand out its rows; all of it where the batch is of steps."""
        batch = self._find(method_name)(*args, **kwargs)
        if method_name == "compute_reward":
            return [batch for _ in self._get_indices(indices)]
        return [batch[row] for row in self._get_indices(indices)]

    def env_is_wrapped(self, wrapper_class: Any, indices: Any = None) -> list[bool]:
        """Return, for each row asked for, whether the vector env is wrapped by the class."""
        env, found = self.env, False
        while env is not None:
            found = found or isinstance(env, wrapper_class)
            env = getattr(env, "env", None)
        return [found] * len(list(self._get_indices(indices)))

    def _find(self, name: str) -> Any:
        env: Any = self.env
        while not hasattr(env, name):
            if not hasattr(env, "env"):
                raise AttributeError(f"neither {self.env} nor what it wraps has {name!r}")
            env = env.env
        return getattr(env, name)


def _row(obs: Any, row: int) -> Any:
    if isinstance(obs, dict):
        return {key: value[row] for key, value in obs.items()}
    return obs[row]
