"""Whoever acts: one interface for scripted policies and trained ones, for one env and for many."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

import numpy as np

__all__ = ["Actor", "rows_of"]


class Actor(ABC):
    """Chooses actions for B slots. It may keep notes on each slot's episode."""

    name: str = ""

    @abstractmethod
    def act(self, observations: Any, infos: Mapping[str, Any], fresh: np.ndarray) -> list[Any]:
        """Return B actions.

        Args:
            observations: length B; a dict of arrays (B, ...) where an observation is a dict.
            infos: the env's info as columns of length B, such as `infos["admissible_actions"]`.
            fresh: bool (B,), the slots in which an episode has just begun.
        """

    def seed(self, seed: int) -> None:  # noqa: B027 - not every actor draws
        """Make what the actor draws from here on depend on `seed` only."""


def rows_of(observations: Any) -> list[Any]:
    """Return a batch of observations as a list of single ones."""
    if isinstance(observations, Mapping):
        parts = {key: rows_of(value) for key, value in observations.items()}
        return [dict(zip(parts, row, strict=True)) for row in zip(*parts.values(), strict=True)]
    return list(observations)
