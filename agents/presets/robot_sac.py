"""robot-sac: SAC with settings for manipulation envs."""

from __future__ import annotations

from ..preset import PRESETS, Preset

__all__ = ["ROBOT_SAC"]

ROBOT_SAC = PRESETS.add(
    "robot-sac",
    Preset(
        name="robot-sac",
        algorithm="SAC",
        num_envs=16,
        hyper={
            "learning_rate": 1e-3,
            "batch_size": 256,
            "gamma": 0.95,
            "tau": 0.005,
            "train_freq": 1,
            "gradient_steps": 8,
            "learning_starts": 500,
            "ent_coef": "auto_0.1",
            "buffer_size": 200_000,
        },
        about="Soft actor-critic for robots: few steps, much computing (Stable-Baselines3's SAC).",
    ),
)
