"""Fuzzy logic for rewards: how nearly a number is in a range, and how nearly two things are both true.

Sources: the tolerance functions of dm_control (Tassa et al., 2018), and the Hamacher product as the "and" of
Meta-World's rewards (Yu et al., 2020).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..core.names import check_name

__all__ = ["SIGMOIDS", "hamacher", "tolerance"]


def _gaussian(x: Any, value: float) -> Any:
    return np.exp(np.log(value) * x * x)


def _hyperbolic(x: Any, value: float) -> Any:
    decay = np.exp(-np.arccosh(1 / value) * x)  # 1 / cosh, written so that nothing overflows
    return 2 * decay / (1 + decay * decay)


def _long_tail(x: Any, value: float) -> Any:
    return 1 / ((1 / value - 1) * x * x + 1)


def _reciprocal(x: Any, value: float) -> Any:
    return 1 / ((1 / value - 1) * x + 1)


def _cosine(x: Any, value: float) -> Any:
    return (1 + np.cos(np.minimum(np.arccos(2 * value - 1) * x, np.pi))) / 2


def _linear(x: Any, value: float) -> Any:
    return 1 - np.minimum((1 - value) * x, 1)


def _quadratic(x: Any, value: float) -> Any:
    return 1 - np.minimum((1 - value) * x * x, 1)


def _tanh_squared(x: Any, value: float) -> Any:
    return 1 - np.tanh(np.arctanh(np.sqrt(1 - value)) * x) ** 2


SIGMOIDS: dict[str, Callable[[Any, float], Any]] = {
    "gaussian": _gaussian,
    "hyperbolic": _hyperbolic,
    "long_tail": _long_tail,
    "reciprocal": _reciprocal,
    "cosine": _cosine,
    "linear": _linear,
    "quadratic": _quadratic,
    "tanh_squared": _tanh_squared,
}
"""How the tolerance falls: from distance x >= 0 (x = 1 at the margin) and the value there, to a value in [0, 1]."""
END = ("cosine", "linear", "quadratic")
"""Those that reach 0, and so may be 0 at the margin already."""


def tolerance(
    x: Any,
    bounds: tuple[float, float] = (0.0, 0.0),
    margin: Any = 0.0,
    sigmoid: str = "gaussian",
    value_at_margin: float = 0.1,
) -> np.ndarray:
    """Return 1 where `x` is within `bounds`, and less the further it is outside.

    Args:
        x: array of any shape.
        bounds: least and most that count as right, both included; they may be infinite.
        margin: how far outside the value is `value_at_margin`: a number, or an array that broadcasts with `x`. Where it
            is 0, everything outside is worth 0.
        sigmoid: how it falls: "gaussian", "hyperbolic", "long_tail", "reciprocal", "cosine", "linear", "quadratic" or
            "tanh_squared". Cosine, linear and quadratic end at 0; the long tail and the reciprocal still say the way
            from afar.
        value_at_margin: in (0, 1), or 0 where the sigmoid ends at 0.

    Returns:
        Array of values in [0, 1].

    Raises:
        UnknownNameError: there is no such sigmoid.
        ValueError: bounds in the wrong order, a negative margin, or a value at the margin out of its range.
    """
    check_name("sigmoid", sigmoid, SIGMOIDS, "tolerance")
    low, high = bounds
    if not low <= high:
        raise ValueError(f"tolerance: bounds are ({low}, {high}), of which the first must not exceed the second")
    if not (0 < value_at_margin < 1 or (value_at_margin == 0 and sigmoid in END)):
        least = "[0, 1)" if sigmoid in END else "(0, 1)"
        raise ValueError(f"tolerance: value_at_margin is {value_at_margin}, not in {least}, as {sigmoid!r} needs")
    if not np.all(np.greater_equal(margin, 0)):
        raise ValueError(f"tolerance: margin is {np.min(margin)}, not at least 0")
    outside = np.maximum(np.maximum(low - np.asarray(x, dtype=float), x - np.float64(high)), 0.0)
    # Far outside, squares become infinite and the value 0, which is right. Without a margin, x / 0 is infinite too.
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        scaled = np.where(outside > 0, outside / np.asarray(margin, dtype=float), outside)
        return SIGMOIDS[sigmoid](scaled, value_at_margin)


def hamacher(a: Any, b: Any) -> np.ndarray:
    """Return the Hamacher product ab / (a + b - ab), a fuzzy "and"; 0 where both are 0.

    It lies between the product and the smaller of the two. Where the product of two halves is a quarter, it is a third:
    chains of conditions fade less.

    Args:
        a: array of any shape with values in [0, 1].
        b: the same; they broadcast.

    Raises:
        ValueError: a value is outside [0, 1].
    """
    low, high = np.minimum(a, b), np.maximum(a, b)
    if np.any(low < 0) or np.any(high > 1):
        raise ValueError(f"hamacher: values from {np.min(low)} to {np.max(high)} are not all in [0, 1]")
    whole = high + low * (1 - high)  # at least `high`, so that rounding cannot lift the result above `low`
    return low * np.divide(high, whole, out=np.zeros_like(whole), where=whole > 0)
