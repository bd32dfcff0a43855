"""Progress in a prover's eyes: its theory, exactly, and that playing on measures what it says at the cost it says."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import gymnasium as gym
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from guerdon.agents.advantages.local import StepLocal
from guerdon.agents.policies.tabular import TabularPolicy, TabularReader
from guerdon.agents.scorers.distilled import DistilledProver
from guerdon.agents.scorers.prover import ProverScorer, best_of
from guerdon.core.names import UnknownNameError
from guerdon.core.trajectory import Batch, Group, Trajectory
from guerdon.envs.tabular.solvers import evaluate_policy, policy_gradient
from guerdon.reward_models.transforms.base import Outcome

from .branch_world import DEPTH, BranchWorld, hopeful
from .trees import chances, episode, every_episode, score_gradient, table_policy, tree

WORLD = "BranchWorld-v0"
MASKS = np.ones((15, 3), dtype=bool)


def only_down(preference: np.ndarray | None = None) -> TabularPolicy:
    """A policy of the world that never stays; `preference` (15,) is the log-odds of its action 1."""
    policy = TabularPolicy(15, 3).double()
    with torch.no_grad():
        policy.logits[:, 2] = -torch.inf
        if preference is not None:
            policy.logits[:, 1] = torch.as_tensor(preference)
    return policy


def played(actions: Sequence[int], task: str = "01010101", wage: float = 0.0) -> Trajectory:
    world = BranchWorld(wage=wage)
    states, paid = [world.reset(options={"task": task})[0]], []
    for action in actions:
        state, reward, *_ = world.step(action)
        states.append(state)
        paid.append(reward)
    return episode(states, list(actions), paid, MASKS, task)


def exact_values(task: str, policy: TabularPolicy) -> np.ndarray:
    """The chance of success from each of the 15 states, under a policy that never stays."""
    values = np.array([0.0] * 7 + [float(one == "1") for one in task])
    down = policy.logits.detach().softmax(-1).numpy()
    for state in range(6, -1, -1):
        values[state] = down[state, :2] @ values[2 * state + 1 : 2 * state + 3]
    return values


# Theory


def exact_advantages() -> tuple[Any, np.ndarray, TabularPolicy, Batch, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    mdp = tree(3, 3, rng.random(27))
    logits = rng.normal(size=(mdp.num_states, 3))
    policy = table_policy(mdp, logits)
    values = evaluate_policy(mdp, chances(policy, mdp), horizon=3)[0]
    batch, weights = every_episode(mdp, policy)
    for one in batch.trajectories:
        one.write(
            "prover",
            np.append(values[[s.next_obs for s in one.steps[:-1]]], one.outcome) - [values[s.obs] for s in one.steps],
        )
    return mdp, logits, policy, batch, weights, values


def test_advantage_and_action_value_give_the_same_gradient() -> None:
    mdp, logits, policy, batch, weights, values = exact_advantages()
    quality = [one.column("prover") + values[[s.obs for s in one.steps]] for one in batch.trajectories]
    from_q = score_gradient(policy, batch, weights, quality)
    from_a = score_gradient(policy, batch, weights, [one.column("prover") for one in batch.trajectories])
    assert_allclose(from_a, from_q, atol=1e-14)
    assert_allclose(from_a, policy_gradient(mdp, logits, horizon=3), atol=1e-12)


@pytest.mark.parametrize("alpha", [0.0, 4.0])
def test_a_prover_equal_to_the_policy_only_rescales_the_gradient(alpha: float) -> None:
    mdp, logits, policy, batch, weights, _ = exact_advantages()
    credit = StepLocal("prover", alpha)(batch, Outcome()(batch))
    expected = (1.0 + alpha) * policy_gradient(mdp, logits, horizon=3)
    assert_allclose(score_gradient(policy, batch, weights, credit), expected, atol=1e-12)


@given(outcomes=st.lists(st.floats(0, 1), min_size=1, max_size=6), k=st.integers(1, 5))
def test_best_of_is_the_mean_over_all_choices(outcomes: list[float], k: int) -> None:
    if k <= len(outcomes):
        choices = list(itertools.combinations(outcomes, k))
    else:
        choices = list(itertools.product(outcomes, repeat=k))
    assert_allclose(best_of(outcomes, k), np.mean([max(one) for one in choices]), atol=1e-9)


def test_best_of_many_coins() -> None:
    assert_allclose(best_of([1.0, 0.0, 0.0, 0.0, 0.0], 7), 1 - 0.8**7)
    q, n, k = 0.3, 6, 4  # over all that n episodes may bring, the estimate is right on average
    mean = sum(
        q ** sum(coins) * (1 - q) ** (n - sum(coins)) * best_of([float(c) for c in coins], k)
        for coins in itertools.product((0, 1), repeat=n)
    )
    assert_allclose(mean, 1 - (1 - q) ** k)


# Measuring


@pytest.mark.parametrize(("prover", "k"), [("policy", 1), ("bon", 3)])
def test_labels_come_close_to_exact_values(prover: str, k: int) -> None:
    task, n = "01100001", 400
    policy = only_down(np.random.default_rng(1).normal(size=15))
    exact = exact_values(task, policy)
    scorer = ProverScorer(WORLD, {}, policy, prover=prover, best_of=k, num_rollouts=n, num_envs=64, seed=3)
    one = played([1, 0, 1], task)
    values = scorer.values([one])[0]
    states = [step.obs for step in one.steps] + [one.steps[-1].next_obs]
    for state, value in zip(states, values, strict=True):
        q = exact[state]
        # 1 - (1 - q)^k is at most k times as steep as q, whose standard error this is; four of them.
        assert abs(value - (1 - (1 - q) ** k)) <= 4 * k * np.sqrt(q * (1 - q) / n) + 1e-12
    assert len(set(values)) > 2
    assert values[-1] == one.outcome


def test_scores_add_up_to_the_outcome_less_the_first_value() -> None:
    scorer = ProverScorer(WORLD, {}, only_down(), num_rollouts=3)
    some = [played([0, 1, 1]), played([1, 2, 0, 0]), played([1, 0, 1])]
    for one, scores, values in zip(some, scorer.score(some), scorer.values(some), strict=True):
        assert scores.shape == (len(one),)
        assert_allclose(scores.sum(), one.outcome - values[0])


def test_every_env_step_is_counted_once_and_nothing_is_measured_twice() -> None:
    scorer = ProverScorer(WORLD, {}, only_down(), prover="policy", num_rollouts=5, num_envs=4)
    one = played([0, 1, 0])
    scorer.score([one, played([0, 1, 0])])
    replayed = DEPTH - 1  # up to the last situation from which something is left to play
    assert scorer.env_steps == replayed + 5 * (3 + 2 + 1)
    scorer.score([one])
    assert scorer.env_steps == replayed + 5 * (3 + 2 + 1)
    scorer.score([played([0, 0, 1])])  # two situations are known, the third is replayed to and played from
    assert scorer.env_steps == 2 * replayed + 5 * (3 + 2 + 1) + 5


def test_tasks_are_not_mixed_up() -> None:
    scorer = ProverScorer(WORLD, {}, only_down(), prover="policy", num_rollouts=2)
    lost, won = scorer.values([played([0, 0, 0], "00000000"), played([0, 0, 0], "11111111")])
    assert_array_equal(lost, [0, 0, 0, 0])
    assert_array_equal(won, [1, 1, 1, 1])


def test_the_expert_sees_what_is_lost_for_good() -> None:
    task = "00000011"
    scorer = ProverScorer(WORLD, {}, prover="expert", expert=1.0, num_rollouts=1)
    assert_array_equal(scorer.score([played([1, 1, 1], task)])[0], [0, 0, 0])
    assert hopeful(task, 2)
    assert not hopeful(task, 5)
    assert_array_equal(scorer.score([played([1, 2, 0, 1], task)])[0], [0, 0, -1, 0])


def test_who_never_follows_the_expert_acts_at_random() -> None:
    task = "00000001"
    values = [
        ProverScorer(WORLD, {}, prover="expert", expert=follow, num_rollouts=60).values([played([1, 1, 1], task)])[0][0]
        for follow in (1.0, 0.5, 0.0)
    ]
    assert values[0] == 1.0
    assert abs(values[2] - 1 / 8) < 0.2
    assert values[2] < values[1] < values[0]


def test_what_is_paid_on_the_way_counts_before_and_after_the_fork() -> None:
    task = "00000001"  # the expert takes 1 three times
    scorer = ProverScorer(WORLD, {"wage": 0.1}, prover="expert", expert=1.0, num_rollouts=1)
    one = played([1, 1, 1], task, wage=0.1)
    assert one.outcome == pytest.approx(1.3)
    assert_allclose(scorer.values([one])[0], [1.3, 1.3, 1.3, 1.3])


def test_the_time_limit_counts_what_was_already_played() -> None:
    staying = TabularPolicy(15, 3)
    with torch.no_grad():
        staying.logits[:, :2] = -torch.inf
    scorer = ProverScorer(WORLD, {}, staying, prover="policy", num_rollouts=1)
    assert_array_equal(scorer.score([played([0, 2, 1, 1])])[0], [0, 0, 0, 1])
    assert scorer.env_steps == 3 + sum(8 - k for k in range(4))


class CountingReader(TabularReader):
    """Reads how many steps its episode has had, and nothing of the world."""

    def __init__(self) -> None:
        super().__init__(15, 3)
        self.count = 0

    def read(
        self,
        observations: Sequence[Any],
        infos: Mapping[str, Any],
        fresh: np.ndarray,
        last: Sequence[Any],
        rows: np.ndarray | None = None,
    ) -> list[tuple[int, np.ndarray]]:
        self.count = 0 if fresh[0] else self.count + 1
        return super().read([self.count], infos, fresh, last)


class CountingPolicy(TabularPolicy):
    def reader(self, num_rows: int) -> CountingReader:
        assert num_rows == 1
        return CountingReader()


def test_a_prover_remembers_what_came_before_the_fork() -> None:
    policy = CountingPolicy(15, 3)
    with torch.no_grad():  # always 0 at first, then 1, then 0
        policy.logits.fill_(-torch.inf)
        policy.logits[[0, 1, 2], [0, 1, 0]] = 0.0
    scorer = ProverScorer(WORLD, {}, policy, prover="policy", num_rollouts=2)
    task = "00100100"  # won by 0, 1, 0 and by 1, 0, 1
    assert_array_equal(scorer.values([played([1, 0, 1], task)])[0], [1, 0, 0, 1])


def test_a_segment_is_measured_after_its_last_step_too() -> None:
    one = played([0, 1, 0], "11111111")
    part = Trajectory(one.task_id, 0, one.steps[:2])
    scorer = ProverScorer(WORLD, {}, only_down(), num_rollouts=1)
    assert_array_equal(scorer.values([part])[0], [1, 1, 1])


def test_resuming_is_exact() -> None:
    one, two = played([0, 1, 1]), played([1, 1, 0])
    for prover in ("bon", "expert"):
        scorer, other = (
            ProverScorer(WORLD, {}, policy, prover=prover, best_of=2, num_rollouts=5, seed=1)
            for policy in (only_down(), only_down(np.ones(15)))
        )
        scorer.score([one])
        state = scorer.state()
        later = scorer.values([two])[0]
        other.restore(state)
        assert_array_equal(other.values([two])[0], later)
        assert other.env_steps == scorer.env_steps


def test_a_world_that_does_not_repeat_itself_is_noticed() -> None:
    scorer = ProverScorer(WORLD, {"drifting": True}, only_down(), num_rollouts=1)
    scorer.score([played([0, 1, 0])])
    with pytest.raises(ValueError, match="something else than recorded after 1 of 4 steps; branching needs"):
        scorer.score([played([0, 2, 1, 0])])


def test_what_cannot_prove_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="unknown prover 'bom' in ProverScorer"):
        ProverScorer(WORLD, {}, only_down(), prover="bom")
    with pytest.raises(ValueError, match="'bon' is a copy of a policy, but none was given"):
        ProverScorer(WORLD)
    with pytest.raises(ValueError, match="not 4, 0 and 32"):
        ProverScorer(WORLD, {}, only_down(), num_rollouts=0)
    policy = only_down()
    policy.sequential = True
    with pytest.raises(ValueError, match="cannot be set down in the middle of an episode"):
        ProverScorer(WORLD, {}, policy)


def test_a_network_learns_what_the_prover_sees() -> None:
    task, policy = "01100001", only_down()
    exact = exact_values(task, policy)
    measured = ProverScorer(WORLD, {}, policy, prover="policy", num_rollouts=100, num_envs=64)
    scorer = DistilledProver(measured, policy, labelled=4, learning_rate=0.1, epochs=100)
    some = [played(actions, task) for actions in itertools.product((0, 1), repeat=DEPTH)]
    batch = Batch([Group(task, some)])
    assert not np.concatenate(scorer.score(some)).any()
    for _ in range(4):
        scorer.fit(batch)
    state = scorer.state()
    for one, scores in zip(some, scorer.score(some), strict=True):
        assert_allclose(scores, np.diff(exact[[*(s.obs for s in one.steps), one.steps[-1].next_obs]]), atol=0.2)
    scorer.fit(batch)
    other = DistilledProver(
        ProverScorer(WORLD, {}, policy, prover="policy", num_rollouts=100, num_envs=64),
        policy,
        labelled=4,
        learning_rate=0.1,
        epochs=100,
    )
    other.restore(state)
    other.fit(batch)
    assert_array_equal(np.concatenate(other.score(some)), np.concatenate(scorer.score(some)))
    assert other.env_steps == scorer.env_steps


def test_snapshots_of_the_test_world_are_exact() -> None:
    world = gym.make(WORLD).unwrapped
    assert isinstance(world, BranchWorld)
    world.reset(options={"task": "00000001"})
    world.step(1)
    snapshot = world.snapshot()
    world.step(1)
    assert world.restore(snapshot)[0] == 2
