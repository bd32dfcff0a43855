"""ButtonPress: press a button down against its spring, and hold it there."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from ..state import ManipulationState
from .base import Start, Task, register
from .things import CENTER, add_box, add_mark

__all__ = ["ButtonPress"]

TRAVEL, PRESSED = 0.03, 0.0275
"""How far the button goes down, and how far it is to go, in m."""
BOX = (0.055, 0.055, 0.03)
RADIUS, FLUSH = 0.026, 0.005  # m; how far the pressed button looks out of the box
STIFFNESS, PRELOAD, DAMPING = 120.0, 0.01, 4.0  # N/m, m and N s/m: about 5 N hold the button down


@register
class ButtonPress(Task):
    """Press a button to within 6 mm of 2.75 cm of its 3 cm, and hold it there (below 5 cm/s).

    The box stands within 5 x 8 cm (difficulty 0) or 10 x 20 cm (1) of the middle of the field, turned by up to 45
    degrees (1).
    """

    name: ClassVar[str] = "ButtonPress"
    goal: ClassVar[str] = "Press the button down until its top is at the green ring, and hold it there."
    near: ClassVar[float] = 0.006
    budget: ClassVar[int] = 150_000

    def build(self, spec: Any) -> None:
        """Put the mocap body "box" with the sliding joint "button" on the table.

        The site "object" is the middle of the button's top; "target", fixed to the box, is where that is when pressed.
        """
        import mujoco

        cylinder = mujoco.mjtGeom.mjGEOM_CYLINDER
        box = spec.worldbody.add_body(name="box", mocap=True, pos=[*CENTER, 0])
        add_box(box, BOX, (0, 0, BOX[2]), "white")
        top = 2 * BOX[2] + FLUSH
        add_mark(box, "target", (0, 0, top))
        ring = box.add_geom(type=cylinder, pos=[0, 0, top - 0.003], material="green", contype=0, conaffinity=0)
        ring.size[:2] = RADIUS + 0.008, 0.0025
        button = box.add_body(name="button", pos=[0, 0, top + PRESSED], gravcomp=1)
        joint = button.add_joint(name="button", type=mujoco.mjtJoint.mjJNT_SLIDE, axis=[0, 0, -1], range=[0, TRAVEL])
        joint.stiffness[0], joint.springref, joint.damping[0] = STIFFNESS, -PRELOAD, DAMPING
        joint.armature, joint.solref_limit, joint.solimp_limit[:2] = 0.1, (0.01, 1), (0.95, 0.99)
        cap = button.add_geom(name="object", type=cylinder, material="coral", density=500)
        cap.size[:2], cap.pos = (RADIUS, 0.02), (0, 0, -0.02)
        add_mark(button, "object")
        spec.add_exclude(bodyname1="box", bodyname2="button")

    def start(self, rng: np.random.Generator, difficulty: float) -> Start:
        """Draw where the box stands."""
        most = np.array([0.05, 0.08]) + difficulty * np.array([0.05, 0.12])
        x, y = (float(number) for number in CENTER + rng.uniform(-most, most))
        return {"box": (x, y, 0.0, float(np.pi / 4 * difficulty * rng.uniform(-1, 1))), "button": 0.0}

    def secured(self, state: ManipulationState) -> np.ndarray:
        """The hand on the button: within 3 cm of the middle of its top."""
        return state.reach <= 0.03

    def settled(self, state: ManipulationState) -> np.ndarray:
        """Held still."""
        return state.speed <= 0.05
