"""Rewards: values with an id and a version, apart from env and agent. One file a reward; found by discovery."""

from .base import REWARDS, Reward, register
from .expression import make_reward

__all__ = ["REWARDS", "Reward", "make_reward", "register"]
