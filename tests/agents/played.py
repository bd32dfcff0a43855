"""What the tests of our own policies share: small policies of every kind, and steps that they have played."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch

from guerdon.agents.policies.text_policy import TextPolicy
from guerdon.agents.samplers.player import Player
from guerdon.agents.samplers.segments import SegmentSampler
from guerdon.core.trajectory import Step
from guerdon.reward_models import make_reward

from .household import HOUSEHOLD, SMALL

__all__ = ["KINDS", "REWARD", "make_player", "make_text_policy", "mixed_script", "played_segments"]

KINDS: dict[str, dict[str, Any]] = {
    "feed-forward": {},
    "gru": {"memory": "gru"},
    "transformer": {"memory": "transformer"},
    "tags": {"tags": ("plan", "act")},
    "gru and tags": {"memory": "gru", "tags": ("plan", "act", "check")},
}
REWARD = "household/plan-distance-v1"


def make_text_policy(**kwargs: Any) -> TextPolicy:
    """Return a small policy whose scores and values are not zero, as they are at first."""
    torch.manual_seed(0)
    policy = TextPolicy(**{"text_memory": "household", "width": 8, **kwargs})
    for head in (policy.score, policy.value[-1]):
        torch.nn.init.normal_(head.get_parameter("weight"))
    return policy


def make_player(num_envs: int = 6, seed: int = 0, **kwargs: Any) -> Player:
    """Return slots of simple games with episodes of at most 9 steps."""
    return Player(HOUSEHOLD, {**SMALL, "max_episode_steps": 9, **kwargs}, make_reward(REWARD), num_envs, seed)


def mixed_script(
    observations: Sequence[Any], infos: Mapping[str, Any], fresh: np.ndarray
) -> tuple[list[Any], list[Any], list[str]]:
    """Let the expert play the even slots; the others read their inventory until the time is up."""
    wanted = [infos["expert_action"][row] if row % 2 == 0 else "inventory" for row in range(len(observations))]
    return wanted, wanted, [""] * len(wanted)


def played_segments(policy: TextPolicy, length: int = 13, num_envs: int = 6) -> list[list[Step]]:
    """Return whole episodes and parts that begin or end in the middle of one: two cuts of each slot."""
    sampler, generator = SegmentSampler(make_player(num_envs), length), torch.Generator().manual_seed(1)
    batches = [sampler.collect(policy, generator) for _ in range(2)]
    return [one.steps for batch in batches for one in batch.trajectories]
