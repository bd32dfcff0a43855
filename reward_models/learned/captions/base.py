"""What captions are: short texts that say what a step did, made of what a world shows."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ....core.registry import Registry
from ....core.transition import Transition

__all__ = ["AUTO", "CAPTIONS", "LENGTH", "Captions", "automatic", "find_captions", "starred"]

LENGTH = 96
"""Captions are cut after so many characters."""
AUTO = "auto"


@dataclass(frozen=True)
class Captions:
    """The captions of one world.

    Attributes:
        world: its name.
        reads: what captions are made of, names from `core.transition.READS`.
        about: what the agent is for, said to a language model that judges captions.
        tell: from B steps and the tasks of their episodes to B captions; "" where nothing is worth a word.
        task: from the first observation of an episode to what is asked for in it.
        fits: whether a first text is of this world; captions that are not chosen by themselves fit nothing.
        helpful: a regular expression, searched for in captions: what somebody who knows the world calls progress.
    """

    world: str
    reads: frozenset[str]
    about: str
    tell: Callable[[Transition, Sequence[str]], list[str]]
    task: Callable[[str], str] = lambda text: ""
    fits: Callable[[str], bool] = lambda text: False
    helpful: str = r"(?!)"

    def __reduce__(self) -> tuple[Any, ...]:
        return _named, (self.world,)  # copied and pickled by name


CAPTIONS: Registry[Captions] = Registry("captioned world", "guerdon.reward_models.learned.captions")
"""All captions by world."""


def automatic() -> list[Captions]:
    """Return the captions that may be chosen by themselves: those that read observations and actions only."""
    return [one for _, one in CAPTIONS.items() if one.reads <= {"obs", "action"}]


def find_captions(first: object) -> Captions:
    """Return the captions that fit the first observation of an episode; the plain ones if none do."""
    fitting = (one for one in automatic() if isinstance(first, str) and one.fits(first))
    return next(fitting, CAPTIONS["plain"])


def _named(world: str) -> Captions:
    return CAPTIONS[world]


def starred(text: str, words: frozenset[str]) -> str:
    """Put a star before the words of a text that the task asks for, so that captions of different tasks look alike."""
    return re.sub(r"[A-Za-z]+", lambda found: "*" * (found[0].lower() in words) + found[0], text)
