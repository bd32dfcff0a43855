"""Vectors of floats for Monty, which has no numpy: as much of an array as rewards use, in one dimension.

Read as text and executed there, so it keeps to the Python that Monty knows: no inheritance, no decorators on
methods, no `<` between objects.
"""

# pyright: reportIncompatibleMethodOverride=false, reportOptionalIterable=false
import math

__all__ = ["Array", "array", "clip", "divided", "dot", "extreme", "larger", "listed", "pairwise", "power", "smaller"]
__all__ += ["INF", "NAN", "len", "total"]

NAN, INF = float("nan"), float("inf")


class Array:
    """A vector of floats, as far as one numpy array."""

    def __init__(self, values):
        self.v = values
        self.size = builtin_len(values)
        self.shape = (self.size,)
        self.ndim = 1

    def __len__(self):
        return len(self.v)

    def __iter__(self):
        return iter(self.v)

    def __getitem__(self, index):
        found = self.v[index]
        return Array(found) if isinstance(found, list) else found

    def __setitem__(self, index, value):
        self.v[index] = list(value) if isinstance(index, slice) else value

    def __repr__(self):
        return "array(" + repr(self.v) + ")"

    def __contains__(self, value):
        return value in self.v

    def __add__(self, other):
        return pairwise(lambda a, b: a + b, self, other)

    def __radd__(self, other):
        return pairwise(lambda a, b: a + b, other, self)

    def __sub__(self, other):
        return pairwise(lambda a, b: a - b, self, other)

    def __rsub__(self, other):
        return pairwise(lambda a, b: a - b, other, self)

    def __mul__(self, other):
        return pairwise(lambda a, b: a * b, self, other)

    def __rmul__(self, other):
        return pairwise(lambda a, b: a * b, other, self)

    def __truediv__(self, other):
        return pairwise(divided, self, other)

    def __rtruediv__(self, other):
        return pairwise(divided, other, self)

    def __pow__(self, other):
        return pairwise(power, self, other)

    def __rpow__(self, other):
        return pairwise(power, other, self)

    def __matmul__(self, other):
        return dot(self, other)

    def __neg__(self):
        return Array([-a for a in self.v])

    def __pos__(self):
        return Array(list(self.v))

    def __abs__(self):
        return Array([abs(a) for a in self.v])

    def __eq__(self, other):
        return pairwise(lambda a, b: float(a == b), self, other)

    def __ne__(self, other):
        return pairwise(lambda a, b: float(a != b), self, other)

    def __bool__(self):
        if len(self.v) != 1:
            raise ValueError("the truth of an array with several numbers; use any or all")
        return bool(self.v[0])

    def __float__(self):
        return self.item()

    def item(self, index=None):
        """Return the only number, or that at an index."""
        if index is None and len(self.v) != 1:
            raise ValueError("an array with several numbers is no number")
        return float(self.v[index or 0])

    def tolist(self):
        """Return a list."""
        return list(self.v)

    def copy(self):
        """Return a copy."""
        return Array(list(self.v))

    def astype(self, kind):
        """Return the values as floats, whatever the kind."""
        return Array([float(kind(a)) if kind in (int, bool) else float(a) for a in self.v])

    def flatten(self):
        """Return a copy; there is one dimension."""
        return self.copy()

    def ravel(self):
        """Return a copy; there is one dimension."""
        return self.copy()

    def sum(self, axis=None):
        """Sum."""
        return total(self.v)

    def mean(self, axis=None):
        """Mean."""
        return total(self.v) / len(self.v)

    def var(self, axis=None):
        """Variance."""
        middle = self.mean()
        return total([(a - middle) ** 2 for a in self.v]) / len(self.v)

    def std(self, axis=None):
        """Standard deviation."""
        return math.sqrt(self.var())

    def prod(self, axis=None):
        """Product."""
        result = 1.0
        for a in self.v:
            result = result * a
        return result

    def min(self, axis=None):
        """Least."""
        return extreme(self.v, min)

    def max(self, axis=None):
        """Most."""
        return extreme(self.v, max)

    def argmin(self, axis=None):
        """Index of the least."""
        return self.v.index(min(self.v))

    def argmax(self, axis=None):
        """Index of the most."""
        return self.v.index(max(self.v))

    def any(self, axis=None):
        """Whether one is not 0."""
        return any(a != 0 for a in self.v)

    def all(self, axis=None):
        """Whether none is 0."""
        return all(a != 0 for a in self.v)

    def dot(self, other):
        """Inner product."""
        return dot(self, other)

    def clip(self, low=None, high=None):
        """Cut to a range."""
        return clip(self, low, high)

    def round(self, digits=0):
        """Round."""
        return Array([float(round(a, digits)) for a in self.v])


builtin_len = len


def len(x):  # Monty's own does not ask classes
    """Length of anything, vectors too."""
    return x.size if isinstance(x, Array) else builtin_len(x)


def total(values):
    """Sum of floats; 0.0 of none."""
    result = 0.0
    for value in values:
        result = result + value
    return result


def extreme(values, choose):
    """Least or most of floats; NaN if there is one, as numpy says."""
    for value in values:
        if value != value:
            return NAN
    return float(choose(values))


def divided(a, b):
    """A / b as numpy's float64 divides."""
    if b == 0:
        return NAN if a == 0 or a != a else math.copysign(INF, a) * math.copysign(1.0, b)
    return a / b


def power(a, b):
    """A ** b as numpy's float64 raises."""
    if a < 0 and b != int(b):
        return NAN
    if a == 0 and b < 0:
        return INF
    try:
        return float(a) ** b
    except OverflowError:
        return -INF if a < 0 and int(b) % 2 else INF


def listed(value):
    """Return a list if a value is a sequence, None if it is a number."""
    if isinstance(value, Array):
        return value.v
    if isinstance(value, (list, tuple)):
        return list(value)
    return None


def pairwise(f, a, b):
    """Apply f to numbers, or to vectors number by number; a single number goes with each."""
    left, right = listed(a), listed(b)
    if left is None and right is None:
        return f(a, b)
    if left is None:
        return Array([f(a, y) for y in right])
    if right is None:
        return Array([f(x, b) for x in left])
    if len(left) != len(right):
        if len(left) == 1:
            return Array([f(left[0], y) for y in right])
        if len(right) == 1:
            return Array([f(x, right[0]) for x in left])
        raise ValueError("arrays of " + str(len(left)) + " and " + str(len(right)) + " numbers do not fit")
    return Array([f(x, y) for x, y in zip(left, right, strict=True)])


def array(value, dtype=None):
    """Make a vector; a number stays a number."""
    values = listed(value)
    if values is None:
        return float(value)
    made = []
    for one in values:
        if listed(one) is not None:
            raise ValueError("arrays of more than one dimension are not there; use the process sandbox")
        made.append(float(one))
    return Array(made)


def dot(a, b):
    """Inner product, or product with a number."""
    left, right = listed(a), listed(b)
    if left is None or right is None:
        return pairwise(lambda x, y: x * y, a, b)
    if len(left) != len(right):
        raise ValueError("arrays of " + str(len(left)) + " and " + str(len(right)) + " numbers do not fit")
    return total([x * y for x, y in zip(left, right, strict=True)])


def clip(x, low=None, high=None, a_min=None, a_max=None):
    """Cut to a range."""
    low = a_min if low is None else low
    high = a_max if high is None else high
    if low is not None:
        x = pairwise(larger, x, low)
    if high is not None:
        x = pairwise(smaller, x, high)
    return x


def larger(a, b):
    """The larger; NaN if one is."""
    return NAN if a != a or b != b else float(max(a, b))


def smaller(a, b):
    """The smaller; NaN if one is."""
    return NAN if a != a or b != b else float(min(a, b))
