"""HERON: preferences by a ranked list of factors, in place of weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from ...core.names import check_name
from ...core.preferences import Labeler
from ...core.trajectory import Trajectory
from .figures import figure, reads_of

__all__ = ["ORDERS", "Factor", "HierarchicalTeacher"]

Better = Literal["more", "less"]
Over = Literal["sum", "mean", "last", "max"]
REDUCE = {"sum": np.sum, "mean": np.mean, "last": lambda values: values[-1], "max": np.max}


@dataclass(frozen=True)
class Factor:
    """One thing that a segment is judged by.

    Attributes:
        name: a figure of its steps, see `figures.figure`.
        better: whether more of it is better, or less.
        over: how the steps' figures become the segment's.
    """

    name: str
    better: Better = "more"
    over: Over = "sum"

    def __post_init__(self) -> None:
        check_name("better", self.better, get_args(Better), f"the factor {self.name!r}")
        check_name("over", self.over, get_args(Over), f"the factor {self.name!r}")

    def of(self, figures: np.ndarray) -> float:
        """Return the factor of a segment from the figures (T,) of its steps, signed so that more is better."""
        value = float(REDUCE[self.over](figures))
        return value if self.better == "more" else -value


ORDERS: dict[str, tuple[Factor, ...]] = {
    "manipulation": (
        Factor("success", over="max"),
        Factor("state.gap", "less", "last"),
        Factor("state.reach", "less", "last"),
        Factor("effort", "less", "mean"),
    ),
    "webshop": (
        Factor("state.kind", over="last"),
        Factor("state.options", over="last"),
        Factor("state.attributes", over="last"),
        Factor("state.affordable", over="last"),
        Factor("steps", "less"),
    ),
    "household": (
        Factor("success", over="max"),
        Factor("state.progress", over="last"),
        Factor("invalid", "less"),
        Factor("steps", "less"),
    ),
}
"""Rankings for the worlds of the suite: won, then object before hand before effort; the right kind of thing, its
options, attributes and price before haste; won, then subgoals before commands that do nothing before haste."""


@dataclass
class HierarchicalTeacher(Labeler):
    """Prefers by the first factor in which two segments differ by more than a margin: HERON.

        label = [z_l(first) > z_l(second)]   for the first l with |z_l(first) - z_l(second)| > delta_l
        delta_l = multiple_l * std(z_l)      over the segments that are compared

    If no factor decides, the pair gets no label (NaN) and is dropped. No weights between the factors have to be found,
    and none can be wrong: rescaling a factor by any positive affine map changes nothing, while a weighted sum then asks
    for something else. label(a, b) = 1 - label(b, a).

    Source: HERON (Bukharin et al., "Deep Reinforcement Learning from Hierarchical Weak Preference Feedback",
    arXiv 2309.02632, 2023). Status: confirmed in the code of its robots. Constants: multiples 1, 1, 0.5, 0.5 for Ant.
    Traps: its code reuses the second multiple for the levels 3 and 4, and its PPO takes advantages of the env's own
    reward while only the value is taught by the model; neither is done here. A margin is relative to the spread of the
    segments in the call, so ask about all pairs at once or give `margins`. A factor that is nearly constant has a tiny
    margin, and then noise in it decides. Sums favour long segments.
    How it can be gamed: a factor of a high rank that can be raised without end outweighs all below it; whatever is not
    ranked is worth nothing.

    Args:
        order: the factors, the most important first; or the name of a world in `ORDERS`.
        multiples: for each factor its margin in standard deviations; one number for all.
        margins: the margins themselves, in the factors' units; they replace the multiples.
    """

    order: tuple[Factor, ...] | str
    multiples: float | tuple[float, ...] = 1.0
    margins: tuple[float, ...] | None = None

    def __post_init__(self) -> None:
        if isinstance(self.order, str):
            self.order = ORDERS[check_name("order of factors", self.order, ORDERS, "HierarchicalTeacher")]
        if isinstance(self.multiples, int | float):
            self.multiples = (float(self.multiples),) * len(self.order)
        for what, values in (("multiples", self.multiples), ("margins", self.margins)):
            if values is not None and (len(values) != len(self.order) or min(values) < 0):
                raise ValueError(f"HierarchicalTeacher: {what} {values} for {len(self.order)} factors, each at least 0")
        self.reads = frozenset().union(*(reads_of(factor.name) for factor in self.order))

    def factors(self, trajectories: Sequence[Trajectory], pairs: np.ndarray) -> np.ndarray:
        """Return the factors of both segments of each pair, (N, 2, L), signed so that more is better."""
        assert not isinstance(self.order, str)
        used = np.unique(pairs[:, :, 0]).tolist()
        columns = []
        for factor in self.order:
            figures = {index: figure(trajectories[index], factor.name) for index in used}
            columns.append([factor.of(figures[index][start:stop]) for index, start, stop in pairs.reshape(-1, 3)])
        return np.array(columns).T.reshape(len(pairs), 2, len(self.order))

    def label(self, trajectories: Sequence[Trajectory], pairs: np.ndarray) -> np.ndarray:
        """Go down the list until a factor decides."""
        if not len(pairs):
            return np.zeros(0)
        found = self.factors(trajectories, pairs)
        if self.margins is None:
            margins = np.array(self.multiples) * found.reshape(-1, found.shape[-1]).std(axis=0)
        else:
            margins = np.array(self.margins)
        gaps = found[:, 0] - found[:, 1]
        decides = np.abs(gaps) > margins
        level = decides.argmax(axis=1)
        rows = np.arange(len(pairs))
        return np.where(decides.any(axis=1), (gaps[rows, level] > 0).astype(float), np.nan)
