"""The memory for the household: goal, hand, places seen, actions tried."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import ClassVar

from .base import TextMemory, register, words

__all__ = ["HouseholdMemory"]

TASK = re.compile(r"your task is to:(.*)", re.IGNORECASE | re.DOTALL)
PICKED = re.compile(r"You pick up the (.+?) from ")
PUT = re.compile(r"You (?:move|put) the (.+?) (?:to|in/on) ")
STOP = frozenset(("a an and the some in on it to of with under from at them "  # noqa: SIM905 - a list of words
                  "put place find look examine you").split())  # fmt: skip
PREPOSITIONS = re.compile(r" (?:from|to|with|in/on) ")


@lru_cache(maxsize=65536)
def _content(text: str) -> frozenset[str]:
    return frozenset(words(text)) - STOP


@lru_cache(maxsize=65536)
def _place(action: str) -> str:
    """Return the last thing that an action names: "drawer 1" of "take pen 2 from drawer 1"."""
    *before, last = PREPOSITIONS.split(action.removeprefix("go to "))
    return last if before or action.startswith("go to ") else last.partition(" ")[2]


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
        self._read[_place(action)] = self._share(_content(observation) - _content(action))

    def _share(self, found: frozenset[str]) -> float:
        return len(self._goal_content & found) / max(len(self._goal_content), 1)

    def flags(self, action: str) -> tuple[float, ...]:
        """Return what is known of an admissible action; see `FLAGS`."""
        tried, content = self._tried.get(action, 0), _content(action)
        there = self._read.get(_place(action))
        return (
            float(tried > 0),
            min(tried, 3) / 3,
            float(there is not None),
            self._share(content),
            there or 0.0,
            float(bool(self.held) and self.held[0] in content),
        )
