"""The tabular policy: it draws what its table says, and its score function is that of the exact solvers."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose

from guerdon.agents.policies.tabular import TabularPolicy
from guerdon.envs.tabular.solvers import policy_gradient

from .trees import every_episode, score_gradient, table_policy, tree

FRESH = np.ones(3, dtype=bool)


@pytest.fixture
def policy() -> TabularPolicy:
    policy = TabularPolicy(4, 3)
    with torch.no_grad():
        policy.logits.copy_(torch.randn(4, 3, generator=torch.Generator().manual_seed(0)))
        policy.values.copy_(torch.arange(4.0))
    return policy


def read(policy: TabularPolicy, states: list[int], actions: list[list[int]]) -> list[tuple[int, np.ndarray]]:
    columns = {"admissible_actions": actions}
    return policy.reader(len(states)).read(states, columns, np.ones(len(states), dtype=bool), [None] * len(states))


def test_draws_follow_the_table(policy: TabularPolicy) -> None:
    inputs = read(policy, [1] * 20_000, [[0, 2]] * 20_000)
    decided = policy.decide(inputs, None, FRESH, torch.Generator().manual_seed(0))
    weights = np.exp(policy.logits.detach().numpy()[1, [0, 2]])
    share = weights / weights.sum()
    assert set(decided.actions) == {0, 2}
    assert abs(np.mean(np.array(decided.actions) == 0) - share[0]) < 0.015
    assert_allclose(decided.logp[:5], np.log(share[[0 if a == 0 else 1 for a in decided.actions[:5]]]), rtol=1e-5)
    assert (decided.values == 1.0).all()


def test_greedy_and_forced_choices(policy: TabularPolicy) -> None:
    allowed = [[0, 1, 2], [0, 2], [1]]
    inputs = read(policy, [0, 1, 2], allowed)
    table = policy.logits.detach().numpy()
    best = [max(actions, key=table[state].item) for state, actions in enumerate(allowed)]
    assert policy.decide(inputs, None, FRESH, torch.Generator(), greedy=True).actions == best
    forced = policy.decide(inputs, None, FRESH, torch.Generator(), forced=[2, 0, 1])
    assert forced.choices == [2, 0, 1]
    assert forced.logp[2] == 0.0  # the only action there is
    assert policy.choice_of(inputs[1], 2) == 2
    with pytest.raises(ValueError, match=r"action 1 is not admissible in state 1; choose from \[0 2\]"):
        policy.choice_of(inputs[1], 1)


def test_evaluation_repeats_the_decision_and_has_finite_gradients() -> None:
    mdp = tree(2, 2, np.arange(4.0))
    policy = table_policy(mdp, np.random.default_rng(0).normal(size=(7, 2)))
    batch, _ = every_episode(mdp, policy)
    steps = [step for one in batch.trajectories for step in one.steps]
    steps[0].inputs = (steps[0].obs, np.array([True, False]))
    steps[0].choice = 0
    says = policy.evaluate([one.steps for one in batch.trajectories])
    again = policy.decide([s.inputs for s in steps], None, FRESH, torch.Generator(), forced=[s.choice for s in steps])
    assert_allclose(says.logp.detach().numpy(), again.logp)
    assert says.entropy[0] == 0.0
    p = policy.logits.detach()[steps[1].obs].softmax(-1)
    assert_allclose(float(says.entropy[1].detach()), float(-(p * p.log()).sum()))
    (says.logp.sum() + says.entropy.sum() + says.value.sum()).backward()
    assert policy.logits.grad is not None
    assert policy.logits.grad.isfinite().all()


def test_score_function_gives_the_exact_policy_gradient() -> None:
    rng = np.random.default_rng(1)
    mdp = tree(3, 2, rng.normal(size=9))
    logits = rng.normal(size=(mdp.num_states, 3))
    policy = table_policy(mdp, logits)
    batch, weights = every_episode(mdp, policy)
    credit = [np.full(len(one), one.outcome) for one in batch.trajectories]
    assert_allclose(score_gradient(policy, batch, weights, credit), policy_gradient(mdp, logits, horizon=2), atol=1e-12)


def test_reader_refuses_what_the_table_does_not_hold(policy: TabularPolicy) -> None:
    assert read(policy, [3], [[]])[0][1].all()
    with pytest.raises(ValueError, match="state 4 is not in a table of 4 states"):
        read(policy, [4], [[0]])
    with pytest.raises(ValueError, match="not in a table of 3 actions"):
        read(policy, [0], [[0, 3]])
    assert pickle.loads(pickle.dumps(policy.reader(2))).num_states == 4
    assert TabularPolicy(**policy.config).logits.shape == policy.logits.shape
