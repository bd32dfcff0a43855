"""Rewards that learn while the agent learns: they collect the steps that they pay and update themselves."""

from __future__ import annotations

import copy
from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from ...core.random import derive_seed
from ...core.transition import Transition
from ..base import Payment, Reward
from .running import Normalise, PaymentScale

__all__ = ["OnlineReward"]


@dataclass
class OnlineReward(Reward):
    """Base of rewards that learn from the steps that they pay.

    A step is seen once, is paid by what has been learned before it, and is learned from afterwards:

        r = clip(worth(see(step)) / divisor, -clip, clip)       (0 during the first `warm_up` steps)

    The divisor is a running statistic (see `PaymentScale`), and all of this is part of the reward's memory: a reward
    that is pickled in the middle of a run goes on exactly. Nothing is drawn from global generators; the n-th round of
    learning draws from a generator seeded by `seed` and n.

    One reward learns from all slots of a vector env. A reward that is put on several envs is copied, and each copy
    learns for itself: train on one vector env, not on many single ones. The same holds for several processes.
    What such a reward paid for a step long ago is not what it would pay today: on-policy learners use it fresh;
    learners with a replay need `guerdon.agents.relabel_replay`, which asks `repay` when a batch is drawn.

    For evaluation, use `frozen`: the reward as it is now, which learns nothing more. `relabel` goes on learning in a
    copy, as if the recorded steps came next; to score records by what is known now use `frozen().relabel(...)`.

    Subclasses are dataclasses that give these fields their own defaults, and define `see`, `worth`, `keep`, `learn`
    and, if they have notes on episodes, `begin_episodes`.

    Args:
        every: steps between two rounds of learning.
        warm_up: steps in the beginning that are not paid, only learned from.
        normalise: what payments are divided by, see `PaymentScale`.
        discount: of the sums in `normalise="returns"`.
        clip: bound of what is paid.
        seed: of everything that is drawn.
    """

    every: int = 128
    warm_up: int = 0
    normalise: Normalise = "none"
    discount: float = 0.99
    clip: float = 5.0
    seed: int = 0
    learns: ClassVar[bool] = True
    reads: ClassVar[frozenset[str]] = frozenset({"obs", "action"})
    term: ClassVar[str] = "learned"
    signed: ClassVar[bool] = False

    def __post_init__(self) -> None:
        if self.every < 1 or self.warm_up < 0 or not self.clip > 0 or not 0 <= self.discount < 1:
            raise ValueError(
                f"{self.id}: every must be at least 1, warm_up at least 0, clip above 0 and discount in [0, 1), not "
                f"{self.every}, {self.warm_up}, {self.clip} and {self.discount}"
            )
        self.figures: dict[str, float] = {}
        self.last: np.ndarray = np.zeros(0)  # what the latest call paid, for replays
        self._scale = PaymentScale(self.normalise, self.discount)
        self._seen, self._live = 0, True

    @property
    def bounds(self) -> Mapping[str, tuple[float, float]]:
        """One term, within `clip`."""
        return {self.term: (-self.clip if self.signed else 0.0, self.clip)}

    @property
    def steps(self) -> int:
        """How many steps it has learned from."""
        return self._seen

    @property
    def repays(self) -> bool:
        """Whether `repay` can be asked: what a step is worth does not depend on the episode that it is from."""
        return False

    @abstractmethod
    def see(self, transition: Transition) -> Any:
        """Return what is needed of steps, in any form; called once a step, in the order in which they happen."""

    @abstractmethod
    def worth(self, seen: Any) -> np.ndarray:
        """Return what steps are worth by what is known now, (B,), not yet divided or clipped."""

    @abstractmethod
    def keep(self, seen: Any) -> None:
        """Keep steps for learning."""

    @abstractmethod
    def learn(self, number: int) -> dict[str, float]:
        """Do round `number` of learning; return figures. Draws come from `generator_seed(number)`."""

    def begin_episodes(self, start: Transition) -> None:
        """Begin episodes in the slots `start.rows`."""

    def forget(self) -> None:
        """Let go of what only learning needs: kept steps, optimisers. Called on a copy that will not learn."""

    def generator_seed(self, number: int) -> int:
        """Return the seed of a round of learning."""
        return derive_seed(self.seed, self.id, number)

    def reset(self, start: Transition) -> None:
        """Begin episodes; what was learned stays."""
        self.begin_episodes(start)

    def __call__(self, transition: Transition) -> Payment:
        """Pay by what is known, then learn."""
        seen = self.see(transition)
        worth = np.asarray(self.worth(seen), dtype=float)
        if self._live:
            rounds = self._seen // self.every
            self._seen += len(transition)
            self._scale.observe(worth, transition.rows)
            self.keep(seen)
            for number in range(rounds, self._seen // self.every):
                self.figures = self.learn(number)
        self.last = self._paid(worth)
        return self.last, {self.term: self.last}

    def repay(self, transition: Transition) -> np.ndarray:
        """Return what steps from anywhere would be paid now, (B,), without learning from them.

        Raises:
            ValueError: the reward cannot (see `repays`).
        """
        if not self.repays:
            raise ValueError(f"{self.id}: what a step is worth depends on its episode, so it cannot be paid again")
        return self._paid(np.asarray(self.worth(self.see(transition)), dtype=float))

    def frozen(self) -> Reward:
        """Return a deep copy as it is now, which pays as this would but does not learn (its `learns` is False)."""
        twin = copy.copy(self)
        twin.forget()
        twin._live = False
        twin.learns = False  # type: ignore[misc]
        return copy.deepcopy(twin)

    def _paid(self, worth: np.ndarray) -> np.ndarray:
        if self.warm_up and self._seen <= self.warm_up:
            return np.zeros(len(worth))
        low, high = self.bounds[self.term]
        return np.clip(worth / self._scale.divisor, low, high)
