"""Stepwise progress: contributions add up to the outcome, find the parts of a sum, and grounding can be farmed."""

from __future__ import annotations

import numpy as np
from numpy.testing import assert_allclose, assert_array_equal

from guerdon.agents.policies.tabular import TabularPolicy
from guerdon.agents.scorers.progress import ProgressScorer
from guerdon.core.trajectory import Batch, Group
from guerdon.envs.tabular.mdp import TabularMDP
from guerdon.envs.tabular.solvers import value_iteration
from guerdon.reward_models.transforms.progress import ProgressAttribution

from .trees import episode, every_episode, set_logits, table_policy, tree


def test_contributions_add_up_to_the_outcome() -> None:
    rng = np.random.default_rng(0)
    mdp = tree(3, 3, rng.random(27))
    policy = table_policy(mdp, rng.normal(size=(mdp.num_states, 3)))
    batch, _ = every_episode(mdp, policy)
    scorer = ProgressScorer(policy, learning_rate=0.03, epochs=600)
    first = scorer.fit(batch)
    assert first["residual"] > 0.3
    for one, given in zip(batch.trajectories, scorer.score(batch.trajectories), strict=True):
        assert abs(given.sum() - one.outcome) < 1e-3


def test_parts_of_a_sum_are_found() -> None:
    rng = np.random.default_rng(1)
    true = np.array([0.7, -0.4, 0.1])  # what each action is worth, whenever it is taken
    episodes = []
    for _ in range(40):
        actions = rng.integers(3, size=rng.integers(1, 6)).tolist()
        paid = [0.0] * (len(actions) - 1) + [float(true[actions].sum())]
        episodes.append(episode([0] * (len(actions) + 1), actions, paid, np.ones((1, 3), dtype=bool)))
    scorer = ProgressScorer(TabularPolicy(1, 3).double(), learning_rate=0.03, epochs=600)
    scorer.fit(Batch([Group("sum", episodes)]))
    for one, given in zip(episodes, scorer.score(episodes), strict=True):
        assert_allclose(given, true[[step.action for step in one.steps]], atol=1e-3)


def test_a_new_scorer_gives_nothing() -> None:
    mdp = tree(2, 2, np.zeros(4))
    policy = table_policy(mdp, np.random.default_rng(2).normal(size=(7, 2)))
    policy.values.data += 0.25
    batch, _ = every_episode(mdp, policy)
    for given in ProgressScorer(policy).score(batch.trajectories):
        assert_array_equal(given, [0.0, 0.0])


def test_resuming_is_exact() -> None:
    mdp = tree(2, 3, np.arange(8.0))
    policy = table_policy(mdp)
    batch, _ = every_episode(mdp, policy)
    groups = Batch([Group("a", batch.trajectories[:3]), Group("b", batch.trajectories[3:])])
    scorer = ProgressScorer(policy, learning_rate=0.1, minibatch=4)
    scorer.fit(groups)
    state = scorer.state()
    scorer.fit(groups)
    other = ProgressScorer(policy, learning_rate=0.1, minibatch=4)
    set_logits(other.start, np.random.default_rng(0).normal(size=(15, 2)))  # type: ignore[arg-type]
    other.restore(state)
    other.fit(groups)
    for one, two in zip(scorer.score(batch.trajectories), other.score(batch.trajectories), strict=True):
        assert_array_equal(one, two)


def test_grounding_alone_is_farmed_by_valid_actions_that_do_nothing() -> None:
    # Action 0 is valid and leads nowhere, action 1 solves the task and ends the episode.
    masks = np.ones((2, 2), dtype=bool)
    stalling = episode([0] * 11, [0] * 10, [0.0] * 10, masks)
    solving = episode([0, 1], [1], [1.0], masks)
    batch = Batch([Group("stall", [stalling, solving])])
    for one in batch.trajectories:
        one.write("progress", np.full(len(one), one.outcome / len(one)))  # a perfect redistribution

    def returns(transform: ProgressAttribution) -> list[float]:
        return [float(paid.sum()) for paid in transform(batch)]

    assert returns(ProgressAttribution(alpha=1.0, beta=0.0)) == [0.0, 1.0]
    stalled, solved = returns(ProgressAttribution(alpha=1.0, beta=0.5))
    assert stalled > solved
    stalled, solved = returns(ProgressAttribution(alpha=1.0, beta=0.5, cap=1))
    assert stalled < solved

    paid = np.array([[0.5, 1.5], [0.0, 0.0]])  # what the world with beta = 0.5 and a perfect c pays
    world = TabularMDP(np.array([[0, 1], [1, 1]]), paid, np.array([False, True]), np.array([1.0, 0.0]), masks)
    best = value_iteration(world, horizon=10)
    assert best.policy[:8, 0].argmax(axis=1).tolist() == [0] * 8  # the best policy stalls until the end is near
