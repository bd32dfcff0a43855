"""The correlation definition of hacking: the inequality, and policies that it keeps safe."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guerdon.envs.tabular.mdp import TabularMDP
from guerdon.envs.tabular.solvers import value_iteration
from guerdon.evaluation.correlation import chi_squared, optimise_proxy, proxy_report, visits

GAMMA = 0.9


def world(rng: np.random.Generator, states: int = 5, actions: int = 3) -> TabularMDP:
    """Return a random world without terminal states."""
    return TabularMDP(
        transitions=rng.dirichlet(np.full(states, 0.3), size=(states, actions)),
        rewards=np.zeros((states, actions)),
        terminal=np.zeros(states, dtype=bool),
        start=np.full(states, 1 / states),
        admissible=np.ones((states, actions), dtype=bool),
    )


def policy(rng: np.random.Generator, mdp: TabularMDP) -> np.ndarray:
    return rng.dirichlet(np.full(mdp.num_actions, 0.5), size=mdp.num_states)


def test_the_inequality_holds_in_2000_draws() -> None:
    broken, tight = 0, np.inf
    for seed in range(2000):
        rng = np.random.default_rng(seed)
        mdp = world(rng)
        true = rng.normal(size=(5, 3))
        proxy = true + rng.choice([0.05, 0.5, 2.0]) * rng.normal(size=(5, 3))
        found = proxy_report(mdp, true, proxy, policy(rng, mdp), policy(rng, mdp), GAMMA)
        if found.correlation > 0:
            broken += found.gain < found.bound - 1e-9
            tight = min(tight, found.gain - found.bound)
    assert broken == 0
    assert tight < 0.2  # the inequality says something: some draw comes near to it


@given(seed=st.integers(0, 5000))
def test_visits_and_chi_squared(seed: int) -> None:
    rng = np.random.default_rng(seed)
    mdp = world(rng)
    ours, theirs = (visits(mdp, policy(rng, mdp), GAMMA) for _ in range(2))
    assert ours.sum() == pytest.approx(1.0)
    assert chi_squared(ours, theirs) == pytest.approx((ours**2 / theirs).sum() - 1)
    assert chi_squared(theirs, theirs) == 0.0
    assert chi_squared(ours, np.where(np.arange(3) == 0, 0.0, theirs)) == np.inf


@pytest.mark.parametrize("divergence", ["chi2", "sqrt-chi2", "kl", "tv"])
@settings(max_examples=4)
@given(seed=st.integers(0, 500))
def test_nothing_nearby_is_better(divergence: str, seed: int) -> None:
    """The best visits are a maximum: no policy, and no mixture with one, scores more."""
    from guerdon.evaluation.correlation import _penalty  # the definition, in the test's own words below

    rng = np.random.default_rng(seed)
    mdp, weight = world(rng), 0.3
    base, proxy = 0.7 * policy(rng, mdp) + 0.1, rng.normal(size=(5, 3))
    theirs = visits(mdp, base, GAMMA)
    ours = visits(mdp, optimise_proxy(mdp, proxy, base, GAMMA, divergence, weight), GAMMA)

    def score(d: np.ndarray) -> float:
        terms = {
            "chi2": ((d - theirs) ** 2 / theirs).sum(),
            "sqrt-chi2": np.sqrt(((d - theirs) ** 2 / theirs).sum()),
            "kl": (d * np.log(np.maximum(d, 1e-300) / theirs)).sum(),
            "tv": 0.5 * np.abs(d - theirs).sum(),
        }
        assert _penalty(divergence, d, theirs) == pytest.approx(terms[divergence], abs=1e-9)
        return float((d * proxy).sum() - weight * terms[divergence])

    best = score(ours)
    for _ in range(30):
        other = visits(mdp, policy(rng, mdp), GAMMA)
        for share in (1.0, 0.3, 0.01):
            assert score((1 - share) * ours + share * other) <= best + (0.03 if divergence == "tv" else 4e-3)


def test_a_weight_of_nothing_hacks_and_a_large_one_stays() -> None:
    rng = np.random.default_rng(3)
    mdp = world(rng)
    base, proxy = policy(rng, mdp), rng.normal(size=(5, 3))
    free = optimise_proxy(mdp, proxy, base, GAMMA, weight=0)
    np.testing.assert_allclose(free, value_iteration(mdp.with_rewards(proxy), GAMMA).policy)
    for divergence in ("chi2", "sqrt-chi2", "kl", "action-kl"):
        held = optimise_proxy(mdp, proxy, base, GAMMA, divergence, 100.0)
        np.testing.assert_allclose(visits(mdp, held, GAMMA), visits(mdp, base, GAMMA), atol=0.02)


def test_what_has_no_visits_to_compare_is_refused() -> None:
    rng = np.random.default_rng(0)
    mdp = world(rng)
    ends = TabularMDP(mdp.transitions, mdp.rewards, np.arange(5) == 4, mdp.start, mdp.admissible)
    with pytest.raises(ValueError, match="visits must sum to 1"):
        proxy_report(ends, mdp.rewards, mdp.rewards, policy(rng, mdp), policy(rng, mdp), GAMMA)
    with pytest.raises(ValueError, match="divergence 'chi'"):
        optimise_proxy(mdp, mdp.rewards, policy(rng, mdp), GAMMA, "chi")
