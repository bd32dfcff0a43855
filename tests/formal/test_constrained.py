"""Limits: the linear program, multipliers that play against the best answer, and the reward that trains by them."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import gymnasium as gym
import numpy as np
import pytest

from guerdon.core.transition import Transition
from guerdon.envs.tabular.mdp import TabularMDP
from guerdon.reward_models import REWARDS, Reward, make_reward
from guerdon.reward_models.formal.constrained_reward import ConstrainedReward
from guerdon.reward_models.formal.objectives.constrained import Constrained, Limit
from guerdon.reward_models.formal.objectives.markov import Markov
from guerdon.reward_models.formal.objectives.occupancies import InfeasibleError, deterministic_policies
from guerdon.reward_models.formal.objectives.worlds import choice
from guerdon.wrappers.spec_reward import SpecReward

GAMMA = 0.9


@dataclass
class Took(Reward):
    """1 for one of the actions."""

    number: int = 0
    id: ClassVar[str] = "test/took-v1"
    reads: ClassVar[frozenset[str]] = frozenset({"action"})

    @property
    def bounds(self) -> Mapping[str, tuple[float, float]]:
        return {"took": (0.0, 1.0)}

    def __call__(self, transition: Transition):
        paid = (np.asarray(transition.action) == self.number).astype(float)
        return paid, {"took": paid}


@pytest.fixture(autouse=True)
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(REWARDS)
    monkeypatch.setitem(REWARDS._things, Took.id, Took)


def problem(seed: int, share: float = 0.5) -> tuple[TabularMDP, Constrained]:
    """Return a random world and a limit between the least cost and what the best reward costs."""
    rng = np.random.default_rng(seed)
    mdp = TabularMDP(
        transitions=rng.dirichlet(np.full(5, 0.5), size=(5, 3)),
        rewards=rng.random((5, 3)),
        terminal=np.zeros(5, dtype=bool),
        start=np.full(5, 0.2),
        admissible=np.ones((5, 3), dtype=bool),
    )
    cost = (mdp.mean_rewards > np.median(mdp.mean_rewards)).astype(float)  # what pays is what costs
    free = Constrained(limits=(Limit(cost, 0.0),), gamma=GAMMA)
    dear = free.evaluate(mdp, Markov(gamma=GAMMA).optimise(mdp).policy)[1]
    least = free.evaluate(mdp, Markov(-cost, GAMMA).optimise(mdp).policy)[1]
    return mdp, Constrained(limits=(Limit(cost, least + share * (dear - least), name="dear"),), gamma=GAMMA)


@pytest.mark.parametrize("seed", range(3))
def test_the_program_is_best_of_what_keeps_the_limit(seed: int) -> None:
    mdp, objective = problem(seed)
    best = objective.optimise(mdp)
    found = objective.evaluate(mdp, best.policy)
    assert found[0] == pytest.approx(best.value, abs=1e-7)
    assert found[1] == pytest.approx(0.0, abs=1e-7)  # the limit binds
    keeping = [objective.evaluate(mdp, one) for one in deterministic_policies(mdp)]
    assert max(one[0] for one in keeping if one[1] <= 1e-9) <= best.value + 1e-9
    dual = min(  # weak duality is tight for occupancies: min over prices of the best priced reward
        (1 - GAMMA) * Markov(mdp.mean_rewards - w * objective.limits[0].cost, GAMMA).optimise(mdp).value
        + w * objective.limits[0].threshold
        for w in np.linspace(0, 2, 201)
    )
    assert best.value == pytest.approx(dual, abs=5e-3)


@pytest.mark.parametrize("seed", range(3))
def test_the_average_of_multiplied_policies_is_the_optimum(seed: int) -> None:
    """Within 0.01 of the linear program, in the return and in the limit; the last policy swings."""
    mdp, objective = problem(seed)
    best = objective.optimise(mdp)
    played = objective.multiply(mdp, rounds=1500)
    cost = objective.limits[0].cost
    assert (1 - GAMMA) * (played.visits * mdp.mean_rewards).sum() == pytest.approx(best.value, abs=0.01)
    assert (1 - GAMMA) * (played.visits * cost).sum() <= objective.limits[0].threshold + 0.01
    tail = played.excess[-500:, 0]
    assert tail.min() < -0.01 < 0.01 < tail.max()
    np.testing.assert_allclose(played.multipliers.sum(axis=1), 1.0)


def test_multipliers_move_along_the_gradient_of_what_is_exceeded() -> None:
    """z += rate * d/dz sum_k softmax(z)_k excess_k, with the reward's excess 0; checked by differences."""
    mdp, objective = problem(0)
    limits = (objective.limits[0], Limit(mdp.mean_rewards, 0.7, ">="))
    played = Constrained(limits=limits, gamma=GAMMA).multiply(mdp, rounds=30, rate=1.0)

    def exceeded(z: np.ndarray, excess: np.ndarray) -> float:
        return float(np.exp(z)[1:] @ excess / np.exp(z).sum())

    for t in range(29):
        z, moves = np.log(played.multipliers[t]), 1e-5 * np.eye(3)
        slope = [(exceeded(z + one, played.excess[t]) - exceeded(z - one, played.excess[t])) / 2e-5 for one in moves]
        moved = np.log(played.multipliers[t + 1]) - z
        np.testing.assert_allclose(moved - moved[0], np.array(slope) - slope[0], atol=1e-8)


def test_what_is_wanted_is_a_limit_too() -> None:
    mdp, objective = problem(1)
    limit = objective.limits[0]
    wanted = Constrained(limits=(Limit(1 - limit.cost, 1 - limit.threshold, ">="),), gamma=GAMMA)
    assert wanted.optimise(mdp).value == pytest.approx(objective.optimise(mdp).value, abs=1e-7)
    one, two = wanted.multiply(mdp, 100), objective.multiply(mdp, 100)
    assert one.excess.shape == two.excess.shape
    with pytest.raises(ValueError, match="unknown sense '=<'"):
        _ = Limit(limit.cost, 0.1, "=<").sign


def test_limits_that_cannot_be_kept_are_reported_and_multipliers_stay_bounded() -> None:
    mdp, objective = problem(0)
    limit = objective.limits[0]
    against = (Limit(limit.cost, 0.4, name="dear"), Limit(limit.cost, 0.9, ">=", "dearer"))
    with pytest.raises(InfeasibleError, match=r"dear <= 0.4 \(alone at best 0\), dearer >= 0.9 \(alone at best 1\)"):
        Constrained(limits=against, gamma=GAMMA).optimise(mdp)
    never = Constrained(limits=(Limit(np.ones((5, 3)), 0.5),), gamma=GAMMA).multiply(mdp, 300)
    np.testing.assert_allclose(never.excess, 0.5)
    assert never.multipliers[-1, 1] > 0.9
    assert never.multipliers.max() <= 1


def test_keeping_the_limits_comes_first() -> None:
    mdp, chosen = choice(2), np.array([[1.0, 0.0], [0.0, 0.0]])
    objective = Constrained(chosen, (Limit(chosen, 0.3),), gamma=1.0)
    policies = {p: np.array([[p, 1 - p], [0.0, 0.0]]) for p in (0.1, 0.3, 0.5, 0.9)}
    order = [(0.3, 0.1), (0.1, 0.5), (0.5, 0.9)]
    assert [objective.compare(mdp, policies[a], policies[b]) for a, b in order] == [1, 1, 1]
    assert objective.compare(mdp, policies[0.3], policies[0.3]) == 0
    np.testing.assert_allclose(objective.optimise(mdp).policy[0], [0.3, 0.7])


SAID = "formal/constrained-v1(reward='test/took-v1', costs={'often': 'test/took-v1'}, thresholds={'often': 0.3}"


def step(actions: list[int]) -> Transition:
    size = len(actions)
    no = np.zeros(size, dtype=bool)
    return Transition([0] * size, np.array(actions), [0] * size, no, no, no, rows=np.arange(size))


def answer(reward: ConstrainedReward) -> int:
    """Return the action that pays best at the moment: 0 pays lambda_0 - lambda_1, 1 pays nothing."""
    prices = reward.multipliers
    return 0 if prices["reward"] > prices["often"] else 1


def test_an_agent_that_answers_at_once_does_it_as_often_as_is_allowed() -> None:
    reward = make_reward(f"{SAID}, every=10, window=50, rate=0.02)")
    assert isinstance(reward, ConstrainedReward)
    reward.begin(step([0]))
    taken, prices = [], []
    for _ in range(6000):
        taken.append(answer(reward))
        reward.pay(step([taken[-1]]))
        prices.append(reward.multipliers["often"])
    half = np.array(taken[3000:])
    assert np.mean(half == 0) == pytest.approx(0.3, abs=0.03)
    assert 0 < half.sum() < len(half)  # in turns: no single policy is the answer
    assert np.mean(prices[3000:]) == pytest.approx(0.5, abs=0.05)


def test_it_pays_by_its_multipliers_and_moves_them_by_adam() -> None:
    reward = make_reward(f"{SAID}, every=4, window=8, rate=0.1)")
    reward.begin(step([0, 1]))
    total, terms = reward.pay(step([0, 1]))
    np.testing.assert_allclose(total, [0.0, 0.0])
    np.testing.assert_allclose(terms["reward"], [0.5, 0.0])
    np.testing.assert_allclose(terms["often"], [-0.5, 0.0])
    reward.pay(step([0, 0]))  # 3 of 4 took it: too often. The first Adam step is the rate, up and down
    odds = np.exp(0.2)
    assert reward.multipliers["often"] == pytest.approx(odds / (1 + odds), abs=1e-6)
    assert reward.averages == {"often": 0.75}
    assert reward.figures["excess/often"] == pytest.approx(0.45)
    for _ in range(4):
        reward.pay(step([1, 1]))
    assert reward.averages == {"often": 0.0}  # of the last 8
    for _ in range(50):
        reward.pay(step([1, 1]))
    assert reward.multipliers["often"] < 0.5  # nothing to fear, so the reward counts again


def test_what_is_wanted_is_paid_and_not_drowned() -> None:
    text = (
        "formal/constrained-v1(reward='test/took-v1', costs={'goal': 'test/took-v1(number=1)', "
        "'bad': 'test/took-v1(number=2)'}, thresholds={'goal': '>= 0.9', 'bad': '<= 0.1'}, every=1, window=10%s)"
    )
    for success in ("", ", success='goal'"):
        reward = make_reward(text % success)
        reward.begin(step([0]))
        for _ in range(300):
            reward.pay(step([0]))
        prices = reward.multipliers
        assert prices["goal"] > 0.9
        assert (prices["reward"] >= prices["goal"]) == bool(success)
        total, terms = reward.pay(step([1]))
        assert terms["goal"][0] > 0.9
        assert dict(reward.bounds) == {"reward": (0.0, 1.0), "goal": (0.0, 1.0), "bad": (-1.0, 0.0)}
        assert total[0] == sum(value[0] for value in terms.values())


def test_frozen_and_pickled_copies_and_plain_data() -> None:
    reward = make_reward(f"{SAID}, every=2)")
    reward.begin(step([0]))
    for _ in range(20):
        reward.pay(step([0]))
    fixed, twin = reward.frozen(), pickle.loads(pickle.dumps(reward))
    before = fixed.pay(step([0]))[0]
    for _ in range(20):
        fixed.pay(step([0]))
        np.testing.assert_array_equal(reward.pay(step([0]))[0], twin.pay(step([0]))[0])
    assert fixed.pay(step([0]))[0] == before != reward.pay(step([0]))[0]
    assert (fixed.learns, reward.learns, ConstrainedReward.learns) == (False, True, True)
    back = make_reward(json.loads(json.dumps(reward.spec)))
    assert (back, back.spec, back.hash) == (reward, reward.spec, reward.hash)
    assert back.hash != make_reward(f"{SAID}, every=3)").hash
    assert [part.id for part in reward.parts] == ["formal/constrained-v1", "test/took-v1", "test/took-v1"]
    assert copy.deepcopy(reward).multipliers == reward.multipliers
    summed = make_reward(f"{SAID}) + 0.5 * test/took-v1")
    assert summed.learns
    assert not summed.frozen().learns


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("", "needs its parameter 'reward'"),
        ("reward='test/took-v1', costs={'a': 'test/took-v1'}, thresholds={'b': 1}", "unknown cost 'b'"),
        ("reward='test/took-v1', costs={'a': 'test/took-v1', 'b': 'test/took-v1'}, thresholds={'a': 1}", "lack it"),
        ("reward='test/took-v1', costs={'a': 'test/took-v1'}, thresholds={'a': '< 1'}", "'< 1'; write a number"),
        ("reward='test/took-v1', costs={'a': 'test/took-v1'}, thresholds={'a': 1}, success='a'", "must be wanted"),
        ("reward='test/took-v1', costs={'a': 'test/took-v1'}, thresholds={'a': 1}, rate=0", "rate above 0"),
        ("reward='test/took-v1', costs={'reward': 'test/took-v1'}, thresholds={'reward': 1}", "a term of its own"),
        ("reward='test/tok-v1', costs={'a': 'test/took-v1'}, thresholds={'a': 1}", "unknown reward 'test/tok-v1'"),
    ],
)
def test_what_makes_no_sense_is_refused(change: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        make_reward(f"formal/constrained-v1({change})")


def test_it_pays_in_a_real_world() -> None:
    text = (
        "formal/constrained-v1(reward='household/success-v1 + household/plan-distance-v1', "
        "costs={'busy': 'household/busy-v1'}, thresholds={'busy': 0.01}, every=5)"
    )
    reward = make_reward(text)
    assert reward.gamma == 0.99
    assert make_reward(text, gamma=0.9).gamma == 0.9
    env = SpecReward(gym.make("guerdon:guerdon/Household-v0", max_episode_steps=20), reward)
    _, info = env.reset(seed=0)
    rng, over = np.random.default_rng(0), False
    while not over:
        _, paid, terminated, truncated, info = env.step(str(rng.choice(info["admissible_actions"])))
        assert paid == pytest.approx(sum(info["reward_terms"].values()))
        assert set(info["reward_terms"]) == {"reward", "busy"}
        over = terminated or truncated
    assert env.reward.figures["multiplier/busy"] != 0.5
