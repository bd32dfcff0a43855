"""Clip and Delta (entry 15): what is to come from a step does not depend on how many steps there are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guerdon.agents.advantages.base import returns_to_go
from guerdon.reward_models.transforms.base import Outcome
from guerdon.reward_models.transforms.clip_delta import Clip, Delta

from .batches import batch, episode

SCORES = st.lists(st.floats(-1, 1), min_size=1, max_size=12)


@given(SCORES, st.sampled_from([0.0, 1.0]), st.floats(0.0, 2.0))
def test_the_return_of_a_step_is_its_own_score(scores: list[float], outcome: float, alpha: float) -> None:
    one = batch([episode(len(scores), outcome, paid=scores)])
    found = returns_to_go((alpha * Delta() + Outcome())(one)[0])
    assert found == pytest.approx(alpha * np.array([*scores[:-1], 0.0]) + outcome, abs=1e-12)


@given(SCORES, st.floats(-1, 1), st.sampled_from([0.0, 1.0]))
def test_clipped_no_return_exceeds_the_outcome(scores: list[float], threshold: float, outcome: float) -> None:
    one = batch([episode(len(scores), outcome, paid=scores)])
    assert Clip(threshold=threshold)(one)[0] == pytest.approx([min(score - threshold, 0.0) for score in scores])
    both = Delta(Clip(threshold=threshold)) + Outcome()
    assert returns_to_go(both(one)[0]).max() <= outcome + 1e-12


def test_clip_then_delta_in_numbers() -> None:
    one = batch([episode(4, 1.0, paid=[0.7, 0.1, -0.3, 0.9])])
    assert Clip(threshold=0.2)(one)[0] == pytest.approx([0.0, -0.1, -0.5, 0.0])
    assert Delta(Clip(threshold=0.2))(one)[0] == pytest.approx([0.1, 0.4, -0.5, 0.0])
    assert Delta()(one)[0] == pytest.approx([0.6, 0.4, -0.3, 0.0])


def test_an_answer_alone_is_paid_by_the_outcome_only() -> None:
    assert (Delta() + Outcome())(batch([episode(1, 1.0, paid=[0.9])]))[0].tolist() == [1.0]
