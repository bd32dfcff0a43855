"""learned/count-v1: pays less each time that the same thing is met."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np

from ...core.names import check_name
from ...core.random import derive_seed, stable_hash
from ...core.transition import Transition
from ..base import register
from .online import OnlineReward
from .running import RunningMoments
from .sight import Sight

__all__ = ["CountBonus"]

CUT = 5.0


@register
@dataclass
class CountBonus(OnlineReward):
    """Pays beta / sqrt(N) for meeting a situation for the N-th time; beginnings of episodes are counted, not paid.

    Texts and numbered states are counted as they are. Arrays are hashed: the signs of `bits` random projections of the
    standardised numbers are the key (SimHash); the statistics for that are taken from the first `settle` steps, which
    are not paid, and kept from then on, so that a situation keeps its key.

    n meetings of one situation pay beta * sum_k 1 / sqrt(k), at most 2 beta sqrt(n): the bonus never runs out, but it
    falls below any other reward.

    Wants: an agent that goes everywhere, so that it stumbles on the goal.
    Gamed by: worlds with more situations than can be visited: every new sentence, every random number is paid in full,
    whether it matters or not. Add it to a reward for success; paid alone it teaches touring.
    Source: Strehl and Littman (2008), "An analysis of model-based interval estimation"; hashing after Tang et al.
    (2017), "#Exploration" (arXiv 1611.04717), with k signs of a Gaussian matrix. Status: paper text. Standardising
    before hashing is ours: it puts the origin of the projections into the data.
    Traps: few bits put what is different under one key, many make everything new; 16 bits are 65536 keys. All that
    was counted is in memory and in every checkpoint, 8 bytes and a number a key.
    Version history: v1.

    Args:
        every, warm_up, normalise, discount, clip, seed: as in `OnlineReward`; a count needs no rounds of learning.
        beta: the bonus for a first sight, above 0.
        scope: "lifelong" counts over all episodes of all slots; "episode" begins anew in each, and then it is only
            memory: nothing is learned.
        action: whether the action taken is part of what is counted, so that it is (s, a) and not s'.
        bits: of the hash of arrays.
        settle: see above.
    """

    beta: float = 1.0
    scope: Literal["lifelong", "episode"] = "lifelong"
    action: bool = False
    bits: int = 16
    settle: int = 1000
    id: ClassVar[str] = "learned/count-v1"
    term: ClassVar[str] = "novelty"

    def __post_init__(self) -> None:
        super().__post_init__()
        check_name("scope", self.scope, ("lifelong", "episode"), self.id)
        if not self.beta > 0 or not 1 <= self.bits <= 62:
            raise ValueError(f"{self.id}: beta must be above 0 and bits in 1 to 62, not {self.beta} and {self.bits}")
        self.reads = frozenset({"obs", "action"} if self.action else {"obs"})  # type: ignore[misc]
        self._sight, self._moments = Sight(), RunningMoments()
        self._counts: dict[int, dict[int, int]] = {}  # by slot, or all in slot -1
        self._lines: np.ndarray | None = None

    @property
    def bounds(self) -> Mapping[str, tuple[float, float]]:
        """At most `beta` without normalisation, and never more than `clip`."""
        return {self.term: (0.0, min(self.beta, self.clip) if self.normalise == "none" else self.clip)}

    def begin_episodes(self, start: Transition) -> None:
        """Count how episodes begin."""
        views = self._sight.begin(start)
        rows = start.rows.tolist()
        if self.scope == "episode":
            for row in rows:
                self._counts[row] = {}
        if not self.action and self._settled:
            for row, key in zip(rows, self._keys(start, views, start.next_obs), strict=True):
                self._meet(row, key)

    def see(self, transition: Transition) -> tuple[list[int], list[int], np.ndarray]:
        """Return (slots, keys, vectors); a key is -1 as long as there are none."""
        obs = transition.obs if self.action else transition.next_obs
        vectors = np.zeros((len(transition), 0), dtype=np.float32)
        if self._sight.kind == "array":
            views = self._sight(transition) if self.action else None
            vectors = self._sight.state(transition) if views is None else np.concatenate([views.before, views.did], 1)
        rows = transition.rows.tolist()
        if not self._settled:
            return rows, [-1] * len(rows), vectors
        return rows, self._keys(transition, vectors, obs), vectors

    def worth(self, seen: tuple[list[int], list[int], np.ndarray]) -> np.ndarray:
        """Return the bonuses, (B,); within a batch one slot is met after the other, unless nothing is counted."""
        found, before = np.zeros(len(seen[0])), dict[tuple[int, int], int]()
        for i, (row, key) in enumerate(zip(*seen[:2], strict=True)):
            if key < 0:
                continue
            place = self._place(row), key
            known = self._counts.get(place[0], {}).get(key, 0)
            before[place] = (before.get(place, known) if self._live else known) + 1
            found[i] = self.beta / before[place] ** 0.5
            if self.scope == "episode":
                self._meet(row, key)
        return found

    def keep(self, seen: tuple[list[int], list[int], np.ndarray]) -> None:
        """Count, or take statistics as long as they are not settled."""
        rows, keys, vectors = seen
        for row, key in zip(rows, keys, strict=True):
            if key < 0:
                self._moments.update(vectors)
                return
            if self.scope == "lifelong":
                self._meet(row, key)

    def learn(self, number: int) -> dict[str, float]:
        """Say how much is known; counting is all there is to learn."""
        return {"keys": float(sum(map(len, self._counts.values())))}

    @property
    def _settled(self) -> bool:
        return self._sight.kind != "array" or self._moments.count >= self.settle

    def _place(self, row: int) -> int:
        return row if self.scope == "episode" else -1

    def _meet(self, row: int, key: int) -> None:
        if self._live or self.scope == "episode":
            counts = self._counts.setdefault(self._place(row), {})
            counts[key] = counts.get(key, 0) + 1

    def _keys(self, transition: Transition, vectors: np.ndarray, obs: Any) -> list[int]:
        if self._sight.kind == "array":
            if self._lines is None:
                rng = np.random.default_rng(derive_seed(self.seed, "lines"))
                self._lines = rng.normal(size=(vectors.shape[1], self.bits))
            signs = self._moments.standardise(vectors, CUT) @ self._lines > 0
            return (signs @ (1 << np.arange(self.bits))).tolist()
        keys = self._sight.keys(transition, obs)
        if self.action:
            keys = [f"{key}\x1f{act}" for key, act in zip(keys, list(transition.action), strict=True)]
        return [stable_hash(str(key), 62) for key in keys]
