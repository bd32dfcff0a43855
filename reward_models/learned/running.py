"""Statistics that grow with experience: what vectors are like, and how large payments are."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from ...core.names import check_name

__all__ = ["Normalise", "PaymentScale", "RunningMoments"]

Normalise = Literal["none", "payments", "returns"]


class RunningMoments:
    """Mean and variance of all vectors seen so far; batches are merged exactly, in float64.

    Source: Chan, Golub and LeVeque (1983), the parallel form of Welford's update.
    """

    def __init__(self) -> None:
        self.count = 0
        self.mean: Any = 0.0
        self._squares: Any = 0.0

    def update(self, values: np.ndarray) -> None:
        """Take in vectors (B, F)."""
        values = np.asarray(values, dtype=float)
        if not len(values):
            return
        mean, size = values.mean(axis=0), len(values)
        gap, total = mean - self.mean, self.count + size
        self._squares = self._squares + ((values - mean) ** 2).sum(axis=0) + gap**2 * self.count * size / total
        self.mean = self.mean + gap * size / total
        self.count = total

    @property
    def std(self) -> np.ndarray:
        """Standard deviations (F,); 1 for what has never varied, so that it is not blown up when it does."""
        spread = np.sqrt(np.asarray(self._squares) / max(self.count, 1))
        return np.where(spread > 1e-6, spread, 1.0)

    def standardise(self, values: np.ndarray, clip: float) -> np.ndarray:
        """Return (values - mean) / std cut to [-clip, clip], as float32."""
        return np.clip((values - self.mean) / self.std, -clip, clip).astype(np.float32)


class PaymentScale:
    """What payments are divided by, so that their size does not depend on how a reward came about.

    The mean is never taken out: a constant in a reward decides whether an agent wants its episodes to end.

    Args:
        kind: "none" for 1; "payments" for their running standard deviation; "returns" for that of their discounted
            sums, R <- discount * R + r in each slot, which are not cut where episodes end.
        discount: see above.

    Source: sums as in random network distillation (Burda et al., 2018, arXiv 1810.12894), whose code filters the
    intrinsic rewards of each env with gamma and divides by the standard deviation.
    """

    def __init__(self, kind: Normalise, discount: float = 0.99):
        check_name("way to normalise", kind, ("none", "payments", "returns"), "a reward that learns")
        self.kind, self.discount = kind, discount
        self._moments = RunningMoments()
        self._sums: dict[int, float] = {}

    def observe(self, raw: np.ndarray, rows: np.ndarray) -> None:
        """Take in what steps of the slots `rows` (B,) are worth, (B,)."""
        if self.kind == "none":
            return
        if self.kind == "returns":
            for row, value in zip(rows.tolist(), raw.tolist(), strict=True):
                self._sums[row] = self.discount * self._sums.get(row, 0.0) + value
            raw = np.array([self._sums[row] for row in rows.tolist()])
        self._moments.update(raw[:, None])

    @property
    def divisor(self) -> float:
        """What payments are divided by."""
        return 1.0 if self.kind == "none" or not self._moments.count else float(self._moments.std[0])
