"""The scene: what it holds, how it is simulated, how objects enter, and that a cube can be grasped and lifted."""

from __future__ import annotations

import time

import mujoco
import numpy as np
import pytest

from guerdon.core.names import UnknownNameError
from guerdon.envs.manipulation.robot import arm, kinematics, scene

CUBE = """
<body name="cube" pos="0.5 0.1 0.02">
  <freejoint/>
  <geom name="cube" type="box" size="0.02 0.02 0.02" mass="0.1" material="coral"/>
</body>
"""
DOWN = np.diag([1.0, -1.0, -1.0])


@pytest.fixture(scope="module")
def model() -> mujoco.MjModel:
    return scene.build_model(CUBE, touch=["cube"])


@pytest.fixture
def data(model: mujoco.MjModel) -> mujoco.MjData:
    data = mujoco.MjData(model)
    mujoco.mj_resetDataKeyframe(model, data, model.key("home").id)
    return data


def joint_angles(model: mujoco.MjModel, start: np.ndarray, position: list[float]) -> np.ndarray:
    """Return joint angles, near `start`, that put the tcp at a position and point it down (damped least squares)."""
    data = mujoco.MjData(model)
    data.qpos[:7] = start
    site, jacobian, error = model.site(kinematics.TCP).id, np.zeros((6, model.nv)), np.zeros(6)
    for _ in range(30):
        mujoco.mj_kinematics(model, data)
        mujoco.mj_comPos(model, data)
        mujoco.mj_jacSite(model, data, jacobian[:3], jacobian[3:], site)
        error[:3] = position - data.site_xpos[site]
        error[3:] = np.cross(data.site_xmat[site].reshape(3, 3), DOWN, axis=0).sum(1) / 2
        move = jacobian[:, :7]
        data.qpos[:7] += move.T @ np.linalg.solve(move @ move.T + 1e-6 * np.eye(6), error)
    return data.qpos[:7].copy()


def go(model: mujoco.MjModel, data: mujoco.MjData, position: list[float], opening: float, steps: int) -> None:
    """Move the tcp to a position in a number of control steps, and wait for five."""
    start = data.ctrl[:7].copy()
    end = joint_angles(model, start, position)
    data.ctrl[7] = opening
    for part in [*np.linspace(0, 1, steps), *[1] * 5]:
        data.ctrl[:7] = start + part * (end - start)
        mujoco.mj_step(model, data, scene.NUM_SUBSTEPS)


def touching(data: mujoco.MjData) -> list[bool]:
    return [data.sensor(name).data[0] > 0 for name in scene.touch_sensors("cube")]


def in_hand(model: mujoco.MjModel, data: mujoco.MjData) -> np.ndarray:
    """Return the place of the cube in the frame of the tcp."""
    mujoco.mj_kinematics(model, data)
    site = data.site(kinematics.TCP)
    return site.xmat.reshape(3, 3).T @ (data.body("cube").xpos - site.xpos)


def test_a_cube_is_grasped_lifted_and_held(model: mujoco.MjModel, data: mujoco.MjData) -> None:
    go(model, data, [0.5, 0.1, 0.12], arm.MAX_OPENING, 15)
    go(model, data, [0.5, 0.1, 0.02], arm.MAX_OPENING, 15)
    go(model, data, [0.5, 0.1, 0.02], 0, 5)
    assert touching(data) == [True, True]
    go(model, data, [0.5, 0.1, 0.25], 0, 30)
    assert data.body("cube").xpos[2] > 0.24
    before = in_hand(model, data)
    mujoco.mj_step(model, data, round(2 / model.opt.timestep))
    assert np.linalg.norm(in_hand(model, data) - before) < 5e-4
    assert np.linalg.norm(before) < 5e-3
    go(model, data, [0.5, 0.1, 0.25], arm.MAX_OPENING, 10)
    assert touching(data) == [False, False]
    assert data.body("cube").xpos[2] < 0.021


def test_touch_sensors_tell_left_from_right(model: mujoco.MjModel, data: mujoco.MjData) -> None:
    mujoco.mj_step(model, data, 20)
    assert touching(data) == [False, False]
    mujoco.mj_kinematics(model, data)
    free = model.body("cube").jntadr[0]
    address = model.jnt_qposadr[free]
    for side, expected in ((1, [True, False]), (-1, [False, True])):
        # The inner face of an open pad is 4 cm off the middle, half a cube is 2 cm: 0.1 mm of overlap.
        data.qpos[address : address + 3] = data.site(kinematics.TCP).xpos + np.array([0, -side * 0.0201, 0])
        mujoco.mj_forward(model, data)
        assert touching(data) == expected


def test_the_options_are_those_recommended(model: mujoco.MjModel) -> None:
    options = model.opt
    assert (options.timestep, scene.TIMESTEP, scene.NUM_SUBSTEPS) == (0.005, 0.005, 10)
    assert int(options.integrator) == int(mujoco.mjtIntegrator.mjINT_DISCRETE)
    assert int(options.cone) == int(mujoco.mjtCone.mjCONE_ELLIPTIC)
    assert int(options.jacobian) == int(mujoco.mjtJacobian.mjJAC_DENSE)
    assert options.impratio == 10
    default = mujoco.MjSpec().option
    assert (options.ls_iterations, options.iterations) == (default.ls_iterations, default.iterations)
    assert model.geom("cube").condim == 4
    assert all(model.geom(pad).condim == 4 for pad in arm.PADS)
    assert int(model.vis.quality.offsamples) == 0
    assert int(model.vis.quality.shadowsize) == 1024
    assert not model.light_castshadow.any()


def test_the_arm_comes_first_whatever_lies_on_the_table(model: mujoco.MjModel, data: mujoco.MjData) -> None:
    assert [model.joint(name).qposadr[0] for name in (*arm.JOINTS, *arm.FINGER_JOINTS)] == list(range(9))
    assert [model.actuator(name).id for name in arm.ACTUATORS] == list(range(8))
    np.testing.assert_allclose(data.qpos[:7], arm.HOME)
    np.testing.assert_allclose(data.qpos[9:12], [0.5, 0.1, 0.02])
    mujoco.mj_step(model, data, 400)
    np.testing.assert_allclose(data.qpos[9:12], [0.5, 0.1, 0.02], atol=5e-4)


def test_objects_may_be_a_function_on_the_spec() -> None:
    def peg(spec: mujoco.MjSpec) -> None:
        body = spec.worldbody.add_body(name="peg", pos=[0.5, 0, 0.05])
        body.add_geom(name="peg", type=mujoco.mjtGeom.mjGEOM_CYLINDER, size=[0.01, 0.05, 0])

    model = scene.build_model(peg, touch=["peg"])
    assert model.geom("peg").condim == 4
    assert model.sensor(scene.touch_sensors("peg")[1]).dim == 4


def test_two_models_are_the_same() -> None:
    first, second = (scene.build_model(CUBE) for _ in range(2))
    assert first.tex_data.tobytes() == second.tex_data.tobytes()
    np.testing.assert_array_equal(first.body_inertia, second.body_inertia)


def test_bad_objects_are_named() -> None:
    with pytest.raises(ValueError, match="not valid MJCF for a <worldbody>"):
        scene.build_model('<body name="cube">')
    with pytest.raises(UnknownNameError, match=r"'cub' in touch. Did you mean 'cube'\?"):
        scene.build_model(CUBE, touch=["cub"])


def test_a_model_builds_fast() -> None:
    times = []
    for _ in range(5):
        start = time.perf_counter()
        scene.build_model(CUBE, touch=["cube"])
        times.append(time.perf_counter() - start)
    assert min(times) < 0.05


def test_every_camera_renders(model: mujoco.MjModel, data: mujoco.MjData) -> None:
    assert {model.camera(i).name for i in range(model.ncam)} == set(scene.CAMERAS)
    try:
        renderer = mujoco.Renderer(model, 64, 64)
    except Exception as error:
        pytest.skip(f"no OpenGL here: {error}")
    with renderer:
        mujoco.mj_forward(model, data)
        for camera in scene.CAMERAS:
            renderer.update_scene(data, camera=camera)
            assert renderer.render().std() > 10
