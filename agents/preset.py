"""What a named agent is: an algorithm of Stable-Baselines3 or sb3-contrib, and its settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..core.registry import Registry

__all__ = ["PRESETS", "Preset"]


@dataclass(frozen=True)
class Preset:
    """An algorithm and its settings.

    Attributes:
        name: under which it is known.
        algorithm: class name in `stable_baselines3` or `sb3_contrib`.
        num_envs: how many envs are stepped at once.
        hyper: keyword arguments of the algorithm.
        about: one sentence for lists.
    """

    name: str
    algorithm: str
    num_envs: int
    hyper: Mapping[str, Any] = field(default_factory=dict)
    about: str = ""


PRESETS: Registry[Preset] = Registry("agent", "guerdon.agents.presets")
"""All named agents, found by importing the modules of `guerdon.agents.presets`."""
