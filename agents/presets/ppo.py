"""ppo: MaskablePPO with settings for text worlds."""

from __future__ import annotations

from ..preset import PRESETS, Preset

__all__ = ["PPO"]

PPO = PRESETS.add(
    "ppo",
    Preset(
        name="ppo",
        algorithm="MaskablePPO",
        num_envs=128,
        hyper={
            "n_steps": 8,
            "batch_size": 256,
            "n_epochs": 3,
            "learning_rate": 2e-3,
            "gamma": 0.99,
            "gae_lambda": 0.95,
            "ent_coef": 0.01,
            "policy_kwargs": {"width": 32},
        },
        about="Proximal policy optimisation over the admissible actions (sb3-contrib's MaskablePPO).",
    ),
)
