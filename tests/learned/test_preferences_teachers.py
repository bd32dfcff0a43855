"""Teachers: PEBBLE's SimTeacher (rl.md B6) and HERON (entry 9)."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guerdon.core.names import UnknownNameError
from guerdon.reward_models.learned.figures import figure, reads_of
from guerdon.reward_models.learned.hierarchy import ORDERS, Factor, HierarchicalTeacher
from guerdon.reward_models.learned.pairs import UniformPairs
from guerdon.reward_models.learned.teachers import SyntheticTeacher

from .segments import paid, swapped, whole

RNG = np.random.default_rng(0)
EPISODES = paid(*(RNG.normal(size=12) for _ in range(12)))
PAIRS = UniformPairs(1, 6).sample(EPISODES, 400, 0)
SUMS = np.array([[figure(EPISODES[i], "reward")[a:b].sum() for i, a, b in pair] for pair in PAIRS.tolist()])


def test_an_oracle_prefers_the_larger_sum_and_calls_the_same_sum_equal() -> None:
    assert SyntheticTeacher().label(EPISODES, PAIRS).tolist() == (SUMS[:, 0] > SUMS[:, 1]).astype(float).tolist()
    two = paid([1, 2], [3, 0])
    assert SyntheticTeacher().label(two, whole(two)).tolist() == [0.5, 0.5]


@settings(max_examples=25)
@given(st.floats(0, 20), st.floats(0, 1), st.integers(0, 3))
def test_the_same_question_gets_the_same_answer_whichever_comes_first(beta, mistakes, seed) -> None:
    teacher = SyntheticTeacher(beta=beta, mistakes=mistakes, seed=seed)
    labels = teacher.label(EPISODES, PAIRS[:40])
    assert (teacher.label(EPISODES, swapped(PAIRS[:40])) == 1 - labels).all()
    assert (teacher.label(EPISODES, PAIRS[:40][::-1]) == labels[::-1]).all()


def test_rationality_is_bradley_terry_in_the_unit_of_the_score() -> None:
    # Episodes of the same two sums, so that every pair has the same probability and a draw of its own.
    episodes = paid(*([0.0], [0.7]) * 60)
    pairs = np.array([[[2 * i, 0, 1], [2 * j + 1, 0, 1]] for i in range(60) for j in range(60)])
    for beta in (0.0, 1.0, 3.0):
        share = SyntheticTeacher(beta=beta).label(episodes, pairs).mean()
        assert share == pytest.approx(1 / (1 + np.exp(0.7 * beta)), abs=0.02)


def test_mistakes_turn_that_share_of_the_answers_over() -> None:
    right, wrong = (SyntheticTeacher(mistakes=p).label(EPISODES, PAIRS) for p in (0.0, 0.1))
    assert np.mean(right != wrong) == pytest.approx(0.1, abs=0.04)
    assert (SyntheticTeacher(mistakes=1.0).label(EPISODES, PAIRS) == 1 - right).all()


def test_the_myopic_teacher_weighs_the_end() -> None:
    early, late = paid([1.5, 0, 0], [0, 0, 1])
    assert SyntheticTeacher().label([early, late], whole([early, late])).tolist() == [1, 0]
    # The first step counts gamma^2 of the last, and 1.5 * 0.8^2 < 1 < 1.5 * 0.85^2.
    assert SyntheticTeacher(gamma=0.8).label([early, late], whole([early, late])).tolist() == [0, 1]
    assert SyntheticTeacher(gamma=0.85).label([early, late], whole([early, late])).tolist() == [1, 0]


def test_what_is_not_worth_a_look_is_skipped_and_what_is_close_is_equal() -> None:
    # A segment of two steps pays 2 * (0.2 + 0.4 + 4.4 + 3.0) / 8 = 2 on average.
    episodes = paid([0.1, 0.1], [0.2, 0.2], [2.2, 2.2], [1.5, 1.5])
    pairs = np.array([[[i, 0, 2], [j, 0, 2]] for i, j in ((0, 1), (1, 2), (2, 3))])
    assert SyntheticTeacher(skip=0.3).label(episodes, pairs) == pytest.approx([np.nan, 0, 1], nan_ok=True)
    assert SyntheticTeacher(skip=0.1).label(episodes, pairs) == pytest.approx([0, 0, 1])
    assert SyntheticTeacher(equal=0.11).label(episodes, pairs) == pytest.approx([0.5, 0, 1])
    assert SyntheticTeacher(equal=0.11, mistakes=1.0).label(episodes, pairs) == pytest.approx([0.5, 1, 0])
    assert SyntheticTeacher(equal=0.09).label(episodes, pairs) == pytest.approx([0, 0, 1])


def test_figures_are_columns_first_and_say_what_they_reveal() -> None:
    (one,) = paid([1, 2, 3])
    one.objective = 0.75
    assert figure(one, "reward").tolist() == [1, 2, 3]
    assert figure(one, "objective").tolist() == [0, 0, 0.75]
    assert figure(one, "steps").tolist() == [1, 1, 1]
    one.write("state.gap", np.array([3, 2, 1]))
    assert figure(one, "state.gap").tolist() == [3, 2, 1]
    with pytest.raises(ValueError, match="without states"):
        figure(one, "state.reach")
    with pytest.raises(UnknownNameError, match="reward"):
        figure(one, "rewards")
    assert reads_of("state.gap") == {"state"}
    assert reads_of("success") == reads_of("who knows") == {"outcome"}
    assert SyntheticTeacher("household/plan-distance-v1").reads == {"state", "outcome"}
    assert HierarchicalTeacher("household").reads == {"state", "outcome", "text"}


@pytest.mark.parametrize("wrong", [{"beta": -1}, {"gamma": 0}, {"mistakes": 1.1}, {"skip": -1}, {"beta": np.nan}])
def test_impossible_teachers_are_refused(wrong) -> None:
    with pytest.raises(ValueError, match="must be"):
        SyntheticTeacher(**wrong)


ORDER = (Factor("a", over="last"), Factor("b", "less", "mean"), Factor("c"))


def factored(seed: int = 0, scale=(1.0, 1.0, 1.0), shift=(0.0, 0.0, 0.0)):
    """Episodes of equal length with three columns; scaled and shifted."""
    rng = np.random.default_rng(seed)
    found = paid(*np.zeros((10, 8)))
    for one in found:
        for name, by, to in zip("abc", scale, shift, strict=True):
            one.write(name, by * rng.normal(size=8) + to)
    return found


@settings(max_examples=25)
@given(st.lists(st.floats(0.01, 100), min_size=3, max_size=3), st.lists(st.floats(-50, 50), min_size=3, max_size=3))
def test_a_ranking_does_not_mind_units_and_a_weighted_sum_does(scale, shift) -> None:
    pairs = UniformPairs(4, 4).sample(factored(), 200, 0)  # equal lengths: a shift of a sum is then a shift
    teacher = HierarchicalTeacher(ORDER, multiples=0.5)
    before, after = (teacher.label(one, pairs) for one in (factored(), factored(0, scale, shift)))
    assert (np.isnan(before) == np.isnan(after)).all()
    assert (before == after)[~np.isnan(before)].all()
    if max(scale) > 20 * min(scale):
        sums = [teacher.factors(one, pairs).sum(axis=-1) for one in (factored(), factored(0, scale))]
        signs = [np.sign(one[:, 0] - one[:, 1]) for one in sums]
        assert (signs[0] != signs[1]).mean() > 0.05


def test_the_first_factor_that_differs_enough_decides() -> None:
    one, other, third = episodes = paid([0.0], [0.0], [0.0])
    for each, values in zip(episodes, ((1, 5, 0), (0, 1, 9), (1.05, 5, 1)), strict=True):
        for name, value in zip("abc", values, strict=True):
            each.write(name, np.array([value]))
    teacher = HierarchicalTeacher(ORDER, margins=(0.1, 0.1, 0.1))
    # a decides for the first over the second; the first and the third differ in c only; more of b is worse.
    assert teacher.label(episodes, np.array([[[0, 0, 1], [1, 0, 1]], [[0, 0, 1], [2, 0, 1]]])).tolist() == [1, 0]
    teacher = HierarchicalTeacher(ORDER, margins=(2, 0.1, 0.1))
    assert teacher.label([one, other], np.array([[[0, 0, 1], [1, 0, 1]]])).tolist() == [0]
    assert np.isnan(HierarchicalTeacher(ORDER, margins=(99, 99, 99)).label([one, third], whole([one, third]))).all()


def test_labels_are_antisymmetric_and_the_order_matters_only_where_levels_disagree() -> None:
    episodes = factored(1)
    pairs = UniformPairs(1, 5).sample(episodes, 300, 0)
    teacher = HierarchicalTeacher(ORDER, 0.5)
    labels = teacher.label(episodes, pairs)
    back = teacher.label(episodes, swapped(pairs))
    assert np.array_equal(back, 1 - labels, equal_nan=True)
    assert np.isnan(labels).any() or (labels != 0.5).all()
    turned = dataclasses.replace(teacher, order=ORDER[::-1]).label(episodes, pairs)
    gaps = np.diff(teacher.factors(episodes, pairs), axis=1)[:, 0]
    margins = 0.5 * teacher.factors(episodes, pairs).reshape(-1, 3).std(axis=0)
    votes = np.where(np.abs(gaps) > margins, np.sign(gaps), 0)
    torn = (votes > 0).any(axis=1) & (votes < 0).any(axis=1)
    assert np.array_equal(turned[~torn], labels[~torn], equal_nan=True)
    assert (turned[torn] != labels[torn]).any()


def test_the_orders_of_the_worlds_are_known_and_wrong_ones_refused() -> None:
    assert [factor.name for factor in ORDERS["manipulation"]] == ["success", "state.gap", "state.reach", "effort"]
    with pytest.raises(UnknownNameError, match="household"):
        HierarchicalTeacher("houshold")
    with pytest.raises(ValueError, match="for 3 factors"):
        HierarchicalTeacher(ORDER, multiples=(1.0, 2.0))
    with pytest.raises(UnknownNameError, match="more"):
        Factor("a", "moar")  # type: ignore[arg-type]
