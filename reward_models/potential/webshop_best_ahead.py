"""webshop/best-ahead-v1: the score of the purchase, shaped by the best score that can still be bought from here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from ...core.transition import Transition
from ..base import Payment, Reward, register
from ..dense.webshop_purchase import purchase
from .shaping import AtTruncation, Shaping

__all__ = ["WebShopBestAhead"]


@register
@dataclass
class WebShopBestAhead(Reward):
    """Pays the score of the purchase, plus gamma * Phi(s') - Phi(s).

    Phi(s) = scale * ((1 - blend) * `best_ahead` + blend * `now`), with `best_ahead` the best score that can be bought
    without going back (a search is worth the best product on its page, a product the best of the options that are
    still open) and `now` what it would be with nothing more chosen. Both are exact and privileged.
    Wants: the best purchase, and says after every step what became possible by it, or impossible.
    Gamed by: nothing, as long as `gamma` is the agent's: the shaping telescopes, so every policy's return changes by
    the same -Phi(s0), which is 0. With another discount the rest pays or costs something for dwelling.
    Source: potential-based shaping, Ng, Harada and Russell (1999); the best reachable score as a step reward for
    WebShop is IPR's (Xiong et al., 2024) and SPA-RL's (Wang et al., 2025), there not as a potential.
    Version history: v1.

    Args:
        scale: worth of a perfect purchase ahead.
        blend: how much of Phi is `now`, in [0, 1]; it makes each wanted option pay when it is chosen.
        gamma: the agent's discount.
        at_truncation: see `Shaping`.
    """

    scale: float = 0.5
    blend: float = 0.8
    gamma: float = 0.99  # type: ignore[assignment]
    at_truncation: AtTruncation = "bootstrap"
    id: ClassVar[str] = "webshop/best-ahead-v1"
    reads: ClassVar[frozenset[str]] = frozenset({"state", "outcome"})

    def __post_init__(self) -> None:
        if not 0 <= self.blend <= 1:
            raise ValueError(f"{self.id}: blend is {self.blend}, not in [0, 1]")
        self._shaping = Shaping(self.gamma, self.at_truncation)

    @property
    def bounds(self) -> Mapping[str, tuple[float, float]]:
        """One step can open or shut off everything."""
        most = abs(self.scale)
        return {"purchase": (0.0, 1.0), "shaping": (-most, most)}

    def potential(self, state: Any) -> np.ndarray:
        """Return Phi (B,), in [0, scale]."""
        return self.scale * ((1 - self.blend) * state.best_ahead + self.blend * state.now)

    def reset(self, start: Transition) -> None:
        """Note the potential of the first states."""
        self._shaping.reset(self.potential(start.next_state), start.rows)

    def __call__(self, transition: Transition) -> Payment:
        """Pay purchase and shaping."""
        phi = self.potential(transition.next_state)
        shaping = self._shaping.step(phi, transition.terminated, transition.truncated, transition.rows)
        bought = np.asarray(purchase(transition), dtype=float)
        return bought + shaping, {"purchase": bought, "shaping": shaping}
