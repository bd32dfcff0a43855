"""lineprog: lines written out, other words, blanks; other lines, lines left out, a submission too early."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from ....core.trajectory import Step, Trajectory
from ..redoing import dropped_step, other_action, premature_end, swapped_steps
from ..world import World, register_world, reworded

__all__ = ["LINEPROG"]

SHORT = re.compile(r"\b([wxyz]) ([-+*])= ")
SYNONYMS = {"Program:": "Code so far:", "Last:": "Previous:", "Steps left:": "Remaining steps:", "Examples:": "Tests:"}


def _written_out(trajectory: Trajectory, rng: np.random.Generator) -> Trajectory:
    """Write "x += y" as "x = x + y"."""
    return reworded(trajectory, lambda text: SHORT.sub(lambda m: f"{m[1]} = {m[1]} {m[2]} ", text))


def _synonyms(trajectory: Trajectory, rng: np.random.Generator) -> Trajectory:
    def say(text: str) -> str:
        for words, others in SYNONYMS.items():
            text = text.replace(words, others)
        return text

    return reworded(trajectory, say)


def _blanks(trajectory: Trajectory, rng: np.random.Generator) -> Trajectory:
    return reworded(trajectory, lambda text: text.replace("\n", "\n\n"))


def _another_line(taken: Any, other: Any) -> bool:
    return not {str(taken), str(other)} & {"submit", "undo", "pass"}


def _unpadded(steps: Sequence[Step], rng: np.random.Generator) -> list[Any]:
    return [step.action for step in steps if step.action != "pass"]


LINEPROG = register_world(
    World(
        "lineprog",
        ("LineProg-v0",),
        preserving={"written out": _written_out, "synonyms": _synonyms, "blank lines": _blanks},
        breaking={
            "other line": other_action(_another_line),
            "dropped step": dropped_step,
            "swapped steps": swapped_steps,
            "premature submission": premature_end,
        },
        plain=_unpadded,
    )
)
