"""DoorOpen: swing a cupboard's door open by its handle, so far and no further."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from ..state import ManipulationState
from .base import Start, Task, register
from .things import add_box, add_mark

__all__ = ["HANDLE", "DoorOpen"]

HANDLE = (-0.065, -0.155)
"""The handle from the hinge, in the frame of the door, x and y in m; the shut door looks along -x."""
WIDTH, DEPTH, HEIGHT, WALL, GAP = 0.1, 0.09, 0.072, 0.006, 0.008
GRIP = 0.128  # m: where the handle is taken; the hand then passes over the door's top, however far it is open
BAR, BAR_FROM, BAR_TO = 0.017, 0.035, 0.156
AJAR = np.radians(12)  # how far open the door may begin; see DrawerOpen
DAMPING, FRICTION = 0.12, 0.08  # N m s/rad and N m: a door that stays where it is left


@register
class DoorOpen(Task):
    """Swing the door until its handle is within 3 cm of the mark, 35 to 60 degrees open, and leave it at rest (5 cm/s).

    It begins open by up to 12 degrees. The cupboard stands 57 to 62 cm ahead,
    up to 6 cm (difficulty 0) or 16 cm (1) aside, turned by up to 14 degrees (1).
    """

    name: ClassVar[str] = "DoorOpen"
    goal: ClassVar[str] = "Swing the cupboard's door open until its handle is at the green mark."
    near: ClassVar[float] = 0.03
    camera: ClassVar[str] = "side"
    budget: ClassVar[int] = 600_000

    def build(self, spec: Any) -> None:
        """Put the mocap body "cupboard" with the hinge "door" on the table.

        The origin is the middle of the front's foot. The hinge is at the left of the front, and the door swings
        towards -x. The handle is an upright bar that pads can take from above and that turns between them.
        """
        import mujoco

        cupboard = spec.worldbody.add_body(name="cupboard", mocap=True, pos=[0.6, 0, 0])
        for side in (-1, 1):
            add_box(
                cupboard, (DEPTH, WALL, HEIGHT - WALL), (DEPTH + GAP, side * (WIDTH - WALL), HEIGHT - WALL), "white"
            )
        add_box(cupboard, (DEPTH, WIDTH, WALL), (DEPTH + GAP, 0, 2 * HEIGHT - WALL), "white")
        add_box(cupboard, (WALL, WIDTH - 2 * WALL, HEIGHT - WALL), (2 * DEPTH + GAP - WALL, 0, HEIGHT - WALL), "white")
        shelf = add_box(cupboard, (DEPTH - WALL, WIDTH - 2 * WALL, 0.003), (DEPTH + GAP, 0, HEIGHT), "white")
        shelf.contype = shelf.conaffinity = 0  # to be looked at
        door = cupboard.add_body(name="door", pos=[0, WIDTH, 0])
        joint = door.add_joint(name="door", type=mujoco.mjtJoint.mjJNT_HINGE, axis=[0, 0, -1], range=[0, 1.75])
        joint.damping[0], joint.frictionloss, joint.armature = DAMPING, FRICTION, 0.01
        add_box(door, (WALL, WIDTH, HEIGHT - 0.002), (0, -WIDTH, HEIGHT), "blue")
        x, y = HANDLE
        for height in (BAR_FROM + 0.01, GRIP - 0.045):
            arm = add_box(door, (-x / 2, 0.005, 0.005), (x / 2, y, height), "grey")
            arm.contype = arm.conaffinity = 0  # no finger gets that low: the hand meets the bar's top before
        bar = door.add_geom(name="object", type=mujoco.mjtGeom.mjGEOM_CYLINDER, material="amber", density=500)
        bar.fromto, bar.size[0] = [x, y, BAR_FROM, x, y, BAR_TO], BAR
        add_mark(door, "object", (x, y, GRIP))
        spec.add_exclude(bodyname1="cupboard", bodyname2="door")

    def start(self, rng: np.random.Generator, difficulty: float) -> Start:
        """Draw where the cupboard stands and how far the door is to open."""
        side = 0.06 + 0.1 * difficulty
        x, y = float(rng.uniform(0.57, 0.62)), float(rng.uniform(-side, side))
        turn = float(0.25 * difficulty * rng.uniform(-1, 1))
        handle = _turned(*HANDLE, -float(rng.uniform(np.radians(35), np.radians(60))))
        ahead, aside = _turned(handle[0], WIDTH + handle[1], turn)
        return {
            "cupboard": (x, y, 0.0, turn),
            "door": float(rng.uniform(0.0, AJAR)),
            "target": (x + ahead, y + aside, GRIP),
        }

    def secured(self, state: ManipulationState) -> np.ndarray:
        """The hand at the handle: within 3 cm. A grasp is not needed, and asked for it, agents fling the door."""
        return state.reach <= 0.03

    def settled(self, state: ManipulationState) -> np.ndarray:
        """At rest."""
        return state.speed <= 0.05


def _turned(x: float, y: float, angle: float) -> tuple[float, float]:
    """Return a vector turned about the vertical."""
    cos, sin = float(np.cos(angle)), float(np.sin(angle))
    return x * cos - y * sin, x * sin + y * cos
