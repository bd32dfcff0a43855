"""MuJoCo simulations as arrays with N on the leading axis: one of them, or many at once."""

from __future__ import annotations

import copy
from abc import ABC, abstractmethod
from collections.abc import Mapping

import mujoco
import numpy as np
from mujoco.batch import Batch
from numpy.typing import NDArray

__all__ = ["ManySimulations", "OneSimulation", "Simulations"]

STATE = mujoco.mjtState.mjSTATE_INTEGRATION
CURRENT = int(mujoco.mjtStage.mjSTAGE_VEL)
"""Positions, velocities and the sensors of both are those of the state that a step ends in."""
UNSTABLE = [
    int(warning)
    for warning in (
        mujoco.mjtWarning.mjWARN_BADQPOS,
        mujoco.mjtWarning.mjWARN_BADQVEL,
        mujoco.mjtWarning.mjWARN_BADQACC,
    )
]
"""Warnings that MuJoCo counts when it resets a simulation that has become NaN or enormous."""

Floats = NDArray[np.float64]


class Simulations(ABC):
    """N simulations of one model. What one implementation does, the other does to the last bit, for any N.

    A simulation's state is MuJoCo's integration state (time, positions, velocities, activations, warm start, controls,
    forces, mocap poses) and what its sensors say: those of contact tell of the last substep and do not follow from the
    rest. Equal states and controls give equal futures.

    Attributes:
        model: the nominal model, which `vary` leaves alone; do not change it.
        size: N.
    """

    model: mujoco.MjModel
    size: int

    @abstractmethod
    def field(self, name: str) -> Floats:
        """Return a field of `mujoco.MjData` as a live array (N, ...), which stays the same one.

        Write only to parts of the state; except after controls, call `forward` then.
        """

    @abstractmethod
    def sensors(self) -> Floats:
        """Return a copy of what all sensors say (N, S)."""

    @abstractmethod
    def step(self, num_substeps: int) -> None:
        """Advance all simulations; afterwards positions, velocities and their sensors are current."""

    @abstractmethod
    def reset(self, rows: NDArray[np.intp]) -> None:
        """Put simulations back to the model's defaults. Write to their fields, then call `forward`."""

    @abstractmethod
    def forward(self, rows: NDArray[np.intp]) -> None:
        """Compute what follows from the state of some simulations: positions, velocities and their sensors."""

    @abstractmethod
    def diverged(self) -> NDArray[np.bool_]:
        """Return which simulations the last step made unstable (N,); MuJoCo has put them to the model's defaults."""

    @abstractmethod
    def state(self, row: int) -> Floats:
        """Return a copy of the state (S,) of a simulation: the integration state, then the sensors."""

    @abstractmethod
    def set_state(self, row: int, state: Floats) -> None:
        """Put a simulation into a state that `state` returned, and compute what follows from it.

        Raises:
            ValueError: the state has another size than this model's.
        """

    @abstractmethod
    def vary(self, rows: NDArray[np.intp], fields: Mapping[str, Floats]) -> None:
        """Give some simulations model fields of their own, and what MuJoCo derives from them.

        Call `reset` or `set_state` then.

        Args:
            rows: R simulations, in ascending order.
            fields: name of a field of `mujoco.MjModel` to its values (R, ...).
        """

    @abstractmethod
    def data(self, row: int) -> mujoco.MjData:
        """Return a simulation as `mujoco.MjData`, for rendering until the next call; do not change it."""

    def _parts(self, state: Floats) -> tuple[Floats, Floats]:
        """Return the integration state and the sensors' part of a state."""
        state = np.ascontiguousarray(state, dtype=np.float64)
        size = mujoco.mj_stateSize(self.model, int(STATE))
        if state.shape != (size + self.model.nsensordata,):
            whole = size + self.model.nsensordata
            raise ValueError(f"a state of this model has {whole} numbers, not the shape {state.shape}")
        return state[:size], state[size:]


class OneSimulation(Simulations):
    """N = 1, on `mujoco.MjData`: the quick way for a single env.

    Args:
        model: the model.
    """

    def __init__(self, model: mujoco.MjModel):
        self.model, self.size = model, 1
        self._own = model  # a copy from the first `vary` on
        self._data = mujoco.MjData(model)
        self._warnings = [self._data.warning[warning] for warning in UNSTABLE]
        self._before = 0

    def field(self, name: str) -> Floats:
        """See `Simulations`."""
        return getattr(self._data, name)[None]

    def sensors(self) -> Floats:
        """See `Simulations`."""
        return self._data.sensordata[None].copy()

    def step(self, num_substeps: int) -> None:
        """See `Simulations`."""
        self._before = self._count()
        # The first half of the first substep is done: it is what the last step, or `forward`, ended with.
        mujoco.mj_step2(self._own, self._data)
        if num_substeps > 1:
            mujoco.mj_step(self._own, self._data, num_substeps - 1)
        mujoco.mj_step1(self._own, self._data)

    def reset(self, rows: NDArray[np.intp]) -> None:
        """See `Simulations`."""
        if len(rows):
            mujoco.mj_resetData(self._own, self._data)
            self._before = 0

    def forward(self, rows: NDArray[np.intp]) -> None:
        """See `Simulations`."""
        if len(rows):
            mujoco.mj_step1(self._own, self._data)

    def diverged(self) -> NDArray[np.bool_]:
        """See `Simulations`."""
        return np.array([self._count() > self._before])

    def _count(self) -> int:
        position, velocity, acceleration = self._warnings
        return position.number + velocity.number + acceleration.number

    def state(self, row: int) -> Floats:
        """See `Simulations`."""
        found = np.empty(mujoco.mj_stateSize(self.model, int(STATE)))
        mujoco.mj_getState(self.model, self._data, found, int(STATE))
        return np.concatenate([found, self._data.sensordata])

    def set_state(self, row: int, state: Floats) -> None:
        """See `Simulations`."""
        integration, sensors = self._parts(state)
        mujoco.mj_setState(self.model, self._data, integration, int(STATE))
        mujoco.mj_step1(self._own, self._data)
        self._data.sensordata[:] = sensors

    def vary(self, rows: NDArray[np.intp], fields: Mapping[str, Floats]) -> None:
        """See `Simulations`."""
        if not len(rows):
            return
        if self._own is self.model:
            self._own = copy.copy(self.model)
        for name, values in fields.items():
            getattr(self._own, name)[:] = values[0]
        mujoco.mj_setConst(self._own, self._data)

    def data(self, row: int) -> mujoco.MjData:
        """See `Simulations`."""
        return self._data


class ManySimulations(Simulations):
    """N simulations on `mujoco.batch`, with its own threads.

    Args:
        model: the model.
        size: N.
        num_threads: threads that step; 0 for one a CPU.
    """

    def __init__(self, model: mujoco.MjModel, size: int, num_threads: int = 1):
        self.model, self.size = model, size
        self.batch = Batch(model, size, num_threads, persistent=True)
        self._sensors = self.batch.bind("sensordata")
        self._kept: dict[int, Floats] = {}  # what sensors said in states that were set, until the next step
        self._shown: mujoco.MjData | None = None
        self._before = self._count()

    def field(self, name: str) -> Floats:
        """See `Simulations`."""
        return self.batch.bind(name)

    def sensors(self) -> Floats:
        """See `Simulations`."""
        found = self._sensors.copy()
        for row, kept in self._kept.items():
            found[row] = kept
        return found

    def step(self, num_substeps: int) -> None:
        """See `Simulations`."""
        self._kept.clear()
        self._before = self._count()
        self.batch.step(None, num_substeps, CURRENT)

    def reset(self, rows: NDArray[np.intp]) -> None:
        """See `Simulations`."""
        if len(rows):
            self.batch.reset(rows, stage=int(mujoco.mjtStage.mjSTAGE_NONE))
            for row in rows.tolist():
                self._kept.pop(row, None)
            self._before[rows] = self._count()[rows]

    def forward(self, rows: NDArray[np.intp]) -> None:
        """See `Simulations`."""
        if len(rows):
            self.batch.forward(rows, CURRENT)

    def diverged(self) -> NDArray[np.bool_]:
        """See `Simulations`."""
        return self._count() > self._before

    def _count(self) -> NDArray[np.int64]:
        return self.batch.warning[:, UNSTABLE, 1].sum(axis=1)  # [..., 0] is where it happened

    def state(self, row: int) -> Floats:
        """See `Simulations`."""
        sensors = self._kept[row] if row in self._kept else self._sensors[row]
        return np.concatenate([self.batch.state[row], sensors])

    def set_state(self, row: int, state: Floats) -> None:
        """See `Simulations`."""
        integration, sensors = self._parts(state)
        self.batch.state[row] = integration
        self.batch.forward([row], CURRENT)
        self._kept[row] = sensors  # the batch's own cannot be written

    def vary(self, rows: NDArray[np.intp], fields: Mapping[str, Floats]) -> None:
        """See `Simulations`."""
        if not len(rows):
            return
        for name, values in fields.items():
            self.batch.expand(name)[rows] = values
        self.batch.set_const(rows)

    def data(self, row: int) -> mujoco.MjData:
        """See `Simulations`."""
        self._shown = shown = self.batch.get_data(row, self._shown)
        return shown
