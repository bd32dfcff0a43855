"""household: objects numbered otherwise, other words, another order of what is seen; other things, steps left out."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from ....core.trajectory import Trajectory
from ..redoing import dropped_step, other_action, swapped_steps
from ..world import World, register_world, reworded

__all__ = ["HOUSEHOLD"]

NAMED = re.compile(r"\b([a-z]+) (\d+)\b")
SEEN = re.compile(r"you see (a .+?)\.")
SYNONYMS = {"You arrive at": "You reach", "You pick up": "You take", "you see": "you notice", "You move": "You put"}


def _numbers(trajectory: Trajectory, rng: np.random.Generator) -> Trajectory:
    """Number the things of each kind otherwise, the same everywhere in the episode."""
    texts = [text for step in trajectory.steps for text in (step.obs, step.next_obs, *step.admissible)]
    kinds: dict[str, set[str]] = {}
    for kind, number in (found for text in texts for found in NAMED.findall(text)):
        kinds.setdefault(kind, set()).add(number)
    names = {
        (kind, old): new
        for kind, numbers in sorted(kinds.items())
        for old, new in zip(sorted(numbers), rng.permutation(sorted(numbers)).tolist(), strict=True)
    }
    return reworded(trajectory, lambda text: NAMED.sub(lambda m: f"{m[1]} {names.get((m[1], m[2]), m[2])}", text))


def _order(trajectory: Trajectory, rng: np.random.Generator) -> Trajectory:
    """List what is seen in another order."""

    def listed(match: re.Match[str]) -> str:
        things = re.split(r", and |, | and ", match[1])
        order = rng.permutation(len(things)).tolist()
        things = [things[at] for at in order]
        if len(things) < 3:
            return "you see " + " and ".join(things) + "."
        return "you see " + ", ".join(things[:-1]) + f", and {things[-1]}."

    said: dict[str, str] = {}  # what is told twice is told the same way twice
    return reworded(trajectory, lambda text: said.setdefault(text, SEEN.sub(listed, text)))


def _synonyms(trajectory: Trajectory, rng: np.random.Generator) -> Trajectory:
    def say(text: str) -> str:
        for words, others in SYNONYMS.items():
            text = text.replace(words, others)
        return text

    return reworded(trajectory, say)


def _other_thing(taken: Any, other: Any) -> bool:
    """Whether the same is done to, or with, another kind of thing."""
    verb = str(taken).split(" ")[0]
    kinds = [[kind for kind, _ in NAMED.findall(str(one))] for one in (taken, other)]
    return verb == str(other).split(" ")[0] and kinds[0] != kinds[1]


HOUSEHOLD = register_world(
    World(
        "household",
        ("Household-v0",),
        preserving={"other numbers": _numbers, "other order": _order, "synonyms": _synonyms},
        breaking={
            "other thing": other_action(_other_thing),
            "dropped step": dropped_step,
            "swapped steps": swapped_steps,
        },
    )
)
