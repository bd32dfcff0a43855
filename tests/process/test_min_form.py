"""PURE (entry 17): the return is the smallest score, and it does not grow with the number of steps."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guerdon.agents.advantages.base import returns_to_go
from guerdon.reward_models.transforms.base import Column, Outcome
from guerdon.reward_models.transforms.min_form import MinForm, StrictMin

from .batches import batch, episode

SCORES = st.lists(st.floats(-1, 1).map(lambda x: round(x, 2)), min_size=1, max_size=12)


def returns(transform, scores) -> np.ndarray:
    return returns_to_go(transform(batch([episode(len(scores), paid=scores)]))[0])


def test_the_numbers_of_the_paper_s_temperature() -> None:
    assert returns(MinForm(temperature=0.1), [0.8, 0.6, -0.4, 0.9]) == pytest.approx([-0.4, -0.4, -0.4, 0.0], abs=0.01)
    # Two steps in closed form: weights e^(-r / T) / sum.
    found = MinForm(temperature=0.5)(batch([episode(2, paid=[0.5, -0.5])]))[0]
    assert found == pytest.approx([0.5 / (1 + np.e**2), -0.5 / (1 + np.e**-2)])


@given(SCORES)
def test_the_return_tends_to_the_smallest_score(scores: list[float]) -> None:
    worst, found = scores.index(min(scores)), returns(MinForm(temperature=1e-3), scores)
    assert found[0] == pytest.approx(min(scores), abs=1e-3)
    if scores.count(min(scores)) == 1:
        assert found[: worst + 1] == pytest.approx(min(scores), abs=0.02)
        assert found[worst + 1 :] == pytest.approx(0.0, abs=0.02)


@given(SCORES)
def test_no_return_exceeds_the_largest_score_however_long_the_episode(scores: list[float]) -> None:
    for copies in (1, 20):
        found = returns(MinForm(temperature=0.1), scores * copies)
        assert np.abs(found).max() <= np.abs(scores).max() + 1e-9


@given(SCORES)
def test_strict_returns_are_the_smallest_score_to_come(scores: list[float]) -> None:
    found = returns(StrictMin(), scores)
    assert found == pytest.approx([min(scores[k:]) for k in range(len(scores))])


def test_the_outcome_is_added_at_the_last_step_and_other_parts_can_be_transformed() -> None:
    one = batch([episode(3, outcome=1.0, prm=[0.1, 0.2, 0.3])])
    plain = MinForm(Column("prm"))(one)[0]
    assert (MinForm(Column("prm")) + 2.0 * Outcome())(one)[0] == pytest.approx(plain + np.array([0, 0, 2.0]))
    assert MinForm(2.0 * Column("prm"))(one)[0].sum() > plain.sum()


def test_no_temperature_no_min_form() -> None:
    with pytest.raises(ValueError, match=r"temperature of the min-form is 0\.0; it must be above 0"):
        MinForm(temperature=0.0)
