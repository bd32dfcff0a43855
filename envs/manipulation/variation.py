"""Domain randomisation: every start has its own masses, frictions, dampings and servos (Tobin et al., 2017)."""

from __future__ import annotations

import math

import mujoco
import numpy as np
from numpy.typing import NDArray

from ...core.random import derive_seed
from .robot.arm import FINGER_JOINTS, GRIPPER, JOINTS, PADS

__all__ = ["SPREADS", "Variation"]

SPREADS = {"mass": 1.5, "friction": 1.5, "damping": 2.0, "frictionloss": 1.5, "stiffness": 1.2, "grip": 1.3}
"""By what factor each quantity can be larger, and smaller, at the most: see `Variation`."""

DIGITS = 9  # of a factor: so that the last bits of a machine's own exp() do not matter

Floats = NDArray[np.float64]


class Variation:
    """What MuJoCo's model fields are in each start of a task.

    Each factor is exp(u * amount * log(spread)), u uniform in [-1, 1] and drawn from the start's name alone: another
    amount stretches the same draws. The quantities and their `SPREADS`:

    - mass: of each thing that is free or has joints, one factor for mass and inertia; the furniture that stands still
      has none that matters, and the arm keeps its published masses.
    - friction: one factor for what the pads touch, another for all other contacts. Of two geoms that touch, the pad's
      friction counts or else the larger one, so one factor for both makes the contact's friction vary by just that.
    - damping and frictionloss: of each joint that is not the arm's and slides or turns.
    - stiffness: of each servo of the arm; its damping stays.
    - grip: the gripper's force, at every width; its speed stays.

    Args:
        model: the nominal model; only read.
        task: the task's name.
        amount: how much, in [0, 1].
    """

    def __init__(self, model: mujoco.MjModel, task: str, amount: float):
        self._model, self._task, self._amount = model, task, amount
        arm, whole = int(model.body_rootid[model.joint(JOINTS[0]).bodyid[0]]), model.body_weldid
        moving = (model.body_dofnum[whole] > 0) & (model.body_rootid != arm)
        self._bodies = np.flatnonzero(moving)
        _, self._thing = np.unique(whole[moving], return_inverse=True)  # parts without joints belong to one thing
        joints = [int(mujoco.mjtJoint.mjJNT_SLIDE), int(mujoco.mjtJoint.mjJNT_HINGE)]
        turning = np.isin(model.jnt_type, joints) & (model.body_rootid[model.jnt_bodyid] != arm)
        self._dofs = model.jnt_dofadr[turning]
        self._pads = [model.geom(name).id for name in PADS]
        self._servos = np.array([model.actuator(name).id for name in JOINTS])
        self._gripper = model.actuator(GRIPPER).id
        self._fingers = [int(model.joint(name).dofadr[0]) for name in FINGER_JOINTS]

    def fields(self, start: str) -> dict[str, Floats]:
        """Return the model fields that a start changes, whole: field name to array.

        What MuJoCo derives from them (`mj_setConst`) is not among them.
        """
        model, rng = self._model, np.random.default_rng(derive_seed("variation", self._task, start))
        mass, inertia = model.body_mass.copy(), model.body_inertia.copy()
        friction, gain, bias = model.geom_friction.copy(), model.actuator_gainprm.copy(), model.actuator_biasprm.copy()
        damping, loss, force = model.dof_damping.copy(), model.dof_frictionloss.copy(), model.actuator_forcerange.copy()

        # The order of the draws is part of what a start's name means.
        heavier = self._draw(rng, "mass", int(self._thing.max(initial=-1)) + 1)[self._thing]
        mass[self._bodies] *= heavier
        inertia[self._bodies] *= heavier[:, None]
        pads, others = self._draw(rng, "friction", 2)
        friction *= others
        friction[self._pads] = model.geom_friction[self._pads] * pads
        damping[self._dofs] *= self._draw(rng, "damping", len(self._dofs))
        loss[self._dofs] *= self._draw(rng, "frictionloss", len(self._dofs))
        stiffer = self._draw(rng, "stiffness", len(self._servos))
        gain[self._servos, 0] *= stiffer
        bias[self._servos, 1] *= stiffer
        (firmer,) = self._draw(rng, "grip", 1)
        gain[self._gripper, 0] *= firmer
        bias[self._gripper, 1] *= firmer
        force[self._gripper] *= firmer
        damping[self._fingers] *= firmer
        return {
            "body_mass": mass,
            "body_inertia": inertia,
            "geom_friction": friction,
            "dof_damping": damping,
            "dof_frictionloss": loss,
            "actuator_gainprm": gain,
            "actuator_biasprm": bias,
            "actuator_forcerange": force,
        }

    def _draw(self, rng: np.random.Generator, quantity: str, count: int) -> Floats:
        widest = self._amount * math.log(SPREADS[quantity])
        factors: Floats = np.exp(rng.uniform(-1.0, 1.0, count) * widest)
        return factors.round(DIGITS)
