"""The reward model "bradley-terry": on robots and on text, from oracles and from teachers that make mistakes."""

from __future__ import annotations

import functools

import numpy as np
import pytest
import torch

from guerdon.core.preferences import PreferenceSet
from guerdon.core.trajectory import Step, Trajectory
from guerdon.evaluation.datasets import record
from guerdon.reward_models.base import transitions_of
from guerdon.reward_models.expression import make_reward
from guerdon.reward_models.learned.base import MODELS, load_model
from guerdon.reward_models.learned.bradley_terry import BradleyTerry
from guerdon.reward_models.learned.calibration import pair_accuracy
from guerdon.reward_models.learned.pairs import DisagreementPairs, UniformPairs, ask
from guerdon.reward_models.learned.teachers import SyntheticTeacher

WORLDS = {
    "Reach": ("manipulation/tolerance-v1", 25),
    "Household": ("household/subgoals-v1", 15),
}


@functools.cache
def played(world: str, seed: int) -> list[Trajectory]:
    """Episodes of good, middling and bad behaviour."""
    policies, each = ("expert", "expert:0.5", "random"), 30 if seed == 0 else 8
    env_id, by = f"guerdon:guerdon/{world}-v0", WORLDS[world][0]
    return [one for policy in policies for one in record(env_id, None, policy, each, seed, columns=[by])]


@functools.cache
def fitted(world: str, mistakes: float) -> BradleyTerry:
    by, longest = WORLDS[world]
    pairs = UniformPairs(1, longest).sample(played(world, 0), 500, 0)
    model = BradleyTerry(updates=150)
    model.fit(ask(SyntheticTeacher(by, mistakes=mistakes), played(world, 0), pairs), 0)
    return model


@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize(("mistakes", "least"), [(0.0, 0.9), (0.1, 0.85)])
def test_500_pairs_teach_it_to_predict_the_teacher_on_new_episodes(world, mistakes, least) -> None:
    by, longest = WORLDS[world]
    model = fitted(world, mistakes)
    pairs = UniformPairs(1, longest).sample(played(world, 1), 400, 1)
    chances = model.probabilities(played(world, 1), pairs).mean(axis=0)
    assert pair_accuracy(chances, SyntheticTeacher(by).label(played(world, 1), pairs)) > least


@pytest.mark.parametrize("world", WORLDS)
def test_it_reads_no_more_than_an_agent_and_survives_a_file(world, tmp_path) -> None:
    model = fitted(world, 0.0)
    assert model.reads == {"obs", "action"}
    again = load_model(model.save(tmp_path / "model.npz"))
    new = played(world, 1)[:3]
    for one, other in zip(model.score_trajectories(new), again.score_trajectories(new), strict=True):
        assert one == pytest.approx(other)
    assert again.figures == model.figures
    assert again.data_hash == model.data_hash != ""
    paid = make_reward(f"learned/model-v1(path='{tmp_path / 'model.npz'}')").relabel(new[0])
    assert paid == pytest.approx(model.score_trajectories(new[:1])[0], abs=1e-6)


def test_scores_have_unit_spread_on_the_data_and_are_not_centred() -> None:
    model, old = fitted("Reach", 0.0), played("Reach", 0)
    scores = np.concatenate(model.score_trajectories(old))
    assert scores.std() == pytest.approx(1, abs=0.05)  # some episodes may be in no pair
    start, steps = transitions_of(old[0])
    model.begin(start)
    opinions = np.stack([model.opinions(step) for step in steps])
    model.begin(start)
    assert opinions.mean(axis=1)[:, 0] == pytest.approx(np.array([model.score(step)[0] for step in steps]))
    assert model.uncertainty(steps[-1]) == pytest.approx(opinions[-1].std(axis=0))


def walk(rng: np.random.Generator, steps: int = 12) -> Trajectory:
    """Steps whose worth is the first number of what is seen; the second and the third are noise and nothing."""
    seen = np.column_stack([rng.normal(size=(steps + 1, 2)), np.full(steps + 1, 3.0)])
    act = rng.normal(size=(steps, 1))
    return Trajectory("w", 0, [Step(a, b, c, reward=float(c[0])) for a, b, c in zip(seen, act, seen[1:], strict=False)])


RNG = np.random.default_rng(0)
WALKS = [walk(RNG) for _ in range(30)]
SMALL = {"members": 2, "width": 16, "depth": 1, "updates": 150, "rate": 1e-2, "decay": 0.0}


def taught(pairs: np.ndarray, labels=None, seed: int = 0, **settings) -> BradleyTerry:
    labels = SyntheticTeacher().label(WALKS, pairs) if labels is None else labels
    model = BradleyTerry(**(SMALL | settings))
    model.fit(PreferenceSet(WALKS, pairs, labels), seed)
    return model


def test_the_worth_of_a_step_comes_out_linear_in_what_decides_it() -> None:
    model = taught(UniformPairs(1, 6).sample(WALKS, 300, 0))
    scores = np.concatenate(model.score_trajectories(WALKS))
    truth = np.array([step.reward for one in WALKS for step in one.steps])
    assert np.corrcoef(scores, truth)[0, 1] > 0.9
    assert model.figures["accuracy"] > 0.85
    assert "columns" in model.arrays()
    assert 2 not in model.arrays()["columns"]  # never varies, so nothing is said of it


def test_it_learns_what_a_step_costs_from_unequal_segments_and_says_when_it_cannot() -> None:
    costly = [Trajectory("w", 0, [Step(s.obs, s.action, s.next_obs, reward=-1.0) for s in w.steps]) for w in WALKS]
    unequal, equal = UniformPairs(1, 6).sample(WALKS, 200, 0), UniformPairs(4, 4).sample(WALKS, 200, 0)
    model = taught(unequal, SyntheticTeacher().label(costly, unequal))
    assert np.concatenate(model.score_trajectories(WALKS)).mean() < -1
    assert model.figures["equal_length"] == 0
    assert taught(equal).figures["equal_length"] == 1


def test_skipped_pairs_do_not_teach_and_too_few_are_refused() -> None:
    pairs = UniformPairs(1, 6).sample(WALKS, 60, 0)
    labels = SyntheticTeacher().label(WALKS, pairs)
    labels[40:] = np.nan
    one, other = taught(pairs, labels), taught(pairs[:40], labels[:40])
    assert one.data_hash == other.data_hash
    for name, value in one.arrays().items():
        assert (value == other.arrays()[name]).all()
    with pytest.raises(ValueError, match="1 of 2 pairs have a label"):
        taught(pairs[:2], np.array([1.0, np.nan]))
    with pytest.raises(ValueError, match="has not been fitted"):
        BradleyTerry().arrays()


def test_equal_seeds_give_equal_models_and_leave_torch_alone() -> None:
    pairs = UniformPairs(1, 6).sample(WALKS, 60, 0)
    torch.manual_seed(5)
    before = torch.get_rng_state()
    one, same, other = taught(pairs), taught(pairs), taught(pairs, seed=1)
    assert (torch.get_rng_state() == before).all()
    assert all((value == same.arrays()[name]).all() for name, value in one.arrays().items())
    assert (one.arrays()["weight0"] != other.arrays()["weight0"]).any()


def spreads(model: BradleyTerry, factor: float) -> float:
    """Return how far members differ on average, on steps that are `factor` times as far out as those of the data."""
    far = [
        Trajectory("w", 0, [Step(factor * s.obs, factor * s.action, factor * s.next_obs) for s in w.steps])
        for w in WALKS
    ]
    return float(np.mean([model.uncertainty(step)[0] for one in far for step in transitions_of(one)[1]]))


def test_members_disagree_far_from_the_data_but_hardly_under_tanh() -> None:
    pairs = UniformPairs(1, 6).sample(WALKS, 200, 0)
    unbounded, bounded = taught(pairs, members=5, squash=False), taught(pairs, members=5)
    assert spreads(unbounded, 5) > 1.5 * spreads(unbounded, 1)
    assert spreads(bounded, 5) < 1.25 * spreads(bounded, 1)


def test_the_pairs_that_are_kept_are_those_about_which_members_disagree() -> None:
    model = taught(UniformPairs(1, 6).sample(WALKS, 200, 0), members=5)
    doubt = model.disagreement(WALKS, DisagreementPairs(model).sample(WALKS, 20, 0))
    assert doubt.mean() > 2 * model.disagreement(WALKS, UniformPairs().sample(WALKS, 200, 0)).mean()


def test_it_is_registered_and_its_temperature_is_used() -> None:
    assert MODELS["bradley-terry"] is BradleyTerry
    pairs = UniformPairs(1, 6).sample(WALKS, 100, 0)
    model = taught(pairs)
    sure = model.probabilities(WALKS, pairs)
    model._temperature *= 100
    assert (np.abs(model.probabilities(WALKS, pairs) - 0.5) <= np.abs(sure - 0.5) + 1e-12).all()
    assert np.abs(model.probabilities(WALKS, pairs) - 0.5).max() < 0.2


@pytest.mark.parametrize("wrong", [{"noise": 1.0}, {"gamma": 0.0}, {"members": 0}, {"kind": "image"}, {"held_out": -1}])
def test_impossible_settings_are_refused(wrong) -> None:
    with pytest.raises(ValueError, match=r"must be|image"):
        BradleyTerry(**wrong)
