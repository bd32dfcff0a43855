"""webshop/stepwise-v1: the parts of the score, paid as they are met for the first time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from ...core.transition import Transition
from ..base import Payment, Reward, register
from .webshop_purchase import purchase

__all__ = ["WebShopStepwise"]

PARTS = ("attributes", "options", "affordable")


@register
@dataclass
class WebShopStepwise(Reward):
    """Pays the score of the purchase, and on the way each part of it that the product at hand meets better than before.

    A part is the share of wanted attributes, the share of wanted options that are chosen, and whether the price is in
    bounds; each counts by the factor for the right kind of product, and only what exceeds the best of this episode is
    paid. So a part pays at most its weight in an episode, however often it is met.
    Wants: an agent that opens a fitting product and chooses what was asked for, before it has ever bought well.
    Gamed by: opening many products and collecting each part from another one, without buying one that has them all;
    bounded by 3 * `weight` an episode. Keep that below what a good purchase pays beyond a bad one.
    Source: the parts are WebShop's (Yao et al., 2022); paying them step by step is ours, in the manner of the process
    rewards of IPR (Xiong et al., 2024).
    Version history: v1.

    Args:
        weight: payment for each part that is fully met.
    """

    weight: float = 0.1
    id: ClassVar[str] = "webshop/stepwise-v1"
    reads: ClassVar[frozenset[str]] = frozenset({"state"})

    def __post_init__(self) -> None:
        self._best = np.zeros((0, len(PARTS)))

    @property
    def bounds(self) -> Mapping[str, tuple[float, float]]:
        """Each part is at most `weight`."""
        low, high = min(self.weight, 0.0), max(self.weight, 0.0)
        return {"purchase": (0.0, 1.0), **dict.fromkeys(PARTS, (low, high))}

    def reset(self, start: Transition) -> None:
        """Forget what was met."""
        size = int(start.rows.max()) + 1
        if size > len(self._best):
            self._best = np.concatenate([self._best, np.zeros((size - len(self._best), len(PARTS)))])
        self._best[start.rows] = self._met(start.next_state)

    def __call__(self, transition: Transition) -> Payment:
        """Pay what is better than before."""
        old = self._best[transition.rows]
        new = np.maximum(old, self._met(transition.next_state))
        self._best[transition.rows] = new
        gained = self.weight * (new - old)
        bought = np.asarray(purchase(transition), dtype=float)
        return bought + gained.sum(axis=1), {"purchase": bought, **dict(zip(PARTS, gained.T, strict=True))}

    @staticmethod
    def _met(state: Any) -> np.ndarray:
        """Return the parts (B, 3) of the products at hand."""
        return np.stack([state.kind * getattr(state, name) for name in PARTS], axis=-1)
