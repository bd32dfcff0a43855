"""A Gaussian policy for robots: actions are real numbers, observations arrays that stay arrays all the way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import gymnasium as gym
import numpy as np
import torch
from gymnasium.vector import VectorEnv
from torch import nn

from ...core.trajectory import Step
from .array_reader import ArrayReader
from .base import Decision, Evaluation, Policy

__all__ = ["GaussianPolicy"]

LOG_TAU = float(np.log(2.0 * np.pi))


class _Pack(NamedTuple):
    """N steps on the policy's device: features (N, D) and actions (N, A)."""

    features: torch.Tensor
    actions: torch.Tensor


class GaussianPolicy(Policy):
    """Draws each number of the action from a normal distribution of its own, and values the situation.

        a = mean(x) + exp(log_std) * e,  e ~ N(0, 1)
        log pi(a) = sum_i -(a_i - mean_i)^2 / (2 std_i^2) - log std_i - log(2 pi) / 2

    The mean depends on the situation and the deviations do not, as in PPO (Schulman et al., 2017). The choice is `a` as
    it was drawn, in units in which the range of the action space is [-1, 1]; the env gets `a` cut off there and scaled.
    So the log-probability is that of what was drawn, and the cut is part of the world.

    Mean and value have trunks of their own, of two hidden layers each. Their first layers, which read the same, are
    computed as one: at this size calling an operation costs as much as what it multiplies.

    Args:
        observation_size: numbers of an observation, D_o; with a goal, of its "observation" part.
        action_size: numbers of an action.
        goal_size: numbers of a goal; 0 if observations are plain arrays.
        middle, spread, reach: typical values of the observation, see `ArrayReader`; None where they are about 0 and 1.
        low, high: range of the action space, one number or one for each of the action's.
        width: of hidden layers.
        log_std: logarithm of the deviations at first.
    """

    def __init__(
        self,
        observation_size: int,
        action_size: int,
        goal_size: int = 0,
        middle: Sequence[float] | None = None,
        spread: Sequence[float] | None = None,
        reach: float = 1.0,
        low: float | Sequence[float] = -1.0,
        high: float | Sequence[float] = 1.0,
        width: int = 64,
        log_std: float = -0.7,
    ):
        super().__init__()
        self._config: dict[str, Any] = {
            "observation_size": observation_size,
            "action_size": action_size,
            "goal_size": goal_size,
            "middle": None if middle is None else list(middle),
            "spread": None if spread is None else list(spread),
            "reach": reach,
            "low": low,
            "high": high,
            "width": width,
            "log_std": log_std,
        }
        self.action_size, self.width = action_size, width
        bounds = (np.broadcast_to(np.asarray(one, np.float32), (action_size,)) for one in (low, high))
        self._low, self._high = bounds
        if not (np.isfinite(self._low).all() and np.isfinite(self._high).all() and (self._low < self._high).all()):
            raise ValueError(f"actions between {low} and {high}: a Gaussian policy needs a finite range to scale to")
        size = observation_size + goal_size
        self.first = nn.Linear(size, 2 * width)  # both trunks side by side
        self.mean_hidden, self.value_hidden = nn.Linear(width, width), nn.Linear(width, width)
        self.mean, self.value = nn.Linear(width, action_size), nn.Linear(width, 1)
        gains = {
            self.first: 2**0.5,
            self.mean_hidden: 2**0.5,
            self.value_hidden: 2**0.5,
            self.mean: 0.01,
            self.value: 1.0,
        }
        for layer, gain in gains.items():  # as in PPO: orthogonal, and actions of about zero at first
            for part in layer.weight.split(width):
                nn.init.orthogonal_(part, gain)
            nn.init.zeros_(layer.bias)
        self.log_std = nn.Parameter(torch.full((action_size,), float(log_std)))

    @classmethod
    def settings_for(cls, env: VectorEnv | gym.Env) -> dict[str, Any]:
        """Return the arguments that an env decides.

        Raises:
            ValueError: its actions are not numbers in a range, or its observations not numbers.
        """
        space = getattr(env, "single_observation_space", env.observation_space)
        actions = getattr(env, "single_action_space", env.action_space)
        if not isinstance(actions, gym.spaces.Box) or len(actions.shape) != 1:
            raise ValueError(f"a Gaussian policy takes actions that are one row of numbers, not {actions}")
        found: dict[str, Any] = {
            "action_size": int(actions.shape[0]),
            "low": actions.low.tolist(),
            "high": actions.high.tolist(),
        }
        if isinstance(space, gym.spaces.Box) and len(space.shape) == 1:
            return {**found, "observation_size": int(space.shape[0])}
        parts = space.spaces if isinstance(space, gym.spaces.Dict) else {}
        if set(parts) != {"observation", "achieved_goal", "desired_goal"}:
            raise ValueError(f"a Gaussian policy reads one row of numbers, or a goal env's three, not {space}")
        sizes = {key: int((part.shape or (0,))[0]) for key, part in parts.items()}
        scale = env.metadata.get("observation_scale") or {}
        return {**found, "observation_size": sizes["observation"], "goal_size": sizes["desired_goal"], **scale}

    @property
    def config(self) -> dict[str, Any]:
        """The arguments of the constructor."""
        return dict(self._config)

    def reader(self, num_rows: int) -> ArrayReader:
        """Return a reader; it keeps no notes, so any number of slots is right."""
        kept = ("observation_size", "goal_size", "middle", "spread", "reach")
        return ArrayReader(**{key: self._config[key] for key in kept})

    @torch.no_grad()
    def decide(
        self,
        inputs: Sequence[np.ndarray] | np.ndarray,
        memory: Any,
        fresh: np.ndarray,
        generator: torch.Generator,
        greedy: bool = False,
        forced: Sequence[np.ndarray] | None = None,
    ) -> Decision:
        """Draw an action in each of B situations; see `Policy.decide`. `inputs` may be one array (B, D)."""
        mean, value = self(self._stack(inputs))
        if forced is not None:
            drawn = self._stack(forced)
        elif greedy:
            drawn = mean
        else:
            noise = torch.randn(mean.shape, generator=generator, device=mean.device)
            drawn = mean + self.log_std.exp() * noise
        logp = self._logp(mean, drawn).cpu().numpy()
        choices = drawn.cpu().numpy()
        scaled = (np.clip(choices, -1.0, 1.0) + 1.0) * 0.5 * (self._high - self._low) + self._low
        return Decision(list(scaled), list(choices), logp, value.cpu().numpy())

    def choice_of(self, inputs: Any, action: Any, tag: str = "") -> np.ndarray:
        """Return an action of the env in units of the range, (A,)."""
        action = np.asarray(action, np.float32)
        return ((action - self._low) / (self._high - self._low) * 2.0 - 1.0).astype(np.float32)

    def evaluate(self, segments: Sequence[Sequence[Step]]) -> Evaluation:
        """Return log-probability, entropy and value of the recorded choices; see `Policy.evaluate`."""
        return self.evaluate_pack(self.pack(segments))

    def pack(self, segments: Sequence[Sequence[Step]]) -> _Pack:
        """Return all steps as two tensors, once for all epochs."""
        steps = [step for segment in segments for step in segment]
        return _Pack(self._stack([step.inputs for step in steps]), self._stack([step.choice for step in steps]))

    def evaluate_pack(self, pack: _Pack, rows: np.ndarray | None = None) -> Evaluation:
        """Return what the policy says now of the steps `rows` of a pack; of all without `rows`."""
        features, actions = pack
        if rows is not None:
            index = torch.from_numpy(rows).to(features.device)
            features, actions = features[index], actions[index]
        mean, value = self(features)
        entropy = self.log_std.sum() + 0.5 * self.action_size * (1.0 + LOG_TAU)
        return Evaluation(self._logp(mean, actions), entropy.expand(len(mean)), value)

    def forward(self, features: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return means (B, A) and values (B,) of features (B, D)."""
        act, judge = torch.tanh(self.first(features)).split(self.width, dim=1)
        mean = self.mean(torch.tanh(self.mean_hidden(act)))
        return mean, self.value(torch.tanh(self.value_hidden(judge))).squeeze(1)

    def _logp(self, mean: torch.Tensor, drawn: torch.Tensor) -> torch.Tensor:
        away = (drawn - mean) * torch.exp(-self.log_std)
        return -0.5 * away.square().sum(1) - (self.log_std.sum() + 0.5 * self.action_size * LOG_TAU)

    def _stack(self, rows: Sequence[np.ndarray] | np.ndarray) -> torch.Tensor:
        """Return rows of numbers as one tensor (N, D) on the policy's device."""
        whole = rows if isinstance(rows, np.ndarray) else np.concatenate(rows).reshape(len(rows), -1)
        return torch.from_numpy(whole).to(self.device, non_blocking=True)
