"""tabular/grid-potential-v1: the outcome, shaped by the exact number of actions that are still needed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from ...core.transition import Transition
from ..base import Payment, Reward, register
from ..dense.tabular_outcome import outcome
from .shaping import AtTruncation, Shaping

__all__ = ["TabularGridPotential"]


@register
@dataclass
class TabularGridPotential(Reward):
    """Pays the outcome, plus gamma * Phi(s') - Phi(s) with Phi = -scale * (actions on a shortest way to success).

    Wants: the goal, and says after every step whether it came nearer. It works in every tabular env; in Tree, where all
    leaves pay something, the way is that to the best leaf.
    Gamed by: nothing, as long as `gamma` is the agent's: the shaping telescopes, so every policy's return changes by
    the same -Phi(s0). With another discount the rest pays or costs something for dwelling.
    Source: potential-based shaping, Ng, Harada and Russell (1999), whose example is a grid too.
    Version history: v1.

    Args:
        scale: worth of one action.
        cap: ways that are longer, and dead ends, count as this many actions.
        gamma: the agent's discount.
        at_truncation: see `Shaping`.
    """

    scale: float = 0.05
    cap: float = 20.0
    gamma: float = 0.99  # type: ignore[assignment]
    at_truncation: AtTruncation = "bootstrap"
    id: ClassVar[str] = "tabular/grid-potential-v1"
    reads: ClassVar[frozenset[str]] = frozenset({"state", "outcome"})

    def __post_init__(self) -> None:
        self._shaping = Shaping(self.gamma, self.at_truncation)

    @property
    def bounds(self) -> Mapping[str, tuple[float, float]]:
        """One step can win or lose the whole way."""
        most = abs(self.scale) * self.cap
        return {"outcome": (0.0, 1.0), "shaping": (-most, most)}

    def potential(self, state: Any) -> np.ndarray:
        """Return Phi (B,), in [-scale * cap, 0]."""
        length = np.asarray(state.plan_length)
        return -self.scale * np.where(length < 0, self.cap, np.minimum(length, self.cap))

    def reset(self, start: Transition) -> None:
        """Note the potential of the first states."""
        self._shaping.reset(self.potential(start.next_state), start.rows)

    def __call__(self, transition: Transition) -> Payment:
        """Pay outcome and shaping."""
        phi = self.potential(transition.next_state)
        shaping = self._shaping.step(phi, transition.terminated, transition.truncated, transition.rows)
        reached = outcome(transition)
        return reached + shaping, {"outcome": reached, "shaping": shaping}
