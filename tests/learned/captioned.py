"""A reward that is paid by captions, with somebody who labels and remembers what was asked, for tests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from guerdon.reward_models import make_reward
from guerdon.reward_models.learned.annotators import Annotator
from guerdon.reward_models.learned.oni import OnlineCaptions

from .steps import begin, pay

__all__ = ["Recorder", "oni", "walk"]

PLAIN = "captions='plain', every=1"


class Recorder(Annotator):
    """Calls captions with "good" in them helpful and remembers what it was asked; fails when told to."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []
        self.pairs: list[list[tuple[str, str]]] = []
        self.broken = False

    def label(self, captions: Sequence[str]) -> np.ndarray:
        if self.broken:
            raise OSError("no answer")
        self.asked.append(list(captions))
        return np.array([float("good" in one) for one in captions])

    def compare(self, pairs: Sequence[tuple[str, str]]) -> np.ndarray:
        self.pairs.append(list(pairs))
        return super().compare(pairs)


def oni(settings: str = "", slots: int = 1) -> tuple[OnlineCaptions, Recorder]:
    """Return a reward with episodes begun, and who labels for it."""
    who = Recorder()
    reward: Any = make_reward(f"learned/oni-v1({PLAIN}{settings and ', '}{settings})")
    begin(reward.use(who), ["start"] * slots)
    return reward, who


def walk(reward: OnlineCaptions, *words: str) -> list[float]:
    """Return what steps to these sentences are paid, one after the other."""
    return [float(pay(reward, ["x"], ["go"], [word])[0]) for word in words]
