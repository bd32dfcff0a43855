"""A small stand-in for numpy inside Monty: functions of numbers and vectors. Read as text and executed there.

It covers what rewards use in one dimension and agrees with numpy up to rounding; what it does not have raises an error
that names it.
"""

# pyright: reportAttributeAccessIssue=false, reportOptionalIterable=false, reportOptionalSubscript=false
# pyright: reportArgumentType=false, reportOptionalOperand=false, reportOperatorIssue=false
import math

from .vectors import (
    INF,
    NAN,
    Array,
    array,
    clip,
    divided,
    dot,
    extreme,
    larger,
    listed,
    pairwise,
    power,
    smaller,
    total,
)

__all__ = ["Numpy", "make_numpy"]


def each(f):
    """Return f for numbers and for vectors, number by number."""

    def apply(x):
        values = listed(x)
        return f(float(x)) if values is None else Array([f(float(a)) for a in values])

    return apply


def both(f):
    """Return f for two numbers or vectors."""

    def apply(a, b):
        return pairwise(lambda x, y: float(f(x, y)), a, b)

    return apply


def reduced(name):
    """Return the reduction of that name; a number is a vector of one."""

    def apply(x, axis=None):
        return getattr(x if isinstance(x, Array) else array(x if listed(x) is not None else [x]), name)(axis)

    return apply


def where(condition, a, b):
    """Choose; by one condition, or number by number."""
    flags = listed(condition)
    if flags is None:
        return a if condition else b
    left, right = listed(a), listed(b)
    left = [a] * len(flags) if left is None else left
    right = [b] * len(flags) if right is None else right
    return Array([float(x if flag else y) for flag, x, y in zip(flags, left, right, strict=True)])


def norm(x, ord=None, axis=None):
    """Length of a vector; ord 1, 2 (default) or infinity."""
    values = [abs(float(a)) for a in (listed(x) if listed(x) is not None else [x])]
    if ord is None or ord == 2:
        return math.sqrt(total([a * a for a in values]))
    if ord == 1:
        return total(values)
    if ord == INF:
        return extreme(values, max)
    raise ValueError("norms 1, 2 and inf are there, not " + repr(ord))


def cross(a, b):
    """Cross product of two vectors of three."""
    x, y = listed(a), listed(b)
    return Array([x[1] * y[2] - x[2] * y[1], x[2] * y[0] - x[0] * y[2], x[0] * y[1] - x[1] * y[0]])


def concatenate(parts, axis=0):
    """Put vectors behind each other."""
    made = []
    for part in parts:
        made = made + listed(part)
    return array(made)


def linspace(start, stop, num=50):
    """Evenly spaced numbers, both ends included."""
    step = (stop - start) / (num - 1) if num > 1 else 0.0
    return Array([float(start + step * i) for i in range(num)])


def arange(start, stop=None, step=1):
    """Numbers from start, short of stop."""
    if stop is None:
        start, stop = 0, start
    return Array([float(start + step * i) for i in range(max(0, math.ceil((stop - start) / step)))])


def cumsum(x):
    """Running sums."""
    made, so_far = [], 0.0
    for a in listed(x):
        so_far = so_far + a
        made.append(so_far)
    return Array(made)


def guarded(f):
    """Return f, with NaN where it is not defined and infinity where it is too large."""

    def apply(x):
        if x != x:
            return NAN
        try:
            return f(x)
        except ValueError:
            return NAN
        except OverflowError:
            return INF

    return apply


def log(x, base=math.log):
    """Logarithm; -inf at 0."""
    return NAN if x != x or x < 0 else -INF if x == 0 else base(x)


def sign(x):
    """-1, 0 or 1."""
    return x if x != x else float((x > 0) - (x < 0))


def sinh(x):
    """Hyperbolic sine, infinite where it is too large."""
    return x if x != x else math.copysign(guarded(math.sinh)(abs(x)), x)


def rounded(x, decimals=0):
    """Round numbers and vectors."""
    return x.round(decimals) if isinstance(x, Array) else float(round(x, decimals))


class Numpy:
    """What carries the functions: an empty namespace."""


def make_numpy():
    """Return the stand-in for the module `numpy`."""
    np, linalg = Numpy(), Numpy()
    np.linalg, linalg.norm = linalg, norm
    np.ndarray, np.float64, np.float32, np.bool_, np.int64 = Array, float, float, bool, int
    np.pi, np.e, np.inf, np.nan, np.newaxis = math.pi, math.e, INF, NAN, None
    np.array = np.asarray = np.atleast_1d = array
    np.zeros = lambda n, dtype=None: Array([0.0] * (n[0] if isinstance(n, tuple) else n))
    np.ones = lambda n, dtype=None: Array([1.0] * (n[0] if isinstance(n, tuple) else n))
    np.full = lambda n, value, dtype=None: Array([float(value)] * (n[0] if isinstance(n, tuple) else n))
    np.zeros_like = lambda x: Array([0.0] * len(x))
    np.ones_like = lambda x: Array([1.0] * len(x))
    np.abs = np.absolute = np.fabs = each(abs)
    np.sqrt, np.square = each(guarded(math.sqrt)), each(lambda x: x * x)
    np.exp, np.expm1 = each(guarded(math.exp)), each(guarded(math.expm1))
    np.log, np.log2, np.log10 = each(log), each(lambda x: log(x, math.log2)), each(lambda x: log(x, math.log10))
    np.log1p = each(lambda x: -INF if x == -1 else guarded(math.log1p)(x))
    np.sin, np.cos, np.tan = each(guarded(math.sin)), each(guarded(math.cos)), each(guarded(math.tan))
    np.arcsin, np.arccos, np.arctan = each(guarded(math.asin)), each(guarded(math.acos)), each(math.atan)
    np.sinh, np.cosh, np.tanh = each(sinh), each(guarded(math.cosh)), each(math.tanh)
    np.deg2rad = np.radians = each(math.radians)
    np.rad2deg = np.degrees = each(math.degrees)
    np.floor, np.ceil = each(lambda x: float(math.floor(x))), each(lambda x: float(math.ceil(x)))
    np.sign, np.reciprocal = each(sign), each(lambda x: divided(1.0, x))
    np.isnan, np.isfinite = each(lambda x: x != x), each(lambda x: x == x and abs(x) != INF)
    np.isinf = each(lambda x: abs(x) == INF)
    np.nan_to_num = each(lambda x: 0.0 if x != x else max(-1.7976931348623157e308, min(1.7976931348623157e308, x)))
    np.arctan2, np.hypot, np.power = both(math.atan2), both(math.hypot), both(power)
    np.maximum, np.minimum = both(larger), both(smaller)
    np.fmax, np.fmin = (
        both(lambda a, b: b if a != a else a if b != b else max(a, b)),
        both(lambda a, b: b if a != a else a if b != b else min(a, b)),
    )
    np.add, np.subtract = both(lambda a, b: a + b), both(lambda a, b: a - b)
    np.multiply, np.divide = both(lambda a, b: a * b), both(divided)
    np.greater, np.less = both(lambda a, b: a > b), both(lambda a, b: a < b)
    np.greater_equal, np.less_equal = both(lambda a, b: a >= b), both(lambda a, b: a <= b)
    np.logical_and, np.logical_or = both(lambda a, b: bool(a) and bool(b)), both(lambda a, b: bool(a) or bool(b))
    np.logical_not = each(lambda x: not x)
    np.allclose = lambda a, b, rtol=1e-5, atol=1e-8: reduced("all")(
        pairwise(lambda x, y: abs(x - y) <= atol + rtol * abs(y), a, b)
    )
    for name in ("sum", "mean", "var", "std", "prod", "min", "max", "argmin", "argmax", "any", "all"):
        setattr(np, name, reduced(name))
    np.amin, np.amax = np.min, np.max
    np.dot = np.inner = np.vdot = dot
    np.clip, np.where, np.cross, np.cumsum = clip, where, cross, cumsum
    np.concatenate = np.hstack = concatenate
    np.linspace, np.arange = linspace, arange
    np.round = np.around = lambda x, decimals=0: (
        x.round(decimals) if isinstance(x, Array) else float(round(x, decimals))
    )
    return np
