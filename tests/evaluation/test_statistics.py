from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guerdon.evaluation.statistics import (
    bootstrap_interval,
    iqm,
    probability_of_improvement,
    stratum_scores,
    summarise_outcomes,
    summarise_values,
)

FLOATS = st.floats(-100, 100, allow_nan=False)


def rng(seed=0):
    return np.random.default_rng(seed)


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ([5.0], 5.0),
        ([1.0, 3.0], 2.0),
        ([0.0, 1.0, 5.0], (0.25 * 0 + 1.0 + 0.25 * 5) / 1.5),
        ([0.0, 1.0, 2.0, 100.0], 1.5),
        ([0.0, 1.0, 2.0, 3.0, 50.0], (0.75 * 1 + 2 + 0.75 * 3) / 2.5),
        ([8, 7, 6, 5, 4, 3, 2, 1], 4.5),
    ],
)
def test_iqm_of_known_arrays(scores, expected):
    assert iqm(scores) == pytest.approx(expected)


@given(st.lists(FLOATS, min_size=1, max_size=40), st.floats(-10, 10), st.floats(0.1, 10))
def test_iqm_lies_inside_and_moves_with_the_scores(scores, shift, scale):
    value = iqm(scores)
    assert min(scores) - 1e-9 <= value <= max(scores) + 1e-9
    assert iqm(scores[::-1]) == pytest.approx(value)
    assert iqm(np.array(scores) * scale + shift) == pytest.approx(value * scale + shift, abs=1e-6)


@given(st.lists(FLOATS, min_size=4, max_size=40).filter(lambda scores: len(scores) % 4 == 0))
def test_iqm_equals_the_trimmed_mean_where_four_divides_the_number(scores):
    cut = len(scores) // 4
    assert iqm(scores) == pytest.approx(np.mean(sorted(scores)[cut:-cut]), abs=1e-9)


def test_iqm_along_an_axis_equals_one_row_at_a_time():
    scores = rng().normal(size=(7, 5))
    np.testing.assert_allclose(iqm(scores, axis=1), [iqm(row) for row in scores])
    np.testing.assert_allclose(iqm(scores, axis=0), [iqm(row) for row in scores.T])


def test_nan_and_nothing_are_refused():
    with pytest.raises(ValueError, match=r"1 of 2 values are NaN or infinite"):
        iqm([1.0, float("nan")])
    with pytest.raises(ValueError, match="empty"):
        iqm([])
    with pytest.raises(ValueError, match="num_runs, num_tasks"):
        bootstrap_interval([1.0, 2.0], rng())


def test_three_runs_give_their_range():
    """Each of the 27 draws is as likely; the lowest alone weighs 1/27 > 2.5%."""
    estimate = bootstrap_interval([[0.1], [0.5], [0.6]], rng(), statistic=np.mean, resamples=4000)
    assert (estimate.low, estimate.high) == pytest.approx((0.1, 0.6))
    assert estimate.value == pytest.approx(0.4)


def test_the_bootstrap_draws_the_exact_distribution():
    scores = np.array([[0.0], [1.0], [5.0], [6.0]])
    exact = [np.mean(draw) for draw in product(scores[:, 0], repeat=4)]
    estimate = bootstrap_interval(scores, rng(), statistic=np.mean, level=0.8, resamples=20_000)
    assert estimate.low == pytest.approx(np.quantile(exact, 0.1), abs=0.01)
    assert estimate.high == pytest.approx(np.quantile(exact, 0.9), abs=0.01)


def test_resampling_tasks_apart_is_narrower_for_shared_runs():
    scores = np.repeat([[0.0], [0.5], [1.0]], 8, axis=1)
    whole = bootstrap_interval(scores, rng())
    apart = bootstrap_interval(scores, rng(), whole_runs=False)
    assert apart.high - apart.low < 0.6 * (whole.high - whole.low)


def test_equal_seeds_give_equal_intervals():
    scores = rng(1).random((5, 4))
    assert bootstrap_interval(scores, rng(7)) == bootstrap_interval(scores, rng(7))


@given(st.data())
@settings(max_examples=30, deadline=None)
def test_improvement_is_the_mann_whitney_statistic(data):
    shape = data.draw(st.tuples(st.integers(1, 4), st.integers(1, 4), st.integers(1, 3)))
    cell = st.integers(0, 3)
    x, y = (
        np.array(data.draw(st.lists(st.lists(cell, min_size=shape[2], max_size=shape[2]), min_size=n, max_size=n)))
        for n in shape[:2]
    )
    wins = [(a > b) + 0.5 * (a == b) for t in range(shape[2]) for a in x[:, t] for b in y[:, t]]
    estimate = probability_of_improvement(x, y, rng(), resamples=50)
    assert estimate.value == pytest.approx(np.mean(wins))
    assert probability_of_improvement(y, x, rng(), resamples=50).value == pytest.approx(1 - estimate.value)
    assert estimate.low <= estimate.value <= estimate.high


def test_a_clean_sweep_of_three_seeds_proves_little():
    sweep = probability_of_improvement(np.ones((3, 6)), np.zeros((3, 6)), rng())
    assert sweep.value == 1.0
    assert sweep.low == pytest.approx(0.025 ** (1 / 3))
    with pytest.raises(ValueError, match="2 tasks and y has 3"):
        probability_of_improvement(np.ones((3, 2)), np.ones((3, 3)), rng())


def test_no_success_is_not_certain_failure():
    strata = ["a"] * 30 + ["b"] * 30
    mean, iqms = summarise_outcomes(np.zeros((3, 60)), strata, rng())
    assert (mean.value, mean.low) == (0.0, 0.0)
    assert mean.high == pytest.approx(1 - 0.025 ** (1 / 60))  # Clopper-Pearson for 0 of 60: 6.0%
    assert iqms == mean
    assert summarise_outcomes(np.ones((3, 60)), strata, rng())[0].low == pytest.approx(0.025 ** (1 / 60))


def test_mean_and_iqm_of_outcomes_by_hand():
    outcomes = np.array([[1, 1, 0, 0, 1, 1], [1, 1, 0, 1, 1, 1]])
    labels, cells = stratum_scores(outcomes, list("aabbcc"))
    assert labels == ["a", "b", "c"]
    np.testing.assert_allclose(cells, [[1, 0, 1], [1, 0.5, 1]])
    mean, iqms = summarise_outcomes(outcomes, list("aabbcc"), rng())
    assert mean.value == pytest.approx(9 / 12)
    assert iqms.value == pytest.approx(iqm([0, 0.5, 1, 1, 1, 1]))


def test_a_failed_seed_opens_the_interval():
    """Whole seeds are drawn, so a failed one shows; cells drawn apart would average it away."""
    outcomes = np.ones((3, 60))
    outcomes[0] = 0
    mean, _ = summarise_outcomes(outcomes, [f"type {i % 6}" for i in range(60)], rng())
    assert mean.low == 0.0
    assert mean.high == 1.0


def test_outcomes_must_be_outcomes():
    with pytest.raises(ValueError, match="must be 0 or 1"):
        summarise_outcomes([[0.5, 1.0]], ["a", "a"], rng())
    with pytest.raises(ValueError, match="1 strata are given for 2 tasks"):
        summarise_outcomes([[0, 1]], ["a"], rng())
    with pytest.raises(ValueError, match=r"not in \[0, 1\]"):
        summarise_values([[0.0, 2.0]], ["a", "a"], rng(), unit=True)


def test_values_by_hand():
    estimate = summarise_values([[1.0, 1.0], [3.0, 3.0]], ["a", "a"], rng())
    assert (estimate.value, estimate.low, estimate.high) == (2.0, 1.0, 3.0)


def test_intervals_hold_the_truth_about_as_often_as_they_say():
    """Tasks are the main source of chance here: 3 seeds must do; 200 trials, binomial sd 1.5%."""
    source, strata, held = rng(3), [f"type {i % 6}" for i in range(60)], 0
    for _ in range(200):
        ease = source.beta(2, 1, size=60)  # mean 2/3
        outcomes = source.random((3, 60)) < ease
        mean, _ = summarise_outcomes(outcomes, strata, source, resamples=200)
        held += mean.low <= 2 / 3 <= mean.high
    assert held / 200 > 0.9
