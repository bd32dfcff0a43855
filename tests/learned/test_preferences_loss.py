"""The preference loss, its calibration, and which pairs are drawn."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from guerdon.core.preferences import PreferenceSet
from guerdon.reward_models.learned.calibration import calibration_error, fit_temperature, pair_accuracy
from guerdon.reward_models.learned.pairs import DisagreementPairs, UniformPairs, ask
from guerdon.reward_models.learned.preference_loss import discounted_returns, preference_loss
from guerdon.reward_models.learned.sparse_return import SparseReturnRanking, ranked_pairs
from guerdon.reward_models.learned.teachers import SyntheticTeacher

from .segments import paid


def tensor(*values: float) -> torch.Tensor:
    return torch.tensor(values, dtype=torch.float64)


@given(st.floats(-8, 8), st.floats(-8, 8), st.floats(0, 1), st.floats(0, 0.9))
def test_the_loss_is_the_cross_entropy_of_the_noisy_bradley_terry_model(first, second, label, noise) -> None:
    chance = (1 - noise) / (1 + np.exp(second - first)) + noise / 2
    wanted = -(label * np.log(chance) + (1 - label) * np.log(1 - chance))
    assert float(preference_loss(tensor(first), tensor(second), tensor(label), noise)) == pytest.approx(wanted)


def test_skipped_pairs_do_not_count_ties_pull_together_and_far_pairs_are_cut() -> None:
    first = torch.tensor([3.0, 1.0, 2.0, 400.0], requires_grad=True)
    labels = torch.tensor([float("nan"), 1.0, 0.5, 1.0])
    preference_loss(first, torch.zeros(4), labels).backward()
    assert first.grad is not None
    assert first.grad[0] == 0
    assert first.grad[1] < 0 < first.grad[2]
    assert first.grad[3] == 0
    alone = preference_loss(tensor(1, 2), tensor(0, 0), tensor(1, 0.5))
    assert float(preference_loss(tensor(9, 1, 2), tensor(0, 0, 0), tensor(np.nan, 1, 0.5))) == pytest.approx(alone)
    assert float(preference_loss(tensor(0), tensor(1e6), tensor(1))) == pytest.approx(50)
    assert float(preference_loss(tensor(0), tensor(1e6), tensor(1), noise=0.1)) == pytest.approx(np.log(20))
    assert float(preference_loss(tensor(1), tensor(0), tensor(np.nan))) == 0


def test_a_constant_in_every_step_is_invisible_if_and_only_if_lengths_are_equal() -> None:
    rewards = torch.randn(6, 5, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    labels = tensor(1, 0, 1)
    for lengths, same in (([4] * 6, True), ([4, 4, 4, 4, 4, 2], False)):
        losses = []
        for constant in (0.0, 0.7):
            returns = discounted_returns(rewards + constant, torch.tensor(lengths), 0.9)
            losses.append(float(preference_loss(returns[:3], returns[3:], labels)))
        assert (losses[0] == pytest.approx(losses[1], abs=1e-12)) is same


def test_returns_are_discounted_from_the_segments_own_start() -> None:
    rewards = torch.tensor([[1.0, 2.0, float("nan")], [1.0, 2.0, 4.0]])
    assert discounted_returns(rewards, torch.tensor([2, 3]), 0.5).tolist() == [2.0, 3.0]
    assert discounted_returns(rewards, torch.tensor([2, 3])).tolist() == [3.0, 7.0]


def test_temperature_finds_how_overconfident_chances_are() -> None:
    rng = np.random.default_rng(0)
    gaps = rng.normal(size=4000)
    labels = (rng.random(4000) < 1 / (1 + np.exp(-gaps))).astype(float)
    labels[:5] = np.nan
    assert fit_temperature(4 * gaps, labels) == pytest.approx(4, rel=0.1)
    assert fit_temperature(gaps / 3, labels) == pytest.approx(1 / 3, rel=0.1)
    sure, right = 1 / (1 + np.exp(-4 * gaps)), 1 / (1 + np.exp(-gaps))
    assert calibration_error(sure, labels) > 0.1
    assert calibration_error(right, labels) < 0.03
    assert fit_temperature(gaps[:5], labels[:5]) == 1.0


def test_accuracy_leaves_out_ties_and_counts_even_chances_half() -> None:
    labels = np.array([1, 0, 1, 0.5, np.nan])
    assert pair_accuracy(np.array([0.9, 0.9, 0.5, 0.1, 0.1]), labels) == pytest.approx(0.5)
    assert np.isnan(pair_accuracy(np.array([0.9]), np.array([np.nan])))
    assert calibration_error(np.array([1.0, 0.0]), np.array([1.0, 0.0])) == 0
    assert calibration_error(np.array([0.95]), np.array([0.0])) == pytest.approx(0.95)


@given(st.integers(1, 4), st.integers(0, 6), st.integers(0, 99))
def test_pairs_are_different_segments_of_the_lengths_that_are_wanted(shortest, more, seed) -> None:
    episodes = paid(*(np.zeros(size) for size in (3, 1, 6, 9, 2)))
    pairs = UniformPairs(shortest, shortest + more).sample(episodes, 60, seed)
    PreferenceSet(episodes, pairs, np.zeros(60))  # checks that they lie in the trajectories
    lengths = pairs[..., 2] - pairs[..., 1]
    assert lengths.min() >= shortest
    assert lengths.max() <= shortest + more
    assert (pairs[:, 0] != pairs[:, 1]).any(axis=1).all()
    assert (pairs == UniformPairs(shortest, shortest + more).sample(episodes, 60, seed)).all()


def test_lengths_vary_by_default_and_impossible_draws_are_refused() -> None:
    pairs = UniformPairs().sample(paid(np.zeros(40), np.zeros(40)), 500, 0)
    lengths = pairs[..., 2] - pairs[..., 1]
    assert set(lengths.reshape(-1).tolist()) == set(range(1, 26))
    assert (lengths[:, 0] != lengths[:, 1]).mean() > 0.9
    with pytest.raises(ValueError, match="no two segments"):
        UniformPairs(5, 9).sample(paid(np.zeros(4)), 1, 0)
    with pytest.raises(ValueError, match="no two segments"):
        UniformPairs(4, 9).sample(paid(np.zeros(4)), 1, 0)
    with pytest.raises(ValueError, match="at most longest"):
        UniformPairs(3, 2)


def test_the_most_doubtful_pairs_are_kept() -> None:
    class Doubt:
        def disagreement(self, trajectories, pairs):
            return pairs[:, 0, 1].astype(float)  # the later the first segment begins, the more doubtful

    episodes = paid(np.zeros(30), np.zeros(30))
    drawn = UniformPairs(1, 5).sample(episodes, 80, 3)
    kept = DisagreementPairs(Doubt(), UniformPairs(1, 5), 10).sample(episodes, 8, 3)
    assert kept[:, 0, 1].tolist() == sorted(drawn[:, 0, 1].tolist(), reverse=True)[:8]


def test_asking_keeps_who_was_asked() -> None:
    episodes = paid([1.0], [0.0])
    asked = ask(SyntheticTeacher(beta=2.0), episodes, np.array([[[0, 0, 1], [1, 0, 1]]]))
    assert "beta=2.0" in asked.source


def test_sors_ranks_whole_trajectories_and_drops_ties() -> None:
    episodes = paid([0, 0, 1], [0, 0], [0, 1], [0, 0, 0])
    pairs = np.array([[[0, 0, 3], [1, 0, 2]], [[1, 0, 2], [2, 0, 2]], [[0, 0, 3], [2, 0, 2]]])
    assert SparseReturnRanking().label(episodes, pairs) == pytest.approx([1, 0, np.nan], nan_ok=True)
    found = ranked_pairs(episodes, 50, 0)
    assert len(found) == 50
    assert found.decided.all()
    assert (found.pairs[..., 1] == 0).all()
    assert {tuple(one) for one in found.pairs[..., [0, 2]].reshape(-1, 2).tolist()} <= {(0, 3), (1, 2), (2, 2), (3, 3)}
    with pytest.raises(ValueError, match="nothing to rank"):
        ranked_pairs(paid([0, 0], [0]), 5, 0)
