"""Things that several tasks put on the table, and where."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["add_cube", "draw_apart"]

CENTER = np.array([0.5, 0.0])
FIELD = np.array([0.1, 0.15])


def add_cube(spec: Any, half: float) -> None:
    """Add a free cube with edges of 2 * `half` m and the density of wood, called "object"."""
    import mujoco

    body = spec.worldbody.add_body(name="object", pos=[*CENTER, half])
    body.add_freejoint(name="object")
    body.add_geom(
        name="object",
        type=mujoco.mjtGeom.mjGEOM_BOX,
        size=[half] * 3,
        density=500,
        condim=4,
        friction=[1.0, 0.02, 0.001],
        material="coral",
    )


def draw_apart(rng: np.random.Generator, least: float, most: float) -> tuple[np.ndarray, np.ndarray]:
    """Draw two points (2,) of the field whose distance is between `least` and `most`, in m."""
    while True:
        one, two = CENTER + rng.uniform(-FIELD, FIELD), CENTER + rng.uniform(-FIELD, FIELD)
        if least <= float(np.hypot(*(one - two))) <= most:
            return one, two
