"""Rewards made of rewards, and the way from an id or an expression to a reward."""

from __future__ import annotations

import ast
import copy
import dataclasses
import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..core.names import check_name
from ..core.transition import Transition
from .base import REWARDS, Payment, Reward

__all__ = ["Product", "Scaled", "Sum", "make_reward"]


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


@dataclasses.dataclass
class Sum(Reward):
    """The sum of several rewards. Terms that two of them share are told apart by the reward's name."""

    rewards: tuple[Reward, ...]

    def __post_init__(self) -> None:
        flat = [part for r in self.rewards for part in (r.rewards if isinstance(r, Sum) else (r,))]
        self.rewards = _apart(flat)
        self.id = " + ".join(reward.id for reward in self.rewards)  # type: ignore[misc]
        self.reads = frozenset[str]().union(*(reward.reads for reward in self.rewards))  # type: ignore[misc]
        self.causal = all(reward.causal for reward in self.rewards)  # type: ignore[misc]
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

    def reset(self, start: Transition) -> None:
        """Reset every part."""
        for reward in self.rewards:
            reward.begin(start)

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

    @property
    def parts(self) -> tuple[Reward, ...]:
        """All parts' parts."""
        return tuple(part for reward in self.rewards for part in reward.parts)


@dataclasses.dataclass
class Scaled(Reward):
    """A reward times a number."""

    reward: Reward
    factor: float

    def __post_init__(self) -> None:
        self.id = f"{self.factor:g} * {_bracketed(self.reward)}"  # type: ignore[misc]
        self.reads, self.causal = self.reward.reads, self.reward.causal  # type: ignore[misc]

    @property
    def bounds(self) -> Mapping[str, tuple[float, float]]:
        """Scaled bounds; a negative factor swaps them."""
        scaled = {name: (self.factor * low, self.factor * high) for name, (low, high) in self.reward.bounds.items()}
        return {name: (min(pair), max(pair)) for name, pair in scaled.items()}

    @property
    def gamma(self) -> float | None:
        """The discount that the reward was made for."""
        return self.reward.gamma

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
class Product(Reward):
    """The product of several rewards' totals; it has the one term "product"."""

    rewards: tuple[Reward, ...]

    def __post_init__(self) -> None:
        self.rewards = _apart(self.rewards)
        self.id = " * ".join(_bracketed(reward) for reward in self.rewards)  # type: ignore[misc]
        self.reads = frozenset[str]().union(*(reward.reads for reward in self.rewards))  # type: ignore[misc]
        self.causal = all(reward.causal for reward in self.rewards)  # type: ignore[misc]
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

    reset = Sum.reset

    def __call__(self, transition: Transition) -> Payment:
        """Multiply the totals."""
        total = np.prod([reward.pay(transition)[0] for reward in self.rewards], axis=0)
        return total, {"product": total}

    @property
    def spec(self) -> dict[str, Any]:
        """{"product": [spec, ...]}."""
        return {"product": [reward.spec for reward in self.rewards]}

    @property
    def parts(self) -> tuple[Reward, ...]:
        """All parts' parts."""
        return tuple(part for reward in self.rewards for part in reward.parts)


def _bracketed(reward: Reward) -> str:
    return f"({reward.id})" if isinstance(reward, Sum) else reward.id


def make_reward(spec: str | Mapping[str, Any] | Reward, **defaults: Any) -> Reward:
    """Make a reward from an id, an expression or plain data.

    Args:
        spec: an id ("household/busy-v1"); an expression of ids, parameters, numbers, `+`, `*` and brackets
            ("household/success-v1 + 0.1 * household/novelty-v1(scope='episode')"); what `Reward.spec`
            returned; or a reward, which is returned as it is.
        defaults: parameters for those parts that have them and do not set them, such as `gamma=0.99`.

    Raises:
        UnknownNameError: an id or a parameter is not known; the message names the nearest.
        ValueError: the expression cannot be read.
    """
    if isinstance(spec, Reward):
        return spec
    if isinstance(spec, str):
        return _Parser(spec, defaults).parse()
    if not isinstance(spec, Mapping):
        raise TypeError(f"a reward is an id, an expression or plain data, not {spec!r}")
    if len(spec) <= 2 and "id" in spec and set(spec) <= {"id", "params"}:
        return _build(spec["id"], spec.get("params", {}), defaults)
    if len(spec) == 1:
        ((kind, value),) = spec.items()
        check_name("way to compose rewards", kind, ("sum", "scale", "product"), "a reward's plain data")
        if not isinstance(value, Sequence) or not value or (kind == "scale" and len(value) != 2):
            form = "[factor, reward]" if kind == "scale" else "[reward, ...]"
            raise ValueError(f"not a reward's plain data: {spec!r}; {kind!r} needs {form}")
        if kind == "scale":
            return Scaled(make_reward(value[1], **defaults), float(value[0]))
        rewards = tuple(make_reward(part, **defaults) for part in value)
        return Sum(rewards) if kind == "sum" else Product(rewards)
    raise ValueError(f"not a reward's plain data: {spec!r}")


def _build(name: str, params: Mapping[str, Any], defaults: Mapping[str, Any]) -> Reward:
    cls = REWARDS[name]
    known = [f.name for f in dataclasses.fields(cls) if f.init] if dataclasses.is_dataclass(cls) else []
    for key in params:
        check_name("parameter", key, known, name)
    return cls(**{key: value for key, value in defaults.items() if key in known} | dict(params))


class _Parser:
    """Reads sums of products of ids, numbers and bracketed sums."""

    TOKEN = re.compile(r"\s*(?:(?P<id>[a-z][\w-]*/[\w/-]*-v\d+)|(?P<number>-?\d+\.?\d*(?:e-?\d+)?)|(?P<sign>[+*()]))")
    ARGUMENTS = re.compile(r"\(([^()]*=[^()]*)\)")

    def __init__(self, text: str, defaults: Mapping[str, Any]):
        self.text, self.defaults, self.at = text, defaults, 0

    def parse(self) -> Reward:
        if not self.TOKEN.match(self.text):
            REWARDS[self.text.strip()]  # not an id by its look: say what is nearest
        reward = self._sum()
        if self.text[self.at :].strip() or not isinstance(reward, Reward):
            raise ValueError(f"cannot read the reward {self.text!r} from {self.text[self.at :].strip()!r} on")
        return reward

    def _sum(self) -> Reward | float:
        parts = [self._product()]
        while self._sign("+"):
            parts.append(self._product())
        rewards = [part for part in parts if isinstance(part, Reward)]
        if len(parts) == 1:
            return parts[0]
        if len(rewards) < len(parts):
            raise ValueError(f"the reward {self.text!r} adds a bare number; a constant is not a reward")
        return Sum(tuple(rewards))

    def _product(self) -> Reward | float:
        value = self._atom()
        while self._sign("*"):
            factor = self._atom()
            value = value * factor
        return value

    def _atom(self) -> Reward | float:
        match = self.TOKEN.match(self.text, self.at)
        if match is None:
            raise ValueError(f"cannot read the reward {self.text!r} from {self.text[self.at :].strip()!r} on")
        self.at = match.end()
        if match["number"]:
            return float(match["number"])
        if match["id"]:
            return _build(match["id"], self._arguments(), self.defaults)
        if match["sign"] != "(":
            raise ValueError(f"the reward {self.text!r} has a {match['sign']!r} out of place")
        inner = self._sum()
        if not self._sign(")"):
            raise ValueError(f"the reward {self.text!r} has an open bracket")
        return inner

    def _arguments(self) -> dict[str, Any]:
        match = self.ARGUMENTS.match(self.text, self.at)
        if match is None:
            return {}
        self.at = match.end()
        try:
            call = ast.parse(f"f({match[1]})", mode="eval").body
            assert isinstance(call, ast.Call)
            assert not call.args
            return {str(word.arg): ast.literal_eval(word.value) for word in call.keywords}
        except (SyntaxError, ValueError, AssertionError) as error:
            raise ValueError(f"cannot read the parameters {match[1]!r} in the reward {self.text!r}") from error

    def _sign(self, sign: str) -> bool:
        match = self.TOKEN.match(self.text, self.at)
        if match is None or match["sign"] != sign:
            return False
        self.at = match.end()
        return True
