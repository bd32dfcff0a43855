"""Three ways to measure progress by hops, and how they are made one: what Robo-Dopamine calls its perspectives."""

from __future__ import annotations

from typing import Literal

import numpy as np

from .hops import apply_hop

__all__ = ["FUSIONS", "Fusion", "fuse"]

Fusion = Literal["mean", "consistent", "incremental", "forward", "backward", "additive"]
FUSIONS: tuple[Fusion, ...] = ("mean", "consistent", "incremental", "forward", "backward", "additive")
EPSILON = 1e-6


def fuse(
    kind: Fusion,
    progress: np.ndarray,
    incremental: np.ndarray,
    step: np.ndarray,
    forward: np.ndarray,
    backward: np.ndarray,
    alpha: float = 1.0,
) -> tuple[np.ndarray, np.ndarray]:
    """Return the progress Phi* (B,) in [0, 1] after a step, and the incremental one, which goes on by itself.

    - incremental: Phi_I' = Phi_I + (1 - Phi_I) h for h >= 0, else Phi_I (1 + h), with h the hop of the last step. Sees
      small steps well; its errors add up, and at the goal they only go down: whoever stands there seems to lose.
    - forward: Phi_F = h(start -> now), since progress at the start is 0. Good early.
    - backward: Phi_B = 1 + h(goal -> now), since progress at the goal is 1. Good late.
    - mean: (Phi_I + Phi_F + Phi_B) / 3.
    - consistent: with c = (Phi_F + Phi_B) / 2 and w = exp(-alpha (|Phi_B - Phi_F| / (c + eps))^2), Phi* moves by
      w / 2 * (c - Phi* + d), d the change that the last step's hop means: where the two anchors disagree, the model is
      where it has seen nothing, and Phi* stays.
    - additive: Phi* + h; not published as good, the baseline that the relative hop improves on.

    Args:
        kind: which of them is Phi*.
        progress: Phi* before the step (B,).
        incremental: Phi_I before the step (B,).
        step: hop of the step (B,).
        forward: hop from the start (B,).
        backward: hop from the goal (B,).
        alpha: how much a disagreement counts.

    Source: Robo-Dopamine (2512.23703). The three and their mean are confirmed in code, `consistent` is paper text; that
    everything is clipped to [0, 1] is ours, since a mean of wrong hops overshoots. The paper writes 0 for Phi* and
    Phi_I at the start.
    """
    moved = apply_hop(incremental, step)
    first, second = forward, 1 + backward
    if kind == "consistent":
        middle = (first + second) / 2
        apart = np.abs(second - first) / (np.abs(middle) + EPSILON)
        gained = apply_hop(progress, step) - progress
        found = progress + np.exp(-alpha * apart**2) / 2 * (middle - progress + gained)
    elif kind == "additive":
        found = progress + step
    else:
        found = {
            "mean": (moved + first + second) / 3,
            "incremental": moved,
            "forward": first,
            "backward": second,
        }[kind]
    return np.clip(found, 0.0, 1.0), moved
