"""A cabinet with one drawer, which three tasks open, fill and close."""

from __future__ import annotations

from typing import Any

import numpy as np

from .things import add_box, add_mark

__all__ = ["HANDLE", "TRAVEL", "add_cabinet", "draw_cabinet", "handle_at"]

TRAVEL = 0.18
"""How far the drawer comes out, in m."""
HANDLE = (-0.05, 0.0, 0.065)
"""The handle of the shut drawer, from the middle of the cabinet's front on the table, in m."""
WIDTH, DEPTH, HEIGHT, WALL = 0.1, 0.1, 0.055, 0.006
DAMPING, FRICTION = 6.0, 1.0  # N s/m and N: a drawer that stays where it is left


def add_cabinet(spec: Any, handle: str = "object") -> Any:
    """Add the mocap body "cabinet" with the sliding joint "drawer"; return the drawer's body.

    The origin is the middle of the front's foot, and the drawer comes out along -x. The handle is a knob that pads can
    grasp from above; its geom and site are called `handle`. It is 3.6 cm wide, so that a gripper that wavers about half
    open, as an untrained one does, meets it now and then.
    """
    import mujoco

    cabinet = spec.worldbody.add_body(name="cabinet", mocap=True, pos=[0.6, 0, 0])
    for side in (-1, 1):
        add_box(cabinet, (DEPTH, WALL, HEIGHT), (DEPTH, side * (WIDTH - WALL), HEIGHT), "white")
    add_box(cabinet, (DEPTH, WIDTH, WALL), (DEPTH, 0, 2 * HEIGHT + WALL), "white")
    add_box(cabinet, (WALL, WIDTH, HEIGHT), (2 * DEPTH, 0, HEIGHT), "white")
    drawer = cabinet.add_body(name="drawer", pos=[0, 0, 0.004])
    joint = drawer.add_joint(name="drawer", type=mujoco.mjtJoint.mjJNT_SLIDE, axis=[-1, 0, 0], range=[0, TRAVEL])
    joint.damping[0], joint.frictionloss, joint.armature = DAMPING, FRICTION, 0.05
    half = WIDTH - 2 * WALL - 0.003
    add_box(drawer, (0.006, half, 0.045), (0, 0, 0.05), "blue")
    add_box(drawer, (0.004, half, 0.02), (0.18, 0, 0.025), "blue")
    for side in (-1, 1):
        add_box(drawer, (0.09, 0.004, 0.02), (0.09, side * (half - 0.004), 0.025), "blue")
    add_box(drawer, (0.09, half, 0.003), (0.09, 0, 0.003), "blue")
    x, y, z = HANDLE
    add_box(drawer, (0.012, 0.005, 0.008), (x + 0.03, y, z), "grey")
    add_box(drawer, (0.02, 0.018, 0.02), (x, y, z), "amber", handle)
    add_mark(drawer, handle, HANDLE)
    return drawer


def draw_cabinet(rng: np.random.Generator, difficulty: float) -> tuple[float, float, float, float]:
    """Draw where the cabinet stands: x, y, z in m, and its heading in radians, which is 0 at difficulty 0."""
    side = 0.06 + 0.1 * difficulty
    x, y = rng.uniform(0.57, 0.62), rng.uniform(-side, side)
    return float(x), float(y), 0.0, float(0.25 * difficulty * rng.uniform(-1, 1))


def handle_at(cabinet: tuple[float, float, float, float], out: float) -> tuple[float, float, float]:
    """Return where the handle is when the drawer is `out` m out."""
    x, y, _, turn = cabinet
    away = HANDLE[0] - out
    return x + away * np.cos(turn), y + away * np.sin(turn), HANDLE[2] + 0.004
