"""PRL: the advantage with the tail of the log-ratio is the gradient of the regularised objective, and no other."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from guerdon.agents.advantages.tail_ratio import TailRatio
from guerdon.agents.policies.base import log_probs
from guerdon.core.trajectory import Batch
from guerdon.envs.tabular.mdp import TabularMDP
from guerdon.envs.tabular.solvers import soft_optimal
from guerdon.reward_models.transforms.base import Outcome

from .trees import chances, every_episode, score_gradient, set_logits, table_policy, tree


@pytest.fixture(scope="module")
def world() -> tuple[TabularMDP, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    mdp = tree(3, 3, rng.normal(size=27))
    return mdp, rng.normal(size=(mdp.num_states, 3)), rng.normal(size=(mdp.num_states, 3))


def with_reference(mdp: TabularMDP, logits: np.ndarray, reference: np.ndarray) -> tuple[Batch, np.ndarray]:
    batch, weights = every_episode(mdp, table_policy(mdp, logits))
    frozen = table_policy(mdp, reference)
    for one, logp in zip(batch.trajectories, log_probs(frozen, batch.trajectories), strict=True):
        one.write("ref_logp", logp)
    return batch, weights


def objective(mdp: TabularMDP, logits: np.ndarray, reference: np.ndarray, eta: float) -> float:
    """E[R] - KL(pi || ref) / eta, over whole episodes."""
    batch, weights = with_reference(mdp, logits, reference)
    divergence = [sum(s.logp for s in one.steps) - one.column("ref_logp").sum() for one in batch.trajectories]
    return float(weights @ [one.outcome for one in batch.trajectories] - weights @ divergence / eta)


def gradient(mdp: TabularMDP, logits: np.ndarray, reference: np.ndarray, eta: float) -> np.ndarray:
    batch, weights = with_reference(mdp, logits, reference)
    credit = TailRatio(eta, outcome="raw")(batch, Outcome()(batch))
    return score_gradient(table_policy(mdp, logits), batch, weights, credit)


@pytest.mark.parametrize("eta", [0.5, 3.0])
def test_expected_gradient_is_that_of_the_regularised_objective(
    world: tuple[TabularMDP, np.ndarray, np.ndarray], eta: float
) -> None:
    mdp, logits, reference = world
    found, step = gradient(mdp, logits, reference, eta), 1e-5
    for state in range(13):
        for action in range(3):
            change = np.zeros_like(logits)
            change[state, action] = step
            up, down = (objective(mdp, logits + sign * change, reference, eta) for sign in (1, -1))
            assert abs((up - down) / (2 * step) - found[state, action]) < 1e-8


def test_without_regularisation_it_is_reinforce(world: tuple[TabularMDP, np.ndarray, np.ndarray]) -> None:
    mdp, logits, reference = world
    batch, weights = with_reference(mdp, logits, reference)
    plain = [np.full(len(one), one.outcome) for one in batch.trajectories]
    expected = score_gradient(table_policy(mdp, logits), batch, weights, plain)
    assert_allclose(gradient(mdp, logits, reference, np.inf), expected, atol=1e-12)


def test_the_optimum_is_the_tilted_reference(world: tuple[TabularMDP, np.ndarray, np.ndarray]) -> None:
    mdp, logits, reference = world
    eta = 2.0
    before = table_policy(mdp, reference)
    batch, weights = every_episode(mdp, before)
    best = soft_optimal(mdp, chances(before, mdp), eta)
    tilted = np.log(np.where(mdp.admissible, best.policy, 1.0))
    set_logits(before, tilted)
    after = every_episode(mdp, before)[1]
    lifted = weights * np.exp(eta * np.array([one.outcome for one in batch.trajectories]))
    assert_allclose(after, lifted / lifted.sum(), atol=1e-12)  # pi* ~ ref e^(eta R)
    assert_allclose(gradient(mdp, tilted, reference, eta), 0.0, atol=1e-12)
    assert np.abs(gradient(mdp, logits, reference, eta)).max() > 1e-2
