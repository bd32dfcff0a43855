"""Programs as language models write them, with what they have to pay for known numbers."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

__all__ = ["COLUMNS", "HONEST", "SIZE"]

SIZE = 7
_rng = np.random.default_rng(5)
COLUMNS = {
    "state.tcp": _rng.normal(size=(SIZE, 3)),
    "state.object": _rng.normal(size=(SIZE, 3)),
    "next_state.tcp": _rng.normal(size=(SIZE, 3)),
    "next_state.object": _rng.normal(size=(SIZE, 3)),
    "next_state.opening": _rng.uniform(size=SIZE),
    "action": _rng.normal(size=(SIZE, 4)),
}


def _distance(group: str) -> np.ndarray:
    return np.linalg.norm(COLUMNS[f"{group}.tcp"] - COLUMNS[f"{group}.object"], axis=1)


HONEST: dict[str, tuple[str, Callable[[], dict[str, np.ndarray]]]] = {
    "numpy": (
        '''
import numpy as np

def reward(state, next_state, action):
    """Reach, with an effort."""
    reach = np.linalg.norm(next_state.tcp - next_state.object)
    return {"reach": -reach, "effort": -0.1 * np.sum(np.square(action))}
''',
        lambda: {"reach": -_distance("next_state"), "effort": -0.1 * (COLUMNS["action"] ** 2).sum(1)},
    ),
    "math": (
        """
from math import sqrt, tanh
import math

SCALE = 0.5

def distance(a, b):
    return sqrt(sum((x - y) ** 2 for x, y in zip(a, b)))

def reward(state, next_state):
    near = 1 - math.tanh(distance(next_state.tcp, next_state.object) / SCALE)
    if next_state.opening > 0.5:
        near += 1.0
    return near
""",
        lambda: {"reward": 1 - np.tanh(_distance("next_state") / 0.5) + (COLUMNS["next_state.opening"] > 0.5)},
    ),
    "a helper that reads": (
        """
def gap(s) -> float:
    return float(np.linalg.norm(s.tcp - s.object))

def reward(state, next_state, scale: float = 2.0) -> dict[str, float]:
    terms = {"progress": scale * (gap(state) - gap(next_state))}
    terms["bonus"] = 1.0 if gap(next_state) < 1.5 else 0.0
    return terms
""",
        lambda: {
            "progress": 2 * (_distance("state") - _distance("next_state")),
            "bonus": (_distance("next_state") < 1.5).astype(float),
        },
    ),
    "a class and a text": (
        '''
from __future__ import annotations
from dataclasses import dataclass
from numpy.linalg import norm as length
import numpy as xp

@dataclass
class Weights:
    reach: float
    text: str = """two
lines"""

def reward(next_state, action):
    w = Weights(2.0)
    print("prints do no harm", w.reach)
    try:
        share = 1 / (len(w.text) - 9)
    except ZeroDivisionError:
        share = 0.0
    return {"reach": -w.reach * length(next_state.tcp - next_state.object), "share": share,
            "most": xp.clip(xp.max(action), -1, 1)}
''',
        lambda: {
            "reach": -2 * _distance("next_state"),
            "share": np.zeros(SIZE),
            "most": np.clip(COLUMNS["action"].max(1), -1, 1),
        },
    ),
}
