"""The controls on pure kinematics, where the arm is at once where it is commanded to be; and against servos."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guerdon.core.names import UnknownNameError
from guerdon.envs.manipulation.robot.control import (
    CONTROLS,
    REST,
    STEP_SECONDS,
    EndEffectorControl,
    JointControl,
    make_control,
)
from guerdon.envs.manipulation.robot.inverse import next_joints
from guerdon.envs.manipulation.robot.kinematics import LOWER, UPPER, VELOCITY, forward, jacobian

LOW, HIGH = np.array([0.30, -0.35, 0.012]), np.array([0.65, 0.35, 0.38])
MOST = VELOCITY * STEP_SECONDS * (1 + 1e-9)
SEEDS = st.integers(0, 2**31)


def tilt(q: np.ndarray) -> np.ndarray:
    """Angle between the hand's axes and (x, -y, -z), radians."""
    rotation = forward(q)[1]
    trace = rotation[:, 0, 0] - rotation[:, 1, 1] - rotation[:, 2, 2]
    return np.arccos(np.clip((trace - 1) / 2, -1, 1))


def towards(target: np.ndarray, memory: np.ndarray) -> np.ndarray:
    delta = np.clip((target - memory[:, 7:]) / EndEffectorControl.STEP, -1, 1)
    return np.concatenate([delta, np.zeros((len(target), 1))], axis=1)


def go(control: EndEffectorControl, target: np.ndarray, memory: np.ndarray, steps: int) -> tuple[np.ndarray, float]:
    """Send hands to targets, checking limits at every step; return the memory and the largest tilt on the way."""
    worst = 0.0
    for _ in range(steps):
        before = memory[:, :7]
        joints, _, memory = control(before, towards(target, memory), memory)
        assert np.all(np.abs(joints - before) <= MOST)
        assert np.all((joints >= LOWER) & (joints <= UPPER))
        worst = max(worst, float(tilt(joints).max()))
    return memory, worst


def resting(size: int) -> np.ndarray:
    return np.tile(REST, (size, 1))


def test_the_rest_posture_is_upright_and_in_the_box():
    position = forward(REST)[0]
    assert tilt(REST[None])[0] < 1e-12
    assert np.all((position > LOW) & (position < HIGH))


@given(SEEDS)
@settings(max_examples=5, deadline=None)
def test_hands_reach_any_target_from_any_start_and_stay_upright(seed):
    rng = np.random.default_rng(seed)
    control = EndEffectorControl()
    memory = control.begin(resting(100))
    for _ in range(2):  # to a random start, and from there
        target = rng.uniform(LOW, HIGH, (100, 3))
        memory, worst = go(control, target, memory, 40)
        assert worst < 0.02
        np.testing.assert_allclose(forward(memory[:, :7])[0], target, atol=1e-4)


def test_corners_of_the_box_are_reached():
    control = EndEffectorControl()
    corners = np.array(np.meshgrid(*zip(LOW, HIGH, strict=True))).reshape(3, -1).T
    memory, worst = go(control, corners, control.begin(resting(8)), 40)
    np.testing.assert_allclose(forward(memory[:, :7])[0], corners, atol=1e-4)
    assert worst < 0.02


@given(SEEDS, st.sampled_from(["random", "full", "held"]))
@settings(max_examples=9, deadline=None)
def test_random_actions_keep_limits_box_and_uprightness(seed, kind):
    rng = np.random.default_rng(seed)
    control = EndEffectorControl()
    memory = control.begin(resting(64))
    action = np.zeros((64, 4))
    for step in range(60):
        if kind != "held" or step % 10 == 0:
            action = rng.uniform(-1, 1, (64, 4))
        before = memory[:, :7]
        joints, fingers, memory = control(before, action if kind == "random" else np.sign(action), memory)
        assert np.all(np.abs(joints - before) <= MOST)
        assert np.all((joints >= LOWER) & (joints <= UPPER))
        assert np.all((memory[:, 7:] >= LOW) & (memory[:, 7:] <= HIGH))
        assert np.all((fingers >= 0) & (fingers <= 0.08))
        assert tilt(joints).max() < 0.02


def test_nothing_to_do_means_standing_still():
    control = EndEffectorControl()
    rng = np.random.default_rng(0)
    memory, _ = go(control, rng.uniform(LOW, HIGH, (50, 3)), control.begin(resting(50)), 60)
    start = forward(memory[:, :7])[0]
    for _ in range(200):
        _, _, memory = control(memory[:, :7], np.zeros((50, 4)), memory)
    np.testing.assert_allclose(forward(memory[:, :7])[0], start, atol=1e-4)


@given(SEEDS)
@settings(max_examples=5, deadline=None)
def test_near_stretched_poses_the_joints_stay_slow_and_inside(seed):
    """The arm nearly straight, hand anywhere, all targets out of reach or across the singular pose."""
    rng = np.random.default_rng(seed)
    q = rng.uniform(LOWER, UPPER, (200, 7))
    q[:, 3] = UPPER[3] - rng.uniform(0, 0.05, 200)
    q[:100, 5] = rng.uniform(0, 0.05, 100)
    assert np.linalg.svd(jacobian(q), compute_uv=False)[:, -1].min() < 0.01
    control = EndEffectorControl(low=(-2, -2, -2), high=(2, 2, 2))
    memory = control.begin(q)
    action = np.concatenate([np.sign(rng.uniform(-1, 1, (200, 3))), np.zeros((200, 1))], axis=1)
    for _ in range(20):
        before = memory[:, :7]
        joints, _, memory = control(before, action, memory)
        assert np.all(np.isfinite(joints))
        assert np.all(np.abs(joints - before) <= MOST)
        assert np.all((joints >= LOWER) & (joints <= UPPER))


def test_a_target_out_of_reach_stretches_the_arm_smoothly_and_lets_go_at_once():
    control = EndEffectorControl(low=(-2, -2, -2), high=(2, 2, 2))
    angle = np.linspace(-0.8, 0.8, 32)
    outward = np.stack([np.cos(angle), np.sin(angle), 0 * angle], axis=1)
    memory = control.begin(resting(32))
    action = np.concatenate([outward, np.zeros((32, 1))], axis=1)
    before = joints = memory[:, :7]
    for _ in range(60):
        before = memory[:, :7]
        joints, _, memory = control(before, action, memory)
    assert np.linalg.svd(jacobian(joints), compute_uv=False)[:, -1].max() < 0.1, "not stretched: the test is void"
    assert np.abs(joints - before).max() < 0.02
    assert tilt(joints).max() < 0.1
    stretched = forward(joints)[0]
    # From a straight elbow the hand comes back with the square of the elbow's angle, and that at its largest speed.
    for _ in range(8):
        joints, _, memory = control(memory[:, :7], -action, memory)
    assert np.all(np.sum((stretched - forward(joints)[0]) * outward, axis=1) > 0.05)


def test_where_a_joint_is_at_its_limit_the_others_do_its_work():
    rng = np.random.default_rng(0)
    q = rng.uniform(LOWER, UPPER, (4000, 7))
    q[:, 2] = UPPER[2]
    matrix = jacobian(q)
    demand = np.concatenate([rng.normal(0, 5e-3, (4000, 3)), np.zeros((4000, 3))], axis=1)
    freely = (np.linalg.pinv(matrix) @ demand[..., None])[..., 0]
    others = np.linalg.svd(np.delete(matrix, 2, axis=2), compute_uv=False)[:, -1]
    rows = (freely[:, 2] > 2e-3) & (others > 0.15)
    assert rows.sum() > 20
    q, matrix, demand = q[rows], matrix[rows], demand[rows]
    columns = [np.ascontiguousarray(np.moveaxis(each, 0, -1)) for each in (q, matrix, demand)]
    pull = np.zeros_like(columns[0])
    after = next_joints(columns[0], columns[1], columns[2][:3], columns[2][3:], pull, np.full((7, 1), 0.1)).T
    missed = np.linalg.norm((matrix @ (after - q)[..., None])[..., 0] - demand, axis=1)
    assert np.all(after[:, 2] <= UPPER[2])
    # Against just cutting that joint's part off. What remains is the price of the damping.
    cut = np.clip(q + freely[rows], LOWER, UPPER)
    would_miss = np.linalg.norm((matrix @ (cut - q)[..., None])[..., 0] - demand, axis=1)
    assert np.median(missed / would_miss) < 0.4
    assert np.median(missed / np.linalg.norm(demand, axis=1)) < 0.15


@pytest.mark.parametrize("name", sorted(CONTROLS))
@pytest.mark.parametrize("size", [1, 2, 7, 64])
def test_a_row_is_the_same_to_the_bit_alone_and_among_others(name, size):
    """Also where some rows are singular, or at a joint's limit, or lag behind, and others are not."""
    rng = np.random.default_rng(size)
    control = make_control(name)
    q = rng.uniform(LOWER, UPPER, (size, 7))
    q[::2] = REST + rng.normal(0, 0.1, (len(q[::2]), 7))
    q[1::4, 3] = UPPER[3]
    q[3::8] = UPPER
    q[5::8, 5] = LOWER[5]
    together = control.begin(q)
    apart = [control.begin(row[None]) for row in q]
    for _ in range(12):
        action = rng.uniform(-1.5, 1.5, (size, control.action_size)).astype(np.float32)
        measured = together[:, :7] + rng.normal(0, 0.01, (size, 7))
        joints, fingers, together = control(measured, action, together)
        for row in range(size):
            one, finger, apart[row] = control(measured[row : row + 1], action[row : row + 1], apart[row])
            assert np.array_equal(one[0], joints[row])
            assert np.array_equal(finger[0], fingers[row])
            assert np.array_equal(apart[row][0], together[row])


@pytest.mark.parametrize("name", sorted(CONTROLS))
def test_a_broken_row_breaks_no_other(name):
    control = make_control(name)
    memory = control.begin(resting(5))
    action = np.full((5, control.action_size), 0.5)
    expected, _, _ = control(memory[:, :7], action, memory)
    broken, measured = memory.copy(), memory[:, :7].copy()
    broken[2], measured[2] = np.nan, np.nan
    joints, _, _ = control(measured, action, broken)
    others = [0, 1, 3, 4]
    assert np.array_equal(joints[others], expected[others])


@pytest.mark.parametrize("name", sorted(CONTROLS))
def test_arguments_are_left_alone_and_results_are_copies(name):
    control = make_control(name)
    memory = control.begin(resting(3))
    q, action = resting(3), np.full((3, control.action_size), 2.0)
    copies = memory.copy(), q.copy(), action.copy()
    joints, fingers, after = control(q, action, memory)
    assert all(np.array_equal(*pair) for pair in zip((memory, q, action), copies, strict=True))
    assert joints.shape == (3, 7)
    assert fingers.shape == (3, 1)
    assert after.shape == memory.shape == (3, control.memory_size)
    assert not any(np.shares_memory(joints, other) for other in (q, memory, after))
    assert np.array_equal(control(q, np.clip(action, -1, 1), memory)[0], joints), "actions are clipped to [-1, 1]"


@pytest.mark.parametrize("name", sorted(CONTROLS))
def test_the_gripper_opens_and_shuts(name):
    control = make_control(name)
    action = np.zeros((3, control.action_size))
    action[:, -1] = -1, 0, 1
    _, fingers, _ = control(resting(3), action, control.begin(resting(3)))
    assert fingers[:, 0].tolist() == [0.0, 0.04, 0.08]


def test_the_command_stays_on_its_leash():
    """The arm is held where it is, and the hand sent down for ever."""
    control = EndEffectorControl(low=(-1, -1, -1), leash=0.06)
    memory = control.begin(resting(1))
    here = forward(REST)[0]
    for _ in range(50):
        _, _, memory = control(resting(1), np.array([[0, 0, -1, 0]]), memory)
    assert np.linalg.norm(memory[0, 7:] - here) <= 0.06 + 1e-12
    joints = resting(1)
    for _ in range(3):
        joints, _, memory = control(resting(1), np.array([[0, 0, 1, 0]]), memory)
    assert forward(joints)[0][0, 2] > here[2]


def test_joints_move_at_their_largest_speed_and_no_further_than_the_leash_and_the_limits():
    control = JointControl(leash=0.3)
    memory = control.begin(resting(2))
    action = np.ones((2, 8))
    action[1] = -1
    joints, _, _ = control(resting(2), action, memory)
    np.testing.assert_allclose(np.abs(joints - REST), [VELOCITY * STEP_SECONDS] * 2)
    for _ in range(20):
        joints, _, memory = control(resting(2), action, memory)
    assert np.all(np.abs(joints - REST) <= 0.3 + 1e-12)
    for _ in range(60):
        joints, _, memory = control(memory, action, memory)
    assert np.array_equal(joints, [UPPER, LOWER])


def test_an_unknown_control_is_named():
    with pytest.raises(UnknownNameError, match="end_effector"):
        make_control("end_efector")


def simulate(control: EndEffectorControl, action: tuple, steps: int, load: float = 0.0) -> list[tuple[float, float]]:
    """Run the arm's servos from the rest posture; return the hand's height and its force on the table, step by step.

    The sign of a vertical action turns at half time.
    """
    mujoco = pytest.importorskip("mujoco")
    scene = pytest.importorskip("guerdon.envs.manipulation.robot.scene")
    model = scene.build_model()
    data = mujoco.MjData(model)
    data.qpos[:7] = REST
    data.xfrc_applied[model.body("hand").id, 2] = -load
    table, memory, result = model.geom("table").id, control.begin(REST[None]), []
    for step in range(steps):
        act = np.array([action], dtype=float)
        act[0, 2] *= 1 if step < steps // 2 else -1
        joints, fingers, memory = control(data.qpos[None, :7], act, memory)
        data.ctrl[:7], data.ctrl[7:] = joints[0], fingers[0]
        mujoco.mj_step(model, data, scene.NUM_SUBSTEPS)
        force, part = 0.0, np.zeros(6)
        for i, contact in enumerate(data.contact):
            if table in (contact.geom1, contact.geom2):
                mujoco.mj_contactForce(model, data, i, part)
                force += part[0]
        result.append((float(forward(data.qpos[None, :7])[0][0, 2]), force))
    return result


def test_pressing_into_the_table_is_bounded_by_the_servos_and_ends_at_once():
    trace = simulate(EndEffectorControl(low=(0.3, -0.35, -1.0)), (0, 0, -1, -1), 60)
    height, force = trace[29]
    assert 50 < force < 400
    assert trace[32][0] > height + 0.01, "it must not have to unwind first"


def test_in_its_box_the_hand_does_not_press_on_the_table():
    trace = simulate(EndEffectorControl(), (0, 0, -1, -1), 60)
    assert max(force for _, force in trace) < 20
    assert trace[29][0] == pytest.approx(0.012, abs=1e-3)


def test_under_load_the_hand_does_not_creep():
    trace = simulate(EndEffectorControl(), (0, 0, 0, 0), 100, load=10.0)
    assert abs(trace[-1][0] - trace[20][0]) < 1e-3
    assert abs(trace[-1][0] - forward(REST)[0][2]) < 0.005
