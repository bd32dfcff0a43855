"""The closed-form kinematics against an independent product of transforms, finite differences and MuJoCo."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guerdon.envs.manipulation.robot.kinematics import (
    LOWER,
    TCP,
    UPPER,
    VELOCITY,
    forward,
    forward_and_jacobian,
    jacobian,
)

# a, d, alpha in degrees, as the manufacturer prints them.
TABLE = (
    (0, 0.333, 0),
    (0, 0, -90),
    (0, 0.316, 90),
    (0.0825, 0, 90),
    (-0.0825, 0.384, -90),
    (0, 0, 90),
    (0.088, 0, 90),
    (0, 0.107, 0),
    (0, 0.1034, 0),
)
ANGLES = st.lists(st.floats(0, 1), min_size=7, max_size=7).map(lambda part: LOWER + (UPPER - LOWER) * np.array(part))


def transform(a: float, d: float, alpha: float, theta: float) -> np.ndarray:
    ca, sa, ct, st_ = np.cos(alpha), np.sin(alpha), np.cos(theta), np.sin(theta)
    return np.array(
        [
            [ct, -st_, 0, a],
            [st_ * ca, ct * ca, -sa, -d * sa],
            [st_ * sa, ct * sa, ca, d * ca],
            [0, 0, 0, 1],
        ]
    )


def product(q: np.ndarray) -> np.ndarray:
    result = np.eye(4)
    for (a, d, alpha), theta in zip(TABLE, [*q, 0.0, -np.pi / 4], strict=True):
        result = result @ transform(a, d, np.radians(alpha), theta)
    return result


def random_angles(size: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).uniform(LOWER, UPPER, (size, 7))


@given(ANGLES)
@settings(max_examples=100, deadline=None)
def test_forward_is_the_product_of_the_published_transforms(q):
    position, rotation = forward(q)
    expected = product(q)
    np.testing.assert_allclose(position, expected[:3, 3], atol=1e-12)
    np.testing.assert_allclose(rotation, expected[:3, :3], atol=1e-12)
    np.testing.assert_allclose(rotation @ rotation.T, np.eye(3), atol=1e-12)


@given(ANGLES)
@settings(max_examples=50, deadline=None)
def test_jacobian_is_the_derivative_of_forward(q):
    step = 1e-6
    expected = np.empty((6, 7))
    for joint in range(7):
        ahead, behind = (forward(q + side * step * np.eye(7)[joint]) for side in (1, -1))
        expected[:3, joint] = (ahead[0] - behind[0]) / (2 * step)
        spin = (ahead[1] - behind[1]) / (2 * step) @ forward(q)[1].T
        expected[3:, joint] = spin[2, 1], spin[0, 2], spin[1, 0]
    np.testing.assert_allclose(jacobian(q), expected, atol=1e-8)


def test_at_the_ready_pose_the_hand_points_down_and_x_is_forward():
    position, rotation = forward([0, -np.pi / 4, 0, -3 * np.pi / 4, 0, np.pi / 2, np.pi / 4])
    np.testing.assert_allclose(position, [0.30689, 0, 0.48688], atol=1e-5)
    np.testing.assert_allclose(rotation, np.diag([1, -1, -1]), atol=1e-12)


@pytest.mark.parametrize("shape", [(), (1,), (5,), (2, 3), (0,)])
def test_leading_axes_are_kept(shape):
    q = np.zeros((*shape, 7))
    position, rotation, matrix = forward_and_jacobian(q)
    assert (position.shape, rotation.shape, matrix.shape) == ((*shape, 3), (*shape, 3, 3), (*shape, 6, 7))


@pytest.mark.parametrize("size", [1, 2, 7, 64, 257])
def test_a_row_is_the_same_to_the_bit_alone_and_among_others(size):
    many = random_angles(size, seed=size)
    # Rows of a wider array, as qpos has them, must not be read differently either.
    wide = np.concatenate([many, np.zeros((size, 5))], axis=1)[:, :7]
    for function in (forward_and_jacobian, forward):
        together, strided = function(many), function(wide)
        for row in range(size):
            for one, all_, other in zip(function(many[row]), together, strided, strict=True):
                assert np.array_equal(one, all_[row])
                assert np.array_equal(one, other[row])
    assert np.array_equal(jacobian(many), forward_and_jacobian(many)[2])


def test_mujoco_agrees_with_the_closed_form():
    mujoco = pytest.importorskip("mujoco")
    arm = pytest.importorskip("guerdon.envs.manipulation.robot.arm")
    scene = pytest.importorskip("guerdon.envs.manipulation.robot.scene")
    model = scene.build_model()
    data = mujoco.MjData(model)
    site = model.site(TCP).id
    linear, angular = np.zeros((3, model.nv)), np.zeros((3, model.nv))
    for q in random_angles(30):
        data.qpos[:7] = q
        mujoco.mj_kinematics(model, data)
        mujoco.mj_comPos(model, data)
        mujoco.mj_jacSite(model, data, linear, angular, site)
        position, rotation, matrix = forward_and_jacobian(q)
        np.testing.assert_allclose(position, data.site_xpos[site], atol=1e-9)
        np.testing.assert_allclose(rotation.ravel(), data.site_xmat[site], atol=1e-9)
        np.testing.assert_allclose(matrix, np.concatenate([linear, angular])[:, :7], atol=1e-9)
    assert np.array_equal(np.array(arm.JOINT_LIMITS), np.stack([LOWER, UPPER], axis=1))
    assert tuple(VELOCITY) == arm.VELOCITY_LIMITS
