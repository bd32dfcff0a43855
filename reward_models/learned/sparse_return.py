"""SORS: whole trajectories ranked by the sparse reward that the env pays anyway, as preferences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...core.preferences import Labeler, PreferenceSet
from ...core.trajectory import Trajectory
from .figures import figure, reads_of

__all__ = ["SparseReturnRanking", "ranked_pairs"]


@dataclass
class SparseReturnRanking(Labeler):
    """Prefers the trajectory with the larger sparse return: self-supervised, nobody is asked.

        label = [R(first) > R(second)];  no label where they are equal

    A dense reward r that is fitted to these labels (Bradley-Terry on sum r) and orders all trajectories as the sparse
    one does has the same optimal policies if nothing is random (their theorem), and says something at every step.

    Source: SORS (Memarian, Goo, Lioutikov, Niekum and Topcu, "Self-Supervised Online Reward Shaping in Sparse-Reward
    Environments", arXiv 2103.04529, 2021). Status: paper text (abstract and theorem); that ties are dropped is our
    reading, they say nothing about which is better.
    Traps: the theorem is about the order of all trajectories from the same start, in a deterministic world. Learned
    from those that were seen, r is right about these; a policy that is optimised against it goes elsewhere, so rank the
    new trajectories and fit again, and pay the sparse reward beside it. If every episode fails nothing is learned. Of
    episodes that end at success the longer ones have more steps to be paid for: sums of a positive r favour dawdling
    until the ranking has seen it lose.
    How it can be gamed: by what looks like the winners' way but does not win.

    Args:
        by: the sparse reward, see `figures.figure`; "reward" is the env's own.
    """

    by: str = "reward"

    def __post_init__(self) -> None:
        self.reads = reads_of(self.by)

    def label(self, trajectories: Sequence[Trajectory], pairs: np.ndarray) -> np.ndarray:
        """Compare the returns of the segments, which are whole trajectories as a rule."""
        paid = {index: figure(trajectories[index], self.by) for index in np.unique(pairs[:, :, 0]).tolist()}
        returns = [[paid[index][start:stop].sum() for index, start, stop in pair] for pair in pairs.tolist()]
        gaps = np.diff(np.array(returns).reshape(-1, 2), axis=1)[:, 0]
        return np.where(gaps == 0, np.nan, (gaps < 0).astype(float))


def ranked_pairs(trajectories: Sequence[Trajectory], count: int, seed: int, by: str = "reward") -> PreferenceSet:
    """Return `count` pairs of whole trajectories of different sparse return, as SORS draws them.

    Raises:
        ValueError: all trajectories have the same return, so there is nothing to rank.
    """
    returns = np.array([figure(one, by).sum() for one in trajectories])
    if len(np.unique(returns)) < 2:
        told = f"all {len(trajectories)} trajectories have" if len(returns) else "no trajectory has"
        raise ValueError(f"nothing to rank: {told} the same sum of {by!r}")
    rng, chosen = np.random.default_rng(seed), []
    while len(chosen) < count:
        drawn = rng.integers(len(trajectories), size=(count, 2))
        chosen.extend(drawn[returns[drawn[:, 0]] != returns[drawn[:, 1]]].tolist())
    pairs = np.array([[[i, 0, len(trajectories[i])] for i in pair] for pair in chosen[:count]]).reshape(-1, 2, 3)
    labels = SparseReturnRanking(by).label(trajectories, pairs)
    return PreferenceSet(trajectories, pairs, labels, f"sparse return(by={by!r})")
