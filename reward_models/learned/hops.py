"""Hops: progress from one moment to another as a share of the way that is left, or of the way that was made."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

__all__ = ["apply_hop", "discretise", "hop", "sample_pairs"]


def hop(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """Return the hop H from progress `before` to `after`: H in [-1, 1], both in [0, 1], of any shape.

    H = (after - before) / (1 - before) if after >= before, the share of what was left; else
    (after - before) / before, the share of what was made that is lost. 0 where nothing changes.

    Source: Robo-Dopamine (arXiv 2512.23703, 2025); paper text. Relative steps are why predicted hops can be chained
    without leaving [0, 1], however wrong they are.
    """
    before, after = np.asarray(before, dtype=float), np.asarray(after, dtype=float)
    gain = after - before
    whole = np.where(gain >= 0, 1 - before, before)
    return np.divide(gain, whole, out=np.zeros_like(gain), where=whole > 0)


def apply_hop(before: np.ndarray, hops: np.ndarray) -> np.ndarray:
    """Return the progress after hops in [-1, 1]; it undoes `hop`, so that a hop from p to q leads from p to q."""
    before, hops = np.asarray(before, dtype=float), np.asarray(hops, dtype=float)
    return before + np.where(hops >= 0, 1 - before, before) * hops


def discretise(keyframes: Sequence[int], stride: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """Return moments (M + 1,) of a demonstration and their progress i / M.

    Every stretch between two of its N + 1 keyframes gets the same number m of evenly spaced moments, so that a short
    stretch counts as much as a long one: m = round(L / (N * stride)), at least 1, with L the number of steps.

    Args:
        keyframes: indices that rise strictly; the first is where the demonstration begins, the last where it is done.
        stride: steps between two moments of an average stretch; 20 frames of video in the published code.

    Source: Robo-Dopamine; the paper writes a floor where its code rounds. Here it is rounded.

    Raises:
        ValueError: fewer than two keyframes, or they do not rise.
    """
    marks = np.asarray(keyframes, dtype=int)
    if len(marks) < 2 or (np.diff(marks) <= 0).any():
        raise ValueError(f"keyframes are {marks.tolist()}, not at least two that rise")
    parts = len(marks) - 1
    each = max(1, round(float(marks[-1] - marks[0]) / (parts * stride)))
    progress = np.arange(parts * each + 1) / (parts * each)
    return np.rint(np.interp(progress, np.arange(parts + 1) / parts, marks)).astype(int), progress


def sample_pairs(
    moments: np.ndarray,
    progress: np.ndarray,
    count: int,
    rng: np.random.Generator,
    bins: int = 25,
    gaps: int = 4,
    near: float = 0.05,
) -> np.ndarray:
    """Return `count` ordered pairs (count, 2) of indices into `moments`, spread evenly over hops and time gaps.

    Uniform pairs would nearly all be middling hops. Here a cell of (hop bin, gap bin) is drawn first, evenly among
    those that hold a pair, then a pair in it. A share `near` is pairs of the same moment, which have hop 0: the model
    is to know what no progress looks like.

    Args:
        moments: time of each moment (M + 1,), in steps.
        progress: progress of each moment (M + 1,), in [0, 1].
        count: how many.
        rng: draws.
        bins: hop bins over [-1, 1].
        gaps: bins of the time between the two.
        near: share of pairs without progress.

    Source: Robo-Dopamine's data generation, 25 x 4 bins and 5%; confirmed in code.
    """
    size = len(moments)
    first, second = (grid.ravel() for grid in np.meshgrid(np.arange(size), np.arange(size), indexing="ij"))
    there = first != second
    first, second = first[there], second[there]
    jumps = np.minimum(((hop(progress[first], progress[second]) + 1) / 2 * bins).astype(int), bins - 1)
    apart = np.abs(np.asarray(moments)[first] - np.asarray(moments)[second])
    spans = np.minimum((apart * gaps / max(int(apart.max(initial=1)), 1)).astype(int), gaps - 1)
    cells = jumps * gaps + spans
    order = np.argsort(cells, kind="stable")
    filled, begins, sizes = np.unique(cells[order], return_index=True, return_counts=True)
    picked = rng.integers(len(filled), size=count)
    inside = (rng.random(count) * sizes[picked]).astype(int)
    pairs = np.stack([first, second], axis=1)[order[begins[picked] + inside]]
    same = rng.random(count) < near
    pairs[same, 1] = pairs[same, 0]
    return pairs
