"""The discount that a reward was made for and the one that an agent has."""

from __future__ import annotations

from ..reward_models import Reward

__all__ = ["check_gamma"]


def check_gamma(reward: Reward, gamma: float) -> None:
    """Raise `ValueError` if the reward's potential was made for another discount than the agent's."""
    if reward.gamma is not None and abs(reward.gamma - gamma) > 1e-9:
        raise ValueError(
            f"{reward.id} was made for gamma={reward.gamma:g}, but the agent discounts by {gamma:g}: the shaping would "
            f"change which policy is best. Give both the same gamma, or leave the reward's out."
        )
