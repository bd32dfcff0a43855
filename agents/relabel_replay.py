"""Replay buffers that pay a reward which learns when a batch is drawn, not when the step was taken."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import gymnasium as gym
import numpy as np
import torch
from stable_baselines3.common.buffers import DictReplayBuffer, ReplayBuffer

from ..core.transition import Transition
from ..reward_models import Reward
from ..reward_models.composition import Scaled, Sum
from ..reward_models.learned.online import OnlineReward
from ..wrappers.text_encoder import TextSpace
from .sb3_env import Sb3VecEnv

__all__ = ["DictRelabelReplay", "RelabelReplay", "learning_parts", "replay_class", "watch"]


def learning_parts(reward: Reward, factor: float = 1.0) -> list[tuple[float, OnlineReward]]:
    """Return the parts of a reward that learn, each with what it is multiplied by in the total.

    Raises:
        ValueError: one is where its share of the total cannot be told apart, in a product for one.
    """
    if not reward.learns:
        return []
    if isinstance(reward, OnlineReward):
        return [(factor, reward)]
    if isinstance(reward, Scaled):
        return learning_parts(reward.reward, factor * reward.factor)
    if isinstance(reward, Sum):
        return [one for part in reward.rewards for one in learning_parts(part, factor)]
    raise ValueError(
        f"{reward.id} learns but is no sum of rewards, so a replay buffer cannot pay it anew; use an on-policy agent"
    )


class _Relabels(ReplayBuffer):
    """What both buffers have in common: of each step only what does not learn is stored; the rest is paid when drawn.

    The parts that learn are the very objects in the env (they are pickled together), so what is drawn is paid by what
    they know at that moment.
    """

    parts: list[tuple[float, OnlineReward]]

    def add(self, *args: Any, **kwargs: Any) -> None:
        """Store steps."""
        place = self.pos
        super().add(*args, **kwargs)
        self._store_fixed(place)

    def _get_samples(self, batch_inds: np.ndarray, env: Any = None) -> Any:
        samples = super()._get_samples(batch_inds, env)
        return samples._replace(rewards=self._paid(samples))

    def _store_fixed(self, place: int) -> None:
        """Take out of the rewards just stored what the learning parts paid."""
        for factor, part in getattr(self, "parts", []):
            self.rewards[place] -= factor * part.last

    def _paid(self, samples: Any) -> torch.Tensor:
        """Return rewards (N, 1) of drawn samples: what was stored, and what the learning parts pay."""
        size = len(samples.rewards)
        nothing = np.zeros(size, dtype=bool)
        transition = Transition(
            obs=self._plain(samples.observations),
            action=self._acted(samples.actions),
            next_obs=self._plain(samples.next_observations),
            terminated=samples.dones.cpu().numpy().reshape(-1) > 0.5,  # time limits are not among them
            truncated=nothing,
            success=nothing,
            rows=np.arange(size),
        )
        paid = np.zeros(size)
        for factor, part in getattr(self, "parts", []):
            paid += factor * part.repay(transition.only(part.reads, part.id))
        return (
            samples.rewards + torch.as_tensor(paid, dtype=samples.rewards.dtype, device=samples.rewards.device)[:, None]
        )

    def _plain(self, obs: Any) -> Any:
        if isinstance(obs, Mapping):
            return {key: value.cpu().numpy() for key, value in obs.items()}
        values = obs.cpu().numpy()
        return values.reshape(-1).astype(int) if isinstance(self.observation_space, gym.spaces.Discrete) else values

    def _acted(self, actions: torch.Tensor) -> np.ndarray:
        """Return actions as the env took them; the library stores them scaled to [-1, 1]."""
        values, space = actions.cpu().numpy(), self.action_space
        if isinstance(space, gym.spaces.Box):
            return space.low + 0.5 * (values + 1.0) * (space.high - space.low)
        return values.reshape(-1).astype(int)


class RelabelReplay(_Relabels):
    """A buffer of array or numbered observations; see `watch`."""


class DictRelabelReplay(_Relabels, DictReplayBuffer):
    """A buffer of dict observations; see `watch`."""


def replay_class(reward: Reward, env: Sb3VecEnv, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return {"replay_buffer_class": ...} for a reward that learns, {} if the usual buffer does.

    In text worlds, and for rewards that depend on the episode (counts, episodic bonuses), the usual buffer is kept: its
    batches hold what was paid when the steps were taken.

    Raises:
        ValueError: the settings ask for another buffer, or the reward cannot be split; see `learning_parts`.
    """
    if not reward.learns or isinstance(env.observation_space, TextSpace):
        return {}
    parts = [part for _, part in learning_parts(reward)]
    if not all(_stateless(part) for part in parts):
        return {}
    for key, usual in (("replay_buffer_class", None), ("n_steps", 1), ("optimize_memory_usage", False)):
        if settings.get(key, usual) != usual:
            raise ValueError(
                f"{reward.id} learns, so its batches are paid anew; {key}={settings[key]!r} does not allow it"
            )
    is_dict = isinstance(env.observation_space, gym.spaces.Dict)
    return {"replay_buffer_class": DictRelabelReplay if is_dict else RelabelReplay}


def _stateless(part: OnlineReward) -> bool:
    return part.repays and part.reads <= {"obs", "action", "outcome"}


def watch(buffer: Any, reward: Reward) -> None:
    """Tell a buffer whose steps are to be paid anew which reward pays them; others are left alone.

    It is told afterwards, and not by an argument: arguments are stored with the policy.
    """
    if isinstance(buffer, _Relabels):
        buffer.parts = learning_parts(reward)
