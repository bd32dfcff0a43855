"""Pictures as observations: one and many see the same to the byte, targets are marked, bad input is told."""

from __future__ import annotations

import copy
import os
import pickle
import subprocess
import sys
import threading
from typing import Any

import gymnasium as gym
import mujoco
import numpy as np
import pytest

from guerdon.core.names import UnknownNameError
from guerdon.envs.manipulation.cell import model_of
from guerdon.envs.manipulation.robot import camera

PICK, CLOSE = "guerdon:guerdon/PickPlace-v0", "guerdon:guerdon/DrawerClose-v0"
ALL = ["front", "side", "wrist"]
SMALL = 32


@pytest.fixture(scope="module", autouse=True)
def _gl() -> None:
    try:
        camera.open_renderer(model_of("Reach"), 8, 8).close()
    except RuntimeError as error:
        pytest.skip(f"no picture can be drawn here: {error}")


def one(env_id: str = PICK, **kwargs: Any) -> Any:
    return gym.make(env_id, **{"cameras": ALL, "image_size": SMALL, **kwargs})


def many(size: int, env_id: str = PICK, **kwargs: Any) -> Any:
    kwargs = {"cameras": ALL, "image_size": SMALL, **kwargs}
    return gym.make_vec(env_id, size, vectorization_mode="vector_entry_point", **kwargs)


def assert_equal(seen: dict[str, np.ndarray], wanted: dict[str, np.ndarray]) -> None:
    assert seen.keys() == wanted.keys()
    for key, value in wanted.items():
        np.testing.assert_array_equal(seen[key], value, key)


@pytest.mark.parametrize("env_id", [PICK, CLOSE])
def test_pictures_are_in_the_space_and_change_nothing_else(env_id: str) -> None:
    env, plain = one(env_id, image_size=np.int64(40)), gym.make(env_id)
    assert set(env.observation_space) == {"observation", "achieved_goal", "desired_goal", *ALL}  # type: ignore[call-overload]
    (seen, _), (numbers, _) = env.reset(seed=2), plain.reset(seed=2)
    for _ in range(3):
        assert seen in env.observation_space
        assert all(seen[name].shape == (40, 40, 3) and seen[name].std() > 5 for name in ALL)
        assert_equal({key: seen[key] for key in numbers}, numbers)
        action = env.action_space.sample()
        seen, numbers = env.step(action)[0], plain.step(action)[0]
    assert not env.observation_space["front"].contains(seen["front"].astype(float))


@pytest.mark.parametrize("mode", ["NextStep", "SameStep", "Disabled"])
def test_one_and_many_see_the_same_to_the_byte(mode: str) -> None:
    size, steps = 3, 4
    envs = many(size, num_threads=2, max_episode_steps=steps, autoreset_mode=mode)
    loop = gym.vector.SyncVectorEnv([lambda: one(max_episode_steps=steps)] * size, autoreset_mode=mode)
    (seen, _), (wanted, _) = envs.reset(seed=7), loop.reset(seed=7)
    rng = np.random.default_rng(0)
    for step in range(7):
        assert_equal(seen, wanted)
        if step == 2:  # not all begin anew at once
            rows = {"reset_mask": np.array([False, True, False])}
            assert_equal(envs.reset(options=dict(rows))[0], loop.reset(options=dict(rows))[0])
        actions = rng.uniform(-1, 1, envs.action_space.shape).astype(np.float32)
        (seen, *_, over, infos), (wanted, *_, _, theirs) = envs.step(actions), loop.step(actions)
        if "final_obs" in infos:
            for row in np.flatnonzero(infos["_final_obs"]):
                assert_equal(infos["final_obs"][row], theirs["final_obs"][row])
        if mode == "Disabled" and over.any():
            assert_equal(seen, wanted)
            rows = {"reset_mask": over}
            (seen, _), (wanted, _) = envs.reset(options=dict(rows)), loop.reset(options=dict(rows))
    envs.close()
    loop.close()


def test_pictures_are_the_readers_own() -> None:
    envs = many(2)
    first, _ = envs.reset(seed=1)
    kept = {key: value.copy() for key, value in first.items()}
    second = envs.step(np.ones((2, 4)))[0]
    assert_equal(first, kept)
    assert (second["front"] != first["front"]).any()
    first["front"].fill(0)
    (again, _), (other, _) = envs.reset(seed=1), many(2).reset(seed=1)
    assert_equal(again, other)


@pytest.mark.parametrize("clone", [copy.deepcopy, lambda env: pickle.loads(pickle.dumps(env))], ids=["copy", "pickle"])
@pytest.mark.parametrize("make", [one, lambda: many(2)], ids=["one", "many"])
def test_copies_see_the_same_and_have_their_own_renderer(make: Any, clone: Any) -> None:
    env = make()
    env.reset(seed=3)
    twin, action = clone(env), np.full(env.action_space.shape, 0.5)
    assert_equal(twin.step(action)[0], env.step(action)[0])
    env.close()
    assert twin.step(action)[0]["side"].any()


def test_a_snapshot_brings_back_what_was_seen() -> None:
    env = one().unwrapped
    env.reset(seed=3)
    env.step(np.array([0.5, 0.0, -1.0, 1.0]))
    saved, seen = env.snapshot(), env.step(np.zeros(4))[0]
    env.reset()
    env.restore(saved)
    assert_equal(env.step(np.zeros(4))[0], seen)


def test_what_is_rendered_is_what_is_observed() -> None:
    env = one(cameras=["side"], camera="side", render_mode="rgb_array", width=48, height=48, image_size=48)
    seen, _ = env.reset(seed=0)
    np.testing.assert_array_equal(env.render(), seen["side"])
    env.close()


def test_a_closed_env_can_be_used_again() -> None:
    env = one().unwrapped
    seen, _ = env.reset(seed=4)
    env.close()
    assert_equal(env.reset(seed=4)[0], seen)


def test_the_goal_can_be_seen() -> None:
    env = one(cameras=["front"], image_size=84).unwrapped
    seen, _ = env.reset(seed=0)
    shown = seen["front"].astype(int)
    green = (shown[..., 1] > shown[..., 0] + 25) & (shown[..., 1] > shown[..., 2] + 25)
    assert green.sum() >= 8


@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_every_target_of_a_task_is_marked_up_to_three(count: int) -> None:
    sites = "".join(f'<site name="goal{i}" pos="{0.3 * i - 0.6} 0 0.3" size="0.001"/>' for i in range(count))
    looking = '<camera name="eye" pos="0 -2 0.3" xyaxes="1 0 0 0 0 1"/>'
    model = mujoco.MjModel.from_xml_string(f"<mujoco><worldbody>{looking}{sites}</worldbody></mujoco>")
    data = mujoco.MjData(model)
    mujoco.mj_forward(model, data)

    def geoms(*targets: str) -> int:
        renderer = camera.open_renderer(model, 64, 64, targets)
        renderer.update_scene(data, "eye")
        renderer.render()
        renderer.close()
        return renderer.scene.ngeom

    bare = geoms()
    names = [f"goal{i}" for i in range(count)]
    assert geoms(*names, *names, "nowhere") - bare == 3 * min(count, camera.MOST_MARKS)


def test_marks_do_not_depend_on_what_was_in_memory() -> None:
    env = gym.make(PICK).unwrapped
    env.reset(seed=0)
    data = env._cell.simulations.data(0)  # type: ignore[attr-defined]
    renderer = camera.open_renderer(env.model, SMALL, SMALL)  # type: ignore[attr-defined]

    def picture() -> np.ndarray:
        renderer.update_scene(data, "front")
        return renderer.render()

    wanted, scene = picture(), renderer.scene
    for garbage in (-1, 1, 2, 77):
        for geom in scene.geoms[scene.ngeom - 3 : scene.ngeom]:
            geom.category = geom.objid = geom.objtype = geom.segid = garbage
            geom.camdist, geom.transparent = garbage, garbage > 1
        np.testing.assert_array_equal(picture(), wanted)
        assert all(geom.transparent == 1 for geom in scene.geoms[scene.ngeom - 3 : scene.ngeom])
        assert {geom.category for geom in scene.geoms[scene.ngeom - 3 : scene.ngeom]} == {4}
    renderer.close()


def test_pictures_may_be_larger_than_the_models_frame() -> None:
    model = model_of("Reach")
    before = model.vis.global_.offwidth
    renderer = camera.open_renderer(model, before + 8, 16)
    renderer.update_scene(mujoco.MjData(model), "front")
    assert renderer.render().shape == (16, before + 8, 3)
    renderer.close()
    assert model.vis.global_.offwidth == before


def test_another_thread_is_told_to_use_its_own_env() -> None:
    env, errors = one(cameras=["front"]), []
    env.reset(seed=0)

    def step() -> None:
        try:
            env.step(np.zeros(4))
        except RuntimeError as error:
            errors.append(str(error))

    thread = threading.Thread(target=step)
    thread.start()
    thread.join()
    assert "make an env of its own for each thread" in errors[0]


def test_without_opengl_there_is_one_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise ImportError("no EGL")

    monkeypatch.setattr(camera, "_TargetRenderer", fail)
    for env in (one(), many(2)):
        with pytest.raises(RuntimeError, match="pictures need OpenGL"):
            env.reset(seed=0)


@pytest.mark.parametrize("make", [one, lambda **kwargs: many(2, **kwargs)], ids=["one", "many"])
@pytest.mark.parametrize(
    ("kwargs", "message"),
    [
        ({"cameras": ["front", "sid"]}, "unknown camera 'sid' in cameras of PickPlace-v0. Did you mean 'side'"),
        ({"cameras": [3]}, "unknown camera 3 in cameras of PickPlace-v0"),
        ({"cameras": ("side", "front", "side")}, "PickPlace-v0: cameras names 'side' twice"),
        ({"cameras": "front"}, "cameras is 'front', not a list of names"),
        ({"cameras": None}, "cameras is None, not a list of names"),
        ({"image_size": 0}, "image_size is 0, not a positive whole number"),
        ({"image_size": -84}, "image_size is -84, not a positive"),
        ({"image_size": 84.0}, "image_size is 84.0, not a positive"),
        ({"image_size": True}, "image_size is True, not a positive"),
        ({"image_size": "84"}, "image_size is '84', not a positive"),
    ],
)
def test_a_wrong_argument_is_one_clear_error(make: Any, kwargs: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        make(**kwargs)
    assert isinstance(caught.value, UnknownNameError) == message.startswith("unknown")


def test_policies_learn_from_pictures_and_play_by_them() -> None:
    from guerdon.agents.policies.goal_features import GoalFeatures
    from guerdon.agents.sb3 import Sb3Learner
    from guerdon.evaluation.evaluate import evaluate
    from guerdon.reward_models import make_reward

    env, kwargs = "guerdon:guerdon/Reach-v0", {"cameras": ["front"], "image_size": 36, "max_episode_steps": 5}
    hyper = {"num_envs": 2, "n_steps": 8, "batch_size": 8, "n_epochs": 1}
    learner = Sb3Learner("robot-ppo", env, kwargs, make_reward("manipulation/staged-v1"), 0, hyper, device="cpu")
    (features,) = {part for part in learner.model.policy.modules() if isinstance(part, GoalFeatures)}
    assert features.pictures == ("front",)
    before = [value.clone() for value in features.parameters()]
    assert before, "there is a net for pictures"
    learner.learn(16, lambda info: None)
    assert any(not bool((old == new).all()) for old, new in zip(before, features.parameters(), strict=True))
    (row,) = evaluate(learner.actor(), env, kwargs, "manipulation/staged-v1", ["train-00000"])
    assert row.length == 5


def test_it_does_not_matter_whether_mujoco_was_imported_before() -> None:
    code = (
        "import mujoco, gymnasium as gym\n"
        "env = gym.make('guerdon:guerdon/Reach-v0', render_mode='rgb_array', width=32, height=32)\n"
        "env.reset(seed=0)\n"
        "print(env.render().shape)"
    )
    place = {key: value for key, value in os.environ.items() if key not in ("MUJOCO_GL", "PYOPENGL_PLATFORM")}
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=place, check=False)
    assert run.stdout.strip() == "(32, 32, 3)", run.stderr
