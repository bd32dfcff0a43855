"""From actions to joint targets: the hand moved by differences of position, or the joints by differences of angle.

A control is a pure function of the measured joints, the action and its own memory, a plain array (N, k) that goes into
snapshots. The memory holds what was *commanded*. Adding to the measured pose instead would never wind up, but forgets
at every step what the servos have not done yet. Adding to the command alone goes on pushing for as long as the arm was
pressed against something. So: add to the command, and keep the command on a leash from where the arm is.

All arithmetic is elementwise with the arms on the last axis, as in `kinematics`: rows do not know of each other.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from math import sqrt
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ....core.names import check_name
from .inverse import next_joints
from .kinematics import LOWER, REST, UPPER, VELOCITY, chain, columns_of_jacobian, forward
from .one_arm import next_joints_of_one

__all__ = ["CONTROLS", "HIGH", "LOW", "STEP_SECONDS", "Control", "EndEffectorControl", "JointControl", "make_control"]

Floats = NDArray[np.float64]

STEP_SECONDS = 0.05
"""Length of a control step: 20 Hz."""
OPEN = 0.08
"""Distance between the pads when the gripper is wide open, m; 0 is closed."""

LOW, HIGH = (0.30, -0.35, 0.012), (0.65, 0.35, 0.38)
"""The corners of the box that the hand can be sent to, x, y, z in m."""

_MOST = VELOCITY[:, None] * STEP_SECONDS
_JOINTS = _MOST[:, 0].tolist(), LOWER.tolist(), UPPER.tolist()
_REST = REST[:, None]


class Control(ABC):
    """How actions command the arm and the gripper; N arms at once, and a row's result depends on that row alone.

    Class attributes:
        action_size: numbers of an action; each is clipped to [-1, 1]. The last one is the gripper: -1 shuts it, 1 opens
            it, and what lies between is a width.
        memory_size: numbers that an arm's memory has.
    """

    action_size: ClassVar[int]
    memory_size: ClassVar[int]

    @abstractmethod
    def begin(self, q: ArrayLike) -> Floats:
        """Return the memory (N, memory_size) of arms that rest at joint angles q (N, 7)."""

    @abstractmethod
    def __call__(self, q: ArrayLike, action: ArrayLike, memory: ArrayLike) -> tuple[Floats, Floats, Floats]:
        """Do one control step.

        Args:
            q: measured joint angles (N, 7), radians.
            action: (N, action_size), clipped to [-1, 1].
            memory: what `begin` or the last step returned, (N, memory_size).

        Returns:
            joint targets (N, 7), radians; targets of the distance between the pads (N, 1), m; the next memory
            (N, memory_size).
        """


class EndEffectorControl(Control):
    """Move the hand, which keeps pointing down: action = (x, y, z, gripper).

    x, y and z of 1 are 5 cm a control step, forward, left and up in the base's frame; no more than 8.5 cm in all (1.7
    m/s, the arm's published limit). Where the joints' speed limits allow less, the rest follows in the next steps.

    Memory: the commanded joint angles (7) and the commanded position (3).

    Args:
        low: lowest x, y, z that the hand can be sent to, m; by default the fingers just clear the table.
        high: highest.
        leash: how far the commanded position may be from the measured one, m. It bounds the speed, because the servos
            lag, and what is left to push when the hand meets something. In simulation 6 cm comes to rest at targets
            soonest: less is slow, more overshoots.
    """

    action_size: ClassVar[int] = 4
    memory_size: ClassVar[int] = 10

    STEP: ClassVar[float] = 0.05
    FASTEST: ClassVar[float] = 1.7 * STEP_SECONDS
    PULL: ClassVar[float] = 0.1
    """Part of the way to the rest posture that a step makes, where the task allows."""
    LONGEST_PULL: ClassVar[float] = 0.03

    def __init__(
        self,
        low: ArrayLike = LOW,
        high: ArrayLike = HIGH,
        leash: float = 0.06,
    ):
        self._low = np.array(low, dtype=np.float64).reshape(3, 1)
        self._high = np.array(high, dtype=np.float64).reshape(3, 1)
        self._leash = leash
        self._box = self._low[:, 0].tolist(), self._high[:, 0].tolist()
        self._pulls = REST.tolist(), self.PULL, self.LONGEST_PULL, _MOST[:, 0].tolist()

    def begin(self, q: ArrayLike) -> Floats:
        """See `Control`."""
        commanded = _clip(np.asarray(q, dtype=np.float64), LOWER, UPPER)
        return np.concatenate([commanded, forward(commanded)[0]], axis=1)

    def __call__(self, q: ArrayLike, action: ArrayLike, memory: ArrayLike) -> tuple[Floats, Floats, Floats]:
        """See `Control`."""
        if np.shape(memory)[0] == 1:
            found = self._one(q, action, memory)
            if found is not None:
                return found
        before = np.asarray(memory, dtype=np.float64).T
        act = _clip(np.asarray(action, dtype=np.float64).T, -1.0, 1.0)
        size = before.shape[1]
        both = np.empty((7, 2 * size))  # commanded and measured, so that one walk does both
        both[:, :size], both[:, size:] = before[:7], np.asarray(q).T
        position, rotation, axes, origins = chain(both)
        measured, commanded = position[:, size:], both[:, :size]
        position, rotation, axes, origins = (each[..., :size] for each in (position, rotation, axes, origins))
        jacobian = columns_of_jacobian(position, axes, origins)
        target = self._target(before[7:], act[:3], measured)
        pull = _clip(self.PULL * (_REST - commanded), -self.LONGEST_PULL, self.LONGEST_PULL)
        after = np.empty((size, 10))
        after[:, :7] = next_joints(commanded, jacobian, target - position, _tilt(rotation), pull, _MOST).T
        after[:, 7:] = target.T
        return after[:, :7].copy(), _opening(act[3]), after

    def _one(self, q: ArrayLike, action: ArrayLike, memory: ArrayLike) -> tuple[Floats, Floats, Floats] | None:
        """Do a control step of one arm where it is not a special case; else return None."""
        before = np.asarray(memory, dtype=np.float64)[0].tolist()
        clipped = [min(max(number, -1.0), 1.0) for number in np.asarray(action, dtype=np.float64)[0].tolist()]
        x, y, z = (self.STEP * number for number in clipped[:3])
        part = min(1.0, self.FASTEST / max(sqrt(x * x + y * y + z * z), 1e-9))
        away = before[7] + x * part, before[8] + y * part, before[9] + z * part
        measured = np.asarray(q, dtype=np.float64)[0].tolist()
        found = next_joints_of_one(before[:7], measured, away, self._leash, self._box, self._pulls)
        if found is None:
            return None
        joints, target = found
        return np.array([joints]), np.array([[OPEN / 2 * (1.0 + clipped[3])]]), np.array([[*joints, *target]])

    def _target(self, before: Floats, action: Floats, measured: Floats) -> Floats:
        """Return where the hand is to be sent (3, N)."""
        shift = self.STEP * action
        target = before + shift * np.minimum(1.0, self.FASTEST / np.maximum(_length(shift), 1e-9))
        away = target - measured
        target = measured + away * np.minimum(1.0, self._leash / np.maximum(_length(away), 1e-9))
        return _clip(target, self._low, self._high)


class JointControl(Control):
    """Move the joints: action = (7 joints, gripper); 1 is a joint's largest speed, for one control step.

    Memory: the commanded joint angles (7).

    Args:
        leash: how far a commanded angle may be from the measured one, radians.
    """

    action_size: ClassVar[int] = 8
    memory_size: ClassVar[int] = 7

    def __init__(self, leash: float = 0.3):
        self._leash = leash

    def begin(self, q: ArrayLike) -> Floats:
        """See `Control`."""
        return _clip(np.asarray(q, dtype=np.float64), LOWER, UPPER)

    def __call__(self, q: ArrayLike, action: ArrayLike, memory: ArrayLike) -> tuple[Floats, Floats, Floats]:
        """See `Control`."""
        q, before = np.asarray(q, dtype=np.float64), np.asarray(memory, dtype=np.float64)
        if len(before) == 1:
            return self._one(q[0].tolist(), np.asarray(action, dtype=np.float64)[0].tolist(), before[0].tolist())
        act = _clip(np.asarray(action, dtype=np.float64), -1.0, 1.0)
        most = VELOCITY * STEP_SECONDS
        wanted = _clip(before + act[:, :7] * most, q - self._leash, q + self._leash)
        # The leash must not pull faster than a joint can turn.
        joints = _clip(_clip(wanted, before - most, before + most), LOWER, UPPER)
        return joints, _opening(act[:, 7]), joints.copy()

    def _one(self, q: list[float], action: list[float], memory: list[float]) -> tuple[Floats, Floats, Floats]:
        """Do a control step of one arm in plain numbers, which takes half the time."""
        joints, leash = [], self._leash
        for at, before, part, most, lower, upper in zip(q, memory, action[:7], *_JOINTS, strict=True):
            part = -1.0 if part < -1.0 else 1.0 if part > 1.0 else part
            wanted = before + part * most
            low, high = at - leash, at + leash
            wanted = low if wanted < low else high if wanted > high else wanted
            low, high = before - most, before + most
            wanted = low if wanted < low else high if wanted > high else wanted
            joints.append(lower if wanted < lower else upper if wanted > upper else wanted)
        opening = OPEN / 2 * (1.0 + min(max(action[7], -1.0), 1.0))
        found = np.array([joints])
        return found, np.array([[opening]]), found.copy()


CONTROLS = {"end_effector": EndEffectorControl, "joint": JointControl}
"""Controls by name."""


def make_control(name: str) -> Control:
    """Return a control by its name, "end_effector" or "joint".

    Raises:
        UnknownNameError: there is none of that name.
    """
    return CONTROLS[check_name("control", name, CONTROLS, "control=")]()


def _opening(action: Floats) -> Floats:
    """Return targets of the distance between the pads (N, 1), m, from the gripper's part of the actions (N,)."""
    return (OPEN / 2 * (1.0 + action))[:, None]


def _tilt(rotation: Floats) -> Floats:
    """Return the turn (3, N) that points hands (3, 3, N) down with their x forward: sine of its angle, along its axis.

    It is half the sum of the cross products of the hand's axes with (1, 0, 0), (0, -1, 0) and (0, 0, -1).
    """
    x, y, z = rotation[:, 0], rotation[:, 1], rotation[:, 2]
    turn = np.empty_like(x)
    np.subtract(y[2], z[1], out=turn[0])
    np.add(x[2], z[0], out=turn[1])
    np.add(x[1], y[0], out=turn[2])
    np.negative(turn[2], out=turn[2])
    turn *= 0.5
    return turn


def _clip(values: Floats, low: Floats | float, high: Floats | float) -> Floats:
    """Do what `np.clip` does, in half the time for the few numbers of one arm."""
    return np.minimum(np.maximum(values, low), high)


def _length(vector: Floats) -> Floats:
    x, y, z = vector
    return np.sqrt(x * x + y * y + z * z)
