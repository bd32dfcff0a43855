"""padtrap: steps replaced, left out or swapped; without its style an episode has no padding."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ....core.trajectory import Step
from ..redoing import other_action, premature_end, swapped_steps
from ..world import World, register_world

__all__ = ["PADTRAP"]

PAD = 1


def _unpadded(steps: Sequence[Step], rng: np.random.Generator) -> list[Any]:
    return [step.action for step in steps if int(step.action) != PAD]


PADTRAP = register_world(
    World(
        "padtrap",
        ("PadTrap-v0",),
        breaking={
            "padding for progress": other_action(lambda taken, other: int(other) == PAD),
            "premature answer": premature_end,
            "swapped steps": swapped_steps,
        },
        plain=_unpadded,
    )
)
