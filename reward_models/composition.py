"""Rewards made of rewards: sums, multiples and products."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..core.transition import Transition
from .base import Payment, Reward

__all__ = ["Product", "Scaled", "Sum"]


def _qualified(rewards: Sequence[Reward]) -> list[dict[str, str]]:
    """Return, for each reward, its term names mapped to names that no other reward's terms have."""
    every = [name for reward in rewards for name in reward.bounds]
    shorts = [
        reward.id.rpartition("/")[2] if len(reward.parts) == 1 else f"part{number}"
        for number, reward in enumerate(rewards, start=1)
    ]
    taken, renamed = set[str](), []
    for reward, short in zip(rewards, shorts, strict=True):
        prefix, number = short, 1
        while any(f"{prefix}.{name}" in taken for name in reward.bounds):
            number += 1
            prefix = f"{short}-{number}"
        renamed.append({name: name if every.count(name) == 1 else f"{prefix}.{name}" for name in reward.bounds})
        taken.update(renamed[-1].values())
    return renamed


def _apart(rewards: Sequence[Reward]) -> tuple[Reward, ...]:
    """Return the rewards such that none shares its memory with another: a second use of one is a copy."""
    kept, seen = [], set[int]()
    for reward in rewards:
        if seen & {id(part) for part in reward.parts}:
            reward = copy.deepcopy(reward)
        seen |= {id(part) for part in reward.parts}
        kept.append(reward)
    return tuple(kept)


def _frozen(reward: Reward) -> Reward:
    """Return a copy with a memory of its own that does not learn."""
    return reward.frozen() if reward.learns else copy.deepcopy(reward)


@dataclasses.dataclass
class _Several(Reward):
    """What rewards made of several have in common: they read what any part reads and are reset part by part."""

    rewards: tuple[Reward, ...]

    def _combine(self, rewards: Sequence[Reward]) -> None:
        self.rewards = _apart(rewards)
        self.reads = frozenset[str]().union(*(reward.reads for reward in self.rewards))  # type: ignore[misc]
        self.causal = all(reward.causal for reward in self.rewards)  # type: ignore[misc]
        self.learns = any(reward.learns for reward in self.rewards)  # type: ignore[misc]

    def frozen(self) -> Reward:
        """Return a copy of which no part learns any more; itself if none does."""
        if not self.learns:
            return self
        twin = copy.copy(self)
        twin._combine([_frozen(reward) for reward in self.rewards])
        return twin

    def reset(self, start: Transition) -> None:
        """Reset every part."""
        for reward in self.rewards:
            reward.begin(start)

    @property
    def parts(self) -> tuple[Reward, ...]:
        """All parts' parts."""
        return tuple(part for reward in self.rewards for part in reward.parts)


@dataclasses.dataclass
class Sum(_Several):
    """The sum of several rewards. Terms that two of them share are told apart by the reward's name."""

    def __post_init__(self) -> None:
        self._combine([part for r in self.rewards for part in (r.rewards if isinstance(r, Sum) else (r,))])
        self.id = " + ".join(reward.id for reward in self.rewards)  # type: ignore[misc]
        self._names = _qualified(self.rewards)

    @property
    def bounds(self) -> Mapping[str, tuple[float, float]]:
        """Bounds of all terms."""
        return {
            names[name]: limits
            for names, reward in zip(self._names, self.rewards, strict=True)
            for name, limits in reward.bounds.items()
        }

    @property
    def gamma(self) -> float | None:
        """The discount that the parts agree on; a `ValueError` if they do not."""
        found = {reward.gamma for reward in self.rewards} - {None}
        if len(found) > 1:
            raise ValueError(f"{self.id}: the parts were made for different discounts {sorted(found, key=str)}")
        return found.pop() if found else None

    def __call__(self, transition: Transition) -> Payment:
        """Pay every part."""
        total, terms = np.zeros(len(transition)), {}
        for names, reward in zip(self._names, self.rewards, strict=True):
            paid, parts = reward.pay(transition)
            total = total + paid
            terms.update({names[name]: value for name, value in parts.items()})
        return total, terms

    @property
    def spec(self) -> dict[str, Any]:
        """{"sum": [spec, ...]}."""
        return {"sum": [reward.spec for reward in self.rewards]}


@dataclasses.dataclass
class Scaled(Reward):
    """A reward times a number."""

    reward: Reward
    factor: float

    def __post_init__(self) -> None:
        self.id = f"{self.factor:g} * {_bracketed(self.reward)}"  # type: ignore[misc]
        self.reads, self.causal = self.reward.reads, self.reward.causal  # type: ignore[misc]
        self.learns = self.reward.learns  # type: ignore[misc]

    @property
    def bounds(self) -> Mapping[str, tuple[float, float]]:
        """Scaled bounds; a negative factor swaps them."""
        scaled = {name: (self.factor * low, self.factor * high) for name, (low, high) in self.reward.bounds.items()}
        return {name: (min(pair), max(pair)) for name, pair in scaled.items()}

    @property
    def gamma(self) -> float | None:
        """The discount that the reward was made for."""
        return self.reward.gamma

    def frozen(self) -> Reward:
        """Return a copy that does not learn any more; itself if it never does."""
        return Scaled(self.reward.frozen(), self.factor) if self.learns else self

    def reset(self, start: Transition) -> None:
        """Reset the reward."""
        self.reward.begin(start)

    def __call__(self, transition: Transition) -> Payment:
        """Pay and scale."""
        total, terms = self.reward.pay(transition)
        return self.factor * total, {name: self.factor * value for name, value in terms.items()}

    @property
    def spec(self) -> dict[str, Any]:
        """{"scale": [factor, spec]}."""
        return {"scale": [self.factor, self.reward.spec]}

    @property
    def parts(self) -> tuple[Reward, ...]:
        """The reward's parts."""
        return self.reward.parts


@dataclasses.dataclass
class Product(_Several):
    """The product of several rewards' totals; it has the one term "product"."""

    def __post_init__(self) -> None:
        self._combine(self.rewards)
        self.id = " * ".join(_bracketed(reward) for reward in self.rewards)  # type: ignore[misc]
        if any(reward.gamma is not None for reward in self.rewards):
            raise ValueError(f"{self.id}: a product with potential-based shaping in it is no longer shaping")

    @property
    def bounds(self) -> Mapping[str, tuple[float, float]]:
        """Bounds of the product of the totals' bounds."""
        low, high = 1.0, 1.0
        for reward in self.rewards:
            least = sum(pair[0] for pair in reward.bounds.values())
            most = sum(pair[1] for pair in reward.bounds.values())
            corners = [low * least, low * most, high * least, high * most]
            low, high = min(corners), max(corners)
        return {"product": (low, high)}

    def __call__(self, transition: Transition) -> Payment:
        """Multiply the totals."""
        total = np.prod([reward.pay(transition)[0] for reward in self.rewards], axis=0)
        return total, {"product": total}

    @property
    def spec(self) -> dict[str, Any]:
        """{"product": [spec, ...]}."""
        return {"product": [reward.spec for reward in self.rewards]}


def _bracketed(reward: Reward) -> str:
    return f"({reward.id})" if isinstance(reward, Sum) else reward.id
