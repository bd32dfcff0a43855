"""The stand-in for numpy agrees with numpy, and a program stays itself on its way into Monty."""

from __future__ import annotations

import ast
import math
import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guerdon.reward_models.programs.factory import as_factory
from guerdon.reward_models.programs.lint import inspect_source
from guerdon.reward_models.programs.monty_side.numpy_like import make_numpy
from guerdon.reward_models.programs.monty_side.vectors import Array
from guerdon.reward_models.programs.sandbox import Limits
from guerdon.reward_models.programs.verdict import SandboxError

from .sandboxes import opened

xp: Any = make_numpy()
# Away from the smallest numbers, whose quotients numpy rounds in other places.
number = st.one_of(st.just(0.0), st.floats(1e-3, 1e3), st.floats(-1e3, -1e-3))
vector = st.lists(number, min_size=3, max_size=3)

_ONE = """abs sqrt square exp expm1 log log2 log10 log1p sin cos tan arcsin arccos arctan sinh cosh tanh deg2rad rad2deg
floor ceil sign reciprocal isnan isfinite isinf logical_not nan_to_num round sum mean var std prod min max argmin argmax
any all amin amax linalg.norm cumsum asarray atleast_1d"""
_TWO = """arctan2 hypot power maximum minimum fmax fmin add subtract multiply divide greater less greater_equal
less_equal logical_and logical_or dot inner cross allclose"""
OF_ONE, OF_TWO = _ONE.split(), _TWO.split()
few = settings(max_examples=25)


def named(module: Any, name: str) -> Any:
    for part in name.split("."):
        module = getattr(module, part)
    return module


def plain(value: Any) -> Any:
    return np.array(value.v if isinstance(value, Array) else value, dtype=float)


def same(found: Any, expected: Any) -> None:
    np.testing.assert_allclose(plain(found), np.array(expected, dtype=float), rtol=1e-9, atol=1e-12)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("name", OF_ONE)
@few
@given(values=vector)
def test_functions_of_one_vector(name: str, values: list[float]) -> None:
    same(named(xp, name)(Array(list(values))), named(np, name)(np.array(values)))


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("name", OF_TWO)
@few
@given(a=vector, b=vector)
def test_functions_of_two_vectors(name: str, a: list[float], b: list[float]) -> None:
    same(named(xp, name)(Array(list(a)), Array(list(b))), named(np, name)(np.array(a), np.array(b)))


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@given(a=vector, b=vector, c=number)
def test_operators(a: list[float], b: list[float], c: float) -> None:
    ours, theirs = (Array(list(a)), Array(list(b))), (np.array(a), np.array(b))
    for f in (
        lambda x, y: x + y - c * x + (c - y) * 2,
        lambda x, y: x / 7.0 - x @ y + x.dot(y),
        lambda x, y: -x + abs(y) + x**2,
        lambda x, y: x[0] + y[-1] + x[1:].sum() + y[::-1][0],
        lambda x, y: x.clip(-1, 1) + y.clip(0, None),
        lambda x, y: sum(x) + max(y) + min(x) + len(x) + x.size + x.shape[0],
        lambda x, y: x.copy().astype(float).flatten() + [1, 2, 3] + (x == y) + (x != y),
    ):
        same(f(*ours), f(*theirs))


def test_the_rest_of_what_is_there() -> None:
    same(xp.where([1, 0], [1, 2], [3, 4]), [1, 4])
    assert (xp.where(True, 1, 2), xp.where(False, 1, 2)) == (1, 2)
    same(xp.concatenate([Array([1.0]), [2, 3]]), [1, 2, 3])
    for name, arguments in (
        ("linspace", (0, 1, 5)),
        ("arange", (1, 7, 2)),
        ("zeros", (3,)),
        ("ones", ((2,),)),
        ("full", (2, 7)),
    ):
        same(getattr(xp, name)(*arguments), getattr(np, name)(*arguments))
    same(xp.linalg.norm([3, -4], 1), 7)
    same(xp.linalg.norm([3, -4], np.inf), 4)
    same(xp.clip(5, 0, 1), 1)
    assert math.isnan(xp.sqrt(-1.0))
    assert xp.exp(1e4) == np.inf
    x = Array([1.0, 2.0])
    x += 1
    x[0] = 7.0
    assert (x.tolist(), x.item(1), bool(Array([0.0]))) == ([7.0, 3.0], 3.0, False)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Array([1.0, 2.0]) + Array([1.0, 2.0, 3.0]),
        lambda: xp.dot([1, 2], [1]),
        lambda: xp.array([[1, 2], [3, 4]]),
        lambda: bool(Array([1.0, 2.0])),
        lambda: float(Array([1.0, 2.0])),
        lambda: xp.linalg.norm([1], 3),
    ],
)
def test_what_does_not_fit_is_an_error(wrong: Any) -> None:
    with pytest.raises(ValueError, match=r"."):
        wrong()


def test_the_stand_in_is_the_same_inside_monty() -> None:
    """Every name that is tested here by CPython gives the same numbers where it is used."""
    a, b = [0.5, -0.25, 2.0], [1.5, 0.25, -1.0]
    lines = [f"    t['{name}'] = total(np.{name}(Array(list(v))))" for name in OF_ONE]
    lines += [f"    t['{name}'] = total(np.{name}(Array(list(v)), Array(list(w))))" for name in OF_TWO]
    text = "\n".join(lines).replace("Array(list(v))", "v").replace("Array(list(w))", "w")
    code = (
        "def total(x):\n    s = 0.0\n    for y in (x if isinstance(x, np.ndarray) else [x]):\n"
        f"        s += float(y) if np.isfinite(float(y)) else 7.0\n    return s\n"
        f"def reward(v, w):\n    t = {{}}\n{text}\n    return t"
    )
    with opened("monty", Limits(terms=100)) as sandbox:
        paid = sandbox.load(code).run({"v": np.array([a]), "w": np.array([b])}, 1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in (*OF_ONE, *OF_TWO):
            arguments = (np.array(a),) if name in OF_ONE else (np.array(a), np.array(b))
            values = np.atleast_1d(np.array(named(np, name)(*arguments), dtype=float))
            expected = np.where(np.isfinite(values), values, 7.0).sum()
            assert paid[name][0] == pytest.approx(expected, rel=1e-9, abs=1e-12), name


FORMS = {
    "import numpy": "numpy.pi",
    "import numpy as np": "np.pi",
    "import numpy as xp, math": "xp.pi + 0 * math.e",
    "import math, numpy.linalg as la": "la.norm([math.pi])",
    "import numpy.linalg": "numpy.linalg.norm([3.141592653589793])",
    "from numpy import pi, linalg as la": "la.norm([pi])",
    "from numpy.linalg import norm": "norm([np.pi])",
    "from numpy import (\n    pi as p,\n    sqrt,\n)": "sqrt(p * p)",
    "from __future__ import annotations": "np.pi",
    "x = 'ü'; import numpy as np; y = 1": "np.pi + y - 1",
    "t = '''\nimport numpy as np\n'''": "np.pi + 20 - len(t)",
}


@pytest.mark.parametrize("form", FORMS)
def test_imports_of_numpy_become_the_stand_in(form: str) -> None:
    source = f"{form}\ndef reward(x):\n    import numpy as inner\n    return {FORMS[form]} + inner.pi\n"
    factory = as_factory(inspect_source(source, "reward"))
    names: dict[str, Any] = {"np": xp, "numpy": xp, "math": math}
    exec(compile(factory, "factory", "exec"), names)
    assert names["make_program"]()(0) == pytest.approx(2 * np.pi)
    # Every line is one lower than it was, so that verdicts can name it.
    assert [line.strip() for line in factory.split("\n")].index("def reward(x):") == source.split("\n").index(
        "def reward(x):"
    ) + 1
    ast.parse(factory)


def test_tabs_and_windows_lines_survive() -> None:
    for source in ("def reward(x):\n\tif x:\n\t\treturn 1\n\treturn 2", "def reward(x):\r\n    return 1\r\n"):
        names: dict[str, Any] = {}
        exec(as_factory(inspect_source(source, "reward")), names)
        assert names["make_program"]()(1) == 1


def test_what_monty_does_not_know_is_said_with_its_line() -> None:
    with opened("monty") as sandbox, pytest.raises(SandboxError) as caught:
        sandbox.load("class A:\n    pass\nclass B(A):\n    pass\ndef reward(x):\n    return 1").run(
            {"x": np.ones(1)}, 1
        )
    assert "inheritance" in caught.value.verdict.message
    assert caught.value.verdict.line == 3
