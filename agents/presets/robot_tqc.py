"""robot-tqc: TQC with hindsight experience replay, for goal envs with a sparse reward."""

from __future__ import annotations

from ..preset import PRESETS, Preset
from .robot_her import ROBOT_HER

__all__ = ["ROBOT_TQC"]

ROBOT_TQC = PRESETS.add(
    "robot-tqc",
    Preset(
        name="robot-tqc",
        algorithm="TQC",
        num_envs=16,
        hyper=dict(ROBOT_HER.hyper),
        about="Truncated quantile critics (Kuznetsov et al., 2020) with hindsight replay (sb3-contrib's TQC).",
    ),
)
