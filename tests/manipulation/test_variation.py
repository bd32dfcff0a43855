"""Domain randomisation: a start's name decides its physics, in one env and in many; nothing shared changes."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import gymnasium as gym
import mujoco
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guerdon.envs.manipulation import ENVS
from guerdon.envs.manipulation.cell import model_of
from guerdon.envs.manipulation.physics import ManySimulations, OneSimulation
from guerdon.envs.manipulation.variation import SPREADS, Variation

IDS = [f"guerdon:{name}" for name in ENVS]
PICK, DRAWER = "guerdon:guerdon/PickPlace-v0", "guerdon:guerdon/DrawerOpen-v0"
START = {"task": "train-00042"}


def one(env_id: str = PICK, randomise: float = 1.0, **kwargs: Any) -> Any:
    return gym.make(env_id, randomise=randomise, **kwargs).unwrapped


def many(size: int, env_id: str = PICK, randomise: float = 1.0, **kwargs: Any) -> Any:
    return gym.make_vec(env_id, size, vectorization_mode="vector_entry_point", randomise=randomise, **kwargs).unwrapped


def actions(env: Any, steps: int = 25) -> np.ndarray:
    """Return actions that bring the arm down on the table and to what stands there."""
    found = np.random.default_rng(1).uniform(-1, 1, (steps, *env.action_space.shape))
    found[: steps // 2, ..., 2] = -1
    return found


def state(env: Any, row: int = 0) -> np.ndarray:
    return env._cell.simulations.state(row)


def numbers(model: mujoco.MjModel) -> dict[str, np.ndarray]:
    """Return copies of all arrays of a model, and the statistics that the solver reads."""
    names = [name for name in dir(model) if isinstance(getattr(model, name, None), np.ndarray)]
    return {name: getattr(model, name).copy() for name in names} | {"inertia": np.array(model.stat.meaninertia)}


@pytest.mark.parametrize("env_id", IDS)
@pytest.mark.parametrize(("size", "threads"), [(1, 1), (3, 2)])
def test_one_and_many_vary_the_same(env_id: str, size: int, threads: int) -> None:
    limit, row = 8, size - 1
    envs, alone = many(size, env_id, num_threads=threads, max_episode_steps=limit), one(env_id)
    envs.reset(seed=5)
    alone.reset(seed=5 + row)
    for step, action in enumerate(actions(envs)):
        np.testing.assert_array_equal(state(envs, row), state(alone), f"step {step}")
        envs.step(action)
        if step % (limit + 1) == limit:
            alone.reset()
        else:
            alone.step(action[row])


@pytest.mark.parametrize("env_id", [PICK, DRAWER])
def test_a_start_is_the_same_after_any_others(env_id: str) -> None:
    fresh, used, slots = one(env_id), one(env_id), many(3, env_id)
    used.reset(seed=1)
    used.step(used.action_space.sample())
    slots.reset(options={"task": ["train-00001", "train-00002", "train-00003"]})
    slots.step(slots.action_space.sample())
    slots.reset(options={"task": START["task"], "reset_mask": np.array([False, False, True])})
    for env in (fresh, used):
        env.reset(options=dict(START))
    for action in actions(fresh):
        fresh.step(action)
        used.step(action)
        slots.step(np.stack([action] * 3))
        np.testing.assert_array_equal(state(used), state(fresh))
        np.testing.assert_array_equal(state(slots, 2), state(fresh))


@pytest.mark.parametrize("env_id", [PICK, DRAWER])
def test_starts_and_amounts_differ(env_id: str) -> None:
    def end(task: str, **kwargs: Any) -> bytes:
        env = gym.make(env_id, **kwargs).unwrapped
        env.reset(options={"task": task})
        for action in actions(env, 12):
            env.step(action)
        return state(env).tobytes()

    assert end("train-00001") == end("train-00001", randomise=0) == end("train-00001", randomise=0.0)
    ends = {end("train-00001", randomise=amount) for amount in (0.0, 0.5, 1.0)}
    assert len(ends) == 3


@pytest.mark.parametrize("env_id", [PICK, DRAWER])
def test_nothing_shared_changes(env_id: str) -> None:
    model = model_of(env_id.split("/")[-1].removesuffix("-v0"))
    before = numbers(model)
    envs, alone, nominal = many(2, env_id), one(env_id), gym.make(env_id).unwrapped
    assert envs.model is alone.model is model
    for env in (envs, alone, nominal):
        env.reset(seed=3)
        env.step(env.action_space.sample())
    for name, value in numbers(model).items():
        np.testing.assert_array_equal(value, before[name], name)
    assert nominal._cell.simulations._own is model  # type: ignore[attr-defined] - without variation there is no copy


@pytest.mark.parametrize("env_id", [PICK, DRAWER])
def test_what_follows_from_masses_is_what_a_new_model_has(env_id: str) -> None:
    """Both kinds of simulation derive the same constants, whatever they simulated before."""
    name = env_id.split("/")[-1].removesuffix("-v0")
    model, variation = model_of(name), Variation(model_of(name), name, 1.0)
    alone, batch, rows = OneSimulation(model), ManySimulations(model, 2), np.array([1])
    for start in ("a", "b"):
        fields = variation.fields(start)
        alone.vary(np.array([0]), {key: value[None] for key, value in fields.items()})
        batch.vary(rows, {key: value[None] for key, value in fields.items()})
    fresh = copy.copy(model)
    for key, value in variation.fields("b").items():
        getattr(fresh, key)[:] = value
    mujoco.mj_setConst(fresh, mujoco.MjData(fresh))
    wanted, theirs = numbers(fresh), (numbers(alone._own), numbers(batch.batch.get_model(1)))
    for found in theirs:
        for key, value in wanted.items():
            np.testing.assert_array_equal(found[key], value, key)
    for key, value in numbers(model).items():
        np.testing.assert_array_equal(numbers(batch.batch.get_model(0))[key], value, key)
    for derived in ("body_subtreemass", "body_invweight0", "dof_M0", "dof_invweight0"):
        assert (wanted[derived] != getattr(model, derived)).any(), derived


@pytest.mark.parametrize("clone", [copy.deepcopy, lambda env: pickle.loads(pickle.dumps(env))], ids=["copy", "pickle"])
@pytest.mark.parametrize("make", [one, lambda env_id: many(2, env_id)], ids=["one", "many"])
def test_copies_go_on_alike(make: Any, clone: Any) -> None:
    env = make(DRAWER)
    fresh = clone(env)  # before any episode
    for each in (env, fresh):
        each.reset(seed=9)
    commands = actions(env)
    for action in commands[:12]:
        env.step(action)
        fresh.step(action)
    twin = clone(env)
    for action in commands[12:]:
        for each in (env, twin, fresh):
            each.step(action)
        np.testing.assert_array_equal(state(twin), state(env))
        np.testing.assert_array_equal(state(fresh), state(env))


@pytest.mark.parametrize("env_id", [PICK, DRAWER])
def test_a_snapshot_brings_back_the_physics(env_id: str) -> None:
    env, other = one(env_id), one(env_id)
    env.reset(options=dict(START))
    commands = actions(env)
    for action in commands[:12]:
        env.step(action)
    saved = env.snapshot()

    def rest(env: Any) -> bytes:
        for action in commands[12:]:
            env.step(action)
        return state(env).tobytes()

    ended = rest(env)
    env.reset(options={"task": "train-00001"})
    for each in (env, other):
        each.restore(saved)
        assert each.snapshot() == saved
        assert rest(each) == ended


def factors(name: str, start: str, amount: float) -> dict[str, np.ndarray]:
    """Return by what each field of a task's model is multiplied, where it is not 0."""
    model = model_of(name)
    fields = Variation(model, name, amount).fields(start)
    return {
        key: value[getattr(model, key) != 0] / getattr(model, key)[getattr(model, key) != 0]
        for key, value in fields.items()
    }


WIDEST = {
    "body_mass": "mass",
    "body_inertia": "mass",
    "geom_friction": "friction",
    "dof_damping": "damping",
    "dof_frictionloss": "frictionloss",
    "actuator_gainprm": "grip",
    "actuator_biasprm": "grip",
    "actuator_forcerange": "grip",
}


@given(
    start=st.text(max_size=8),
    amount=st.floats(0, 1),
    name=st.sampled_from(["Reach", "PickPlace", "DrawerOpen", "Stack"]),
)
@settings(max_examples=40, deadline=None)
def test_factors_keep_to_their_spreads(start: str, amount: float, name: str) -> None:
    for key, found in factors(name, start, amount).items():
        widest = SPREADS[WIDEST[key]] ** amount * (1 + 1e-8)
        assert ((found <= widest) & (found >= 1 / widest)).all(), key
    for key, found in factors(name, start, 0.0).items():
        assert (found == 1).all(), key


def test_another_amount_stretches_the_same_draws() -> None:
    half, whole = (factors("DrawerOpen", "train-00007", amount) for amount in (0.5, 1.0))
    for key, found in half.items():
        np.testing.assert_allclose(found**2, whole[key], rtol=1e-7)
        assert (whole[key] != 1).any(), key


def test_only_what_is_meant_to_vary_does() -> None:
    """The arm keeps its masses, whatever touches keeps the ratio of its frictions, servos stay position servos."""
    model = model_of("DrawerOpen")
    fields = Variation(model, "DrawerOpen", 1.0).fields("train-00001")
    for key in ("body_mass", "body_inertia"):
        changed = {model.body(int(body)).name for body in np.argwhere(fields[key] != getattr(model, key))[:, 0]}
        assert changed == {"drawer"}
    gain, bias, force = (fields[f"actuator_{name}"] for name in ("gainprm", "biasprm", "forcerange"))
    np.testing.assert_array_equal(gain[:, 0], -bias[:, 1])
    np.testing.assert_array_equal(bias[:, 2], model.actuator_biasprm[:, 2])
    np.testing.assert_array_equal(force[:7], model.actuator_forcerange[:7])
    assert (gain[:, 0] != model.actuator_gainprm[:, 0]).all()
    assert (fields["dof_damping"][:7] == model.dof_damping[:7]).all()
    friction = fields["geom_friction"] / model.geom_friction
    pads = np.isin(np.arange(model.ngeom), [model.geom(name).id for name in ("left_pad", "right_pad")])
    assert np.ptp(friction[pads]) < 1e-12
    assert np.ptp(friction[~pads]) < 1e-12
    assert friction[pads][0, 0] != friction[~pads][0, 0]


@pytest.mark.parametrize("make", [one, lambda env_id, **kwargs: many(2, env_id, **kwargs)], ids=["one", "many"])
@pytest.mark.parametrize("amount", [-0.1, 1.5, float("nan")])
def test_a_wrong_amount_is_one_clear_error(make: Any, amount: float) -> None:
    with pytest.raises(ValueError, match=rf"PickPlace-v0: randomise is {amount}, not in \[0, 1\]"):
        make(PICK, randomise=amount)
