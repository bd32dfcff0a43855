"""Where the arm's hand is, and how each joint moves it: forward kinematics and geometric Jacobian, for N arms at once.

Every number comes from the manufacturer's published tables; the convention is Craig's modified Denavit-Hartenberg
(J. J. Craig, Introduction to Robotics, 1986): the transform of joint i is Rx(alpha) Tx(a) Rz(q) Tz(d).

All arithmetic is elementwise on arrays whose last axis counts the arms, so that a row's result is the same to the last
bit whatever the other rows and however many they are. (A matrix product or an einsum does not promise that.)
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "LOWER",
    "REST",
    "TCP",
    "UPPER",
    "VELOCITY",
    "chain",
    "columns_of_jacobian",
    "forward",
    "forward_and_jacobian",
    "jacobian",
]

Floats = NDArray[np.float64]

LOWER = np.array([-2.8973, -1.7628, -2.8973, -3.0718, -2.8973, -0.0175, -2.8973])
UPPER = np.array([2.8973, 1.7628, 2.8973, -0.0698, 2.8973, 3.7525, 2.8973])
"""Joint limits (7,), radians."""
VELOCITY = np.array([2.175, 2.175, 2.175, 2.175, 2.61, 2.61, 2.61])
"""Largest joint speeds (7,), rad/s."""

REST = np.array([0.0, 0.0, 0.0, -0.75 * np.pi, 0.0, 0.75 * np.pi, 0.25 * np.pi])
"""The ready pose (7,), radians, which the elbow is pulled to: upright, the hand above the middle of the table."""

LINKS = (
    (0.0, 0.333, 0),
    (0.0, 0.0, -1),
    (0.0, 0.316, 1),
    (0.0825, 0.0, 1),
    (-0.0825, 0.384, -1),
    (0.0, 0.0, 1),
    (0.088, 0.0, 1),
)
"""a (m), d (m) and alpha (quarter turns) of joints 1 to 7."""
REACH = 0.107 + 0.1034
"""From joint 7 along its axis to the flange, and on to the point between the finger pads, m."""
TCP = "tcp"
"""The site between the finger pads; its z points out of the hand, its y from the right pad to the left."""
HAND_TURN = -np.pi / 4
"""How the hand is mounted: turned about the flange's axis, radians."""


def forward(q: ArrayLike) -> tuple[Floats, Floats]:
    """Return position and rotation of the point between the finger pads, in the frame of the base.

    Args:
        q: joint angles (..., 7), radians.

    Returns:
        position (..., 3), m, and rotation (..., 3, 3), whose columns are the hand's axes: z out of the hand, y the way
        in which the fingers open.
    """
    position, rotation, _, _ = chain(_columns(q))
    shape = np.shape(q)[:-1]
    return _rows(position, (*shape, 3)), _rows(rotation, (*shape, 3, 3))


def jacobian(q: ArrayLike) -> Floats:
    """Return the geometric Jacobian (..., 6, 7) of the point between the finger pads.

    Rows 0 to 2 are its velocity (m/rad), rows 3 to 5 the hand's angular velocity (rad/rad), in the base's frame.

    Args:
        q: joint angles (..., 7), radians.
    """
    return forward_and_jacobian(q)[2]


def forward_and_jacobian(q: ArrayLike) -> tuple[Floats, Floats, Floats]:
    """Return position, rotation and Jacobian, for little more than the price of one; see `forward` and `jacobian`."""
    position, rotation, axes, origins = chain(_columns(q))
    shape = np.shape(q)[:-1]
    return (
        _rows(position, (*shape, 3)),
        _rows(rotation, (*shape, 3, 3)),
        _rows(columns_of_jacobian(position, axes, origins), (*shape, 6, 7)),
    )


def chain(q: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Walk from the base to the hand, with the arms on the last axis.

    Args:
        q: joint angles (7, N).

    Returns:
        position (3, N), rotation (3, 3, N), the joints' axes (3, 7, N) and a point on each of them (3, 7, N).
    """
    size = q.shape[1]
    turned = q.copy()  # contiguous: NumPy's sine may take another road, with other last bits, through strided memory
    turned[6] += HAND_TURN
    waves = np.empty((7, 2, 1, 1, size))
    np.cos(turned, out=waves[:, 0, 0, 0])
    np.sin(turned, out=waves[:, 1, 0, 0])
    axes, origins = np.empty((3, 7, size)), np.empty((3, 7, size))
    axes[:, 0] = ((0.0,), (0.0,), (1.0,))
    origins[:, 0] = ((0.0,), (0.0,), (LINKS[0][1],))
    plane = np.zeros((2, 3, size))  # x and y of the current frame
    plane[0, 0] = plane[1, 1] = 1.0
    point, height = origins[:, 0], axes[:, 0]
    for joint, (a, d, quarter) in enumerate(LINKS):
        if joint:
            if a:
                point = point + a * plane[0]
            # A quarter turn about x takes z to -y (or y), and y to z (or -z): no arithmetic.
            height = axes[:, joint]
            np.negative(plane[1], out=height) if quarter > 0 else np.copyto(height, plane[1])
            before = axes[:, joint - 1]
            np.copyto(plane[1], before) if quarter > 0 else np.negative(before, out=plane[1])
            if d:
                point = point + d * height
            origins[:, joint] = point
        parts = waves[joint] * plane  # cos x, cos y; sin x, sin y
        np.add(parts[0, 0], parts[1, 1], out=plane[0])
        np.subtract(parts[0, 1], parts[1, 0], out=plane[1])
    position = point + REACH * height
    rotation = np.empty((3, 3, size))
    rotation[:, 0], rotation[:, 1], rotation[:, 2] = plane[0], plane[1], height
    return position, rotation, axes, origins


def columns_of_jacobian(position: Floats, axes: Floats, origins: Floats) -> Floats:
    """Return the Jacobian (6, 7, N) from what `chain` returns: axis x lever arm, above the axis."""
    size = position.shape[1]
    # With x and y repeated after z, the three rows of a cross product are two shifted products.
    axis, arm = np.empty((5, 7, size)), np.empty((5, 7, size))
    axis[:3], axis[3:] = axes, axes[:2]
    np.subtract(position[:, None], origins, out=arm[:3])
    arm[3:] = arm[:2]
    result = np.empty((6, 7, size))
    np.multiply(axis[1:4], arm[2:5], out=result[:3])
    result[:3] -= axis[2:5] * arm[1:4]
    result[3:] = axes
    return result


def _columns(q: ArrayLike) -> Floats:
    """Bring (..., 7) to (7, N)."""
    return np.asarray(q, dtype=np.float64).reshape(-1, 7).T


def _rows(values: Floats, shape: tuple[int, ...]) -> Floats:
    """Bring (k, N) or (k, m, N) to (..., k) or (..., k, m)."""
    return np.ascontiguousarray(np.moveaxis(values, -1, 0)).reshape(shape)
