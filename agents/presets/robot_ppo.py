"""robot-ppo: PPO with settings for manipulation envs on the batch env."""

from __future__ import annotations

from ..preset import PRESETS, Preset

__all__ = ["ROBOT_PPO"]

ROBOT_PPO = PRESETS.add(
    "robot-ppo",
    Preset(
        name="robot-ppo",
        algorithm="PPO",
        num_envs=64,
        hyper={
            "n_steps": 64,
            "batch_size": 512,
            "n_epochs": 8,
            "learning_rate": 3e-4,
            "gamma": 0.95,
            "gae_lambda": 0.95,
            "policy_kwargs": {"log_std_init": -0.7},
        },
        about="Proximal policy optimisation for robots, on many simulations at once (Stable-Baselines3's PPO).",
    ),
)
