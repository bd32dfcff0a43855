"""A robot cell: N simulations of one task, from actions to states and observations, with N on the leading axis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import mujoco
import numpy as np

from ...core.random import derive_seed
from .physics import ManySimulations, OneSimulation, Simulations
from .robot.arm import FINGER_JOINTS, HOME, JOINTS, MAX_OPENING, TCP
from .robot.control import Control, make_control
from .robot.scene import NUM_SUBSTEPS, build_model, touch_sensors
from .state import ManipulationState
from .tasks.base import TASKS, Start, Task

__all__ = ["Cell", "model_of"]


@lru_cache(maxsize=32)
def model_of(task: str) -> mujoco.MjModel:
    """Return the compiled model of a task, the same object for all envs of the process; do not change it."""
    found = TASKS[task]
    return build_model(lambda spec: _furnish(spec, found), ["object"] if found.has_object else [])


def _furnish(spec: mujoco.MjSpec, task: Task) -> None:
    """Add the task's things, the mark of the target, and the sensors that a state is read from."""
    task.build(spec)
    target = spec.worldbody.add_body(name="target", mocap=True)
    sphere = mujoco.mjtGeom.mjGEOM_SPHERE
    target.add_site(name="target", type=sphere, size=[0.014] * 3, rgba=[0.2, 0.72, 0.36, 0.75])
    where, speed = mujoco.mjtSensor.mjSENS_FRAMEPOS, mujoco.mjtSensor.mjSENS_FRAMELINVEL
    things = [("tcp", mujoco.mjtObj.mjOBJ_SITE, TCP)]
    things += [("object", mujoco.mjtObj.mjOBJ_BODY, "object")] if task.has_object else []
    for name, kind, thing in things:
        spec.add_sensor(name=f"{name}_position", type=where, objtype=kind, objname=thing)
        spec.add_sensor(name=f"{name}_velocity", type=speed, objtype=kind, objname=thing)


class Cell:
    """What a single env and a vector env have in common.

    Args:
        task: name of the task.
        control: "end_effector" or "joint".
        difficulty: how varied the starts are, in [0, 1].
        size: N; 1 runs on a plain simulation unless `num_threads` is given.
        num_threads: threads for the simulations; None for a plain one.

    Attributes:
        memory: the controller's own numbers (N, k); part of a snapshot.
    """

    def __init__(self, task: str, control: str, difficulty: float, size: int = 1, num_threads: int | None = None):
        self.arguments = task, control, difficulty, size, num_threads
        self.task, self.difficulty, self.size = TASKS[task], difficulty, size
        self.model = model_of(task)
        self.control: Control = make_control(control)
        self.simulations: Simulations = (
            OneSimulation(self.model) if num_threads is None else ManySimulations(self.model, size, num_threads)
        )
        self._find()
        self.memory = np.zeros((size, self.control.memory_size))
        self.start_position = np.zeros((size, 3))

    def _find(self) -> None:
        """Look up where things stand in the arrays."""
        model, field = self.model, self.simulations.field
        self.qpos, self.qvel, self.ctrl = field("qpos"), field("qvel"), field("ctrl")
        self.sensors, self._target = field("sensordata"), field("mocap_pos")[:, 0]
        self._finger_q = [int(model.joint(name).qposadr[0]) for name in FINGER_JOINTS]
        self._arm = self.qpos[:, :7], self.qvel[:, :7]
        self._fingers = self.qpos[:, self._finger_q[0]], self.qpos[:, self._finger_q[1]]
        moving = [f"{thing}_{what}" for thing in ("tcp", "object") for what in ("position", "velocity")]
        names = [*moving, *touch_sensors("object")] if self.task.has_object else moving[:2]
        self._places = [self._place_of(name) for name in names]
        arm = [int(model.joint(name).qposadr[0]) for name in JOINTS]
        assert arm == list(range(7)), "the arm comes first, so that its joints are a slice"

    def _place_of(self, name: str) -> tuple[slice, slice | int]:
        """Return the index of a sensor in the array of all: (N, k), or (N,) where it is one number."""
        sensor = self.model.sensor(name)
        begin, size = int(sensor.adr[0]), int(sensor.dim[0])
        return slice(None), begin if size == 1 else slice(begin, begin + size)

    def start(self, rows: Sequence[int], tasks: Sequence[str]) -> None:
        """Begin the episodes of `tasks` in the slots `rows`. A task's name decides all of its start."""
        picked = np.asarray(rows, dtype=np.intp)
        if not len(picked):
            return
        self.simulations.reset(picked)
        for row, name in zip(rows, tasks, strict=True):
            seed = derive_seed("manipulation", self.task.name, self.difficulty, name)
            self._place(row, self.task.start(np.random.default_rng(seed), self.difficulty))
        self.simulations.forward(picked)
        self.memory[picked] = self.control.begin(self.qpos[picked, :7])
        self.start_position[picked] = self.read().object[picked]

    def _place(self, row: int, start: Start) -> None:
        self.qpos[row, :7] = HOME
        self.qpos[row, self._finger_q] = MAX_OPENING / 2
        self.ctrl[row, :7], self.ctrl[row, 7] = HOME, MAX_OPENING
        self._target[row] = start.target
        if start.object is not None:
            address = int(self.model.joint("object").qposadr[0])
            half = start.turn / 2
            self.qpos[row, address : address + 7] = [*start.object, np.cos(half), 0.0, 0.0, np.sin(half)]

    def step(self, actions: np.ndarray) -> np.ndarray:
        """Do one control step with actions (N, k) in [-1, 1]; return which simulations diverged, bool (N,)."""
        joints, opening, self.memory = self.control(self._arm[0], actions, self.memory)
        self.ctrl[:, :7], self.ctrl[:, 7:] = joints, opening
        self.simulations.step(NUM_SUBSTEPS)
        return self.simulations.diverged()

    def read(self) -> ManipulationState:
        """Return the states of all simulations, as copies."""
        measured = self.sensors.copy()
        tcp, tcp_velocity, *thing = [measured[place] for place in self._places]
        if thing:
            position, velocity, left, right = thing
            touches = np.empty((4, self.size))
            touches[0], touches[1] = left > 0, right > 0
        else:
            position, velocity, touches = tcp.copy(), tcp_velocity.copy(), np.zeros((4, self.size))
        opening = self._fingers[0] + self._fingers[1]
        rest = (position, velocity, self._target.copy(), self.start_position.copy())
        state = ManipulationState(tcp, tcp_velocity, opening, *rest, *touches)
        touches[2], touches[3] = self.task.secured(state), self.task.success(state)  # the rows are the state's arrays
        return state

    def observe(self, state: ManipulationState) -> Mapping[str, np.ndarray]:
        """Return the observations (N, ...) as gymnasium-robotics' goal envs have them."""
        parts: list[Any] = [*self._arm, state.opening[:, None], state.tcp, state.tcp_velocity]
        parts += [state.object - state.tcp, state.object_velocity, state.target - state.object]
        parts += [state.left_touch[:, None], state.right_touch[:, None]]
        return {
            "observation": np.concatenate(parts, axis=1),
            "achieved_goal": state.object.copy(),
            "desired_goal": state.target.copy(),
        }

    def saved(self) -> dict[str, Any]:
        """Return the cell as plain data and arrays; `load` makes an equal one of it."""
        states = [self.simulations.state(row) for row in range(self.size)]
        return {"arguments": self.arguments, "states": states, "memory": self.memory, "start": self.start_position}

    @classmethod
    def load(cls, saved: Mapping[str, Any]) -> Cell:
        """Make the cell that `saved` described."""
        cell = cls(*saved["arguments"])
        for row, state in enumerate(saved["states"]):
            cell.simulations.set_state(row, state)
        cell.memory, cell.start_position = saved["memory"].copy(), saved["start"].copy()
        return cell
