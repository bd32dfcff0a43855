"""What a memory of a text episode is, which ones there are, and which one an env asks for."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any, ClassVar, TypeVar

import numpy as np

from ...core.registry import Registry

__all__ = ["MEMORIES", "TextMemory", "memory_of", "phrase", "register", "words"]

WORD = re.compile(r"[a-z]+")


@lru_cache(maxsize=65536)
def words(text: str) -> tuple[str, ...]:
    """Return the words of a text, lower-case, without numbers."""
    return tuple(WORD.findall(text.lower()))


class TextMemory(ABC):
    """The notes of one episode, kept from observations and lists of admissible actions only.

    It says what a policy that sees one step at a time has to be told. Words are any strings: they are hashed.
    Notes are plain data, so a memory pickles in mid-episode.

    Class attributes:
        name: what `env.metadata["text_memory"]` calls it.
        worlds: the names of the envs whose text it reads; empty for any.
        FLAGS: what is known of an admissible action, each in [0, 1]: name to meaning, in the order of `flags`.
        GOAL, HELD, ACTION: how many words of the goal, of what is held and of one action are kept, the first ones.

    Attributes:
        goal: the words of the task.
        held: the words of what the agent has got hold of, () if that is nothing.
        observation: the text that was read last.
    """

    __slots__ = ("goal", "held", "observation")

    name: ClassVar[str]
    worlds: ClassVar[tuple[str, ...]] = ()
    FLAGS: ClassVar[Mapping[str, str]]
    GOAL: ClassVar[int] = 16
    HELD: ClassVar[int] = 4
    ACTION: ClassVar[int] = 8

    def __init__(self, observation: str, admissible: Sequence[str] = ()):
        self.observation = observation
        self.goal: tuple[str, ...] = words(observation)
        self.held: tuple[str, ...] = ()

    @abstractmethod
    def update(self, action: str, observation: str, admissible: Sequence[str] = ()) -> None:
        """Note one step: the action taken, what was read after it, and what can be done next."""

    @abstractmethod
    def flags(self, action: str) -> tuple[float, ...]:
        """Return what is known of an admissible action, in the order of `FLAGS`."""

    def flag_rows(self, admissible: Sequence[str]) -> np.ndarray:
        """Return the flags of all admissible actions, float32 (A, F)."""
        known = chain.from_iterable([self.flags(action) for action in admissible])
        size = len(self.FLAGS)
        return np.fromiter(known, np.float32, len(admissible) * size).reshape(len(admissible), size)

    @classmethod
    def flag_table(cls, memories: Sequence[TextMemory], offered: Sequence[Sequence[str]]) -> np.ndarray:
        """Return the rows of `flag_rows` of many episodes, one after the other, float32 (N, F).

        Args:
            memories: B episodes, all of this class.
            offered: what is admissible in each of them, N actions in all.
        """
        rows = [memory.flag_rows(admissible) for memory, admissible in zip(memories, offered, strict=True)]
        return np.concatenate(rows) if rows else np.zeros((0, len(cls.FLAGS)), np.float32)

    def situation(self) -> tuple[str, ...]:
        """Return the words of what is before the reader; where there is room for fewer, the last ones count."""
        return words(self.observation)

    def describe(self, action: str) -> tuple[str, ...]:
        """Return the words of an admissible action, the most telling first."""
        return phrase(action)


@lru_cache(maxsize=65536)
def phrase(action: str) -> tuple[str, ...]:
    """Return an action's words and, before them, the whole phrase as one: "take mug", "take", "mug"."""
    parts = words(action)
    return (" ".join(parts), *parts)


MEMORIES: Registry[type[TextMemory]] = Registry("text memory", "guerdon.wrappers.text_memory")
"""All memories by name, found by importing the modules of `guerdon.wrappers.text_memory`."""

M = TypeVar("M", bound=TextMemory)


def register(cls: type[M]) -> type[M]:
    """Class decorator: make a memory known under its name."""
    MEMORIES.add(cls.name, cls)
    return cls


def memory_of(metadata: Mapping[str, Any], memory: str | None = None) -> str:
    """Return the name of the memory that suits an env: the one asked for, the one its metadata names, or "plain".

    Raises:
        UnknownNameError: there is no such memory; the message names the nearest.
    """
    return MEMORIES[memory or metadata.get("text_memory", "plain")].name
