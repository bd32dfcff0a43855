"""A robot cell: N simulations of one task, from actions to states and observations, with N on the leading axis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import mujoco
import numpy as np

from ...core.random import derive_seed
from .physics import ManySimulations, OneSimulation, Simulations
from .places import Places
from .robot.arm import FINGER_JOINTS, HOME, JOINTS, MAX_OPENING
from .robot.camera import Pictures
from .robot.control import Control, make_control
from .robot.kinematics import TCP
from .robot.scene import NUM_SUBSTEPS, build_model
from .sensing import Sensing, add_sensors
from .spaces import OBSERVATION_SIZE
from .state import ManipulationState
from .tasks.base import TASKS, Start, Task
from .variation import Variation

__all__ = ["Cell", "model_of"]


@lru_cache(maxsize=32)
def model_of(task: str) -> mujoco.MjModel:
    """Return the compiled model of a task, the same object for all envs of the process; do not change it."""
    found = TASKS[task]
    things = dict.fromkeys(thing for thing, _ in found.aims if thing != TCP)
    return build_model(lambda spec: _furnish(spec, found), list(things))


def _furnish(spec: mujoco.MjSpec, task: Task) -> None:
    """Add the task's things, marks for targets that are none of them, and the sensors that a state is read from."""
    task.build(spec)
    for _, target in task.aims:
        if spec.site(target) is None:
            mark = spec.worldbody.add_body(name=target, mocap=True)
            mark.add_site(name=target, size=[0.014] * 3, rgba=[0.2, 0.72, 0.36, 0.75])
    add_sensors(spec, task)


class Cell:
    """What a single env and a vector env have in common.

    Args:
        task: name of the task.
        control: "end_effector" or "joint".
        difficulty: how varied the starts are, in [0, 1].
        size: N; 1 runs on a plain simulation unless `num_threads` is given.
        num_threads: threads for the simulations; None for a plain one.
        cameras: names of those whose pictures are observed.
        image_size: width and height of these pictures in pixels.
        randomise: how much the starts' physics vary, in [0, 1]; see `variation.Variation`.

    Attributes:
        memory: the controller's own numbers (N, k); part of a snapshot.
        start_positions: where the task's things were when the episodes began (N, T, 3); part of a snapshot.
    """

    def __init__(
        self,
        task: str,
        control: str,
        difficulty: float,
        size: int = 1,
        num_threads: int | None = None,
        cameras: Sequence[str] = (),
        image_size: int = 84,
        randomise: float = 0.0,
    ):
        self.arguments = task, control, difficulty, size, num_threads, tuple(cameras), image_size, randomise
        self.task, self.difficulty, self.size = TASKS[task], difficulty, size
        self.model = model_of(task)
        self._variation = Variation(self.model, task, randomise) if randomise else None
        self._names: list[str | None] = [None] * size  # of the starts
        self.control: Control = make_control(control)
        self.simulations: Simulations = (
            OneSimulation(self.model) if num_threads is None else ManySimulations(self.model, size, num_threads)
        )
        self._pictures: Pictures | None = None
        if cameras:
            targets = [target for _, target in self.task.aims]
            self._pictures = Pictures(self.model, self.simulations.data, size, cameras, image_size, targets)
        self._find()
        self.memory = np.zeros((size, self.control.memory_size))
        self.start_positions = np.zeros((size, self._sensing.things, 3))

    def _find(self) -> None:
        """Look up where things stand in the arrays."""
        model, field = self.model, self.simulations.field
        self.qpos, self.ctrl = field("qpos"), field("ctrl")
        self._arm = self.qpos[:, :7], field("qvel")[:, :7]
        self._places, self._sensing = Places(self.simulations), Sensing(self.simulations, self.task)
        arm = [int(model.joint(name).qposadr[0]) for name in JOINTS]
        assert arm == list(range(7)), "the arm comes first, so that its joints are a slice"

    @property
    def marked(self) -> bool:
        """Whether the target is a mark that can stand anywhere."""
        return self._places.has("target")

    def start(self, rows: Sequence[int], tasks: Sequence[str], target: np.ndarray | None = None) -> None:
        """Begin the episodes of `tasks` in the slots `rows`.

        A task's name decides all of its start, except for the target (3,) if one is given.
        """
        picked = np.asarray(rows, dtype=np.intp)
        if not len(picked):
            return
        self._vary(picked, tasks)
        self.simulations.reset(picked)
        own = {} if target is None else {"target": target}
        for row, name in zip(rows, tasks, strict=True):
            seed = derive_seed("manipulation", self.task.name, self.difficulty, name)
            self._place(row, {**self.task.start(np.random.default_rng(seed), self.difficulty), **own})
        self.simulations.forward(picked)
        self.memory[picked] = self.control.begin(self.qpos[picked, :7])
        self.start_positions[picked] = self._sensing.positions()[picked]

    def _vary(self, rows: np.ndarray, tasks: Sequence[str]) -> None:
        """Give the slots `rows` the physics of the starts `tasks`."""
        for row, name in zip(rows, tasks, strict=True):
            self._names[row] = name
        if self._variation is not None:
            each = [self._variation.fields(name) for name in tasks]
            self.simulations.vary(rows, {key: np.stack([fields[key] for fields in each]) for key in each[0]})
        if self._pictures is not None:
            self._pictures.outdate(rows)

    def resume(self, row: int, task: str, state: np.ndarray) -> None:
        """Put the simulation of a slot into a state that an episode of the start `task` was in."""
        self._vary(np.array([row]), [task])
        self.simulations.set_state(row, state)

    def _place(self, row: int, start: Start) -> None:
        self.qpos[row, :7] = HOME
        self.ctrl[row, :7], self.ctrl[row, 7] = HOME, MAX_OPENING
        for name in FINGER_JOINTS:
            self._places.put(row, name, MAX_OPENING / 2)
        for name, place in start.items():
            self._places.put(row, name, place)

    def step(self, actions: np.ndarray) -> np.ndarray:
        """Do one control step with actions (N, k) in [-1, 1]; return which simulations diverged, bool (N,)."""
        joints, opening, self.memory = self.control(self._arm[0], actions, self.memory)
        self.ctrl[:, :7], self.ctrl[:, 7:] = joints, opening
        self.simulations.step(NUM_SUBSTEPS)
        if self._pictures is not None:
            self._pictures.outdate(slice(None))
        return self.simulations.diverged()

    def read(self) -> ManipulationState:
        """Return the states of all simulations, as copies."""
        return self._sensing.read(self.start_positions)

    @property
    def observation_size(self) -> int:
        """How many numbers an observation has, goals apart."""
        return OBSERVATION_SIZE + (3 * self._sensing.things if self._sensing.things > 1 else 0)

    def observe(self, state: ManipulationState) -> Mapping[str, np.ndarray]:
        """Return the observations (N, ...) as gymnasium-robotics' goal envs have them."""
        parts: list[Any] = [*self._arm, state.opening[:, None], state.tcp, state.tcp_velocity]
        parts += [state.object - state.tcp, state.object_velocity, state.object_axis]
        parts += [np.stack([state.left_touch, state.right_touch, state.grasped, state.phase / state.phases], axis=1)]
        if self._sensing.things > 1:
            parts.append((self._sensing.positions() - state.tcp[:, None]).reshape(self.size, -1))
        found = {
            "observation": np.concatenate(parts, axis=1),
            "achieved_goal": state.object.copy(),
            "desired_goal": state.target.copy(),
        }
        return found if self._pictures is None else {**found, **self._pictures.take()}

    def saved(self) -> dict[str, Any]:
        """Return the cell as plain data and arrays; `load` makes an equal one of it."""
        states = [self.simulations.state(row) for row in range(self.size)]
        arrays = {"states": states, "memory": self.memory, "start": self.start_positions}
        return {"arguments": self.arguments, "tasks": self._names, **arrays}

    @classmethod
    def load(cls, saved: Mapping[str, Any]) -> Cell:
        """Make the cell that `saved` described."""
        cell = cls(*saved["arguments"])
        for row, (name, state) in enumerate(zip(saved["tasks"], saved["states"], strict=True)):
            if name is None:  # no episode has begun
                cell.simulations.set_state(row, state)
            else:
                cell.resume(row, name, state)
        cell.memory, cell.start_positions = saved["memory"].copy(), saved["start"].copy()
        return cell

    def close(self) -> None:
        """Free the renderer of the pictures, if one is open."""
        if self._pictures is not None:
            self._pictures.close()
