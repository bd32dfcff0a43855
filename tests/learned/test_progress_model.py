"""The progress model: it learns order from demonstrations, is a dynamic potential, and survives saving and copying."""

from __future__ import annotations

import copy
import functools
import itertools
import pickle
from pathlib import Path

import numpy as np
import pytest

from guerdon.core.trajectory import Trajectory
from guerdon.evaluation.voc import value_order
from guerdon.reward_models import make_reward
from guerdon.reward_models.base import transitions_of
from guerdon.reward_models.learned.base import load_model
from guerdon.reward_models.learned.potential_model import GoalDistanceModel, ValueModel
from guerdon.reward_models.learned.progress import HopProgressModel
from guerdon.reward_models.learned.situations import Scale
from guerdon.reward_models.potential.shaping import Shaping

from ..properties.tabular import RandomMDP
from .point_world import walks

GAMMA = 0.95


@functools.cache
def fitted() -> HopProgressModel:
    model = HopProgressModel(updates=300, width=64, depth=2)
    model.fit(walks(30))
    return model


def held_out() -> list[Trajectory]:
    return walks(6, seed=1)


@pytest.fixture
def saved(tmp_path: Path) -> str:
    return str(fitted().save(tmp_path / "model.npz"))


def test_progress_rises_along_held_out_demonstrations_and_falls_along_reversed_ones() -> None:
    order = value_order(copy.deepcopy(fitted()), held_out())
    assert order.mean_forward > 0.9
    assert order.mean_backward < -0.7
    wandering = value_order(copy.deepcopy(fitted()), walks(20, seed=2, wander=True))
    assert abs(wandering.mean_forward) < 0.4


def test_progress_is_near_1_at_the_goal_and_stays_in_the_unit_interval() -> None:
    model = copy.deepcopy(fitted())
    scores = model.score_trajectories(held_out())
    # `mean` may lose a little while it stands there, by its incremental part.
    assert np.mean([one[11] for one in scores]) > 0.7
    assert all(((one >= 0) & (one <= 1)).all() for one in model.score_trajectories(walks(5, 3, wander=True)))


def test_fitting_is_decided_by_the_seed_and_leaves_global_generators_alone() -> None:
    import torch

    state, numbers = torch.get_rng_state(), np.random.get_state()[1].copy()  # type: ignore[union-attr, index] # noqa: NPY002
    twins = [HopProgressModel(updates=20) for _ in range(2)]
    for one in twins:
        one.fit(walks(5), seed=3)
    other = HopProgressModel(updates=20)
    other.fit(walks(5), seed=4)
    first, second = (one.arrays() for one in twins)
    assert all(np.array_equal(first[name], second[name]) for name in first)
    assert not np.array_equal(first["weight0"], other.arrays()["weight0"])
    assert torch.equal(state, torch.get_rng_state())
    assert np.array_equal(numbers, np.random.get_state()[1])  # type: ignore[index] # noqa: NPY002


@pytest.mark.parametrize("fusion", ["mean", "consistent", "incremental", "forward", "backward", "additive"])
def test_slots_do_not_touch_each_other(fusion: str) -> None:
    """Two episodes in one model, batched, score as each alone does."""
    model = HopProgressModel(fusion=fusion)  # type: ignore[arg-type]
    model.restore(fitted().arrays())
    first, second = held_out()[:2]
    alone = [model.score_trajectories([one])[0] for one in (first, second)]
    (begin_a, steps_a), (begin_b, steps_b) = transitions_of(first), transitions_of(second)
    model.begin(begin_a)
    model.begin(type(begin_b)(**{**vars(begin_b), "rows": np.array([3])}))
    for number, (a, b) in enumerate(zip(steps_a, steps_b, strict=True)):
        assert model.score(a)[0] == pytest.approx(alone[0][number], abs=1e-6)
        assert model.score(type(b)(**{**vars(b), "rows": np.array([3])}))[0] == pytest.approx(
            alone[1][number], abs=1e-6
        )


def test_the_step_hop_is_asked_between_a_moment_and_the_one_before_it() -> None:
    """The incremental progress, recomputed by hand from the network."""
    model = HopProgressModel(fusion="incremental")
    model.restore(fitted().arrays())
    one = held_out()[0]
    moments = model._scale(model._situations.of(one))
    start = transitions_of(one)[0]
    model.begin(start)
    goal, wanted, progress = model._memory["goal"][0], [], 0.0
    for before, now in itertools.pairwise(moments):
        said = model._hops(np.concatenate([moments[0], goal, before, now])[None])[0]
        jump = 0.0 if np.array_equal(before, now) else float(said)  # nothing happens in the hold at the end
        progress += (1 - progress if jump >= 0 else progress) * jump
        wanted.append(progress)
    np.testing.assert_allclose(model.score_trajectories([one])[0], wanted, atol=1e-5)


def test_what_never_changed_in_the_demonstrations_counts_for_nothing() -> None:
    scale = Scale.fitting(np.array([[0.0, 3.0], [2.0, 3.0]]))
    assert scale(np.array([1.0, 1e6])).tolist() == [0.0, 0.0]
    assert scale(np.array([99.0, 3.0])).tolist() == [5.0, 0.0]
    widened = scale.widened(np.array([[7.0, 0.0], [9.0, 4.0]]))
    assert widened(np.array([2.0, 4.0])).tolist() == [1.0, 1.0]


def test_saved_copied_and_pickled_models_score_alike(saved: str) -> None:
    wanted = copy.deepcopy(fitted()).score_trajectories(held_out())
    for model in (load_model(saved), copy.deepcopy(fitted()), pickle.loads(pickle.dumps(fitted()))):
        for one, other in zip(wanted, model.score_trajectories(held_out()), strict=True):
            np.testing.assert_array_equal(one, other)


# -- as a potential -----------------------------------------------------------------------------------------


def test_what_is_paid_telescopes_with_the_stored_progress(saved: str) -> None:
    reward = make_reward(f"learned/model-v1(path={saved!r}, form='shaping', gamma={GAMMA})")
    model = load_model(saved)
    for one in [*held_out(), *walks(3, 5, wander=True)]:
        start, _ = transitions_of(one)
        first = float(model.begin(start)[0])
        scores, paid = model.score_trajectories([one])[0], reward.relabel(one)
        total = float(paid @ GAMMA ** np.arange(len(paid)))
        assert total == pytest.approx(GAMMA ** len(paid) * scores[-1] - first, abs=1e-9)


def test_recomputed_progress_does_not_telescope(saved: str) -> None:
    """Scoring the old state anew, without the episode's past, or after an update, is the mistake that is made."""
    model, one = load_model(saved), held_out()[0]
    start, steps = transitions_of(one)
    fresh = load_model(saved)

    def anew(number: int) -> float:
        """Return the progress of a moment to a model that has just been asked to begin there."""
        at = start if number == 0 else type(start)(**vars(steps[number - 1]))
        return float(fresh.begin(at)[0])

    now = [float(model.begin(start)[0])]
    paid = []
    for number, step in enumerate(steps):
        now.append(float(model.score(step)[0]))
        paid.append(GAMMA * now[-1] - anew(number))
    total = float(np.array(paid) @ GAMMA ** np.arange(len(paid)))
    assert abs(total - (GAMMA ** len(paid) * now[-1] - now[0])) > 0.1


def test_the_progress_form_pays_gold_where_the_model_sees_the_end(saved: str) -> None:
    reward = make_reward(f"learned/model-v1(path={saved!r}, form='progress', gamma={GAMMA}, delta=0.3)")
    shaping = make_reward(f"learned/model-v1(path={saved!r}, form='shaping', gamma={GAMMA})")
    one = held_out()[0]
    scores = load_model(saved).score_trajectories([one])[0]
    gold = reward.relabel(one) - shaping.relabel(one)
    np.testing.assert_allclose(gold, scores >= 0.7, atol=1e-12)
    assert 0 < gold.sum() < len(one)
    assert list(reward.bounds) == ["gold", "model"]
    assert "state" not in reward.reads


def test_success_never_reaches_the_score(saved: str) -> None:
    one = held_out()[0]
    lied = copy.deepcopy(one)
    for step in lied.steps:
        step.success = not step.success
    for form in ("reward", "shaping", "progress", "difference"):
        reward = make_reward(f"learned/model-v1(path={saved!r}, form={form!r})")
        np.testing.assert_array_equal(reward.relabel(one), reward.relabel(lied))


@pytest.mark.parametrize("wrong", ["random", "negated"])
def test_a_wrong_potential_keeps_the_best_policy_and_its_difference_does_not(wrong: str) -> None:
    changed = 0
    for seed in range(100):
        rng = np.random.default_rng(seed)
        mdp = RandomMDP(rng, states=6, actions=3, gamma=0.9)
        best, live = mdp.solve(), ~mdp.terminal
        phi = rng.normal(size=6) if wrong == "random" else -best.values
        rows = np.arange(36)
        before, after = np.repeat(np.arange(6), 6), np.tile(np.arange(6), 6)

        def paid(gamma: float, ends: bool) -> np.ndarray:
            shaping = Shaping(gamma)
            shaping.reset(3 * phi[before], rows)  # noqa: B023 - called in this round
            over = mdp.terminal[after] & ends  # noqa: B023
            return shaping.step(3 * phi[after], over, np.zeros(36, bool), rows).reshape(6, 1, 6)  # noqa: B023

        extra = np.where(mdp.terminal[:, None, None], 0.0, paid(0.9, True))
        assert (mdp.solve(mdp.rewards + extra).policy == best.policy)[live].all()
        extra = np.where(mdp.terminal[:, None, None], 0.0, paid(1.0, False))
        changed += bool((mdp.solve(mdp.rewards + extra).policy != best.policy)[live].any())
    assert changed > 20


# -- demonstrations -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("keyframes", ["even", "tags", "discovered"])
def test_keyframes_cut_a_demonstration(keyframes: str) -> None:
    """The tag changes after 9 of 12 steps: the last 3 count as much as the 9 before."""
    model = HopProgressModel(keyframes=keyframes, updates=5, parts=3)  # type: ignore[arg-type]
    model.fit(walks(5))
    (demo,) = model._demos(walks(1), [model._situations.of(walks(1)[0])])
    at = float(demo.progress[np.flatnonzero(demo.times == 9)[0]]) if 9 in demo.times else None
    assert demo.progress[0] == 0
    assert demo.progress[-1] == 1
    assert at == {"even": pytest.approx(0.75), "tags": pytest.approx(0.5)}.get(keyframes, at)


def test_standing_at_the_goal_is_no_progress() -> None:
    model = HopProgressModel(updates=5, hold=3)
    model.fit(walks(5))
    (demo,) = model._demos(walks(1), [model._situations.of(walks(1)[0])])
    assert demo.times.tolist() == [*range(13), 13, 14, 15]
    assert demo.progress[12:].tolist() == [1.0] * 4


def test_one_shot_adaptation_learns_what_zero_shot_does_not() -> None:
    """The old task comes from one side, the new one from another, where the old model has seen nothing."""
    old, new = walks(10, side=0.0), walks(6, seed=1, side=np.pi)
    orders = {}
    for updates in (0, 200):
        model = HopProgressModel(updates=200, width=64, depth=2)
        model.fit(old)
        figures = model.adapt(walks(1, seed=7, side=np.pi), updates=updates, rate=1e-3)
        orders[updates] = value_order(model, new).mean_forward
        assert ("loss" in figures) == bool(updates)
    assert orders[200] > max(orders[0] + 0.5, 0.6)


def test_another_kind_of_observation_and_no_data_are_refused() -> None:
    with pytest.raises(ValueError, match="no demonstrations"):
        HopProgressModel().fit([])
    wide = walks(1)[0]
    for step in wide.steps:
        step.obs["observation"] = step.next_obs["observation"] = np.zeros(5)
    with pytest.raises(ValueError, match="shows 11 numbers, not 8"):
        copy.deepcopy(fitted()).adapt([wide])


def test_only_what_is_named_is_seen() -> None:
    model = HopProgressModel(updates=5, only="achieved_goal-desired_goal, observation:0:1")
    model.fit(walks(4))
    assert model._situations.of(walks(1)[0]).shape == (17, 3)
    with pytest.raises(ValueError, match="desired_goal"):
        HopProgressModel(only="desired_gaol").fit(walks(2))


# -- values by regression -----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [ValueModel, GoalDistanceModel])
def test_values_rise_towards_success_and_are_low_where_none_came(kind: type[ValueModel], tmp_path: Path) -> None:
    model = kind(updates=400, horizon=20, width=64, only="achieved_goal-desired_goal")
    assert model.fit([*walks(24), *walks(8, 9, wander=True)])["successes"] == 0.75
    assert value_order(model, walks(6, 1)).mean_forward > 0.9
    straight, wandering = (
        np.mean([s[-1] for s in model.score_trajectories(w)]) for w in (walks(6, 1), walks(6, 2, True))
    )
    assert straight > wandering + 0.3
    twin = load_model(model.save(tmp_path / "value.npz"))
    np.testing.assert_array_equal(twin.score_trajectories(walks(1))[0], model.score_trajectories(walks(1))[0])


def test_targets_of_values_are_times_to_success() -> None:
    away = np.array([0.0, 1.0, 2.0, 50.0, np.inf])
    np.testing.assert_allclose(ValueModel(gamma=0.5)._target(away), [1, 0.5, 0.25, 0.5**50, 0])
    np.testing.assert_allclose(GoalDistanceModel(horizon=4)._target(away), [1, 0.75, 0.5, 0, 0])
