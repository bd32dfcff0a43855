"""VOC: rank correlation with ties as defined, and what forward, backward and constant scores make of it."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guerdon.core.trajectory import Step, Trajectory
from guerdon.core.transition import Transition
from guerdon.evaluation.voc import reversed_trajectory, spearman, value_order
from guerdon.reward_models.learned.base import RewardModel

NUMBERS = st.lists(st.integers(-5, 5), min_size=2, max_size=30)


def film(values: Sequence[float], success: int | None = None) -> Trajectory:
    steps = [
        Step(np.array([a], float), np.zeros(1), np.array([b], float), success=number == success)
        for number, (a, b) in enumerate(itertools.pairwise(values), 1)
    ]
    return Trajectory("film", 0, steps)


@dataclass
class Reader(RewardModel):
    """Says what it sees, or how often it was asked."""

    clock: bool = False
    name = "reader"
    fits = "demonstrations"
    values_states = True

    def fit(self, data: Any, seed: int = 0) -> dict[str, float]:
        return {}

    def begin(self, start: Transition) -> np.ndarray:
        self.asked = 0
        return self._say(start)

    def score(self, transition: Transition) -> np.ndarray:
        self.asked += 1
        return self._say(transition)

    def _say(self, transition: Transition) -> np.ndarray:
        return np.array([float(self.asked)]) if self.clock else transition.next_obs[:, 0]

    def arrays(self) -> dict[str, np.ndarray]:
        return {}

    def restore(self, arrays: dict[str, np.ndarray]) -> None: ...


def test_the_rank_correlation_of_a_known_example() -> None:
    """1 - 6 sum d^2 / (n (n^2 - 1)) without ties; with ties the correlation of mean ranks."""
    assert spearman(np.arange(5), np.array([1, 3, 2, 5, 4])) == pytest.approx(1 - 6 * 4 / (5 * 24))
    ranks = np.array([1, 2.5, 2.5, 4])
    assert spearman(np.arange(4), np.array([0, 7, 7, 9])) == pytest.approx(np.corrcoef(np.arange(4), ranks)[0, 1])


@given(NUMBERS)
def test_only_the_order_counts_and_reversal_negates(values: list[int]) -> None:
    one, time = np.array(values, float), np.arange(len(values))
    assert spearman(time, one) == pytest.approx(spearman(time, np.exp(one)), abs=1e-12)
    assert spearman(time, one[::-1]) == pytest.approx(-spearman(time, one), abs=1e-12)
    assert -1 - 1e-12 <= spearman(time, one) <= 1 + 1e-12


def test_no_order_is_zero() -> None:
    assert spearman(np.arange(4), np.ones(4)) == 0.0


def test_a_model_that_sees_is_told_from_one_that_counts() -> None:
    films = [film([0.0, 0.1, 0.4, 0.9]), film([0.0, 0.5, 0.3, 0.8])]
    seeing, counting = value_order(Reader(), films), value_order(Reader(clock=True), films)
    assert seeing.forward == pytest.approx((1.0, 0.8))
    assert seeing.backward == pytest.approx((-1.0, -0.8))
    assert seeing.mean_forward == pytest.approx(0.9)
    assert counting.mean_backward == counting.mean_forward == pytest.approx(1.0)


def test_standing_at_the_goal_does_not_count() -> None:
    one = film([0.0, 0.5, 1.0, 0.9, 0.8, 0.7], success=2)
    assert value_order(Reader(), [one]).forward == pytest.approx((1.0,))
    assert value_order(Reader(), [one], until_success=False).mean_forward < 0.5


def test_a_film_runs_backwards() -> None:
    back = reversed_trajectory(film([1.0, 2.0, 3.0]))
    assert [step.obs[0] for step in back.steps] == [3.0, 2.0]
    assert [step.next_obs[0] for step in back.steps] == [2.0, 1.0]


def test_models_of_steps_and_nothing_are_refused() -> None:
    model = Reader()
    with pytest.raises(ValueError, match="no trajectories"):
        value_order(model, [])
    type(model).values_states = False
    try:
        with pytest.raises(ValueError, match="scores steps"):
            value_order(model, [film([0, 1, 2])])
    finally:
        type(model).values_states = True
