"""The end-effector control of one arm in plain numbers: what `control` does for N arms, in a third of the time.

On a single arm NumPy spends its time on calls, not on numbers. Here are the same operations in the same order, so the
result is the same to the last bit; only sine and cosine are left to NumPy, whose last bits are its own. Singular poses
and joints at their limits, which are rare, are left to `inverse`.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

import numpy as np

from .inverse import LEAST_DAMPING, SINGULAR
from .kinematics import HAND_TURN, LINKS, LOWER, REACH, UPPER

__all__ = ["next_joints_of_one"]

Numbers = Sequence[float]
Vector = tuple[float, float, float]
Pulls = tuple[Numbers, float, float, Numbers]
"""The rest posture (7,), the part of the way to it, the longest such step, the longest step of each joint (7,)."""

_LOWER, _UPPER = LOWER.tolist(), UPPER.tolist()


def next_joints_of_one(
    commanded: Numbers, measured: Numbers, away: Numbers, leash: float, box: tuple[Numbers, Numbers], pulls: Pulls
) -> tuple[list[float], Vector] | None:
    """Do for one arm what `EndEffectorControl` does for many.

    Args:
        commanded: commanded joint angles (7,), radians.
        measured: measured ones (7,).
        away: where the hand would be sent to if there were no leash, (3,), m.
        leash: how far that may be from where it is, m.
        box: the lowest and the highest position (3,) that it may be sent to.
        pulls: see `Pulls`.

    Returns:
        the next commanded joint angles (7) and position (3), or None where `inverse` has to do it.
    """
    angles = np.array([*commanded, *measured])
    angles[6::7] += HAND_TURN
    cosines, sines = np.cos(angles).tolist(), np.sin(angles).tolist()
    here, _, _, _ = _walk(cosines[7:], sines[7:])
    position, turn, axes, origins = _walk(cosines[:7], sines[:7])
    target = _target(away, here, leash, *box)
    x, y, z = position
    columns = []
    for (ax, ay, az), (ox, oy, oz) in zip(axes, origins, strict=True):
        u, v, w = x - ox, y - oy, z - oz
        columns.append((ay * w - az * v, az * u - ax * w, ax * v - ay * u, ax, ay, az))
    rest, strength, longest, most = pulls
    pull = []
    for q, at in zip(commanded, rest, strict=True):
        part = strength * (at - q)
        pull.append(-longest if part < -longest else longest if part > longest else part)
    shift = (target[0] - x, target[1] - y, target[2] - z)
    solved = _solve(columns, shift, turn, pull)
    if solved is None:
        return None
    joints = _within_speed(commanded, columns, pull, solved, most)
    return None if joints is None else (joints, target)


def _walk(cosines: Numbers, sines: Numbers) -> tuple[Vector, Vector, list[Vector], list[Vector]]:
    """Return position, tilt, axes and origins, as `chain` and `_tilt` do."""
    xx, xy, xz = 1.0, 0.0, 0.0
    yx, yy, yz = 0.0, 1.0, 0.0
    zx, zy, zz = 0.0, 0.0, 1.0
    px, py, pz = 0.0, 0.0, LINKS[0][1]
    axes, origins = [(zx, zy, zz)], [(px, py, pz)]
    for (a, d, quarter), c, s in zip(LINKS, cosines, sines, strict=True):
        if quarter or a:
            if a:
                px, py, pz = px + a * xx, py + a * xy, pz + a * xz
            if quarter > 0:
                zx, zy, zz, yx, yy, yz = -yx, -yy, -yz, zx, zy, zz
            else:
                zx, zy, zz, yx, yy, yz = yx, yy, yz, -zx, -zy, -zz
            if d:
                px, py, pz = px + d * zx, py + d * zy, pz + d * zz
            axes.append((zx, zy, zz))
            origins.append((px, py, pz))
        xx, yx = c * xx + s * yx, c * yx - s * xx
        xy, yy = c * xy + s * yy, c * yy - s * xy
        xz, yz = c * xz + s * yz, c * yz - s * xz
    position = px + REACH * zx, py + REACH * zy, pz + REACH * zz
    return position, (0.5 * (yz - zy), 0.5 * (xz + zx), 0.5 * -(xy + yx)), axes, origins


def _target(away: Numbers, here: Vector, leash: float, low: Numbers, high: Numbers) -> Vector:
    """Keep a target on the leash and in the box."""
    x, y, z = away[0] - here[0], away[1] - here[1], away[2] - here[2]
    length = sqrt(x * x + y * y + z * z)
    part = leash / (length if length > 1e-9 else 1e-9)
    part = part if part < 1.0 else 1.0
    found = (here[0] + x * part, here[1] + y * part, here[2] + z * part)
    x, y, z = [
        least if value < least else top if value > top else value
        for value, least, top in zip(found, low, high, strict=True)
    ]
    return x, y, z


def _solve(columns: list[Numbers], shift: Vector, turn: Vector, pull: Numbers) -> tuple[Numbers, Numbers] | None:
    """Return the weights (6,) of the Jacobian's rows in the displacement and in the turn; None at singular poses.

    Written out, because loops would take more than twice as long. s is the upper triangle of J J^T + damping,
    which turns into D L^T; p and t are the right sides of displacement and turn; l is L^-1 below its diagonal of ones.
    """
    a, b, c, d, e, f = zip(*columns, strict=True)
    s00, s01, s02, s03, s04, s05 = _dot(a, a), _dot(a, b), _dot(a, c), _dot(a, d), _dot(a, e), _dot(a, f)
    s11, s12, s13, s14, s15 = _dot(b, b), _dot(b, c), _dot(b, d), _dot(b, e), _dot(b, f)
    s22, s23, s24, s25 = _dot(c, c), _dot(c, d), _dot(c, e), _dot(c, f)
    s33, s34, s35 = _dot(d, d), _dot(d, e), _dot(d, f)
    s44, s45, s55 = _dot(e, e), _dot(e, f), _dot(f, f)
    s00, s11, s22 = s00 + LEAST_DAMPING, s11 + LEAST_DAMPING, s22 + LEAST_DAMPING
    s33, s44, s55 = s33 + LEAST_DAMPING, s44 + LEAST_DAMPING, s55 + LEAST_DAMPING
    p0, p1, p2, p3, p4, p5 = *shift, 0.0, 0.0, 0.0
    t0, t1, t2 = 0.0 - _dot(a, pull), 0.0 - _dot(b, pull), 0.0 - _dot(c, pull)
    t3, t4, t5 = turn[0] - _dot(d, pull), turn[1] - _dot(e, pull), turn[2] - _dot(f, pull)
    r = s01 / s00
    s11, s12, s13, s14, s15, p1, t1 = (
        s11 - r * s01,
        s12 - r * s02,
        s13 - r * s03,
        s14 - r * s04,
        s15 - r * s05,
        p1 - r * p0,
        t1 - r * t0,
    )
    l10 = -r
    r = s02 / s00
    s22, s23, s24, s25, p2, t2 = s22 - r * s02, s23 - r * s03, s24 - r * s04, s25 - r * s05, p2 - r * p0, t2 - r * t0
    l20 = -r
    r = s03 / s00
    s33, s34, s35, p3, t3 = s33 - r * s03, s34 - r * s04, s35 - r * s05, p3 - r * p0, t3 - r * t0
    l30 = -r
    r = s04 / s00
    s44, s45, p4, t4 = s44 - r * s04, s45 - r * s05, p4 - r * p0, t4 - r * t0
    l40 = -r
    r = s05 / s00
    s55, p5, t5 = s55 - r * s05, p5 - r * p0, t5 - r * t0
    l50 = -r
    r = s12 / s11
    s22, s23, s24, s25, p2, t2 = s22 - r * s12, s23 - r * s13, s24 - r * s14, s25 - r * s15, p2 - r * p1, t2 - r * t1
    l20, l21 = l20 - r * l10, -r
    r = s13 / s11
    s33, s34, s35, p3, t3 = s33 - r * s13, s34 - r * s14, s35 - r * s15, p3 - r * p1, t3 - r * t1
    l30, l31 = l30 - r * l10, -r
    r = s14 / s11
    s44, s45, p4, t4 = s44 - r * s14, s45 - r * s15, p4 - r * p1, t4 - r * t1
    l40, l41 = l40 - r * l10, -r
    r = s15 / s11
    s55, p5, t5 = s55 - r * s15, p5 - r * p1, t5 - r * t1
    l50, l51 = l50 - r * l10, -r
    r = s23 / s22
    s33, s34, s35, p3, t3 = s33 - r * s23, s34 - r * s24, s35 - r * s25, p3 - r * p2, t3 - r * t2
    l30, l31, l32 = l30 - r * l20, l31 - r * l21, -r
    r = s24 / s22
    s44, s45, p4, t4 = s44 - r * s24, s45 - r * s25, p4 - r * p2, t4 - r * t2
    l40, l41, l42 = l40 - r * l20, l41 - r * l21, -r
    r = s25 / s22
    s55, p5, t5 = s55 - r * s25, p5 - r * p2, t5 - r * t2
    l50, l51, l52 = l50 - r * l20, l51 - r * l21, -r
    r = s34 / s33
    s44, s45, p4, t4 = s44 - r * s34, s45 - r * s35, p4 - r * p3, t4 - r * t3
    l40, l41, l42, l43 = l40 - r * l30, l41 - r * l31, l42 - r * l32, -r
    r = s35 / s33
    s55, p5, t5 = s55 - r * s35, p5 - r * p3, t5 - r * t3
    l50, l51, l52, l53 = l50 - r * l30, l51 - r * l31, l52 - r * l32, -r
    r = s45 / s44
    s55, p5, t5 = s55 - r * s45, p5 - r * p4, t5 - r * t4
    l50, l51, l52, l53, l54 = l50 - r * l40, l51 - r * l41, l52 - r * l42, l53 - r * l43, -r
    trace = 1.0 / s00
    trace += (l10 * l10 + 1.0) / s11
    trace += (l20 * l20 + l21 * l21 + 1.0) / s22
    trace += (l30 * l30 + l31 * l31 + l32 * l32 + 1.0) / s33
    trace += (l40 * l40 + l41 * l41 + l42 * l42 + l43 * l43 + 1.0) / s44
    trace += (l50 * l50 + l51 * l51 + l52 * l52 + l53 * l53 + l54 * l54 + 1.0) / s55
    if 1.0 / trace < SINGULAR * SINGULAR:
        return None
    p0, t0 = p0 / s00, t0 / s00
    p1, t1 = p1 / s11, t1 / s11
    p2, t2 = p2 / s22, t2 / s22
    p3, t3 = p3 / s33, t3 / s33
    p4, t4 = p4 / s44, t4 / s44
    p5, t5 = p5 / s55, t5 / s55
    displacement = (
        p0 + l10 * p1 + l20 * p2 + l30 * p3 + l40 * p4 + l50 * p5,
        p1 + l21 * p2 + l31 * p3 + l41 * p4 + l51 * p5,
        p2 + l32 * p3 + l42 * p4 + l52 * p5,
        p3 + l43 * p4 + l53 * p5,
        p4 + l54 * p5,
        p5,
    )
    return displacement, (
        t0 + l10 * t1 + l20 * t2 + l30 * t3 + l40 * t4 + l50 * t5,
        t1 + l21 * t2 + l31 * t3 + l41 * t4 + l51 * t5,
        t2 + l32 * t3 + l42 * t4 + l52 * t5,
        t3 + l43 * t4 + l53 * t5,
        t4 + l54 * t5,
        t5,
    )


def _within_speed(
    q: Numbers, columns: list[Numbers], pull: Numbers, solved: tuple[Numbers, Numbers], most: Numbers
) -> list[float] | None:
    """Return the next joint angles (7,), with the displacement cut short as in `inverse`; None outside the limits."""
    (g, h, i, j, k, m), (s, t, u, v, w, x) = solved
    firsts, seconds, worst = [], [], 1.0
    for (a, b, c, d, e, f), towards, top in zip(columns, pull, most, strict=True):
        turn = towards + (a * s + b * t + c * u + d * v + e * w + f * x)
        firsts.append(turn)
        seconds.append(a * g + b * h + c * i + d * j + e * k + f * m)
        rate = (turn if turn >= 0 else -turn) / top
        if rate > worst:
            worst = rate
    part = 1.0
    firsts = [turn / worst for turn in firsts]
    for turn, move, top in zip(firsts, seconds, most, strict=True):
        room, size = (top - turn, move) if move >= 0 else (top + turn, -move)
        share = room / (size if size > 1e-12 else 1e-12)
        if share < part:
            part = share
    if part < 0.0:
        part = 0.0
    joints = [q + (turn + move * part) for q, turn, move in zip(q, firsts, seconds, strict=True)]
    for angle, low, high in zip(joints, _LOWER, _UPPER, strict=True):
        if not low <= angle <= high:
            return None
    return joints


def _dot(one: Numbers, other: Numbers) -> float:
    a, b, c, d, e, f, g = one
    h, i, j, k, m, n, p = other
    return a * h + b * i + c * j + d * k + e * m + f * n + g * p
