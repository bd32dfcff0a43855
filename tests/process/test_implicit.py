"""Implicit process rewards: what theory says of them, exactly, and that they learn to rank episodes."""

from __future__ import annotations

import copy

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal

from guerdon.agents.advantages.dual import EpisodeAndStep, ProcessAndOutcome
from guerdon.agents.advantages.rloo import RLOO
from guerdon.agents.policies.tabular import TabularPolicy
from guerdon.agents.scorers.implicit import ImplicitScorer, outcome_loss, pair_accuracy
from guerdon.agents.scorers.learner import per_episode
from guerdon.core.names import UnknownNameError
from guerdon.core.trajectory import Batch, Group
from guerdon.envs.tabular.mdp import TabularMDP
from guerdon.envs.tabular.solvers import soft_optimal
from guerdon.reward_models.transforms.base import Outcome

from .trees import chances, episode, every_episode, set_logits, table_policy, tree


def sampled(mdp: TabularMDP, policy: TabularPolicy, seed: int, groups: int = 8, size: int = 6) -> Batch:
    """Groups of episodes that the policy plays."""
    everything, weights = every_episode(mdp, policy)
    rng = np.random.default_rng(seed)
    found = []
    for number in range(groups):
        rows = rng.choice(len(weights), size, p=weights / weights.sum())
        found.append(Group(f"task-{number}", [copy.deepcopy(everything.trajectories[row]) for row in rows]))
    return Batch(found)


@pytest.mark.parametrize("beta", [0.05, 0.7])
def test_prefix_sums_are_soft_values_of_the_reference(beta: float) -> None:
    rng = np.random.default_rng(0)
    mdp = tree(3, 4, np.zeros(81))  # a prefix of a text over 3 symbols is a state
    reference = table_policy(mdp, rng.normal(size=(mdp.num_states, 3)))
    phi = rng.normal(size=(mdp.num_states, 3))
    scorer = ImplicitScorer(reference, beta=beta)
    set_logits(scorer.learner.net, phi)  # type: ignore[arg-type]
    batch, weights = every_episode(mdp, reference)
    scores = scorer.score(batch.trajectories)

    # q(prefix) = beta log E[exp(r(whole) / beta)] over how the reference might go on, from its definition.
    ratio = np.log(chances(table_policy(mdp, phi), mdp)[:40]) - np.log(chances(reference, mdp)[:40])
    whole = np.array([beta * sum(ratio[step.obs, step.action] for step in one.steps) for one in batch.trajectories])
    states = np.array([[*(s.obs for s in one.steps), one.steps[-1].next_obs] for one in batch.trajectories])
    for k in range(1, 5):
        for prefix in np.unique(states[:, k]):
            rows = states[:, k] == prefix
            value = beta * np.log(np.sum(weights[rows] * np.exp(whole[rows] / beta)) / weights[rows].sum())
            assert_allclose([scores[row][:k].sum() for row in np.flatnonzero(rows)], value, atol=1e-10)


@pytest.mark.parametrize("reference", ["frozen", "rolling"])
def test_a_new_scorer_leaves_only_rloo_on_the_outcome(reference: str) -> None:
    rng = np.random.default_rng(2)
    mdp = tree(2, 3, rng.integers(0, 2, 8).astype(float))
    policy = table_policy(mdp, rng.normal(size=(mdp.num_states, 2))).float()
    scorer = ImplicitScorer(policy, reference=reference)
    batch = sampled(mdp, table_policy(mdp, policy.logits.detach().numpy()), 0)
    scorer.write(batch)
    paid = Outcome()(batch)
    expected = RLOO()(batch, paid)
    assert all((one.column("implicit") == 0.0).all() for one in batch.trajectories)
    for advantage in (ProcessAndOutcome("implicit", whiten=False), EpisodeAndStep("implicit")):
        for got, want in zip(advantage(batch, paid), expected, strict=True):
            assert_array_equal(got, want)


@pytest.mark.parametrize("reference", ["frozen", "rolling"])
@pytest.mark.parametrize("loss", ["ce", "dpo", "nca", "kto"])
def test_learning_online_ranks_pairs_better(loss: str, reference: str) -> None:
    outcomes = (np.random.default_rng(3).random(27) < 0.4).astype(float)
    mdp = tree(3, 3, outcomes)
    policy = table_policy(mdp)
    scorer = ImplicitScorer(policy, reference=reference, loss=loss, beta=0.5, learning_rate=0.1, minibatch=60)
    told = [scorer.fit(sampled(mdp, policy, seed)) for seed in range(30)]
    assert told[0]["pair_accuracy"] == 0.5  # nothing is known, all pairs are ties
    assert np.mean([one["pair_accuracy"] for one in told[-5:]]) > 0.95
    assert (policy.logits == 0.0).all()


@pytest.mark.parametrize("beta", [0.2, 1.0])
def test_at_the_regularised_optimum_scores_are_differences_of_soft_values(beta: float) -> None:
    rng = np.random.default_rng(4)
    mdp = tree(2, 3, rng.normal(size=8))
    reference = table_policy(mdp, rng.normal(size=(mdp.num_states, 2)))
    best = soft_optimal(mdp, chances(reference, mdp), eta=1.0 / beta)
    scorer = ImplicitScorer(reference, beta=beta)
    set_logits(scorer.learner.net, np.log(np.where(mdp.admissible, best.policy, 1.0)))  # type: ignore[arg-type]
    batch, _ = every_episode(mdp, reference)
    for one, scores in zip(batch.trajectories, scorer.score(batch.trajectories), strict=True):
        values = best.values[[step.obs for step in one.steps]]
        assert_allclose(scores[:-1], np.diff(values), atol=1e-10)
        assert_allclose(scores[-1], one.outcome - values[-1], atol=1e-10)
        assert_allclose(scores.sum(), one.outcome - best.values[0], atol=1e-10)


def test_pairs_recover_the_outcome_up_to_a_constant() -> None:
    beta, rng = 0.5, np.random.default_rng(5)
    mdp = tree(2, 2, rng.normal(size=4))
    reference = table_policy(mdp, rng.normal(size=(mdp.num_states, 2)))
    value = soft_optimal(mdp, chances(reference, mdp), eta=1.0 / beta).values[0]
    episodes = every_episode(mdp, reference)[0].trajectories
    true = np.array([one.outcome for one in episodes])
    scorer = ImplicitScorer(reference, loss="dpo", beta=beta)
    net = scorer.learner.net

    # The population: of each pair, i is preferred with probability logistic(R_i - R_j).
    won, lost = (episode([0, 1], [0], [paid], mdp.admissible) for paid in (1.0, 0.0))
    pair = [Group("pair", [won, lost])]
    chance = 1.0 / (1.0 + np.exp(true[None, :] - true[:, None]))
    known = torch.as_tensor(np.concatenate(scorer._references(episodes)))
    optimiser = torch.optim.LBFGS(net.parameters(), max_iter=200, tolerance_grad=1e-12, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        optimiser.zero_grad()
        total = beta * per_episode(net.evaluate([one.steps for one in episodes]).logp - known, episodes)
        loss = torch.zeros((), dtype=torch.float64)
        for i in range(4):
            for j in range(4):
                if i != j:
                    each = outcome_loss("dpo", total[[i, j]], pair)
                    assert each is not None
                    loss = loss + float(chance[i, j]) * each
        loss.backward()
        return loss

    optimiser.step(closure)  # type: ignore[arg-type]
    sums = np.array([scores.sum() for scores in scorer.score(episodes)])
    assert_allclose(sums - true, -value, atol=1e-5)


def some_groups() -> list[Group]:
    masks = np.ones((2, 2), dtype=bool)
    return [
        Group("a", [episode([0, 1], [0], [1.0], masks), episode([0, 1, 1], [1, 0], [0.0, 0.0], masks)]),
        Group("b", [episode([0, 1], [1], [0.25], masks)]),
    ]


def logistic(x: float) -> float:
    return 1.0 / (1.0 + np.exp(-x))


def test_the_four_losses_by_hand() -> None:
    groups, total = some_groups(), torch.tensor([0.3, -1.2, 2.0], dtype=torch.float64)
    good, bad, half = total.tolist()

    def cross(r: float, z: float) -> float:
        return -z * np.log(logistic(r)) - (1 - z) * np.log(logistic(-r))

    base = max((good + bad + half) / 3, 0.0)
    expected = {
        "ce": (cross(good, 1) + cross(bad, 0) + cross(half, 0.25)) / 3,
        "dpo": -np.log(logistic(good - bad)),
        "nca": -np.log(logistic(good)) - 0.5 * np.log(logistic(-good)) - 0.5 * np.log(logistic(-bad)),
        "kto": (
            logistic(base - good) + logistic(bad - base) + 0.25 * logistic(base - half) + 0.75 * logistic(half - base)
        )
        / 3,
    }
    for kind, value in expected.items():
        loss = outcome_loss(kind, total, groups)
        assert loss is not None
        assert_allclose(float(loss), value)
    assert outcome_loss("dpo", total[2:], groups[1:]) is None  # a group of one has no pairs


def test_the_baseline_of_kto_passes_no_gradient() -> None:
    total = torch.tensor([0.3, -0.2, 2.0], dtype=torch.float64, requires_grad=True)
    loss = outcome_loss("kto", total, some_groups())
    assert loss is not None
    loss.backward()
    slope = [logistic(r - 0.7) * logistic(0.7 - r) for r in (0.3, -0.2, 2.0)]
    assert total.grad is not None
    assert_allclose(total.grad.numpy(), np.array([-1.0, 1.0, 0.5]) * slope / 3)


def test_pairs_are_of_one_group_and_ties_are_worth_half() -> None:
    groups = some_groups()
    assert pair_accuracy(groups, [1.0, 0.0, 99.0]) == 1.0
    assert pair_accuracy(groups, [0.0, 1.0, -99.0]) == 0.0
    assert pair_accuracy(groups, [1.0, 1.0, 0.0]) == 0.5
    assert pair_accuracy(groups[1:], [0.0]) is None


def test_mean_and_sum_differ_by_the_length() -> None:
    groups = some_groups()
    policy = TabularPolicy(2, 2).double()
    losses = {}
    for aggregate in ("sum", "mean"):
        scorer = ImplicitScorer(policy, loss="dpo", beta=0.5, aggregate=aggregate)
        set_logits(scorer.learner.net, np.array([[1.0, 0.0], [0.0, 2.0]]))  # type: ignore[arg-type]
        gaps = [scores.sum() for scores in scorer.score(groups[0].trajectories)]
        margin = gaps[0] - gaps[1] / (2 if aggregate == "mean" else 1)
        known = {
            id(one): reference
            for one, reference in zip(groups[0].trajectories, scorer._references(groups[0].trajectories), strict=True)
        }
        loss = scorer._loss(groups[:1], known)
        assert loss is not None
        assert_allclose(float(loss.detach()), -np.log(logistic(margin)))
        losses[aggregate] = float(loss.detach())
    assert losses["sum"] != losses["mean"]


def columns(batch: Batch) -> np.ndarray:
    return np.concatenate([one.column("implicit") for one in batch.trajectories])


def learned(update: str = "after", **kwargs: object) -> tuple[ImplicitScorer, Batch]:
    mdp = tree(2, 3, np.arange(8.0) % 2)
    policy = table_policy(mdp)
    return ImplicitScorer(policy, update=update, learning_rate=0.1, **kwargs), sampled(mdp, policy, 0)  # type: ignore[arg-type]


def test_after_scores_what_was_known_and_before_what_was_just_learned() -> None:
    after, batch = learned("after")
    after.write(batch)
    assert (columns(batch) == 0.0).all()
    after.fit(batch)
    expected = np.concatenate(after.score(batch.trajectories))
    before, batch = learned("before")
    before.write(batch)
    assert_array_equal(columns(batch), expected)
    figures = before.fit(batch)
    assert set(figures) == {"pair_accuracy", "loss"}
    assert_array_equal(np.concatenate(before.score(batch.trajectories)), expected)  # it did not learn twice


def test_offline_is_silent_until_it_is_frozen() -> None:
    scorer, batch = learned(offline=2)
    for _ in range(2):
        assert not np.concatenate(scorer.score(batch.trajectories)).any()
        assert "loss" in scorer.fit(batch)
    frozen = np.concatenate(scorer.score(batch.trajectories))
    assert frozen.any()
    assert set(scorer.fit(batch)) == {"pair_accuracy"}
    assert_array_equal(np.concatenate(scorer.score(batch.trajectories)), frozen)


@pytest.mark.parametrize("reference", ["frozen", "rolling"])
def test_resuming_is_exact(reference: str) -> None:
    scorer, batch = learned(reference=reference, minibatch=20, epochs=2)
    scorer.fit(batch)
    state = scorer.state()
    scorer.fit(batch)
    later = np.concatenate(scorer.score(batch.trajectories))
    other, _ = learned(reference=reference, minibatch=20, epochs=2)
    set_logits(other.learner.net, np.ones((15, 2)))  # type: ignore[arg-type]
    if other.reference is not None:
        set_logits(other.reference, np.random.default_rng(0).normal(size=(15, 2)))  # type: ignore[arg-type]
    other.restore(state)
    other.fit(batch)
    assert_array_equal(np.concatenate(other.score(batch.trajectories)), later)


def test_scale_is_beta_unless_said() -> None:
    batches = []
    for scale in (None, 1.0):
        scorer, batch = learned(beta=0.25, scale=scale)
        scorer.fit(batch)
        batches.append(np.concatenate(scorer.score(batch.trajectories)))
    assert_allclose(batches[0], 0.25 * batches[1])


def test_unknown_words_are_refused() -> None:
    policy = TabularPolicy(1, 1)
    for word in ("loss", "reference", "aggregate", "update"):
        with pytest.raises(UnknownNameError, match=f"unknown {word} 'sun' in ImplicitScorer"):
            ImplicitScorer(policy, **{word: "sun"})  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="beta must be above 0, not 0"):
        ImplicitScorer(policy, beta=0)


def test_a_batch_without_pairs_teaches_pair_losses_nothing() -> None:
    scorer, _ = learned(loss="dpo")
    mdp = tree(2, 3, np.arange(8.0))
    one = every_episode(mdp, table_policy(mdp))[0].trajectories[0]
    assert scorer.fit(Batch([Group("a", [one])])) == {}
