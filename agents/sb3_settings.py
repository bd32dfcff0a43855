"""Which algorithm, policy and settings an agent's name means, for Stable-Baselines3 and sb3-contrib."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

import gymnasium as gym
from stable_baselines3 import HerReplayBuffer
from stable_baselines3.common import torch_layers
from stable_baselines3.common.base_class import BaseAlgorithm
from stable_baselines3.common.off_policy_algorithm import OffPolicyAlgorithm

from ..core.names import UnknownNameError, check_name
from .preset import PRESETS, Preset
from .sb3_env import Sb3VecEnv

__all__ = ["SCORING", "algorithm_of", "check_settings", "find_preset", "policy_and_settings"]

SCORING = ("MaskablePPO", "PPO", "A2C")
"""The algorithms whose policy scores the admissible actions of a text env and so never chooses another."""


CLASSES = {"HerReplayBuffer": HerReplayBuffer, "CombinedExtractor": torch_layers.CombinedExtractor}
"""Classes of the library that settings can name as text, as presets and command lines do."""


def _algorithms() -> dict[str, type[BaseAlgorithm]]:
    import sb3_contrib
    import stable_baselines3

    found = {}
    for module in (stable_baselines3, sb3_contrib):
        for name, thing in vars(module).items():
            if isinstance(thing, type) and issubclass(thing, BaseAlgorithm):
                found[name] = thing
    return found


def algorithm_of(agent: str) -> type[BaseAlgorithm]:
    """Return the class of the algorithm that an agent's name means."""
    return _algorithms()[find_preset(agent).algorithm]


def find_preset(agent: str) -> Preset:
    """Return the named agent, or a plain preset for an algorithm's own name ("A2C", "dqn").

    Raises:
        UnknownNameError: there is neither; the message names the nearest.
    """
    if agent in PRESETS:
        return PRESETS[agent]
    classes = {name.lower(): name for name in _algorithms()}
    if agent.lower() not in classes:
        raise UnknownNameError("agent", agent, {*PRESETS, *classes})
    algorithm = classes[agent.lower()]
    # The library's buffer of a million text observations would need 11 GB, in memory and in each checkpoint.
    hyper = {"buffer_size": 20_000} if issubclass(_algorithms()[algorithm], OffPolicyAlgorithm) else {}
    return Preset(agent, algorithm, num_envs=16, hyper=hyper)


def check_settings(agent: str, settings: Mapping[str, Any]) -> None:
    """Raise `UnknownNameError` if one of the settings is not the agent's to choose."""
    algorithm = find_preset(agent).algorithm
    taken = {"self", "policy", "env", "seed", "device", "_init_setup_model"}
    known = {"num_envs", *inspect.signature(_algorithms()[algorithm].__init__).parameters} - taken
    for key in settings:
        check_name(f"setting of {algorithm}", key, known, f"agent {agent!r}")


def policy_and_settings(agent: str, own: Mapping[str, Any], env: Sb3VecEnv) -> tuple[Any, dict[str, Any]]:
    """Return the policy and the keyword arguments to make an agent's algorithm with.

    Args:
        agent: the agent's name.
        own: settings that override the preset's.
        env: what it learns in.
    """
    preset, policy = find_preset(agent), _policy(algorithm_of(agent), env)
    settings = {key: _named(value) for key, value in {**preset.hyper, **own}.items()}
    # The library's own policies do not know the width of ours.
    kept = {key: value for key, value in preset.hyper.get("policy_kwargs", {}).items() if _knows(policy, key)}
    chosen = {**kept, **own.get("policy_kwargs", {})}
    features = {} if "features_extractor_class" in chosen else _features(env)
    settings["policy_kwargs"] = {key: _named(value) for key, value in {**features, **chosen}.items()}
    return policy, settings


def _named(value: Any) -> Any:
    return CLASSES.get(value, value) if isinstance(value, str) else value


def _features(env: Sb3VecEnv) -> dict[str, Any]:
    """Return what a policy has to know about the scale of a goal env's observations."""
    scale = env.env.metadata.get("observation_scale")
    if scale is None:
        return {}
    from .policies.goal_features import GoalFeatures

    return {"features_extractor_class": GoalFeatures, "features_extractor_kwargs": scale}


def _knows(policy: Any, setting: str) -> bool:
    return isinstance(policy, type) or setting != "width"


def _policy(algorithm: type[BaseAlgorithm], env: Sb3VecEnv) -> Any:
    """Return the policy class or name that suits the algorithm and the observations."""
    is_dict = isinstance(env.observation_space, gym.spaces.Dict)
    if is_dict and "mask" in env.observation_space.spaces and algorithm.__name__ in SCORING:  # type: ignore[attr-defined]
        from .policies.sb3_text import MaskableTextPolicy, TextPolicy

        return MaskableTextPolicy if "Maskable" in algorithm.__name__ else TextPolicy
    kind = "MultiInput" if is_dict else "Mlp"
    names = [name for name in algorithm.policy_aliases if name.startswith(kind)]
    if not names:
        raise ValueError(f"{algorithm.__name__} has no policy for such observations: {env.observation_space}")
    return names[0]
