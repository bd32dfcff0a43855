"""Goal env observations as features: numbers of order one, the goal as what is left to do, pictures through a net."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from gymnasium.spaces import Box, Dict, Space
from stable_baselines3.common.preprocessing import is_image_space
from stable_baselines3.common.torch_layers import BaseFeaturesExtractor, CombinedExtractor

__all__ = ["GoalFeatures"]

FARTHEST = 10.0
"""Features are cut off here, so that a thing that flies away does not blow up a network."""


class GoalFeatures(BaseFeaturesExtractor):
    """Features of a `Dict` with observation (n,), achieved_goal (g,), desired_goal (g,) and any pictures.

    The features are (observation - middle) / spread and (desired_goal - achieved_goal) / reach, cut off at 10, and what
    Stable-Baselines3's convolutional net makes of the pictures. An env says the numbers in its metadata, under
    "observation_scale"; in metres and seconds the differences that matter are a few hundredths, and a network started
    at order one takes many times longer to tell them apart.

    Args:
        space: the observation space.
        middle, spread: typical value and typical deviation of each number of the observation, (n,).
        reach: typical distance of a goal.
    """

    middle: torch.Tensor
    spread: torch.Tensor

    def __init__(self, space: Dict, middle: Sequence[float], spread: Sequence[float], reach: float):
        size, goal = (int(space[key].shape[0]) for key in ("observation", "desired_goal"))  # type: ignore[index]
        if not len(middle) == len(spread) == size:
            raise ValueError(f"observations have {size} numbers; middle has {len(middle)}, spread {len(spread)}")
        pictures: dict[str, Space] = {
            key: box for key, box in space.spaces.items() if isinstance(box, Box) and is_image_space(box)
        }
        eyes = CombinedExtractor(Dict(pictures)) if pictures else None
        super().__init__(space, size + goal + (eyes.features_dim if eyes else 0))
        self.reach, self.pictures, self.eyes = reach, tuple(pictures), eyes
        self.register_buffer("middle", torch.tensor(middle, dtype=torch.float32))
        self.register_buffer("spread", torch.tensor(spread, dtype=torch.float32))

    def forward(self, observations: dict[str, torch.Tensor]) -> torch.Tensor:
        """Return the features (B, n + g + pictures')."""
        seen = (observations["observation"].float() - self.middle) / self.spread
        left = (observations["desired_goal"] - observations["achieved_goal"]).float() / self.reach
        parts = [seen.clamp(-FARTHEST, FARTHEST), left.clamp(-FARTHEST, FARTHEST)]
        if self.eyes is not None:
            parts.append(self.eyes({key: observations[key] for key in self.pictures}))
        return torch.cat(parts, dim=1)
