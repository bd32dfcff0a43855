"""household/plan-distance-v1: success, shaped by the exact number of commands that are still needed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from ...core.transition import Transition
from ..base import Payment, Reward, register
from .shaping import AtTruncation, Shaping

__all__ = ["HouseholdPlanDistance"]


@register
@dataclass
class HouseholdPlanDistance(Reward):
    """Pays 1.0 for the goal, plus gamma * Phi(s') - Phi(s) with Phi = -scale * (commands on a shortest plan).

    Wants: the goal, and says after every command whether it brought the goal nearer. The plan length is exact and
    privileged: it knows where things are hidden, so use it in training only.
    Gamed by: nothing, as long as `gamma` is the agent's: the shaping telescopes, so every policy's return changes
    by the same -Phi(s0). With another discount the rest pays or costs something for dwelling.
    Source: potential-based shaping, Ng, Harada and Russell (1999); the distance is ours.
    Version history: v1.

    Args:
        scale: worth of one command.
        cap: plan lengths above it, and dead ends, count as this many commands, so Phi stays finite.
        gamma: the agent's discount.
        at_truncation: see `Shaping`.
    """

    scale: float = 0.1
    cap: float = 20.0
    gamma: float = 0.99  # type: ignore[assignment]
    at_truncation: AtTruncation = "bootstrap"
    id: ClassVar[str] = "household/plan-distance-v1"
    reads: ClassVar[frozenset[str]] = frozenset({"state", "outcome"})

    def __post_init__(self) -> None:
        self._shaping = Shaping(self.gamma, self.at_truncation)

    @property
    def bounds(self) -> Mapping[str, tuple[float, float]]:
        """One step changes the plan by one command at best, and by `cap` at worst (into a dead end)."""
        most = self.scale * self.cap
        return {"success": (0.0, 1.0), "shaping": (-most, most)}

    def potential(self, state: Any) -> np.ndarray:
        """Return Phi (B,), in [-scale * cap, 0]."""
        return -self.scale * np.minimum(state.plan_length, self.cap)

    def reset(self, start: Transition) -> None:
        """Note the potential of the first states."""
        self._shaping.reset(self.potential(start.next_state), start.rows)

    def __call__(self, transition: Transition) -> Payment:
        """Pay success and shaping."""
        phi = self.potential(transition.next_state)
        shaping = self._shaping.step(phi, transition.terminated, transition.truncated, transition.rows)
        success = np.asarray(transition.success, dtype=float)
        return success + shaping, {"success": success, "shaping": shaping}
