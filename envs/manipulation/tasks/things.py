"""Things that several tasks put on the table, and where. Sizes are half sizes in m, as in MuJoCo."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

__all__ = ["add_box", "add_cube", "add_mark", "draw_apart"]

CENTER = np.array([0.5, 0.0])
FIELD = np.array([0.1, 0.15])


def add_box(
    body: Any, size: Sequence[float], position: Sequence[float], material: str, name: str = "", density: float = 500
) -> Any:
    """Add a box to a body and return it; a named one can be asked for by touch sensors."""
    import mujoco

    geom = body.add_geom(type=mujoco.mjtGeom.mjGEOM_BOX, size=size, pos=position, material=material, density=density)
    geom.condim, geom.friction = 4, (1.0, 0.02, 0.001)
    if name:
        geom.name = name
    return geom


def add_cube(spec: Any, half: float, name: str = "object", material: str = "coral") -> Any:
    """Add a free cube with the density of wood; return its body."""
    body = spec.worldbody.add_body(name=name, pos=[*CENTER, half])
    body.add_freejoint(name=name)
    add_box(body, [half] * 3, (0, 0, 0), material, name)
    add_mark(body, name)
    return body


def add_mark(body: Any, name: str, position: Sequence[float] = (0.0, 0.0, 0.0)) -> None:
    """Add a site that is measured and not seen."""
    body.add_site(name=name, pos=position, size=[0.004] * 3, group=4)


def draw_apart(rng: np.random.Generator, least: float, most: float) -> tuple[np.ndarray, np.ndarray]:
    """Draw two points (2,) of the field whose distance is between `least` and `most`, in m."""
    while True:
        one, two = CENTER + rng.uniform(-FIELD, FIELD), CENTER + rng.uniform(-FIELD, FIELD)
        if least <= float(np.hypot(*(one - two))) <= most:
            return one, two
