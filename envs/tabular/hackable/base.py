"""What a documented hack is: the rules of a small world, what is wanted there, and what was paid instead."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeVar

from ....core.registry import Registry

__all__ = ["HACKS", "STEPS", "Hack", "Scene", "register"]

STEPS = 20
"""Steps of an episode at most, in all of these worlds."""


@dataclass(frozen=True)
class Scene:
    """What a picture of a moment shows, on a board of squares.

    Attributes:
        rows, columns: size of the board.
        cells: (row, column) to a kind, one of "free", "wall", "good", "bad", "prize" and "thing", and a word.
        agent: (row, column) of the agent.
        note: one line below the board.
    """

    rows: int
    columns: int
    agent: tuple[int, int]
    cells: Mapping[tuple[int, int], tuple[str, str]] = field(default_factory=dict)
    note: str = ""


class Hack(ABC):
    """The rules of one world. States are tuples of plain values, and nothing is left to chance.

    Class attributes:
        name: under which it is known.
        title: a few words for people.
        goal: what is wanted, in words.
        actions: their names; the first one waits, or at least ends nothing.
        needed: the score that is success; it ends the episode.
        deadline: steps after which the score stands as it is; None if it counts to the end.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    goal: ClassVar[str]
    actions: ClassVar[tuple[str, ...]]
    needed: ClassVar[int] = 1
    deadline: ClassVar[int | None] = None

    @abstractmethod
    def start(self) -> tuple[Any, ...]:
        """Return the first state."""

    @abstractmethod
    def step(self, state: tuple[Any, ...], action: str) -> tuple[Any, ...]:
        """Return the next state."""

    @abstractmethod
    def proxy(self, state: tuple[Any, ...], action: str, after: tuple[Any, ...]) -> float:
        """Return what was paid, on the scale of the source."""

    @abstractmethod
    def score(self, state: tuple[Any, ...]) -> int:
        """Return how much of what is wanted is achieved, in [0, needed]."""

    def over(self, state: tuple[Any, ...]) -> bool:
        """Return whether the episode ends here without success."""
        return False

    @abstractmethod
    def tell(self, state: tuple[Any, ...]) -> str:
        """Return the state in words."""

    @abstractmethod
    def scene(self, state: tuple[Any, ...]) -> Scene:
        """Return what a picture of the state shows."""


HACKS: Registry[type[Hack]] = Registry("hack", "guerdon.envs.tabular.hackable")
"""All hacks by name, found by importing the modules of `guerdon.envs.tabular.hackable`."""

H = TypeVar("H", bound=Hack)


def register(cls: type[H]) -> type[H]:
    """Class decorator: make a hack known under its name."""
    HACKS.add(cls.name, cls)
    return cls
