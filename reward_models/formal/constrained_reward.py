"""formal/constrained-v1: limits on how often things happen, instead of prices for them."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from ...core.names import check_name
from ...core.transition import Transition
from ..base import Payment, Reward, register
from ..expression import make_reward

__all__ = ["ConstrainedReward"]

THRESHOLD = re.compile(r"\s*(<=|>=)?\s*([-+]?\d*\.?\d+(?:[eE][-+]?\d+)?)\s*")
DECAYS, TINY = (0.9, 0.999), 1e-8
"""Of Adam (arXiv 1412.6980), in which the multipliers move."""


@register
@dataclass
class ConstrainedReward(Reward):
    """Pays a reward and takes for what happens too often, at prices that it finds itself.

        paid = lambda_0 R - sum_k sign_k lambda_k c_k,        lambda = softmax(z),  sign_k = 1 for "<=", -1 for ">="
        excess_k = sign_k (average of c_k over the last `window` steps - d_k)
        every `every` steps: an Adam step on z along the gradient of sum_k lambda_k excess_k

    One says how often (at most 1% of the steps on lava), not how bad. The multipliers sum to 1, so payments stay
    bounded even if nothing keeps the limits. The gradient along z_j is lambda_j (excess_j - sum_k lambda_k excess_k),
    where the reward itself has excess 0. `success` names a wanted event that must not be drowned while it is rare:
    lambda_0 is then at least that event's multiplier (the "bootstrap" constraint).

    Wants: the most of R among what keeps the limits: the optimum that a linear program finds on small worlds.
    Gamed by: limits are on means over steps of all episodes: breaking one often in some episodes and never in others
    is within them, and standing still or longer episodes dilute what is counted. An agent pays in the window's delay,
    and may break a limit in turns. What is not counted is free.
    Source: Roy et al., "Direct behavior specification via constrained reinforcement learning" (arXiv 2112.12228, 2022);
    softmax multipliers, equal in the beginning, Adam at 100 times the policy's rate (0.03), every 10 updates, averages
    over 2000 steps, floor for the reward: confirmed in their code. Ours: one reward and one critic where they have one
    critic a cost; the gradient of the softmax is written out. Thresholds published: lava 0.01, energy 0.01, look-at
    0.1, on ground 0.4, goal >= 0.99.
    Version history: v1.

    Traps: the last multipliers swing about the right price, so the last policy may break a limit that the average of
    the policies keeps: judge averages (the study "constrained"). Nothing tells a limit that cannot be kept from one
    that is not kept yet: look at `figures`; on small worlds `objectives.constrained` says which. Costs are counted as
    shares of steps, not discounted. The payment of a step changes while one trains, so off-policy agents with a replay
    are refused; take an on-policy agent. Shaping inside R is multiplied by what moves, and no longer harmless: add it
    outside. Every copy of the reward (single envs, processes) has multipliers of its own.

    Args:
        reward: id or expression of R.
        costs: name to the id or expression of what is counted; best an indicator, paying 0 or 1.
        thresholds: name to a number (at most), or "<= 0.01", ">= 0.99".
        every: steps between updates.
        window: steps that are averaged over.
        rate: of Adam.
        success: name of a wanted cost, or "".
        gamma: discount, handed to the parts that need one; if not given, theirs.
    """

    reward: str = ""
    costs: dict[str, str] = field(default_factory=dict)
    thresholds: dict[str, float | str] = field(default_factory=dict)
    every: int = 100
    window: int = 2000
    rate: float = 0.03
    success: str = ""
    gamma: float | None = None  # type: ignore[assignment]
    id: ClassVar[str] = "formal/constrained-v1"
    reads: ClassVar[frozenset[str]] = frozenset()
    needs: ClassVar[tuple[str, ...]] = ("reward", "costs", "thresholds")
    learns: ClassVar[bool] = True

    def __post_init__(self) -> None:
        self._names = list(self.costs)
        if not self.reward:  # known by name only
            return
        self._check()
        given = {} if self.gamma is None else {"gamma": self.gamma}
        self._rewards = [make_reward(one, **given) for one in (self.reward, *self.costs.values())]
        self.reads = frozenset[str]().union(*(one.reads for one in self._rewards))  # type: ignore[misc]
        self.causal = all(one.causal for one in self._rewards)  # type: ignore[misc]
        discounts = sorted({one.gamma for one in self._rewards if one.gamma is not None} | set(given.values()))
        if len(discounts) > 1:
            raise ValueError(f"{self.id}: the parts were made for different discounts {discounts}; set them alike")
        self.gamma = discounts[0] if discounts else None  # type: ignore[assignment]
        limits = [_limit(name, self.thresholds[name]) for name in self._names]
        self._signs = np.array([sign for sign, _ in limits])
        self._bounds = np.array([bound for _, bound in limits])
        self._z, self._first, self._second = (np.zeros(1 + len(limits)) for _ in range(3))
        self._recent = np.zeros((self.window, len(limits)))
        self._seen, self._rounds, self._live = 0, 0, True

    def _check(self) -> None:
        if "reward" in self.costs:
            raise ValueError(f"{self.id}: no cost can be called 'reward', which is a term of its own")
        for name in self.thresholds:
            check_name("cost", name, self.costs, f"{self.id}'s thresholds")
        for name in self.costs:
            check_name("threshold", name, self.thresholds, f"{self.id}'s thresholds, which lack it")
        if self.every < 1 or self.window < 1 or not self.rate > 0:
            raise ValueError(
                f"{self.id}: every and window must be at least 1 and rate above 0, not "
                f"{self.every}, {self.window} and {self.rate}"
            )
        if self.success:
            check_name("cost", self.success, self.costs, f"{self.id}'s success")
            if _limit(self.success, self.thresholds[self.success])[0] > 0:
                raise ValueError(
                    f"{self.id}: success {self.success!r} must be wanted (>=), but its threshold is at most"
                )

    @property
    def bounds(self) -> Mapping[str, tuple[float, float]]:
        """What the parts can pay or cost, at multipliers from 0 to 1."""
        if not self.reward:
            return {"reward": (0.0, 1.0)}
        found = {}
        for name, sign, part in zip(["reward", *self._names], [-1.0, *self._signs], self._rewards, strict=True):
            low, high = (sum(pair[i] for pair in part.bounds.values()) for i in (0, 1))
            ends = (-sign * low, -sign * high, 0.0)
            found[name] = (float(min(ends)), float(max(ends)))
        return found

    @property
    def multipliers(self) -> dict[str, float]:
        """What the reward and each cost are multiplied by, before signs."""
        weights = np.exp(self._z - self._z.max())
        weights /= weights.sum()
        if self.success:
            weights[0] = max(weights[0], weights[1 + self._names.index(self.success)])
        return dict(zip(["reward", *self._names], weights.tolist(), strict=True))

    @property
    def averages(self) -> dict[str, float]:
        """What the costs are on average over the last `window` steps."""
        kept = self._recent[: min(self._seen, self.window)]
        return dict(zip(self._names, (kept.mean(axis=0) if len(kept) else self._bounds).tolist(), strict=True))

    @property
    def figures(self) -> dict[str, float]:
        """Multipliers, averages and by how much each limit is exceeded (positive: broken)."""
        found = {f"multiplier/{name}": value for name, value in self.multipliers.items()}
        for name, sign, bound in zip(self._names, self._signs, self._bounds, strict=True):
            found[f"average/{name}"] = self.averages[name]
            found[f"excess/{name}"] = float(sign * (self.averages[name] - bound))
        return found

    @property
    def parts(self) -> tuple[Reward, ...]:
        """Itself, and what it is made of."""
        return (self, *(part for one in self._rewards for part in one.parts)) if self.reward else (self,)

    def reset(self, start: Transition) -> None:
        """Begin episodes in all parts; multipliers and averages stay."""
        for one in self._rewards:
            one.begin(start)

    def __call__(self, transition: Transition) -> Payment:
        """Pay by the multipliers as they are, then count and, when it is time, move them."""
        totals = [one.pay(transition)[0] for one in self._rewards]
        factors = np.array(list(self.multipliers.values())) * np.append(1.0, -self._signs)
        names = ["reward", *self._names]
        terms = {name: factor * total for name, factor, total in zip(names, factors, totals, strict=True)}
        if self._live:
            self._count(np.column_stack(totals[1:]))
        return sum(terms.values(), np.zeros(len(transition))), terms

    def frozen(self) -> Reward:
        """Return a deep copy that goes on paying at these multipliers and whose parts do not learn either."""
        twin = copy.copy(self)
        twin._rewards = [one.frozen() for one in self._rewards]
        twin._live = False
        twin.learns = False  # type: ignore[misc]
        return copy.deepcopy(twin)

    def _count(self, costs: np.ndarray) -> None:
        for row in costs:
            self._recent[self._seen % self.window] = row
            self._seen += 1
            if self._seen % self.every == 0:
                self._move()

    def _move(self) -> None:
        """Do an Adam step up the sum of multipliers times excesses."""
        weights = np.exp(self._z - self._z.max())
        weights /= weights.sum()
        averages = np.array(list(self.averages.values()))
        excess = np.append(0.0, self._signs * (averages - self._bounds))
        slope = weights * (excess - weights @ excess)
        self._rounds += 1
        self._first = DECAYS[0] * self._first + (1 - DECAYS[0]) * slope
        self._second = DECAYS[1] * self._second + (1 - DECAYS[1]) * slope**2
        mean = self._first / (1 - DECAYS[0] ** self._rounds)
        spread = np.sqrt(self._second / (1 - DECAYS[1] ** self._rounds))
        self._z = self._z + self.rate * mean / (spread + TINY)


def _limit(name: str, threshold: float | str) -> tuple[float, float]:
    """Return (1 for "<=" or -1 for ">=", the number)."""
    match = THRESHOLD.fullmatch(str(threshold))
    if match is None:
        raise ValueError(
            f"formal/constrained-v1: the threshold of {name!r} is {threshold!r}; write a number, '<= 0.01' or '>= 0.99'"
        )
    return (-1.0 if match[1] == ">=" else 1.0), float(match[2])
