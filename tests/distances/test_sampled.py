"""Sampled distances against exact ones, and what they must not change by."""

from __future__ import annotations

from typing import Any

import gymnasium as gym
import numpy as np
import pytest

from guerdon.core.trajectory import Trajectory
from guerdon.evaluation.distances.canonical import canonical
from guerdon.evaluation.distances.sampled import OWN, sampled_distances
from guerdon.evaluation.distances.sampling import Fan, sample_fans
from guerdon.reward_models import make_reward

GRID, GAMMA = "guerdon:guerdon/Grid-v0", 0.8
SHAPED = "tabular/grid-potential-v1"


@pytest.fixture(scope="module")
def fans() -> list[Fan]:
    return sample_fans(GRID, {}, situations=25, rollouts=60, horizon=25, seed=0)[0]


def exact(fan: Fan, catalogue: Any) -> float:
    """Return the canonical form of the env's own reward for the step of a fan."""
    problem, step = catalogue.problem(fan.step.task_id), fan.step.steps[0]
    return float(canonical(problem.mdp, problem.mdp.rewards, GAMMA)[int(step.obs), int(step.action)])


def test_forms_come_near_to_the_exact_ones(fans: list[Fan]) -> None:
    catalogue = gym.make(GRID).unwrapped.catalogue  # type: ignore[attr-defined]
    true = np.array([exact(fan, catalogue) for fan in fans])

    def worth(plays: list[Trajectory]) -> tuple[float, float]:
        found = [sum(step.reward * GAMMA**t for t, step in enumerate(one.steps)) for one in plays]
        return float(np.mean(found)), float(np.var(found) / len(found))

    estimates, errors = [], []
    for fan in fans:
        (here, noise), (later, more) = worth(fan.here), worth(fan.there) if fan.there else (0.0, 0.0)
        estimates.append(fan.step.steps[0].reward + GAMMA * later - here)
        errors.append((noise + GAMMA**2 * more) ** 0.5)
    far = np.abs(np.array(estimates) - true) / (np.array(errors) + 1e-3)
    assert (far < 4.5).all()
    assert np.corrcoef(estimates, true)[0, 1] > 0.9


def test_more_plays_come_nearer() -> None:
    """The distance of the env's reward to a mixture with another, against that of the exact forms."""
    names = {"shaped": SHAPED, "scaled": f"3 * {SHAPED}", "same": "tabular/outcome-v1"}
    few = sampled_distances(GRID, names, gamma=GAMMA, situations=30, rollouts=2, horizon=10, resamples=50)
    many = sampled_distances(GRID, names, gamma=GAMMA, situations=30, rollouts=2, horizon=60, resamples=50)
    assert many.between("shaped", OWN)[0] < 1e-3 < few.between("shaped", OWN)[0] + 1e-2
    assert many.between("shaped", "scaled")[0] < 1e-9
    assert many.between("same", OWN)[0] < 1e-9


@pytest.mark.parametrize("kind", ["val", "epic", "dard"])
def test_it_is_a_matrix_of_distances_with_intervals(kind: str) -> None:
    found = sampled_distances(
        "guerdon:guerdon/Household-v0",
        ["household/success-v1", "household/busy-v1", "household/subgoals-v1"],
        kind=kind,
        situations=12,
        rollouts=2,
        horizon=15,
        resamples=30,
    )
    assert found.values.shape == (4, 4)
    np.testing.assert_allclose(found.values, found.values.T)
    np.testing.assert_allclose(np.diag(found.values), 0.0, atol=1e-12)
    assert (found.low <= found.high + 1e-12).all()
    assert ((found.values >= 0) & (found.values <= 1 + 1e-12)).all()
    assert found.env_steps > 0


def test_equal_seeds_give_equal_distances() -> None:
    rewards = ["tabular/outcome-v1", SHAPED]
    one, again = (
        sampled_distances(GRID, rewards, situations=8, rollouts=2, horizon=10, resamples=10) for _ in range(2)
    )
    np.testing.assert_array_equal(one.values, again.values)
    np.testing.assert_array_equal(one.low, again.low)


def test_minus_a_reward_is_as_far_away_as_can_be() -> None:
    reward = make_reward("tabular/outcome-v1")
    found = sampled_distances(GRID, {"minus": -1.0 * reward}, situations=30, rollouts=2, horizon=30, resamples=5)
    assert found.between("minus", OWN)[0] == pytest.approx(1.0)


def test_a_number_that_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="rollouts is 0"):
        sampled_distances(GRID, ["tabular/outcome-v1"], rollouts=0)
    with pytest.raises(ValueError, match="canonical form 'star'"):
        sampled_distances(GRID, ["tabular/outcome-v1"], kind="star")
