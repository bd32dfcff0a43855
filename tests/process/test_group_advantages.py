"""GRPO, RLOO, GiGPO, REINFORCE and the step-wise ones: closed forms, and exact expectations of gradients."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guerdon.agents.advantages.base import returns_to_go
from guerdon.agents.advantages.dual import EpisodeAndStep, ProcessAndOutcome
from guerdon.agents.advantages.gae import GAE
from guerdon.agents.advantages.gigpo import GiGPO
from guerdon.agents.advantages.grpo import GRPO
from guerdon.agents.advantages.local import StepLocal
from guerdon.agents.advantages.per_tag import PerTag
from guerdon.agents.advantages.reinforce import Reinforce
from guerdon.agents.advantages.rloo import RLOO, StepRLOO
from guerdon.agents.advantages.step_z import StepZ
from guerdon.agents.advantages.tail_ratio import TailRatio
from guerdon.envs.tabular.solvers import occupancy, policy_gradient, softmax_policy

from .batches import batch, episode, expected_gradient, flawed, of_path, paths

PAYMENTS = st.lists(
    st.lists(st.floats(-2, 2).map(lambda x: round(x, 2)), min_size=1, max_size=5), max_size=6, min_size=1
)


def group(payments):
    return batch([episode(len(paid), paid=paid) for paid in payments]), [np.array(paid) for paid in payments]


def logits(mdp, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(mdp.num_states, mdp.num_actions))


@given(PAYMENTS, st.floats(0.5, 3), st.floats(-1, 1))
def test_grpo_is_the_z_score_and_blind_to_affine_payments(payments, factor: float, shift: float) -> None:
    members, paid = group(payments)
    sums = np.array([sum(one) for one in payments])
    credit = GRPO()(members, paid)
    expected = (sums - sums.mean()) / (sums.std() + 1e-6)
    for one, value in zip(credit, expected, strict=True):
        assert one == pytest.approx(value, abs=1e-6)
    # shift is of the whole episode, so it is spread over the steps
    moved = [factor * one + shift / len(one) for one in paid]
    for one, other in zip(GRPO()(members, moved), credit, strict=True):
        assert one == pytest.approx(other, abs=1e-3)
    for one, own in zip(GRPO(std=False)(members, paid), sums, strict=True):
        assert one == pytest.approx(own - sums.mean(), abs=1e-9)


def test_groups_do_not_mix() -> None:
    members = batch([episode(1), episode(2)], [episode(1, task="u"), episode(1, task="u")])
    paid = [np.array([1.0]), np.array([0.0, 0.0]), np.array([10.0]), np.array([12.0])]
    assert [one.tolist() for one in GRPO(std=False)(members, paid)] == [[0.5], [-0.5, -0.5], [-1], [1]]
    assert [one.tolist() for one in RLOO()(members, paid)] == [[1], [-1, -1], [-2], [2]]


@pytest.mark.parametrize("same", [0.0, 0.1, 1 / 3])
@pytest.mark.parametrize("size", [1, 3])
def test_a_group_without_differences_teaches_nothing(size: int, same: float) -> None:
    episodes = [episode(2, tag=["explore"] * 2, value=[0, 0], implicit=[0, 0], ref_logp=[0, 0]) for _ in range(size)]
    members, paid = batch(episodes), [np.array([0.0, same]) for _ in range(size)]
    estimators = (GRPO(), GRPO(std=False), RLOO(), StepRLOO(), GiGPO(), GiGPO(std=True), PerTag(), StepZ())
    estimators += (ProcessAndOutcome(), EpisodeAndStep(), Reinforce(), TailRatio(), TailRatio(outcome="prm"), GAE())
    flat = [np.full(2, same) for _ in range(size)]
    for estimator in estimators:
        payments = flat if isinstance(estimator, StepZ | PerTag | GAE) else paid
        if isinstance(estimator, GAE):
            estimator = GAE(gamma=0.0)
        for one in estimator(members, payments):
            assert one == pytest.approx([0.0, 0.0], abs=1e-6), estimator


def test_rloo_is_unbiased() -> None:
    mdp = flawed()
    theta = logits(mdp)
    true = policy_gradient(mdp, theta)
    assert np.abs(true).max() > 0.05
    for size in (2, 3):
        assert expected_gradient(mdp, theta, RLOO(), size) == pytest.approx(true, abs=1e-12)


def test_the_length_aware_baseline_is_unbiased_and_blind_to_the_number_of_steps() -> None:
    mdp = flawed()
    theta = logits(mdp, 1)
    assert expected_gradient(mdp, theta, StepRLOO()) == pytest.approx(policy_gradient(mdp, theta), abs=1e-12)
    # The same return at every step of every episode: no step is better, whatever the episodes' lengths.
    members, paid = group([[0.0] * (n - 1) + [0.7] for n in (1, 4, 2)])
    assert np.concatenate(StepRLOO()(members, paid)) == pytest.approx(0.0, abs=1e-12)
    # Others count by their steps: (1 * 1 + 0 * 3) / 4, not the mean of their means.
    members, paid = group([[0.5], [1.0], [0.0, 0.0, 0.0]])
    assert StepRLOO()(members, paid)[0] == pytest.approx(0.5 - 0.25)


def test_reinforce_gradient_is_exact_in_expectation() -> None:
    mdp = flawed()
    theta = logits(mdp, 2)
    for size in (1, 2):
        # The mean holds the episode itself, which takes 1 / n of the gradient; a group of one still has later steps.
        found = expected_gradient(mdp, theta, Reinforce(), size)
        assert found == pytest.approx((1 - 1 / size) * policy_gradient(mdp, theta), abs=1e-12)


def test_reinforce_in_numbers() -> None:
    members, paid = group([[1.0, 2.0], [0.0]])
    assert [one.tolist() for one in Reinforce(gamma=0.5)(members, paid)] == [[1.0, 1.0], [-1.0]]


def test_gigpo_adds_the_step_groups_only_where_situations_repeat() -> None:
    keys = [["a", "b", "a"], ["a", "c"], [None, None]]
    members = batch([episode(len(one), state_key=one) for one in keys])
    paid = [np.array([0.0, 0.0, 1.0]), np.array([0.0, 0.0]), np.array([0.0, 2.0])]
    gamma = 0.5
    outer = [0.0, -1.0, 1.0]
    mean = (gamma**2 + 1.0 + 0.0) / 3  # the three steps taken in a
    expected = [[gamma**2 - mean, 0, 1 - mean], [-1 + 0 - mean, -1], [1, 1]]
    for one, other in zip(GiGPO(gamma=gamma)(members, paid), expected, strict=True):
        assert one == pytest.approx(other)
    doubled = GiGPO(weight=2.0, gamma=gamma)(members, paid)
    assert doubled[1][0] == pytest.approx(-1 - 2 * mean)
    assert np.concatenate(GiGPO(weight=0.0)(members, paid)) == pytest.approx(np.repeat(outer, [3, 2, 2]))


def test_gigpo_does_not_compare_across_tasks() -> None:
    members = batch([episode(1, state_key=["a"])], [episode(1, task="u", state_key=["a"])])
    assert [one.tolist() for one in GiGPO()(members, [np.array([1.0]), np.array([0.0])])] == [[0], [0]]


def test_step_z_keeps_each_step_s_own_payment() -> None:
    members, paid = group([[3.0, 1.0], [2.0]])
    assert np.concatenate(StepZ(std=False)(members, paid)) == pytest.approx([1.0, -1.0, 0.0])
    assert np.concatenate(StepZ()(members, paid)) == pytest.approx(
        np.array([1.0, -1.0, 0.0]) / np.sqrt(2 / 3), rel=1e-5
    )


def test_the_tail_ratio_climbs_reward_minus_kl() -> None:
    mdp, eta = flawed(), 2.0
    theta, reference = logits(mdp, 3), softmax_policy(mdp, logits(mdp, 4))

    def objective(table: np.ndarray) -> float:
        policy = softmax_policy(mdp, table)
        total = 0.0
        for path in paths(mdp, policy):
            steps = list(zip(path.states[:-1], path.actions, strict=True))
            ratio = sum(np.log(policy[step] / reference[step]) for step in steps)
            total += path.probability * (sum(path.rewards) - ratio / eta)
        return total

    def prepare(one) -> None:
        policy = softmax_policy(mdp, theta)
        for step in one.steps:
            step.logp = float(np.log(policy[step.obs, step.action]))
            step.scores["ref_logp"] = float(np.log(reference[step.obs, step.action]))

    found = expected_gradient(mdp, theta, TailRatio(eta, "raw"), 1, prepare)
    for place in [(0, 0), (0, 2), (2, 1), (4, 0)]:
        nudge = np.zeros_like(theta)
        nudge[place] = 1e-5
        slope = (objective(theta + nudge) - objective(theta - nudge)) / 2e-5
        assert found[place] == pytest.approx(slope, abs=1e-8)
        assert abs(slope) > 1e-3


def test_the_tail_ratio_in_numbers() -> None:
    members = batch([episode(4, logp=[-1, -2, -3, -4], ref_logp=[0, 0, 0, 0]), episode(1, ref_logp=[0])])
    paid = [np.array([0.0, 0.0, 0.0, 3.0]), np.array([1.0])]
    assert TailRatio(10.0, "raw")(members, paid)[0] == pytest.approx([4.0, 3.9, 3.7, 3.4])
    assert TailRatio(10.0)(members, paid)[0] == pytest.approx([2.0, 1.9, 1.7, 1.4], abs=1e-5)
    # Boundaries at steps 2 and 4: steps before a boundary take its value.
    assert TailRatio(10.0, "raw", every=2)(members, paid)[0] == pytest.approx([3.9, 3.9, 3.4, 3.4])
    whole = np.concatenate(TailRatio(10.0, "prm")(members, paid))
    raw = np.concatenate(TailRatio(10.0, "raw")(members, paid))
    assert whole == pytest.approx((raw - raw.mean()) / raw.std(), rel=1e-4)


def test_a_prover_s_judgement_stays_with_its_step() -> None:
    mdp, alpha = flawed(), 3.0
    theta = logits(mdp, 5)
    policy = softmax_policy(mdp, theta)
    prover = np.random.default_rng(6).normal(size=policy.shape)

    def prepare(one) -> None:
        one.write("prover", np.array([prover[step.obs, step.action] for step in one.steps]))

    found = expected_gradient(mdp, theta, StepLocal(alpha=alpha), 2, prepare)
    visits = occupancy(mdp, policy)
    centred = prover - (policy * prover).sum(axis=1, keepdims=True)
    expected = policy_gradient(mdp, theta) / 2 + alpha * visits * centred
    assert found == pytest.approx(expected, abs=1e-12)


def test_whole_episodes_can_be_credited_instead_of_what_followed() -> None:
    members = batch([episode(2, prover=[0.0, 1.0]), episode(1, prover=[0.0])])
    paid = [np.array([1.0, 1.0]), np.array([0.0])]
    assert StepLocal(alpha=0.5)(members, paid)[0].tolist() == [1.0, 0.5]
    assert StepLocal(alpha=0.5, to_go=False)(members, paid)[0].tolist() == [1.0, 1.5]


def test_process_and_outcome_written_out() -> None:
    process = [[0.2, -0.4, 0.1], [0.6], [0.3, 0.5]]
    members = batch([episode(len(one), implicit=one) for one in process])
    paid = [np.array([0.0, 0.0, 1.0]), np.array([0.0]), np.array([0.0, 0.0])]
    scale = 0.8 + 1e-6  # the largest return-to-go: that of the third episode
    means = [np.mean(one) / scale for one in process]
    outcome = [1.0, -0.5, -0.5]
    expected = []
    for i, one in enumerate(process):
        centred = [3 / 2 * r / scale - sum(means) / 2 for r in one]
        expected += [sum(centred[k:]) + outcome[i] for k in range(len(one))]
    plain = np.concatenate(ProcessAndOutcome(whiten=False)(members, paid))
    assert plain == pytest.approx(expected)
    white = np.concatenate(ProcessAndOutcome()(members, paid))
    assert white == pytest.approx((plain - plain.mean()) / plain.std(), rel=1e-4)
    for one in members.trajectories:
        one.write("implicit", np.zeros(len(one)))
    assert np.concatenate(ProcessAndOutcome(whiten=False)(members, paid)) == pytest.approx(
        np.concatenate(RLOO()(members, paid))
    )


def test_episode_and_step_written_out() -> None:
    process = [[0.2, -0.4, 0.1], [0.6], [0.3, 0.5]]
    members = batch([episode(len(one), implicit=one) for one in process])
    paid = [np.array([0.0, 0.0, 1.0]), np.array([0.0]), np.array([0.0, 0.0])]
    flat = np.concatenate([np.array(one) for one in process]) / (0.8 + 1e-6)
    steps = flat - flat.mean()
    found = np.concatenate(EpisodeAndStep()(members, paid))
    assert found == pytest.approx(np.repeat([1.0, -0.5, -0.5], [3, 1, 2]) + steps)
    found = np.concatenate(EpisodeAndStep(weight=2.0, episode="grpo")(members, paid))
    assert found == pytest.approx(np.repeat([2 / 3, -1 / 3, -1 / 3], [3, 1, 2]) + 2 * steps)


def test_returns_and_estimators_leave_payments_alone() -> None:
    played = [of_path(path) for path in paths(flawed())[:4]]
    for one in played:
        for name in ("value", "implicit", "prover", "ref_logp"):
            one.write(name, np.arange(len(one)) / 7)
    members = batch(played)
    paid = [one.column("paid") for one in members.trajectories]
    kept = [one.copy() for one in paid]
    for estimator in (
        GRPO(),
        RLOO(),
        StepRLOO(),
        GiGPO(),
        PerTag(),
        StepZ(),
        ProcessAndOutcome(),
        EpisodeAndStep(),
        Reinforce(),
        TailRatio(),
        StepLocal(),
        GAE(),
    ):
        credit = estimator(members, paid)
        assert all(one.shape == (len(other),) for one, other in zip(credit, played, strict=True))
        assert all((one == other).all() for one, other in zip(paid, kept, strict=True)), estimator
    assert returns_to_go(np.array([1.0, 2.0, 4.0]), 0.5).tolist() == [3.0, 4.0, 4.0]
