"""The memory for the household: goal, hand, places seen, actions tried."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import repeat
from typing import ClassVar

import numpy as np

from .base import TextMemory, register, words

__all__ = ["HouseholdMemory"]

TASK = re.compile(r"your task is to:(.*)", re.IGNORECASE | re.DOTALL)
PICKED = re.compile(r"You pick up the (.+?) from ")
PUT = re.compile(r"You (?:move|put) the (.+?) (?:to|in/on) ")
STOP = frozenset(("a an and the some in on it to of with under from at them "  # noqa: SIM905 - a list of words
                  "put place find look examine you").split())  # fmt: skip
PREPOSITIONS = re.compile(r" (?:from|to|with|in/on) ")


@lru_cache(maxsize=131072)
def _content(text: str) -> frozenset[str]:
    return _of_content(words(text))


@lru_cache(maxsize=16384)
def _of_content(found: tuple[str, ...]) -> frozenset[str]:
    """Return the words that tell something; equal sets are mostly one object, which makes them fast keys."""
    return frozenset(found) - STOP


@lru_cache(maxsize=131072)
def _place(action: str) -> str:
    """Return the last thing that an action names: "drawer 1" of "take pen 2 from drawer 1"."""
    *before, last = PREPOSITIONS.split(action.removeprefix("go to "))
    return last if before or action.startswith("go to ") else last.partition(" ")[2]


@lru_cache(maxsize=65536)
def _share(content: frozenset[str], goal: frozenset[str]) -> float:
    """Return the share of the goal's words that is in a text."""
    return len(goal & content) / max(len(goal), 1)


@lru_cache(maxsize=32768)
def _fixed(
    actions: tuple[str, ...], goal: frozenset[str], held: str | None
) -> tuple[np.ndarray, list[str], np.ndarray]:
    """Return what no step of an episode changes: flags (A, 6), the places, and which of them is each action's, (A,)."""
    flags = np.zeros((len(actions), 6), np.float32)
    contents = list(map(_content, actions))
    flags[:, 3] = list(map(_share, contents, repeat(goal)))
    if held is not None:
        flags[:, 5] = [held in content for content in contents]
    places: dict[str, int] = {}
    which = [places.setdefault(place, len(places)) for place in map(_place, actions)]
    return flags, list(places), np.array(which, dtype=int)


@register
class HouseholdMemory(TextMemory):
    """Reads ALFWorld's sentences, in both dialects. What is held is what is in the hand."""

    __slots__ = ("_goal_content", "_read", "_tried")

    name = "household"
    worlds = ("Household",)
    FLAGS: ClassVar[Mapping[str, str]] = {
        "tried": "taken before in this episode",
        "tried_often": "how often, up to 3 times, in thirds",
        "place_seen": "its place was acted on before",
        "goal_words": "share of the goal's words that are in it",
        "goal_words_there": "share of the goal's words last read at its place",
        "held_words": "it names what is in the hand",
    }

    def __init__(self, observation: str, admissible: Sequence[str] = ()):
        super().__init__(observation, admissible)
        match = TASK.search(observation)
        self.goal = words(match[1] if match else observation)
        self._goal_content = frozenset(self.goal) - STOP
        self._tried: dict[str, int] = {}
        self._read: dict[str, float] = {}

    def update(self, action: str, observation: str, admissible: Sequence[str] = ()) -> None:
        """Note one step."""
        self.observation = observation
        self._tried[action] = self._tried.get(action, 0) + 1
        if observation == "Nothing happens.":
            return
        picked = PICKED.match(observation)
        if picked:
            self.held = words(picked[1])
        elif PUT.match(observation):
            self.held = ()
        found = self._goal_content & _content(observation)
        self._read[_place(action)] = len(found - _content(action)) / max(len(self._goal_content), 1)

    def flag_rows(self, admissible: Sequence[str]) -> np.ndarray:
        """Return the flags of all admissible actions, float32 (A, 6): equal to `flags` of each, but faster."""
        return self.flag_table([self], [admissible])

    @classmethod
    def flag_table(cls, memories: Sequence[TextMemory], offered: Sequence[Sequence[str]]) -> np.ndarray:
        """Return the same for many episodes, (N, 6): what they have in common with each other is looked up."""
        fixed, where = list[np.ndarray](), list[np.ndarray]()
        tried, read = list[int](), list[float]()
        for memory, admissible in zip(memories, offered, strict=True):
            assert isinstance(memory, HouseholdMemory)
            actions = tuple(admissible)
            held = memory.held[0] if memory.held else None
            flags, places, place = _fixed(actions, memory._goal_content, held)
            fixed.append(flags)
            where.append(place + len(read))
            tried.extend(map(memory._tried.get, actions, repeat(0)))
            read.extend(map(memory._read.get, places, repeat(-1.0)))
        if not fixed:
            return np.zeros((0, len(cls.FLAGS)), np.float32)
        count, found = np.array(tried, np.float32), np.array(read, np.float32)[np.concatenate(where)]
        table = np.concatenate(fixed)
        table[:, 0], table[:, 1] = count > 0, np.minimum(count, 3.0) / 3.0
        table[:, 2], table[:, 4] = found >= 0.0, np.maximum(found, 0.0)
        return table

    def flags(self, action: str) -> tuple[float, ...]:
        """Return what is known of an admissible action; see `FLAGS`."""
        tried = self._tried.get(action, 0)
        there = self._read.get(_place(action))
        return (
            float(tried > 0),
            min(tried, 3) / 3,
            float(there is not None),
            _share(_content(action), self._goal_content),
            there or 0.0,
            float(bool(self.held) and self.held[0] in _content(action)),
        )
