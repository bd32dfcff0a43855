"""Any Stable-Baselines3 or sb3-contrib algorithm, by name, on any env of the suite under any reward."""

from __future__ import annotations

import io
import pickle
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium.vector import VectorEnv
from stable_baselines3 import HerReplayBuffer
from stable_baselines3.common.base_class import BaseAlgorithm
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.off_policy_algorithm import OffPolicyAlgorithm
from stable_baselines3.common.on_policy_algorithm import OnPolicyAlgorithm
from stable_baselines3.common.type_aliases import TrainFreq, TrainFrequencyUnit

from ..core.random import derive_seed
from ..reward_models import Reward
from ..wrappers.spec_reward import SpecRewardVector
from ..wrappers.text_encoder import EncodeTextVector
from .discount import check_gamma
from .relabel_replay import replay_class, watch
from .sb3_actor import Sb3Actor
from .sb3_env import Sb3VecEnv
from .sb3_settings import SCORING, algorithm_of, check_settings, find_preset, policy_and_settings
from .torch_random import random_state, set_random_state

__all__ = ["WEIGHTS", "Sb3Learner", "load_policy"]

WEIGHTS = "policy.zip"
"""The file of a trained policy of Stable-Baselines3."""


class Sb3Learner:
    """One algorithm learning in one env under one reward.

    Args:
        agent: a named agent ("ppo") or an algorithm's name.
        env_id, env_kwargs: the env.
        reward: what the agent is paid. A reward made for a discount that is not the agent's is refused.
        seed: seeds the policy and the envs.
        hyper: settings that override the preset's; `num_envs` among them.
    """

    def __init__(
        self,
        agent: str,
        env_id: str,
        env_kwargs: Mapping[str, Any],
        reward: Reward,
        seed: int,
        hyper: Mapping[str, Any] | None = None,
        device: str = "auto",
    ):
        check_settings(agent, hyper or {})
        own, algorithm = dict(hyper or {}), algorithm_of(agent)
        num_envs = int(own.pop("num_envs", find_preset(agent).num_envs))
        self.reward = reward
        self.env = _training_env(env_id, env_kwargs, reward, num_envs, algorithm)
        policy, settings = policy_and_settings(agent, own, self.env)
        _check_hindsight(settings.get("replay_buffer_class"), reward, agent)
        if issubclass(algorithm, OffPolicyAlgorithm):
            settings |= replay_class(self.paying(), self.env, settings)
        try:
            self.model = algorithm(policy, self.env, seed=seed, device=device, **settings)
        except AssertionError as error:  # how the library says that a space or a setting does not fit
            raise ValueError(f"{algorithm.__name__} cannot learn in {env_id} with {own}: {error}") from error
        check_gamma(reward, float(getattr(self.model, "gamma", 0.99)))
        if isinstance(self.model, OffPolicyAlgorithm):
            watch(self.model.replay_buffer, self.paying())
        self.env.seed(derive_seed(seed, "train"))

    @property
    def steps_per_update(self) -> int:
        """Env steps between two policy updates; budgets are rounded up to a multiple of it."""
        if isinstance(self.model, OnPolicyAlgorithm):
            return self.model.n_steps * self.model.n_envs
        frequency = getattr(self.model, "train_freq", None)
        if isinstance(frequency, TrainFreq) and frequency.unit == TrainFrequencyUnit.STEP:
            return self.model.n_envs * frequency.frequency
        return self.model.n_envs

    @property
    def steps(self) -> int:
        """Env steps taken so far."""
        return self.model.num_timesteps

    def paying(self) -> Reward:
        """Return the reward that pays in the training env, with what it has learned there."""
        return self.env.get_attr("reward")[0]

    def learn(self, steps: int, on_episode: Callable[[dict[str, Any]], None], budget: int | None = None) -> None:
        """Train for at least `steps` more env steps; `on_episode` gets the info of each finished episode.

        Exploration that dies away does so over `budget` steps, all that are ever taken, or else over this call.
        """
        fresh = self.model.num_timesteps == 0
        self.model.learn(steps, callback=_Episodes(on_episode, budget), reset_num_timesteps=fresh)

    def checkpoint(self) -> bytes:
        """Return everything that going on depends on: weights, optimiser, envs, memories, random generators."""
        model = io.BytesIO()
        self.model.save(model)
        replay = self.model.replay_buffer if isinstance(self.model, OffPolicyAlgorithm) else None
        return pickle.dumps(
            {
                "model": model.getvalue(),
                "env": self.env,
                "replay": replay,
                "actions": self.model.action_space,  # draws random actions; loading a model seeds it anew
                "torch": random_state(self.model.device),
                "numpy": np.random.get_state(),  # noqa: NPY002 - SB3 draws from the global generator
            }
        )

    def resume(self, checkpoint: bytes) -> None:
        """Go on from a checkpoint that this project wrote; pickles from elsewhere are not safe to load."""
        data = pickle.loads(checkpoint)
        self.env = data["env"]
        self.model = type(self.model).load(
            io.BytesIO(data["model"]), env=self.env, device=self.model.device, force_reset=False
        )
        if isinstance(self.model, OffPolicyAlgorithm):
            self.model.replay_buffer = data["replay"]
            if isinstance(data["replay"], HerReplayBuffer):
                data["replay"].set_env(self.env)
        self.model.action_space = data["actions"]
        set_random_state(self.model.device, data["torch"])
        np.random.set_state(data["numpy"])  # noqa: NPY002

    def save(self, folder: Path) -> None:
        """Write the policy into a run's folder of checkpoints."""
        self.model.save(folder / WEIGHTS)

    def actor(self) -> Sb3Actor:
        """Return the current policy as an actor."""
        return Sb3Actor(self.model)


def load_policy(agent: str, folder: Path) -> Sb3Actor:
    """Return the policy that `Sb3Learner.save` wrote into a run's folder of checkpoints."""
    return Sb3Actor(algorithm_of(agent).load(folder / WEIGHTS, device="auto"))


class _Episodes(BaseCallback):
    """Hands the info of each finished episode on, with the step at which it ended."""

    def __init__(self, on_episode: Callable[[dict[str, Any]], None], budget: int | None = None):
        super().__init__()
        self._on_episode, self._budget = on_episode, budget

    def _on_training_start(self) -> None:
        if self._budget is not None:
            self.model._total_timesteps = self._budget

    def _on_step(self) -> bool:
        for info in self.locals["infos"]:
            if "episode" in info:
                self._on_episode({**info, "step": self.num_timesteps})
        return True


def _training_env(
    env_id: str, env_kwargs: Mapping[str, Any], reward: Reward, num_envs: int, algorithm: type[BaseAlgorithm]
) -> Sb3VecEnv:
    env: VectorEnv = gym.make_vec(env_id, num_envs=num_envs, autoreset_mode="Disabled", **env_kwargs)
    env = SpecRewardVector(env, reward)
    if isinstance(env.single_observation_space, gym.spaces.Text):
        env = EncodeTextVector(env, on_invalid="error" if algorithm.__name__ in SCORING else "nothing")
    return Sb3VecEnv(env)


def _check_hindsight(buffer: Any, reward: Reward, agent: str) -> None:
    """Refuse hindsight replay under a reward that is no function of the outcome, because goals are all it can swap."""
    if buffer is HerReplayBuffer and reward.reads != {"outcome"}:
        raise ValueError(
            f"agent {agent!r} replays episodes with other goals, for which only the outcome is known; {reward.id} "
            f"reads {', '.join(sorted(reward.reads))}. Use one that reads only the outcome, such as "
            "manipulation/sparse-v1"
        )
