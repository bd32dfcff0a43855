"""searchqa/facts-potential-v1: the F1 of the answer, shaped by the facts of the question that were found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from ...core.transition import Transition
from ..base import Payment, Reward, register
from ..dense.searchqa_outcome import answer_f1
from .shaping import AtTruncation, Shaping

__all__ = ["SearchQAFactsPotential"]


@register
@dataclass
class SearchQAFactsPotential(Reward):
    """Pays the F1 of the answer, plus gamma * Phi(s') - Phi(s) with Phi = scale * (share of the needed facts found).

    Wants: the right answer, and says after every look-up whether it found a fact of the question's chain. Which facts
    these are is privileged: use it in training only.
    Gamed by: nothing, as long as `gamma` is the agent's: the shaping telescopes, and what was paid for facts is taken
    back by the answer, right or wrong, so every policy's return changes by the same -Phi(s0), which is 0. With another
    discount the rest pays or costs something for dwelling.
    Source: potential-based shaping, Ng, Harada and Russell (1999); step rewards for needed facts are those of search
    agents such as SLATE (2026), there not as a potential.
    Version history: v1.

    Args:
        scale: worth of all facts.
        gamma: the agent's discount.
        at_truncation: see `Shaping`.
    """

    scale: float = 0.5
    gamma: float = 0.99  # type: ignore[assignment]
    at_truncation: AtTruncation = "bootstrap"
    id: ClassVar[str] = "searchqa/facts-potential-v1"
    reads: ClassVar[frozenset[str]] = frozenset({"state", "outcome"})

    def __post_init__(self) -> None:
        self._shaping = Shaping(self.gamma, self.at_truncation)

    @property
    def bounds(self) -> Mapping[str, tuple[float, float]]:
        """One look-up finds one fact; the answer takes the whole potential back."""
        most = abs(self.scale)
        return {"f1": (0.0, 1.0), "shaping": (-most, most)}

    def potential(self, state: Any) -> np.ndarray:
        """Return Phi (B,), in [0, scale]."""
        return self.scale * state.facts_found / state.hops

    def reset(self, start: Transition) -> None:
        """Note the potential of the first states."""
        self._shaping.reset(self.potential(start.next_state), start.rows)

    def __call__(self, transition: Transition) -> Payment:
        """Pay F1 and shaping."""
        phi = self.potential(transition.next_state)
        shaping = self._shaping.step(phi, transition.terminated, transition.truncated, transition.rows)
        paid = np.asarray(answer_f1(transition), dtype=float)
        return paid + shaping, {"f1": paid, "shaping": shaping}
