"""Random numbers of an episode, by the step: the same for a single env and for a slot of a vector env."""

from __future__ import annotations

import numpy as np

__all__ = ["BLOCK", "chances", "draw_chance_seed"]

BLOCK = 64
"""Steps that one call of `chances` covers."""


def draw_chance_seed(rng: np.random.Generator) -> int:
    """Draw what all random numbers of an episode depend on."""
    return int(rng.integers(2**32))


def chances(seed: int, block: int) -> np.ndarray:
    """Return the uniform numbers in [0, 1) of the steps from 64 * block on, (64,)."""
    return np.random.default_rng((seed, block)).random(BLOCK)
