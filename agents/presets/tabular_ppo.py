"""tabular-ppo: PPO with settings for numbered states and actions."""

from __future__ import annotations

from ..preset import PRESETS, Preset

__all__ = ["TABULAR_PPO"]

TABULAR_PPO = PRESETS.add(
    "tabular-ppo",
    Preset(
        name="tabular-ppo",
        algorithm="PPO",
        num_envs=64,
        hyper={
            "n_steps": 32,
            "batch_size": 256,
            "n_epochs": 4,
            "learning_rate": 2e-3,
            "gamma": 0.99,
            "gae_lambda": 0.95,
            "ent_coef": 0.01,
        },
        about="Proximal policy optimisation on one-hot states (Stable-Baselines3's PPO).",
    ),
)
