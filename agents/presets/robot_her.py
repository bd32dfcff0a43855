"""robot-her: SAC with hindsight experience replay, for goal envs with a sparse reward."""

from __future__ import annotations

from ..preset import PRESETS, Preset
from .robot_sac import ROBOT_SAC

__all__ = ["ROBOT_HER"]

ROBOT_HER = PRESETS.add(
    "robot-her",
    Preset(
        name="robot-her",
        algorithm="SAC",
        num_envs=16,
        hyper={
            **ROBOT_SAC.hyper,
            "learning_starts": 2000,
            "replay_buffer_class": "HerReplayBuffer",
            "replay_buffer_kwargs": {"n_sampled_goal": 4, "goal_selection_strategy": "future", "copy_info_dict": True},
        },
        about="SAC that also learns from the goals it happened to reach (HER, Andrychowicz et al., 2017).",
    ),
)
