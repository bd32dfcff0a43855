"""Aggregates and intervals for few runs: IQM, bootstrap, probability of improvement, success rates.

Scores have shape `(num_runs, num_tasks)`. A run is one training seed; a task is anything that every run was
scored on (a game, or a stratum of tasks such as a task type).

Source: Agarwal, Schwarzer, Castro, Courville and Bellemare, "Deep Reinforcement Learning at the Edge of the
Statistical Precipice" (2021), for IQM, stratified bootstrap and probability of improvement; Owen, "The
pigeonhole bootstrap" (2007), for resampling seeds and tasks at once; Clopper and Pearson (1934) for the ends.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "Estimate",
    "bootstrap_interval",
    "iqm",
    "probability_of_improvement",
    "stratum_scores",
    "summarise_outcomes",
    "summarise_values",
]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Estimate:
    """A value and the ends of its interval, all in the unit of the thing measured."""

    value: float
    low: float
    high: float


def iqm(scores: ArrayLike, axis: int | None = None) -> Any:
    """Return the interquartile mean: the mean of the middle half of the scores.

    This is the *exact-weight* form. Sorted score i covers the ranks from i to i + 1, and its weight is the
    part of that inside [n/4, 3n/4]; scores on the border count by a fraction. Where 4 divides n this equals
    `scipy.stats.trim_mean(scores, 0.25)`, which rliable uses; elsewhere `trim_mean` cuts only floor(n/4)
    scores on each side (none for n = 3: a plain mean), while this form cuts a quarter of the weight for
    every n.

    Args:
        scores: any shape; NaN is an error.
        axis: the axis to reduce, or None for all scores together.
    """
    values = _finite(scores, "scores")
    values = np.sort(values.ravel() if axis is None else values, axis=-1 if axis is None else axis)
    values = np.moveaxis(values, -1 if axis is None else axis, -1)
    num = values.shape[-1]
    rank = np.arange(num)
    weights = np.clip(np.minimum(rank + 1, 0.75 * num) - np.maximum(rank, 0.25 * num), 0, 1)
    return values @ weights / (0.5 * num)


def bootstrap_interval(
    scores: ArrayLike,
    rng: np.random.Generator,
    *,
    statistic: Callable[..., Any] = iqm,
    whole_runs: bool = True,
    level: float = 0.95,
    resamples: int = 2000,
) -> Estimate:
    """Return a statistic of all scores with its percentile bootstrap interval over runs.

    What it covers: the chance of having drawn *these runs*, for *these tasks*. It cannot leave the range of
    the runs, which holds the median of all possible runs with probability 1 - 2^(1-n) only: 75% for 3 runs,
    94% for 5, 99.8% for 10. With 3 runs and a mean, a 95% interval *is* that range.

    Args:
        scores: `(num_runs, num_tasks)`.
        rng: the source of the resampling.
        statistic: called as `statistic(array, axis=-1)` on `(resamples, num_runs * num_tasks)`.
        whole_runs: True resamples a run with all its tasks, right when one run was scored on every task,
            since a bad run is bad everywhere. False resamples within each task apart (rliable's stratified
            bootstrap), right when each task was trained alone; on shared runs it is too narrow.
        level: nominal coverage.
        resamples: number of bootstrap draws.
    """
    values = _matrix(scores)
    num_runs, num_tasks = values.shape
    if whole_runs:
        drawn = values[rng.integers(num_runs, size=(resamples, num_runs))]
    else:
        rows = rng.integers(num_runs, size=(resamples, num_runs, num_tasks))
        drawn = values[rows, np.arange(num_tasks)]
    draws = statistic(drawn.reshape(resamples, -1), axis=-1)
    return _percentile(float(statistic(values.ravel(), axis=-1)), draws, level)


def probability_of_improvement(
    x: ArrayLike, y: ArrayLike, rng: np.random.Generator, *, level: float = 0.95, resamples: int = 2000
) -> Estimate:
    """Return the probability that a random run of X beats a random run of Y on a random task.

    Per task this is the Mann-Whitney U statistic over `num_x * num_y`, ties counted half; then the mean over
    tasks. 0.5 means no difference; 1 says nothing about *how much* better X is.

    The interval resamples whole runs on both sides, then is opened to what n = min(num_x, num_y) runs can
    show at best: n disjoint pairs that all came out one way are no surprise (tail probability) while the
    true probability exceeds tail^(1/n). So three seeds that win every time give [0.29, 1], ten give [0.69,
    1], and not the [1, 1] of the bare bootstrap: three runs cannot exclude that half of all runs collapse.

    Args:
        x: `(num_x, num_tasks)`.
        y: `(num_y, num_tasks)`, the same tasks in the same order.
        rng: the source of the resampling.
        level: nominal coverage.
        resamples: number of bootstrap draws.
    """
    left, right = _matrix(x), _matrix(y)
    if left.shape[1] != right.shape[1]:
        raise ValueError(f"x has {left.shape[1]} tasks and y has {right.shape[1]}: they must be the same tasks")
    difference = left[:, None, :] - right[None, :, :]
    wins = (0.5 + 0.5 * np.sign(difference)).mean(axis=-1)
    count_x = _counts(rng, len(left), resamples)
    count_y = _counts(rng, len(right), resamples)
    draws = np.einsum("bi,ij,bj->b", count_x, wins, count_y) / wins.size
    estimate = _percentile(float(wins.mean()), draws, level)
    return _open_ends(estimate, min(len(left), len(right)), level)


def summarise_outcomes(
    outcomes: ArrayLike,
    strata: Sequence[str],
    rng: np.random.Generator,
    *,
    level: float = 0.95,
    resamples: int = 2000,
) -> tuple[Estimate, Estimate]:
    """Summarise success of several seeds on one fixed task list: `(mean, iqm)`, each with its interval.

    `mean` is the fraction of (seed, task) episodes solved: the number to call "solves 92% of the tasks".
    `iqm` is the interquartile mean over *(seed, stratum) cells* (an IQM of raw 0/1 outcomes is degenerate:
    it is 0 or 1 outside 25% to 75%). It drops the hardest and the easiest quarter of the cells, so it
    compares rewards robustly but is no share of tasks: two task types of six never solved still give 0.83.

    Both intervals draw seeds (whole, with replacement) and, inside each stratum, tasks; a draw uses the same
    tasks for all its seeds, because the seeds were scored on the same list. So they speak about *other seeds
    and other tasks of the same kinds*. Seeds are never redrawn per stratum: a seed that failed fails in all
    strata, and mixing strata of different seeds would average that away.

    What they do not do: with S seeds the part that stems from training cannot leave the range of the S seeds
    seen. In simulations with 60 tasks the 95% interval of the mean holds the truth in 95 to 99% of cases if
    tasks are the main source of chance; if seeds differ widely (success between 50% and 95%), in about 77%
    for 3 seeds, 86% for 5 and 93% for 10. With one seed the interval knows of tasks only. Show the seeds
    beside it. A stratum of a single task adds no spread.

    When every outcome is the same the bootstrap has no spread at all. The ends are therefore opened to the
    Clopper-Pearson limit for T tasks that all came out one way: zero of 60 gives [0, 6%], not [0, 0].

    Args:
        outcomes: `(num_seeds, num_tasks)` of 0/1 or bool.
        strata: the stratum of each task (its task type), `num_tasks` long.
        rng: the source of the resampling.
        level: nominal coverage.
        resamples: number of bootstrap draws.
    """
    values = _matrix(outcomes)
    if not np.isin(values, (0.0, 1.0)).all():
        raise ValueError("outcomes must be 0 or 1; use summarise_values for other numbers")
    mean, cells, sizes = _crossed(values, strata, rng, resamples)
    point = stratum_scores(values, strata)[1]
    means = _percentile(float(values.mean()), mean, level)
    iqms = _percentile(float(iqm(point)), iqm(cells.reshape(resamples, -1), axis=-1), level)
    num_tasks = int(sizes.sum())
    return _open_ends(means, num_tasks, level), _open_ends(iqms, num_tasks, level)


def summarise_values(
    values: ArrayLike,
    strata: Sequence[str],
    rng: np.random.Generator,
    *,
    unit: bool = False,
    level: float = 0.95,
    resamples: int = 2000,
) -> Estimate:
    """Return the mean of any per-episode number over seeds and tasks, its interval drawn as for outcomes.

    Args:
        values: `(num_seeds, num_tasks)`, such as returns or lengths; NaN is an error.
        strata: the stratum of each task.
        rng: the source of the resampling.
        unit: True for numbers that lie in [0, 1] by definition: the ends are then opened as for outcomes.
        level: nominal coverage.
        resamples: number of bootstrap draws.
    """
    matrix = _matrix(values)
    if unit and not ((matrix >= 0) & (matrix <= 1)).all():
        raise ValueError(f"values lie in [{matrix.min()}, {matrix.max()}], not in [0, 1]")
    mean, _, _ = _crossed(matrix, strata, rng, resamples)
    estimate = _percentile(float(matrix.mean()), mean, level)
    return _open_ends(estimate, matrix.shape[1], level) if unit else estimate


def stratum_scores(values: ArrayLike, strata: Sequence[str]) -> tuple[list[str], Floats]:
    """Average `(num_seeds, num_tasks)` by stratum: the sorted labels and `(num_seeds, num_strata)`."""
    matrix = _matrix(values)
    labels, codes = _codes(strata, matrix.shape[1])
    member = codes[:, None] == np.arange(len(labels))
    return labels, matrix @ member / member.sum(axis=0)


def _crossed(
    values: Floats, strata: Sequence[str], rng: np.random.Generator, resamples: int
) -> tuple[Floats, Floats, Floats]:
    """Draw seeds and tasks: means `(B,)`, cell means `(B, num_seeds, num_strata)`, stratum sizes."""
    num_seeds, num_tasks = values.shape
    labels, codes = _codes(strata, num_tasks)
    cells = np.empty((resamples, num_seeds, len(labels)))
    sizes = np.bincount(codes).astype(float)
    for k in range(len(labels)):
        part = values[:, codes == k]
        cells[:, :, k] = _counts(rng, part.shape[1], resamples) @ part.T / part.shape[1]
    seeds = rng.integers(num_seeds, size=(resamples, num_seeds))
    cells = np.take_along_axis(cells, seeds[:, :, None], axis=1)
    return cells.mean(axis=1) @ sizes / num_tasks, cells, sizes


def _codes(strata: Sequence[str], num_tasks: int) -> tuple[list[str], NDArray[np.intp]]:
    if len(strata) != num_tasks:
        raise ValueError(f"{len(strata)} strata are given for {num_tasks} tasks: one label a task is needed")
    labels = sorted(set(strata))
    index = {label: i for i, label in enumerate(labels)}
    return labels, np.array([index[label] for label in strata], dtype=np.intp)


def _counts(rng: np.random.Generator, num: int, resamples: int) -> Floats:
    """How often each of `num` items is drawn when `num` are drawn with replacement: `(resamples, num)`."""
    return rng.multinomial(num, np.full(num, 1 / num), size=resamples).astype(float)


def _percentile(value: float, draws: Floats, level: float) -> Estimate:
    low, high = np.quantile(draws, [(1 - level) / 2, (1 + level) / 2])
    return Estimate(value, min(float(low), value), max(float(high), value))


def _open_ends(estimate: Estimate, num: int, level: float) -> Estimate:
    """Open an interval in [0, 1] to the Clopper-Pearson limit of `num` trials that all came out one way."""
    limit = ((1 - level) / 2) ** (1 / num)
    return Estimate(estimate.value, min(estimate.low, limit), max(estimate.high, 1 - limit))


def _matrix(scores: ArrayLike) -> Floats:
    values = _finite(scores, "scores")
    if values.ndim != 2 or values.size == 0:
        raise ValueError(f"scores must have shape (num_runs, num_tasks), not {values.shape}")
    return values


def _finite(scores: ArrayLike, what: str) -> Floats:
    values = np.asarray(scores, dtype=np.float64)
    if values.size == 0:
        raise ValueError(f"{what} are empty: there is nothing to summarise")
    bad = int((~np.isfinite(values)).sum())
    if bad:
        raise ValueError(f"{what}: {bad} of {values.size} values are NaN or infinite; count them, do not average")
    return values
