"""Puts things where an episode begins: names of joints, free bodies and mocap bodies to places in MuJoCo's arrays."""

from __future__ import annotations

from typing import Any

import mujoco
import numpy as np

from ...core.names import check_name
from .physics import Simulations

__all__ = ["Places"]


class Places:
    """Where the things of a model stand in the arrays of its simulations; see `tasks.base.Start` for the values.

    Args:
        simulations: whose arrays are written to.
    """

    def __init__(self, simulations: Simulations):
        model = simulations.model
        qpos, where, turn = (simulations.field(name) for name in ("qpos", "mocap_pos", "mocap_quat"))
        self._joints: dict[str, np.ndarray] = {}
        self._bodies: dict[str, tuple[np.ndarray, np.ndarray]] = {}
        for number in range(model.njnt):
            joint = model.joint(number)
            begin = int(joint.qposadr[0])
            if int(joint.type[0]) == int(mujoco.mjtJoint.mjJNT_FREE):
                self._bodies[joint.name] = qpos[:, begin : begin + 3], qpos[:, begin + 3 : begin + 7]
            else:
                self._joints[joint.name] = qpos[:, begin]
        for number in range(model.nbody):
            mocap = int(model.body(number).mocapid[0])
            if mocap >= 0:
                self._bodies[model.body(number).name] = where[:, mocap], turn[:, mocap]

    def has(self, name: str) -> bool:
        """Return whether there is such a joint, free body or mocap body."""
        return name in self._joints or name in self._bodies

    def put(self, row: int, name: str, place: Any) -> None:
        """Put one thing of simulation `row` to its place; `forward` must follow.

        Raises:
            UnknownNameError: the model has no such joint, free body or mocap body.
        """
        check_name("place", name, [*self._joints, *self._bodies])
        if name in self._joints:
            self._joints[name][row] = place
            return
        position, turn = self._bodies[name]
        position[row] = place[:3]
        if len(place) == 4:
            turn[row] = [np.cos(place[3] / 2), 0.0, 0.0, np.sin(place[3] / 2)]
