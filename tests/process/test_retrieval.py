"""GraphRAG-R1 (entry 1): retrieval is paid less and less, then costs; phases."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guerdon.reward_models.transforms.base import Outcome
from guerdon.reward_models.transforms.retrieval import (
    CostAwareF1,
    PhaseSchedule,
    ProgressiveRetrieval,
    WellFormed,
    valid_searches,
)

from .batches import batch, episode


def paid(transform, calls: int, outcome: float = 0.0) -> float:
    found = transform(batch([episode(2, outcome, text={"retrievals": calls})]))[0]
    assert found[0] == 0.0
    return float(found[-1])


@given(st.floats(0.1, 2), st.floats(0.05, 0.95))
def test_each_call_adds_less_and_the_total_is_bounded(base: float, decay: float) -> None:
    totals = np.array([paid(ProgressiveRetrieval(base, decay), n) for n in range(12)])
    assert totals[0] == 0.0
    assert np.diff(totals) == pytest.approx([base * decay**n for n in range(11)])
    assert (np.diff(totals) > 0).all()
    assert totals.max() < base / (1 - decay)


@given(st.floats(0.01, 1), st.integers(1, 8))
def test_the_best_number_of_calls(cost: float, needed: int) -> None:
    earned = [paid(CostAwareF1(cost=cost), n, outcome=float(n >= needed)) for n in range(12)]
    assert int(np.argmax(earned)) == needed
    assert earned[needed] == pytest.approx(np.exp(-cost * needed))
    assert earned[:needed] == [0.0] * needed
    bonus = [paid(ProgressiveRetrieval(), n, outcome=float(n >= needed)) for n in range(12)]
    assert int(np.argmax(bonus)) == 11


def test_the_count_is_the_world_s_or_one_s_own_or_an_error() -> None:
    actions = ["search x", "search y", "read", "answer"]
    silent = batch([episode(4, 1.0, action=actions, valid=[True, False, True, True])])
    assert valid_searches(silent.trajectories[0]) == 1
    assert CostAwareF1(cost=0.5, count=valid_searches)(silent)[0][-1] == pytest.approx(np.exp(-0.5))
    with pytest.raises(KeyError, match="no 'retrievals' among"):
        CostAwareF1()(silent)


def test_well_formed_means_all_valid_and_ended_by_itself() -> None:
    good, broken, cut = episode(2), episode(2, valid=[False, True]), episode(2)
    cut.steps[-1].terminated = False
    assert [one.tolist() for one in WellFormed()(batch([good, broken, cut]))] == [[0, 1], [0, 0], [0, 0]]


def test_phases_by_iteration() -> None:
    schedule = PhaseSchedule((Outcome(), 2.0 * Outcome(), 3.0 * Outcome()), (2, 5))
    found = [schedule(batch([episode(1, 1.0)], iteration=i))[0][0] for i in range(7)]
    assert found == [1, 1, 2, 2, 2, 3, 3]
    with pytest.raises(ValueError, match="3 phases need 2 ascending starts"):
        PhaseSchedule(schedule.phases, (5, 2))
