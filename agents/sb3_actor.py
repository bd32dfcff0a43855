"""A trained Stable-Baselines3 policy as an actor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import gymnasium as gym
import numpy as np
import torch
from stable_baselines3.common.base_class import BaseAlgorithm

from ..wrappers.text_encoder import TextEncoder, TextSpace
from .actor import Actor
from .torch_random import isolated, random_state, set_random_state

__all__ = ["Sb3Actor"]


class Sb3Actor(Actor):
    """A trained SB3 policy; it samples its actions as in training, or takes the best one.

    The best one is taken if the algorithm learns values of actions, or if actions are continuous.

    Args:
        model: the algorithm, whose observation space says whether text has to be encoded.
        deterministic: take the likeliest action instead. A policy without memory can then run in circles.
    """

    def __init__(self, model: BaseAlgorithm, deterministic: bool = False):
        self.model, self.name = model, type(model).__name__
        # Noise in continuous actions is there for exploration; what is judged is the policy without it.
        continuous = isinstance(model.action_space, gym.spaces.Box)
        self.deterministic = deterministic or continuous or hasattr(model, "exploration_rate")
        self._state: Any = None  # of a recurrent policy
        self._encoder: TextEncoder | None = None
        self._last: list[str] = []
        self._generator: list[torch.Tensor] | None = None

    def seed(self, seed: int) -> None:
        """Start over with draws that depend on `seed` only; the training's own draws are not disturbed."""
        with isolated(self.model.device):
            torch.manual_seed(seed)
            self._generator = random_state(self.model.device)
        self._encoder = self._state = None

    def act(self, observations: Any, infos: Mapping[str, Any], fresh: np.ndarray) -> list[Any]:
        """Ask the policy; text is encoded first, and indices are translated into commands."""
        numbered = isinstance(self.model.observation_space, gym.spaces.Discrete)
        if numbered or "admissible_actions" not in infos:
            return list(self._predict(_stacked(observations), fresh))
        admissible = infos["admissible_actions"]
        size = len(observations)
        if self._encoder is None or len(self._last) != size:
            self._encoder, self._last = _encoder(self.model.observation_space, size), [""] * size
        for row in range(size):
            if fresh[row]:
                self._encoder.start(row, observations[row], admissible[row])
            else:
                self._encoder.step(row, self._last[row], observations[row], admissible[row])
        indices = self._predict(self._encoder.arrays, fresh)
        self._last = [
            actions[index] if index < len(actions) else "" for actions, index in zip(admissible, indices, strict=True)
        ]
        return list(self._last)

    def _predict(self, arrays: Any, fresh: np.ndarray) -> Any:
        keywords: dict[str, Any] = {
            "deterministic": self.deterministic,
            "state": self._state,
            "episode_start": np.asarray(fresh),
        }
        if hasattr(self.model.policy, "get_distribution") and "Maskable" in type(self.model).__name__:
            keywords["action_masks"] = arrays["mask"].astype(bool)
        with isolated(self.model.device):
            if self._generator is not None:
                set_random_state(self.model.device, self._generator)
            indices, self._state = self.model.predict(arrays, **keywords)  # type: ignore[arg-type]
            self._generator = random_state(self.model.device)
        found = np.asarray(indices)
        return found if found.dtype.kind == "f" else found.tolist()


def _encoder(space: gym.Space, num_rows: int) -> TextEncoder:
    """Return the encoder that fills a policy's observation space."""
    assert isinstance(space, gym.spaces.Dict)
    vocabulary = int(space["goal"].high.flat[0]) + 1  # type: ignore[attr-defined]
    most, words = space["mask"].shape[0], space["observation"].shape[0]  # type: ignore[index]
    # A saved policy whose space does not say is of the household.
    memory = space.memory if isinstance(space, TextSpace) else "household"
    return TextEncoder(num_rows, most, vocabulary, words, memory)


def _stacked(observations: Any) -> Any:
    """Return a batch of observations as arrays, from arrays or from a list of single ones."""
    if isinstance(observations, list) and isinstance(observations[0], dict):
        return {key: np.stack([one[key] for one in observations]) for key in observations[0]}
    return dict(observations) if isinstance(observations, Mapping) else np.asarray(observations)
