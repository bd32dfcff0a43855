"""LeverPull: pull an upright lever over, so far and no further."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from ..state import ManipulationState
from .base import Start, Task, register
from .things import add_box, add_mark

__all__ = ["LENGTH", "LeverPull"]

LENGTH = 0.12
"""From the hinge to the middle of the ball, in m."""
PIVOT = 0.045  # m: height of the hinge
BALL, ROD = 0.019, 0.006
LEANING = np.radians(15)  # how far over the lever may begin; see AJAR of DrawerOpen
DAMPING, FRICTION = 0.08, 0.08  # N m s/rad and N m: a lever that stays where it is left


@register
class LeverPull(Task):
    """Pull a lever until its ball is within 3 cm of the mark, 50 to 80 degrees over, and leave it at rest (5 cm/s).

    It begins over by up to 15 degrees. It stands 54 to 62 cm ahead,
    up to 6 cm (difficulty 0) or 20 cm (1) aside, turned by up to 23 degrees (1).
    """

    name: ClassVar[str] = "LeverPull"
    goal: ClassVar[str] = "Pull the lever over until its ball is at the green mark."
    near: ClassVar[float] = 0.03
    camera: ClassVar[str] = "side"
    budget: ClassVar[int] = 600_000

    def build(self, spec: Any) -> None:
        """Put the mocap body "stand" with the hinge "lever" on the table; the lever goes over towards -x."""
        import mujoco

        stand = spec.worldbody.add_body(name="stand", mocap=True, pos=[0.58, 0, 0])
        add_box(stand, (0.05, 0.04, 0.012), (0, 0, 0.012), "white")
        for side in (-1, 1):
            cheek = add_box(stand, (0.014, 0.004, 0.018), (0, side * 0.014, 0.04), "grey")
            cheek.contype = cheek.conaffinity = 0
        lever = stand.add_body(name="lever", pos=[0, 0, PIVOT], gravcomp=1)
        joint = lever.add_joint(name="lever", type=mujoco.mjtJoint.mjJNT_HINGE, axis=[0, -1, 0], range=[0, 1.7])
        joint.damping[0], joint.frictionloss, joint.armature = DAMPING, FRICTION, 0.005
        rod = lever.add_geom(type=mujoco.mjtGeom.mjGEOM_CAPSULE, material="blue", density=500)
        rod.fromto, rod.size[0] = [0, 0, 0, 0, 0, LENGTH], ROD
        ball = lever.add_geom(name="object", type=mujoco.mjtGeom.mjGEOM_SPHERE, material="amber", density=500)
        ball.size[0], ball.pos = BALL, (0, 0, LENGTH)
        add_mark(lever, "object", (0, 0, LENGTH))
        spec.add_exclude(bodyname1="stand", bodyname2="lever")

    def start(self, rng: np.random.Generator, difficulty: float) -> Start:
        """Draw where the lever stands and how far it is to go over."""
        side = 0.06 + 0.14 * difficulty
        x, y = float(rng.uniform(0.54, 0.62)), float(rng.uniform(-side, side))
        turn = float(0.4 * difficulty * rng.uniform(-1, 1))
        over = float(rng.uniform(np.radians(50), np.radians(80)))
        away = -LENGTH * float(np.sin(over))
        target = x + away * float(np.cos(turn)), y + away * float(np.sin(turn)), PIVOT + LENGTH * float(np.cos(over))
        return {"stand": (x, y, 0.0, turn), "lever": float(rng.uniform(0.0, LEANING)), "target": target}

    def secured(self, state: ManipulationState) -> np.ndarray:
        """The hand at the ball: within 3 cm."""
        return state.reach <= 0.03

    def settled(self, state: ManipulationState) -> np.ndarray:
        """At rest."""
        return state.speed <= 0.05
