"""Captions of the household: the sentence that the game answers with, about kinds of things, seen from the task.

Numbers are left out ("mug 2" is a mug), and words of the task have a star: "You pick up the *mug from the desk." The
star is what makes "the wanted thing" one thing in all tasks, for a network that reads letters as for a reader.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from ....core.transition import Transition
from .base import CAPTIONS, LENGTH, Captions, starred

__all__ = ["HOUSEHOLD"]

TASK = "task is to:"
FILLERS = frozenset(re.findall(r"\w+", "a put some find two and them it in on look at under the with examine"))
HELPFUL = (
    r"^You (pick up|turn on) the \*"
    r"|^You (heat|\*heat|\*hot|\*cool|\*clean|cool) the \*"
    r"|^You (move|put) the \*\w+ (to|in/on) the \*"
)


def _task(first: str) -> str:
    return first.rpartition(TASK)[2].strip().rstrip(".")


@lru_cache(maxsize=4096)
def _words(task: str) -> frozenset[str]:
    return frozenset(re.findall(r"[a-z]+", task.lower())) - FILLERS


@lru_cache(maxsize=65536)
def _caption(text: str, task: str) -> str:
    return starred(re.sub(r" \d+", "", text), _words(task))[:LENGTH]


def _tell(step: Transition, tasks: Sequence[str]) -> list[str]:
    return [_caption(text, task) for text, task in zip(step.next_obs, tasks, strict=True)]


HOUSEHOLD = CAPTIONS.add(
    "household",
    Captions(
        "household",
        frozenset({"obs"}),
        "An agent does a chore in a room: it finds an object, cleans, heats or cools it if asked to, and puts it where "
        "it is wanted, or looks at it under a lamp. What the chore asks for is marked with a star.",
        _tell,
        _task,
        lambda first: TASK in first,
        HELPFUL,
    ),
)
