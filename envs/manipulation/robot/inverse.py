"""Which joint angles move the hand as wanted: damped least squares, for N arms at once.

The step dq minimises |J dq - e|^2 + damping |dq - pull|^2, so it does the task and, as far as the task leaves open, the
pull: with seven joints and six demands, where the elbow is (Nakamura and Hanafusa, 1986; Wampler, 1986). The damping is
next to nothing until the hand comes near a singular pose, and grows from there. How near it is, is told by the trace of
(J J^T)^-1, the sum of 1/sigma^2 over the singular values: unlike the determinant that Nakamura and Hanafusa watch, it
does not mistake a folded arm, all of whose singular values are smallish, for a stretched one, which has lost one.

The 6 x 6 systems are solved by elimination without pivoting, which is stable because they are symmetric and positive
definite, and written out because the last bits of LAPACK's result depend on the library and the processor.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .kinematics import LOWER, UPPER

__all__ = ["next_joints"]

Floats = NDArray[np.float64]

LEAST_DAMPING, MOST_DAMPING = 1e-6, 5e-3
"""Added to the diagonal of J J^T far from singular poses, and at them."""
SINGULAR = 0.05
"""Where damping begins: a hand that can turn or move one way by 0.05 (rad or m) a radian of joint motion at most.

Pointing down over the table, the arm is at 0.09 or better."""

_LOWER, _UPPER = LOWER[:, None], UPPER[:, None]


def next_joints(q: Floats, jacobian: Floats, shift: Floats, turn: Floats, pull: Floats, most: Floats) -> Floats:
    """Return the joint angles (7, N), inside the joints' limits, that after one step best do what is asked.

    Where a joint would have to go too fast, the displacement is cut short, in its direction, and the turn is not: the
    hand stays upright and is late. A joint that would leave its range is put to its limit, and the others do what they
    can without it.

    Args:
        q: joint angles (7, N), inside their limits.
        jacobian: (6, 7, N).
        shift: the wanted displacement (3, N), m.
        turn: the wanted turn (3, N), radians.
        pull: the step to make where the task does not care (7, N), radians; short.
        most: the longest step of each joint (7, 1), radians.
    """
    step, nearness = _step(most, LEAST_DAMPING, jacobian, shift, turn, pull)
    damping = LEAST_DAMPING
    lost = nearness < SINGULAR * SINGULAR
    if lost.any():
        damping = LEAST_DAMPING + MOST_DAMPING * np.maximum(1.0 - nearness / (SINGULAR * SINGULAR), 0.0)
        step[:, lost] = _step(most, damping[lost], *_pick(lost, jacobian, shift, turn, pull))[0]
    wanted = q + step
    inside = np.minimum(np.maximum(wanted, _LOWER), _UPPER)
    outside = inside != wanted
    if outside.any():
        stuck = outside.any(axis=0)
        # Six joints or fewer have more singular poses than seven: damp these rows in full.
        strong = np.maximum(np.broadcast_to(damping, stuck.shape)[stuck], MOST_DAMPING)
        demand = _pick(stuck, jacobian, shift, turn, np.where(outside, inside - q, pull), ~outside)
        again = _step(most, strong, *demand)[0]
        inside[:, stuck] = np.minimum(np.maximum(q[:, stuck] + again, _LOWER), _UPPER)
    return inside


def _pick(rows: NDArray[np.bool_], *arrays: NDArray) -> tuple[NDArray, ...]:
    return tuple(np.compress(rows, each, axis=-1) for each in arrays)


def _step(
    most: Floats,
    damping: Floats | float,
    jacobian: Floats,
    shift: Floats,
    turn: Floats,
    pull: Floats,
    free: NDArray[np.bool_] | None = None,
) -> tuple[Floats, Floats]:
    """Return the step (7, N), in which joints that are not free do just the pull, and 1 / trace((J J^T)^-1) (N,)."""
    moving = jacobian if free is None else jacobian * free
    system = np.zeros((6, 14, jacobian.shape[2]))  # [J J^T + damping | shift | turn - J pull | identity]
    np.add.reduce(moving[:, None] * moving, axis=2, out=system[:, :6])
    system[:3, 6] = shift
    system[3:, 7] = turn
    system[:, 7] -= np.add.reduce(jacobian * pull, axis=1)
    diagonal = system.reshape(84, -1)
    diagonal[0:76:15] += damping
    diagonal[8:84:15] = 1.0
    for i in range(5):
        row = system[i, i + 1 :]  # what stands below the diagonal is never read: it mirrors what stands above
        factors = row[: 5 - i] / system[i, i]
        system[i + 1 :, i + 1 :] -= factors[:, None] * row
    # With J J^T + damping = L D L^T: D on the diagonal, and L^-1 in the place of the identity.
    pivots, inverse = diagonal[0:76:15], system[:, 8:]
    nearness = 1.0 / np.add.reduce(np.add.reduce(inverse * inverse, axis=1) / pivots, axis=0)
    scaled = system[:, 6:8] / pivots[:, None]
    solved = np.add.reduce(inverse[:, :, None] * scaled[:, None], axis=0)
    first = pull + np.add.reduce(moving * solved[:, 1, None], axis=0)
    first /= np.maximum(np.maximum.reduce(np.abs(first) / most, axis=0), 1.0)
    second = np.add.reduce(moving * solved[:, 0, None], axis=0)
    # The largest part of the displacement that no joint is too slow for.
    room = most - np.copysign(1.0, second) * first
    part = np.minimum.reduce(room / np.maximum(np.abs(second), 1e-12), axis=0)
    return first + second * np.minimum(np.maximum(part, 0.0), 1.0), nearness
