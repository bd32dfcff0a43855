"""Captions of question answering: what was done, and the first of what was found; words of the question have a star."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from ....core.transition import Transition
from .base import CAPTIONS, LENGTH, Captions, starred

__all__ = ["SEARCHQA"]

FILLERS = frozenset(
    re.findall(r"\w+", "who what which where when the of is are in a an and does do did was were how that")
)


def _task(first: str) -> str:
    return first.partition("Question:")[2].partition("\n")[0].strip()


@lru_cache(maxsize=4096)
def _words(task: str) -> frozenset[str]:
    return frozenset(re.findall(r"[a-z]+", task.lower())) - FILLERS


def _tell(step: Transition, tasks: Sequence[str]) -> list[str]:
    return [
        starred(f"{action}: " + "; ".join(text.split("\n")), _words(task))[:LENGTH]
        for action, text, task in zip(step.action, step.next_obs, tasks, strict=True)
    ]


SEARCHQA = CAPTIONS.add(
    "searchqa",
    Captions(
        "searchqa",
        frozenset({"obs", "action"}),
        "An agent looks facts up, one after the other, and then answers a question. Words of the question are marked "
        "with a star.",
        _tell,
        _task,
        lambda first: first.startswith("Question:"),
        r"^(search|read) .*\|.*\*",
    ),
)
