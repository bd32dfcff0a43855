"""GRPO-lambda (entry 35): a length price for the groups that can afford it."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guerdon.agents.advantages.grpo import GRPO
from guerdon.reward_models.transforms.base import Outcome
from guerdon.reward_models.transforms.length import BatchLength

from .batches import batch, episode

EPISODES = st.lists(st.tuples(st.integers(1, 9), st.sampled_from([0.0, 1.0])), min_size=1, max_size=6)
GROUPS = st.lists(EPISODES, min_size=1, max_size=5)


def made(groups):
    return batch(*([episode(length, outcome) for length, outcome in group] for group in groups))


def totals(paid) -> list[float]:
    return [float(one.sum()) for one in paid]


@given(GROUPS)
def test_without_a_share_it_is_grpo(groups) -> None:
    one = made(groups)
    for ours, plain in zip(BatchLength(share=0.0)(one), Outcome()(one), strict=True):
        assert ours.tolist() == plain.tolist()
    credit = GRPO()(one, BatchLength(share=0.0)(one))
    assert all((a == b).all() for a, b in zip(credit, GRPO()(one, Outcome()(one)), strict=True))


@given(EPISODES, st.floats(0.05, 0.95))
def test_within_a_priced_group_shorter_successes_rank_higher(group, alpha: float) -> None:
    found = totals(BatchLength(share=1.0, alpha=alpha)(made([group])))
    won = sorted((length, value) for (length, outcome), value in zip(group, found, strict=True) if outcome)
    lost = [value for (_, outcome), value in zip(group, found, strict=True) if not outcome]
    assert lost == [0.0] * len(lost)
    assert all(value > 1 - alpha - 1e-9 for _, value in won)
    for (short, more), (long, less) in pairwise(won):
        assert more > less if short < long else more == pytest.approx(less)


def test_in_numbers_and_only_the_most_successful_share_is_priced() -> None:
    easy, hard = [(2, 1.0), (4, 1.0)], [(2, 1.0), (9, 0.0)]
    found = totals(BatchLength(share=0.5, alpha=0.4)(made([hard, easy])))
    sigmoid = 1 / (1 + np.exp(-1.0))
    assert found == pytest.approx([1.0, 0.0, 1 - 0.4 * (1 - sigmoid), 1 - 0.4 * sigmoid])
    # The mean is that of the successes: the long failure does not make the short success look shorter.
    assert totals(BatchLength(share=1.0, alpha=0.4)(made([hard])))[0] == pytest.approx(0.8)


def test_a_success_must_stay_above_a_failure() -> None:
    with pytest.raises(ValueError, match=r"alpha 1\.0"):
        BatchLength(alpha=1.0)
