"""calc: synonyms, blanks and another order of the status line; other numbers, steps left out, an answer too early."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from ....core.trajectory import Step, Trajectory
from ..redoing import dropped_step, other_action, premature_end, swapped_steps
from ..world import World, register_world, reworded

__all__ = ["CALC"]

SYNONYMS = {
    r"\badd (?=\d)": "plus ",
    r"\bsubtract (?=\d)": "minus ",
    r"\bmultiply by (?=\d)": "times ",
    r"\bdivide by (?=\d)": "over ",
    r"\bhalve\b": "take half",
    r"\bValue:": "Current number:",
    r"\bLines:": "Written so far:",
    r"\bLast:": "Previous:",
    r"\bSteps left:": "Remaining steps:",
}


def _synonyms(trajectory: Trajectory, rng: np.random.Generator) -> Trajectory:
    def say(text: str) -> str:
        for pattern, word in SYNONYMS.items():
            text = re.sub(pattern, word, text)
        return text

    return reworded(trajectory, say)


def _blanks(trajectory: Trajectory, rng: np.random.Generator) -> Trajectory:
    return reworded(trajectory, lambda text: text.replace(". ", ".\n\n") if ". " in text else text)


def _order(trajectory: Trajectory, rng: np.random.Generator) -> Trajectory:
    """Begin with another part of what follows the value in the status line, in all observations alike."""
    order = np.roll(np.arange(4), int(rng.integers(1, 4))).tolist()

    def say(text: str) -> str:
        head, found, status = text.partition("Value: ")
        parts = (found + status).split(". ")
        if not found or len(parts) != 5:
            return text
        return head + ". ".join([parts[0], *(parts[1:][at].rstrip(".") for at in order)]) + "."

    return reworded(trajectory, say)


def _same_verb(taken: Any, other: Any) -> bool:
    return str(taken).split(" ")[0] == str(other).split(" ")[0] and str(taken) != "answer"


def _another_operation(taken: Any, other: Any) -> bool:
    """Whether both are operations."""
    idle = ("answer", "restate", "undo")
    return not str(taken).startswith(idle) and not str(other).startswith(idle)


def _unpadded(steps: Sequence[Step], rng: np.random.Generator) -> list[Any]:
    return [step.action for step in steps if step.action != "restate"]


CALC = register_world(
    World(
        "calc",
        ("Calc-v0",),
        preserving={"synonyms": _synonyms, "blank lines": _blanks, "other order": _order},
        breaking={
            "other number": other_action(_same_verb),
            "other operation": other_action(_another_operation),
            "dropped step": dropped_step,
            "swapped steps": swapped_steps,
            "premature answer": premature_end,
        },
        plain=_unpadded,
    )
)
