"""What the sensors of a model say, as a `ManipulationState`."""

from __future__ import annotations

from typing import Any

import mujoco
import numpy as np

from .physics import Simulations
from .robot.arm import FINGER_JOINTS
from .robot.kinematics import TCP
from .robot.scene import touch_sensors
from .state import ManipulationState
from .tasks.base import Task

__all__ = ["Sensing", "add_sensors"]

POSITION, VELOCITY = mujoco.mjtSensor.mjSENS_FRAMEPOS, mujoco.mjtSensor.mjSENS_FRAMELINVEL
AXIS, CLOSING = mujoco.mjtSensor.mjSENS_FRAMEXAXIS, mujoco.mjtSensor.mjSENS_FRAMEYAXIS
FACING = 0.7
"""Cosine of the angle between a pad's push and the way in which the pads close, from which on it holds something."""


def add_sensors(spec: mujoco.MjSpec, task: Task) -> None:
    """Add the sensors of the sites that matter in a task."""
    wanted = [(TCP, "position"), (TCP, "velocity"), (TCP, "closing")]
    for thing, target in task.aims:
        wanted += [(thing, "position"), (thing, "velocity"), (thing, "axis"), (target, "position")]
    for name, kind in dict.fromkeys(wanted):  # a thing may have several aims, or be the tcp
        sensor = {"position": POSITION, "velocity": VELOCITY, "axis": AXIS, "closing": CLOSING}[kind]
        spec.add_sensor(name=f"{name}_{kind}", type=sensor, objtype=mujoco.mjtObj.mjOBJ_SITE, objname=name)


class Sensing:
    """Reads N simulations of one task.

    Attributes:
        things: how many different things the task's aims name.
    """

    def __init__(self, simulations: Simulations, task: Task):
        self._model, self._task, self._size = simulations.model, task, simulations.size
        self._simulations, self._sensors = simulations, simulations.field("sensordata")
        qpos, self._rows = simulations.field("qpos"), np.arange(self._size)
        left, right = (int(self._model.joint(name).qposadr[0]) for name in FINGER_JOINTS)
        self._fingers = qpos[:, left], qpos[:, right]
        names = list(dict.fromkeys(thing for thing, _ in task.aims))
        self.things = len(names)
        self._aims = [self._aim(thing, target) for thing, target in task.aims]
        self._tcp = self._place(f"{TCP}_position"), self._place(f"{TCP}_velocity")
        self._closing = self._place(f"{TCP}_closing")
        self._thing_of_aim = np.array([names.index(thing) for thing, _ in task.aims])
        self._where = {name: self._place(f"{name}_position") for aim in task.aims for name in aim}
        self._positions = [self._where[name] for name in names]

    def _place(self, name: str) -> Any:
        """Return the index of a sensor in the array of all: (N, k), or (N,) where it is one number."""
        sensor = self._model.sensor(name)
        begin, size = int(sensor.adr[0]), int(sensor.dim[0])
        return slice(None), begin if size == 1 else slice(begin, begin + size)

    def _aim(self, thing: str, target: str) -> list[Any]:
        names = [f"{thing}_position", f"{thing}_velocity", f"{thing}_axis", f"{target}_position"]
        places = [self._place(name) for name in names]
        if thing == TCP:
            return places
        (_, left), (_, right) = (self._place(name) for name in touch_sensors(thing))
        assert left.stop == right.start, "both pads' sensors stand together"
        return [*places, (slice(None), slice(left.start, right.stop))]

    def positions(self) -> np.ndarray:
        """Return where the things are (N, T, 3), as a copy."""
        return np.stack([self._sensors[place] for place in self._positions], axis=1)

    def read(self, start: np.ndarray) -> ManipulationState:
        """Return the states of all simulations, as copies; `start` is what `positions` returned at the beginning."""
        measured, size, task = self._simulations.sensors(), self._size, self._task
        numbers = np.zeros((8, size))  # the state's touches, grasped, phases, secured, settled and success
        if len(self._aims) == 1:
            position, velocity, axis, target, *touch = [measured[place] for place in self._aims[0]]
            begin = start[:, 0].copy()
        else:
            at = {name: measured[place] for name, place in self._where.items()}
            due = task.phase(at)
            numbers[3], begin = due, start[self._rows, self._thing_of_aim[due]]
            position, velocity, axis, target, *touch = self._due(measured, due)
        numbers[4] = len(self._aims)
        if touch:
            pads = touch[0].reshape(size, 2, 4)  # of each pad: whether it touches, and the normal
            np.greater(pads[:, :, 0].T, 0, out=numbers[:2])
            pressing = _along(measured[self._closing][:, None], pads[:, :, 1:]) >= FACING
            np.logical_and(pressing[:, 0], pressing[:, 1], out=numbers[2])
        tcp, tcp_velocity = measured[self._tcp[0]], measured[self._tcp[1]]
        if not touch:
            position, velocity = position.copy(), velocity.copy()  # the tcp's own
        opening = self._fingers[0] + self._fingers[1]
        moved = (position, velocity, axis, target, begin)
        state = ManipulationState(tcp, tcp_velocity, opening, *moved, *numbers)  # the rows are the state's arrays
        numbers[5], numbers[6] = task.secured(state), task.settled(state)
        numbers[7] = task.success(state)
        return state

    def _due(self, measured: np.ndarray, due: np.ndarray) -> list[np.ndarray]:
        """Return the measurements of the aim that is due in each simulation."""
        columns = zip(*self._aims, strict=True)
        return [np.stack([measured[place] for place in places])[due, self._rows] for places in columns]


def _along(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return the size of the inner products of vectors (..., 3); written out, so that it is the same for all N."""
    product = one * other
    return np.abs(product[..., 0] + product[..., 1] + product[..., 2])
