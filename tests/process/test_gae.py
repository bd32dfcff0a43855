"""GAE: its two ends, what lies between, segments cut out of an episode, and what the value head is taught."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guerdon.agents.advantages.base import returns_to_go
from guerdon.agents.advantages.gae import GAE

from .batches import batch, episode

STEPS = st.lists(st.tuples(st.floats(-2, 2), st.floats(-2, 2)), min_size=1, max_size=8)


@given(STEPS, st.floats(0, 1), st.floats(-2, 2))
def test_the_two_ends_of_lambda(steps, gamma: float, last: float) -> None:
    paid, values = np.array([step[0] for step in steps]), np.array([step[1] for step in steps])
    one = batch([episode(len(steps), value=values, last_value=last)])
    bootstrapped = returns_to_go(np.append(paid, last), gamma)[:-1]
    assert GAE(gamma, 1.0, False)(one, [paid])[0] == pytest.approx(bootstrapped - values)
    assert GAE(gamma, 1.0, True).targets(one, [paid])[0] == pytest.approx(bootstrapped)
    errors = paid + gamma * np.append(values[1:], last) - values
    assert GAE(gamma, 0.0, False)(one, [paid])[0] == pytest.approx(errors)


@given(STEPS, st.floats(0, 1), st.floats(0, 1))
def test_between_the_ends_it_is_the_weighted_sum_of_errors(steps, gamma: float, lam: float) -> None:
    paid, values = np.array([step[0] for step in steps]), np.array([step[1] for step in steps])
    one = batch([episode(len(steps), value=values, last_value=0.5)])
    errors = paid + gamma * np.append(values[1:], 0.5) - values
    expected = [sum((gamma * lam) ** (j - k) * errors[j] for j in range(k, len(paid))) for k in range(len(paid))]
    assert GAE(gamma, lam, False)(one, [paid])[0] == pytest.approx(expected)


def test_a_perfect_value_head_leaves_nothing_to_credit() -> None:
    paid = np.array([0.0, 0.0, 1.0])
    one = batch([episode(3, value=[0.81, 0.9, 1.0])])
    assert GAE(0.9, 0.7, False)(one, [paid])[0] == pytest.approx([0, 0, 0])


def test_normalised_over_the_batch_but_not_what_the_value_head_learns() -> None:
    two = batch([episode(2, value=[0, 0])], [episode(1, value=[0])])
    paid = [np.array([0.0, 1.0]), np.array([5.0])]
    credit = np.concatenate(GAE(1.0, 1.0)(two, paid))
    plain = np.array([1.0, 1.0, 5.0])
    assert credit == pytest.approx((plain - plain.mean()) / plain.std(), rel=1e-5)
    assert np.concatenate(GAE(1.0, 1.0).targets(two, paid)) == pytest.approx(plain)
