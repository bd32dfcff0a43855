"""Which policy suits an env, by kind; and policies as files."""

from __future__ import annotations

import importlib
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import gymnasium as gym
import torch
from gymnasium.vector import VectorEnv

from ...core.files import write_atomic
from ...core.names import check_name
from .base import Policy

__all__ = ["POLICY_KINDS", "load_weights", "make_policy", "save_weights"]

POLICY_KINDS: Mapping[str, str] = {
    "text": "text_policy:TextPolicy",
    "symbols": "symbol_policy:SymbolPolicy",
    "causal-lm": "causal_lm:CausalLmPolicy",
    "tabular": "tabular:TabularPolicy",
    "gaussian": "gaussian:GaussianPolicy",
}
"""Kinds of policies, by name: where each stands below this package."""


def make_policy(env: VectorEnv | gym.Env, seed: int, kind: str | None = None, **kwargs: Any) -> Policy:
    """Return a freshly initialised policy for an env.

    Args:
        env: what it is to act in; its spaces and metadata decide what is not said.
        seed: of the weights.
        kind: a name from `POLICY_KINDS`; None for "text" in text worlds, "tabular" where observations are numbered,
            "gaussian" where actions are real numbers.
        kwargs: for the policy.

    Raises:
        UnknownNameError: there is no such kind.
        ValueError: no kind suits the env.
    """
    space = getattr(env, "single_observation_space", env.observation_space)
    actions = getattr(env, "single_action_space", env.action_space)
    if kind is None:
        if isinstance(space, gym.spaces.Text):
            kind = "text"
        elif isinstance(space, gym.spaces.Discrete):
            kind = "tabular"
        elif isinstance(actions, gym.spaces.Box):
            kind = "gaussian"
        else:
            raise ValueError(f"no policy of our own suits the spaces {space} and {actions}: name a kind")
    cls = _class(kind)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return cls(**{**cls.settings_for(env), **kwargs})


def save_weights(policy: Policy, path: Path) -> None:
    """Write a policy to a file, whole or not at all."""
    kind = next(name for name, where in POLICY_KINDS.items() if where.endswith(f":{type(policy).__name__}"))
    data = io.BytesIO()
    torch.save({"kind": kind, "config": policy.config, "weights": policy.state_dict()}, data)
    write_atomic(path, data.getvalue())


def load_weights(path: Path, device: str = "cpu") -> Policy:
    """Return a policy that `save_weights` wrote. Only tensors and plain data are read, no code."""
    data = torch.load(path, map_location=device, weights_only=True)
    policy = _class(data["kind"])(**data["config"])
    policy.load_state_dict(data["weights"])
    return policy.to(device)


def _class(kind: str) -> type[Policy]:
    module, _, name = POLICY_KINDS[check_name("kind of policy", kind, POLICY_KINDS)].partition(":")
    return getattr(importlib.import_module(f".{module}", __package__), name)
