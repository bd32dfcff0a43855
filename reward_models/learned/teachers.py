"""SimTeacher: a synthetic teacher that compares segments by a known score, with the faults that people have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...core.preferences import Labeler
from ...core.random import derive_seed
from ...core.trajectory import Trajectory
from .figures import figure, reads_of

__all__ = ["SyntheticTeacher", "noisy_labels"]

CLIP = 50.0


@dataclass
class SyntheticTeacher(Labeler):
    """Prefers the segment with the larger sum of a known score: PEBBLE's SimTeacher.

        P(first > second) = sigmoid(beta (G(first) - G(second)))     G = sum_t gamma^(H - 1 - t) r_t

    gamma below 1 is myopia: what happened last counts most. A decision is then turned over with probability
    `mistakes`. A pair is skipped (NaN) unless the better sum exceeds `skip` times what a segment of its length pays on
    average, and equal (0.5) if the sums differ by less than `equal` times that; both compare sums without myopia. Two
    segments of the very same worth are equal to a rational teacher.

    Source: B-Pref (Lee, Smith, Dragan and Abbeel, 2021) and PEBBLE (Lee, Smith and Abbeel, 2021, arXiv 2106.05091).
    Status: confirmed in the code of B-Pref. Differences: there a tie of the rational teacher goes to the first, and
    draws are new each time; here a pair is decided by a draw of its own, so the same question gets the same answer,
    whichever segment is named first (label(a, b) = 1 - label(b, a)).
    Constants: beta = inf (B-Pref writes -1), gamma = 1, mistakes = skip = equal = 0 are the oracle; B-Pref's faulty
    teachers have, one at a time, beta = 1, gamma = 0.9, mistakes = 0.1, skip = 0.1 or equal = 0.1.
    Traps: beta has the unit 1 / score, so 1 is nearly rational for one score and a coin for another. The thresholds
    assume a score that pays above 0 on average; with costs only they do nothing. With segments of unequal length a
    score that is a cost (a distance) prefers the shorter one almost always.
    How it can be gamed: whoever learns from it learns `by`, faults included; a proxy stays a proxy.

    Args:
        by: what is summed, see `figures.figure`; declared in `reads`. The oracle reads the outcome or the state.
        beta: rationality, at least 0; inf for no noise.
        gamma: myopia, in (0, 1].
        mistakes: probability of the opposite answer, in [0, 1].
        skip, equal: see above, at least 0.
        seed: of all draws.
    """

    by: str = "reward"
    beta: float = float("inf")
    gamma: float = 1.0
    mistakes: float = 0.0
    skip: float = 0.0
    equal: float = 0.0
    seed: int = 0

    def __post_init__(self) -> None:
        if not self.beta >= 0 or not 0 < self.gamma <= 1 or not 0 <= self.mistakes <= 1:
            raise ValueError(f"{self}: beta must be at least 0, gamma in (0, 1], mistakes in [0, 1]")
        if not (self.skip >= 0 and self.equal >= 0):
            raise ValueError(f"{self}: skip and equal must be at least 0")
        self.reads = reads_of(self.by)

    def label(self, trajectories: Sequence[Trajectory], pairs: np.ndarray) -> np.ndarray:
        """Compare by the sums of `by`."""
        paid = {index: figure(trajectories[index], self.by) for index in np.unique(pairs[:, :, 0]).tolist()}
        usual = float(np.concatenate([np.zeros(1), *paid.values()]).sum() / max(sum(map(len, paid.values())), 1))
        sums, worth = np.zeros((len(pairs), 2)), np.zeros((len(pairs), 2))
        for row, pair in enumerate(pairs.tolist()):
            for side, (index, start, stop) in enumerate(pair):
                part = paid[index][start:stop]
                sums[row, side] = part.sum()
                worth[row, side] = part @ self.gamma ** np.arange(stop - start - 1, -1, -1.0)
        labels = noisy_labels(worth[:, 0] - worth[:, 1], pairs, self.beta, self.mistakes, self.seed)
        average = usual * (pairs[:, :, 2] - pairs[:, :, 1]).mean(axis=1)
        labels[np.abs(sums[:, 0] - sums[:, 1]) < self.equal * average] = 0.5
        if self.skip > 0:
            labels[(sums.max(axis=1) <= self.skip * average) & (average > 0)] = np.nan
        return labels


def noisy_labels(gaps: np.ndarray, pairs: np.ndarray, beta: float, mistakes: float, seed: int) -> np.ndarray:
    """Return labels (N,) in {0, 0.5, 1} for gaps (N,) in worth between the first and the second of pairs (N, 2, 3).

    Args:
        gaps: worth of the first minus worth of the second.
        pairs: whose numbers decide the draws: a pair has draws of its own, the same whichever segment comes first.
        beta: P(first) = sigmoid(beta * gap); inf decides by the sign, 0.5 where there is no gap.
        mistakes: probability that an answer is turned over.
        seed: of the draws.
    """
    if np.isinf(beta):
        labels = (np.sign(gaps) + 1) / 2
        if not mistakes:
            return labels
    else:
        labels = np.zeros(len(gaps))
    for row, (gap, (one, other)) in enumerate(zip(gaps.tolist(), pairs.tolist(), strict=True)):
        swapped = one > other
        draws = np.random.default_rng(derive_seed(seed, "pair", *sorted((one, other)))).random(2)
        if not np.isinf(beta):
            if one == other:
                labels[row] = 0.5
                continue
            # The draw is about the segment with the smaller numbers, so both orders ask for the same one.
            chance = 1 / (1 + np.exp(-np.clip(beta * (-gap if swapped else gap), -CLIP, CLIP)))
            labels[row] = float((draws[0] < chance) != swapped)
        if draws[1] < mistakes:
            labels[row] = 1 - labels[row]
    return labels
