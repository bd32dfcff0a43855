"""The arm against its published numbers: kinematics, limits, masses, servos; and that it holds, moves and grips."""

from __future__ import annotations

import mujoco
import numpy as np
import pytest

from guerdon.envs.manipulation.robot import arm, kinematics
from guerdon.envs.manipulation.robot.scene import build_model

# Modified Denavit-Hartenberg rows of the Panda: a (m), d (m), alpha (rad), joint 1 to 7.
DH: list[tuple[float, float, float]] = [
    (0, 0.333, 0),
    (0, 0, -np.pi / 2),
    (0, 0.316, np.pi / 2),
    (0.0825, 0, np.pi / 2),
    (-0.0825, 0.384, -np.pi / 2),
    (0, 0, np.pi / 2),
    (0.088, 0, np.pi / 2),
]


def transform(a: float, d: float, alpha: float, theta: float) -> np.ndarray:
    """Turn alpha about x, move a along x, turn theta about z, move d along z."""
    ca, sa, ct, st = np.cos(alpha), np.sin(alpha), np.cos(theta), np.sin(theta)
    return np.array(
        [[ct, -st, 0, a], [st * ca, ct * ca, -sa, -d * sa], [st * sa, ct * sa, ca, d * ca], [0, 0, 0, 1]],
    )


@pytest.fixture(scope="module")
def model() -> mujoco.MjModel:
    return build_model()


@pytest.fixture
def data(model: mujoco.MjModel) -> mujoco.MjData:
    data = mujoco.MjData(model)
    mujoco.mj_resetDataKeyframe(model, data, model.key("home").id)
    return data


def test_forward_kinematics_is_the_closed_form(model: mujoco.MjModel, data: mujoco.MjData) -> None:
    hand = transform(0, 0.107, 0, -np.pi / 4) @ transform(0, 0.1034, 0, 0)
    lower, upper = np.transpose(arm.JOINT_LIMITS)
    for angles in np.random.default_rng(0).uniform(lower, upper, (200, 7)):
        data.qpos[:7] = angles
        mujoco.mj_kinematics(model, data)
        expected = np.eye(4)
        for row, angle in zip(DH, angles, strict=True):
            expected = expected @ transform(*row, angle)
        expected = expected @ hand
        np.testing.assert_allclose(data.site(kinematics.TCP).xpos, expected[:3, 3], rtol=0, atol=1e-9)
        np.testing.assert_allclose(data.site(kinematics.TCP).xmat.reshape(3, 3), expected[:3, :3], rtol=0, atol=1e-9)


def test_joints_have_the_published_limits(model: mujoco.MjModel) -> None:
    assert [model.joint(i).name for i in range(9)] == [*arm.JOINTS, *arm.FINGER_JOINTS]
    assert model.jnt_limited.all()
    np.testing.assert_allclose(
        model.jnt_range[:7],
        [
            (-2.8973, 2.8973),
            (-1.7628, 1.7628),
            (-2.8973, 2.8973),
            (-3.0718, -0.0698),
            (-2.8973, 2.8973),
            (-0.0175, 3.7525),
            (-2.8973, 2.8973),
        ],
    )
    np.testing.assert_allclose(model.jnt_range[7:], [(0, 0.04)] * 2)
    assert arm.VELOCITY_LIMITS == (2.175,) * 4 + (2.61,) * 3


def test_servos_have_the_stated_gains_and_torques(model: mujoco.MjModel) -> None:
    assert [model.actuator(i).name for i in range(8)] == list(arm.ACTUATORS)
    gains = [4500, 4500, 3500, 3500, 2000, 2000, 2000]
    np.testing.assert_array_equal(model.actuator_gainprm[:7, 0], gains)
    np.testing.assert_array_equal(model.actuator_biasprm[:7, 1], np.negative(gains))
    np.testing.assert_array_equal(model.actuator_biasprm[:7, 2], np.negative(arm.SERVO_DAMPING))
    np.testing.assert_array_equal(model.actuator_forcerange[:7, 1], [87] * 4 + [12] * 3)
    np.testing.assert_array_equal(model.actuator_forcerange[:, 0], -model.actuator_forcerange[:, 1])
    np.testing.assert_array_equal(model.actuator_ctrlrange[:7], model.jnt_range[:7])
    np.testing.assert_array_equal(model.actuator_ctrlrange[7], (0, 0.08))
    np.testing.assert_array_equal(model.dof_armature[:7], 0.1)


def test_links_have_the_identified_masses(model: mujoco.MjModel) -> None:
    names = [f"link{i}" for i in range(1, 8)] + ["hand", "left_finger", "right_finger"]
    masses = [4.9707, 0.6469, 3.2286, 3.5879, 1.2259, 1.6666, 0.7355, 0.73, 0.015, 0.015]
    np.testing.assert_allclose([model.body(name).mass[0] for name in names], masses, rtol=1e-12)
    assert all(model.body_gravcomp[model.body(name).id] == 1 for name in names)


def test_home_points_down_over_the_table(model: mujoco.MjModel, data: mujoco.MjData) -> None:
    mujoco.mj_forward(model, data)
    np.testing.assert_allclose(data.site(kinematics.TCP).xpos, [0.5, 0, 0.225], atol=1e-3)
    np.testing.assert_allclose(data.site(kinematics.TCP).xmat.reshape(3, 3), np.diag([1, -1, -1]), atol=1e-12)
    assert data.ncon == 0


def test_it_holds_still_at_home(model: mujoco.MjModel, data: mujoco.MjData) -> None:
    mujoco.mj_forward(model, data)
    before = data.site(kinematics.TCP).xpos.copy()
    mujoco.mj_step(model, data, round(2 / model.opt.timestep))
    assert np.linalg.norm(data.site(kinematics.TCP).xpos - before) < 1e-4
    assert np.abs(data.qvel).max() < 1e-6


def test_a_servo_that_was_saturated_comes_to_rest(model: mujoco.MjModel, data: mujoco.MjData) -> None:
    rng = np.random.default_rng(0)
    for step in (0.03, 0.1, 0.5):
        mujoco.mj_resetDataKeyframe(model, data, 0)
        target = np.array(arm.HOME) + rng.choice([-step, step], 7)
        target[5] = max(target[5], arm.HOME[5])  # further down the hand would meet the forearm
        data.ctrl[:7] = target
        mujoco.mj_step(model, data, 600)
        assert np.abs(data.qpos[:7] - target).max() < 2e-3
        assert np.abs(data.qvel).max() < 1e-3


def test_servos_follow_their_fastest_target_closely(model: mujoco.MjModel, data: mujoco.MjData) -> None:
    for joint, speed in enumerate(arm.VELOCITY_LIMITS):
        mujoco.mj_resetDataKeyframe(model, data, 0)
        direction = -1 if joint == 1 else 1  # ahead, joint 2 would put the hand into the table
        for _ in range(5):
            data.ctrl[joint] += direction * 0.05 * speed
            mujoco.mj_step(model, data, 10)
        assert abs(data.ctrl[joint] - data.qpos[joint]) < 0.04 * speed
        mujoco.mj_step(model, data, 100)
        assert abs(data.ctrl[joint] - data.qpos[joint]) < 2e-3


def test_the_gripper_opens_and_closes_symmetrically(model: mujoco.MjModel, data: mujoco.MjData) -> None:
    for opening in (0.0, arm.MAX_OPENING, 0.03):
        data.ctrl[7] = opening
        for _ in range(200):
            mujoco.mj_step(model, data)
            assert abs(data.qpos[7] - data.qpos[8]) < 1e-6
        np.testing.assert_allclose(data.qpos[7] + data.qpos[8], opening, atol=5e-4)
        pads = [data.geom(name).xpos for name in arm.PADS]
        gap = np.linalg.norm(pads[0] - pads[1]) - 2 * model.geom(arm.PADS[0]).size[1]
        np.testing.assert_allclose(gap, opening, atol=5e-4)
        middle = np.mean(pads, axis=0) - data.site(kinematics.TCP).xpos
        np.testing.assert_allclose(middle, 0, atol=1e-4)


def test_pushing_one_finger_moves_both(model: mujoco.MjModel, data: mujoco.MjData) -> None:
    data.ctrl[7] = 0.04
    mujoco.mj_step(model, data, 200)
    data.qfrc_applied[7] = 20
    mujoco.mj_step(model, data, 200)
    assert abs(data.qpos[7] - data.qpos[8]) < 1e-3
    assert data.qpos[8] > 0.0215
