"""The arithmetic of potential-based shaping, with the two rules that implementations get wrong."""

from __future__ import annotations

from typing import Literal

import numpy as np

__all__ = ["AtTruncation", "Shaping"]

AtTruncation = Literal["bootstrap", "zero"]


class Shaping:
    """F = gamma * Phi(s') - Phi(s) for B slots at once.

    Sources: Ng, Harada and Russell (1999), "Policy invariance under reward transformations"; for potentials that
    change over time Devlin and Kudenko (2012), "Dynamic potential-based reward shaping".

    - A terminal state has potential zero. Without this the best policy changes.
    - A *truncated* episode has not ended: the potential of its last state is kept, and the agent bootstraps from
      the value of that state. `at_truncation="zero"` is only for agents that take a time limit for an end.
    - The old potential is the number that was computed when the agent was in s, kept since then, not computed
      anew: so a potential that changes (learned, history-dependent) still telescopes.

    Args:
        gamma: the *agent's* discount, in (0, 1].
        at_truncation: "bootstrap" or "zero".
    """

    def __init__(self, gamma: float, at_truncation: AtTruncation = "bootstrap"):
        if not 0 < gamma <= 1:
            raise ValueError(f"gamma is {gamma}, not in (0, 1]")
        if at_truncation not in ("bootstrap", "zero"):
            raise ValueError(f'at_truncation is {at_truncation!r}, not "bootstrap" or "zero"')
        self.gamma, self.at_truncation = gamma, at_truncation
        self._old = np.zeros(0)

    def reset(self, phi: np.ndarray, rows: np.ndarray) -> None:
        """Note the potentials (B,) of the first states of the episodes in slots `rows` (B,)."""
        size = int(rows.max()) + 1
        if size > len(self._old):
            self._old = np.concatenate([self._old, np.zeros(size - len(self._old))])
        self._old[rows] = phi

    def step(self, phi: np.ndarray, terminated: np.ndarray, truncated: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """Return F (B,) for a step into states of potential `phi` (B,), and keep `phi` for the next one."""
        over = terminated | truncated if self.at_truncation == "zero" else terminated
        new = np.where(over, 0.0, phi)
        paid = self.gamma * new - self._old[rows]
        self._old[rows] = new
        return paid
