"""What bonuses for novelty promise: closed forms, what falls and what does not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guerdon.reward_models import make_reward
from guerdon.reward_models.learned.e3b import absorb
from guerdon.reward_models.learned.mlp import Mlp

from .steps import begin, pay

# -- counts ---------------------------------------------------------------------------------------------------


def test_meetings_of_one_situation_pay_the_harmonic_of_roots() -> None:
    reward = make_reward("learned/count-v1(beta=0.5)")
    begin(reward, [0])
    found = [float(pay(reward, [0], [0], [7])[0]) for _ in range(50)]
    np.testing.assert_allclose(found, 0.5 / np.sqrt(np.arange(1, 51)), rtol=1e-12)
    assert sum(found) < 2 * 0.5 * 50**0.5


def test_beginnings_are_counted_and_slots_share_the_count() -> None:
    reward = make_reward("learned/count-v1")
    begin(reward, [0, 0])
    np.testing.assert_allclose(pay(reward, [0, 0], [1, 1], [0, 0]), [3**-0.5, 4**-0.5], rtol=1e-12)
    np.testing.assert_allclose(pay(reward, [0, 0], [1, 1], [5, 6]), [1.0, 1.0])


def test_within_an_episode_the_count_begins_anew_and_is_the_slots_own() -> None:
    reward = make_reward("learned/count-v1(scope='episode')")
    begin(reward, ["a", "b"])
    np.testing.assert_allclose(pay(reward, ["a", "b"], ["x", "x"], ["b", "b"]), [1.0, 2**-0.5])
    begin(reward, ["a", "b"])
    np.testing.assert_allclose(pay(reward, ["a", "b"], ["x", "x"], ["b", "b"]), [1.0, 2**-0.5])
    still = reward.frozen()
    np.testing.assert_allclose(pay(still, ["b", "b"], ["x", "x"], ["b", "b"]), [2**-0.5, 3**-0.5])


def test_a_frozen_count_pays_a_meeting_as_the_next_one_each_time() -> None:
    reward = make_reward("learned/count-v1")
    begin(reward, ["start"])
    for _ in range(3):
        pay(reward, ["start"], ["go"], ["there"])
    still = reward.frozen()
    for _ in range(3):
        assert pay(still, ["start"], ["go"], ["there"])[0] == pytest.approx(0.5)


def test_what_is_counted_can_be_the_action_too() -> None:
    reward = make_reward("learned/count-v1(action=True)")
    begin(reward, [0])
    values = [float(pay(reward, [0], [action], [1])[0]) for action in (0, 1, 0)]
    np.testing.assert_allclose(values, [1.0, 1.0, 2**-0.5])


def test_arrays_share_a_key_when_they_are_near_and_not_when_they_are_far() -> None:
    rng = np.random.default_rng(0)
    reward = make_reward("learned/count-v1(settle=500, bits=16)")
    begin(reward, np.zeros((1, 6)))
    for _ in range(500):
        point = rng.normal(size=(1, 6))
        assert pay(reward, point, np.zeros((1, 1)), point)[0] == 0.0
    far = rng.normal(size=(40, 6))
    first = [float(pay(reward, one[None], np.zeros((1, 1)), one[None])[0]) for one in far]
    again = [float(pay(reward, one[None], np.zeros((1, 1)), one[None] * (1 + 1e-9))[0]) for one in far]
    assert np.mean(first) > 0.9
    assert np.max(again) < 0.75


# -- random network distillation ----------------------------------------------------------------------------------


def test_the_error_falls_on_what_is_met_and_stays_where_nobody_was() -> None:
    rng = np.random.default_rng(0)
    known, new = rng.normal(size=(32, 5)), rng.normal(size=(32, 5)) + 3.0
    reward = make_reward("learned/rnd-v1(every=32, warm_up=0, normalise='none', clip=1000)")
    begin(reward, known)
    act = np.zeros((32, 1))
    pay(reward, known, act, known)
    early = [pay(reward.frozen(), one, act, one).mean() for one in (known, new)]
    for _ in range(100):
        pay(reward, known, act, known)
    late = [pay(reward.frozen(), one, act, one).mean() for one in (known, new)]
    assert late[0] < 0.1 * early[0]
    assert late[1] / late[0] > 5 * early[1] / early[0], "what is new stands out more and more"
    assert reward.figures["error"] < 0.1 * early[0]  # type: ignore[attr-defined]


def test_the_fixed_network_does_not_learn() -> None:
    reward = make_reward("learned/rnd-v1(every=8, warm_up=0)")
    begin(reward, np.zeros((8, 2)))
    fixed = [one.detach().clone() for one in reward._fixed.parameters]  # type: ignore[attr-defined]
    learner = [one.detach().clone() for one in reward._learner.parameters]  # type: ignore[attr-defined]
    points = np.random.default_rng(0).normal(size=(8, 2))
    for _ in range(4):
        pay(reward, points, np.zeros((8, 1)), points)
    assert all((one == other).all() for one, other in zip(fixed, reward._fixed.parameters, strict=True))  # type: ignore[attr-defined]
    assert any((one != other).any() for one, other in zip(learner, reward._learner.parameters, strict=True))  # type: ignore[attr-defined]


# -- ellipsoids -------------------------------------------------------------------------------------------------------


@given(st.integers(1, 4), st.integers(1, 6), st.integers(1, 12), st.floats(0.01, 2.0), st.integers(0, 999))
@settings(max_examples=60, deadline=None)
def test_growing_an_inverse_is_inverting_what_has_grown(
    rows: int, size: int, steps: int, ridge: float, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    matrices = np.stack([np.eye(size) * ridge] * rows)
    inverse = np.stack([np.eye(size) / ridge] * rows)
    for _ in range(steps):
        vectors = rng.normal(size=(rows, size))
        wanted = [vector @ np.linalg.inv(one) @ vector for one, vector in zip(matrices, vectors, strict=True)]
        lengths, inverse = absorb(inverse, vectors)
        np.testing.assert_allclose(lengths, wanted, rtol=1e-6)
        matrices = matrices + np.einsum("bi,bj->bij", vectors, vectors)
        np.testing.assert_allclose(inverse, np.linalg.inv(matrices), rtol=1e-5, atol=1e-7)


def test_one_direction_met_again_and_again_pays_one_over_the_meetings() -> None:
    ridge = 0.1
    reward = make_reward("learned/e3b-v1(encoder='random', normalise='none', clip=1e6, every=1000)")
    begin(reward, np.ones((1, 3)))
    still = reward.frozen()
    begin(still, np.ones((1, 3)))
    phi = still._phi  # type: ignore[attr-defined]
    import torch

    with torch.no_grad():
        square = float((phi(torch.ones(1, 3)) ** 2).sum())
    for meeting in range(1, 8):  # the beginning was the first
        wanted = square / (ridge + meeting * square)
        assert pay(still, np.ones((1, 3)), np.zeros((1, 1)), np.ones((1, 3)))[0] == pytest.approx(wanted, rel=1e-4)
    begin(still, np.ones((1, 3)))
    assert pay(still, np.ones((1, 3)), np.zeros((1, 1)), np.ones((1, 3)))[0] == pytest.approx(
        square / (ridge + square), rel=1e-4
    )


def influence(encoder: str) -> float:
    """Return how much more phi moves with numbers that answer to the action than with noise."""
    import torch

    rng = np.random.default_rng(0)
    reward = make_reward(f"learned/e3b-v1(every=64, updates=6, normalise='none', encoder={encoder!r})")
    spot = rng.normal(size=(64, 2))
    begin(reward, np.concatenate([spot, rng.normal(size=(64, 2))], axis=1))
    before = np.zeros((64, 4))
    for _ in range(100):
        action = rng.uniform(-1, 1, size=(64, 2))
        before = np.concatenate([spot, rng.normal(size=(64, 2))], axis=1)
        spot = 0.7 * spot + action
        pay(reward, before, action, np.concatenate([spot, rng.normal(size=(64, 2))], axis=1))
    moments, phi = reward._moments, reward._phi  # type: ignore[attr-defined]
    points = torch.from_numpy(moments.standardise(before, 5.0)).requires_grad_()
    slopes = torch.autograd.grad(phi(points).square().sum(), points)[0].abs().mean(dim=0)
    if encoder == "inverse":
        assert reward.figures["loss"] < 0.5  # type: ignore[attr-defined]
    return float(slopes[:2].mean() / slopes[2:].mean())


def test_the_encoder_learns_what_actions_change_rather_than_noise() -> None:
    assert influence("inverse") > 1.5 * influence("random")


# -- the network ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("spectral", [False, True])
def test_spectral_normalisation_makes_the_network_a_contraction(spectral: bool) -> None:
    import torch

    net = Mlp([6, 50, 50, 1], 0, spectral)
    for _ in range(20):
        net(torch.zeros(1, 6), training=True)
    points = torch.randn(500, 6, generator=torch.Generator().manual_seed(0)).requires_grad_()
    norms = torch.autograd.grad(net(points).sum(), points)[0].norm(dim=1)
    assert (norms.max() <= 1.0 + 1e-3) == spectral
