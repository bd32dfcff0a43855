"""What the text of a program tells: mistakes, what it reads, how its terms are called."""

from __future__ import annotations

import pytest

from guerdon.reward_models.programs.lint import check, inspect_source
from guerdon.reward_models.programs.verdict import Kind, SandboxError


def terms(body: str) -> tuple[str, ...]:
    return inspect_source(f"def reward(state, action=1):\n{body}", "reward").terms


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("    return {'a': 1, 'b': state.x}", ("a", "b")),
        ("    return -1.0", ("reward",)),
        ("    return float(np.sum(action)) if state.x else 0.0", ("reward",)),
        ("    r = 0\n    for i in range(3):\n        r += i\n    return r", ("reward",)),
        ("    t = {'z': 0}\n    if state.x:\n        t['a'] = 1\n    t['b'] = 2\n    return t", ("z", "a", "b")),
        ("    t: dict = {}\n    t['b'] = 2\n    return t", ("b",)),
        ("    if state.x:\n        return {'a': 1, 'b': 2}\n    return {'b': 1, 'a': 2}", ("a", "b")),
        ("    def f(y):\n        return {'inner': y}\n    return {'a': len(f(1))}", ("a",)),
        ("    if state.x:\n        return {'a': 1}\n    return 1.0", ()),
        ("    return {str(state.x): 1}", ()),
        ("    return {**other}", ()),
        ("    return other(state)", ()),
        ("    return {'a': 1} if state.x else {'a': 2}", ("a",)),
        ("    return {'a': 1} if state.x else 2", ()),
        ("    return state.x", ("reward",)),
        ("    return state.v.sum()", ("reward",)),
        ("    t = helper(state)\n    t['c'] = 1\n    return t\ndef helper(s):\n    return {'h': s.x}", ("h", "c")),
        ("    return far(state)\ndef far(s):\n    return s.x * 2", ("reward",)),
        ("    return a(1)\ndef a(x):\n    return b(x)\ndef b(x):\n    return a(x)", ()),
        ("    t = u\n    u = t\n    return t", ()),
        ("    t = other(state)\n    return t", ()),
        ("    t = {}\n    t[state.x] = 1\n    return t", ()),
        ("    return", ()),
        ("    pass", ()),
    ],
)
def test_terms_are_read_off_the_text(body: str, expected: tuple[str, ...]) -> None:
    assert terms(body) == expected


def test_what_is_read_is_known_with_lines() -> None:
    source = (
        "import math\ndef f(s):\n    return s.far\ndef reward(state, *, action=0):\n    return f(state) + state.near"
    )
    facts = inspect_source(source, "reward")
    assert facts.parameters == ("state", "action")
    assert facts.optional == {"action"}
    assert facts.attributes == {"far": 3, "near": 5}
    assert facts.own == {"state": {"near": 5}, "action": {}}
    assert (facts.line, facts.uses_numpy) == (4, False)
    for use in ("import numpy.linalg", "from numpy import dot", "x = np.pi", "import numpy as n"):
        assert inspect_source(f"{use}\ndef reward(x):\n    return x", "reward").uses_numpy


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("import os", "import of 'os'; a reward may import dataclasses, math, numpy, typing"),
        ("from math import *", "import of '*'"),
        ("from dataclasses import sys", "import of 'sys'"),
        ("x = eval('1')", "the name 'eval'"),
        ("x = ().__class__", "the attribute '__class__'"),
        ("x = '{}'.format(1)", "the attribute 'format'"),
        ("np.pi = 3", "setting the attribute 'pi'"),
        ("del np.pi", "setting the attribute 'pi'"),
        ("x = np.random.rand()", "the attribute 'random'"),
        ("try:\n    x = 1\nexcept:\n    x = 2", "catching every exception"),
        ("try:\n    x = 1\nexcept (ValueError, Exception):\n    x = 2", "catching every exception"),
    ],
)
def test_what_is_not_allowed_is_said(line: str, message: str) -> None:
    facts = inspect_source(f"y = 1\n{line}\ndef reward(x):\n    return x", "reward")
    with pytest.raises(SandboxError) as caught:
        check(facts)
    assert caught.value.verdict.kind == Kind.FORBIDDEN
    assert caught.value.verdict.message.startswith(message)
    assert (caught.value.verdict.line or 0) >= 2


def test_odd_escapes_are_no_warnings() -> None:
    check(inspect_source("def reward(x):\n    '''\\d'''\n    return 1 if x is 3 else 0", "reward"))
