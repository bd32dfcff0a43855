"""The memory for a text env that names none: what was tried, and the first observation as the goal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from .base import TextMemory, register

__all__ = ["PlainMemory"]


@register
class PlainMemory(TextMemory):
    """Reads any text: the goal is what the first observation says, and nothing is ever held."""

    __slots__ = ("_tried",)

    name = "plain"
    FLAGS: ClassVar[Mapping[str, str]] = {
        "tried": "taken before in this episode",
        "tried_often": "how often, up to 3 times, in thirds",
    }
    GOAL = 32

    def __init__(self, observation: str, admissible: Sequence[str] = ()):
        super().__init__(observation, admissible)
        self._tried: dict[str, int] = {}

    def update(self, action: str, observation: str, admissible: Sequence[str] = ()) -> None:
        """Note one step."""
        self.observation = observation
        self._tried[action] = self._tried.get(action, 0) + 1

    def flags(self, action: str) -> tuple[float, ...]:
        """Return what is known of an admissible action; see `FLAGS`."""
        tried = self._tried.get(action, 0)
        return (float(tried > 0), min(tried, 3) / 3)
