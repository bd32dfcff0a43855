"""Potential-based shaping changes no best policy: the theorem, and that breaking its rules breaks it.

Sources: Ng, Harada and Russell (1999); Devlin and Kudenko (2012) for potentials that change over time.
"""

from __future__ import annotations

from typing import Any

import gymnasium as gym
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guerdon.reward_models import make_reward
from guerdon.reward_models.potential.shaping import AtTruncation, Shaping
from guerdon.wrappers.potential_shaping import PotentialShaping
from guerdon.wrappers.spec_reward import SpecReward

from .tabular import RandomMDP

ENV = "guerdon:guerdon/Household-v0"
PHI = st.floats(-10, 10)
GAMMA = st.floats(0.5, 1.0)
NO, YES = np.array([False]), np.array([True])
SLOT = np.zeros(1, dtype=int)
MDPS = 300


def shaped(phis: list[float], gamma: float, end: str, at_truncation: AtTruncation = "bootstrap") -> np.ndarray:
    """Return F of every step of an episode whose states have the potentials `phis`; `end` is how it ended."""
    shaping = Shaping(gamma, at_truncation)
    shaping.reset(np.array(phis[:1]), SLOT)
    paid = []
    for number, phi in enumerate(phis[1:], start=1):
        last = number == len(phis) - 1
        terminated, truncated = (YES if last and end == what else NO for what in ("terminated", "truncated"))
        paid.append(shaping.step(np.array([phi]), terminated, truncated, SLOT)[0])
    return np.array(paid)


def discounted(payments: np.ndarray, gamma: float) -> float:
    return float(payments @ gamma ** np.arange(len(payments)))


# -- telescoping --------------------------------------------------------------------------------------------


@given(st.lists(PHI, min_size=2, max_size=60), GAMMA, st.sampled_from(["terminated", "truncated"]))
def test_the_shaping_of_an_episode_telescopes(phis: list[float], gamma: float, end: str) -> None:
    """The potentials are any numbers, so this covers potentials that change from step to step."""
    steps = len(phis) - 1
    left = gamma**steps * phis[-1] if end == "truncated" else 0.0
    assert discounted(shaped(phis, gamma, end), gamma) == pytest.approx(left - phis[0], abs=1e-9)


@given(st.lists(PHI, min_size=2, max_size=60), GAMMA)
def test_at_truncation_zero_treats_a_time_limit_as_the_end(phis: list[float], gamma: float) -> None:
    paid = shaped(phis, gamma, "truncated", at_truncation="zero")
    np.testing.assert_array_equal(paid, shaped(phis, gamma, "terminated"))


@given(st.integers(0, 2**32 - 1), GAMMA)
def test_stored_potentials_telescope_and_recomputed_ones_do_not(seed: int, gamma: float) -> None:
    """Phi is redrawn at every step: what counts for s is the number that was true when the agent was there."""
    rng = np.random.default_rng(seed)
    states, steps = 5, 20
    potentials = rng.normal(size=(steps + 1, states))  # Phi_t(s)
    path = rng.integers(states, size=steps + 1)
    stored = potentials[np.arange(steps + 1), path]
    paid = discounted(shaped(list(stored), gamma, "terminated"), gamma)
    assert paid == pytest.approx(-stored[0], abs=1e-9)
    recomputed = [gamma * (stored[t + 1] if t + 1 < steps else 0.0) - potentials[t + 1, path[t]] for t in range(steps)]
    assert abs(discounted(np.array(recomputed), gamma) + stored[0]) > 1e-6


@given(st.lists(st.tuples(PHI, PHI, st.booleans(), st.booleans()), min_size=1, max_size=30), GAMMA)
def test_slots_do_not_touch_each_other(rows: list[tuple[float, float, bool, bool]], gamma: float) -> None:
    """Two slots in one `Shaping`, stepped and reset at different times, pay what two of their own would."""
    both, single = Shaping(gamma), [Shaping(gamma), Shaping(gamma)]
    both.reset(np.zeros(2), np.arange(2))
    for one in single:
        one.reset(np.zeros(1), SLOT)
    for first, second, restart, alone in rows:
        picked = [1] if alone else [0, 1]
        phis, paid = np.array([first, second]), np.zeros(2)
        if restart:
            both.reset(phis[picked], np.array(picked))
        else:
            paid = both.step(phis[picked], np.zeros(len(picked), bool), np.zeros(len(picked), bool), np.array(picked))
        for at, slot in enumerate(picked):
            if restart:
                single[slot].reset(phis[[slot]], SLOT)
            else:
                assert paid[at] == single[slot].step(phis[[slot]], NO, NO, SLOT)[0]


@pytest.mark.parametrize("gamma", [0.0, -0.1, 1.01, float("nan")])
def test_a_discount_must_be_one(gamma: float) -> None:
    with pytest.raises(ValueError, match=r"gamma is .*not in \(0, 1\]"):
        Shaping(gamma)


def test_an_unknown_rule_for_time_limits_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"at_truncation is 'keep', not .*bootstrap.*zero"):
        Shaping(0.9, "keep")  # type: ignore[arg-type]


# -- small worlds, solved exactly ---------------------------------------------------------------------------


def table_of(mdp: RandomMDP, phi: np.ndarray, terminals_are_zero: bool = True) -> np.ndarray:
    """Return F(s, a, s') of every triple (S, A, S), paid by `Shaping` in one batch."""
    before, after = (grid.ravel() for grid in np.meshgrid(*[np.arange(mdp.states)] * 2, indexing="ij"))
    rows = np.arange(mdp.states**2)
    shaping = Shaping(mdp.gamma)
    shaping.reset(phi[before], rows)
    over = mdp.terminal[after] & terminals_are_zero
    paid = shaping.step(phi[after], over, np.zeros(len(rows), bool), rows).reshape(mdp.states, 1, mdp.states)
    table = np.repeat(paid, mdp.actions, axis=1)
    table[mdp.terminal] = 0.0  # nothing is paid once an episode is over
    return table


def worlds() -> list[tuple[RandomMDP, np.ndarray]]:
    """Return random MDPs of several sizes, each with a random potential."""
    found = []
    for seed in range(MDPS):
        rng = np.random.default_rng(seed)
        mdp = RandomMDP(
            rng, states=4 + seed % 4, actions=2 + seed % 3, terminals=1 + seed % 2, gamma=(0.5, 0.9, 0.99)[seed % 3]
        )
        found.append((mdp, 3.0 * rng.normal(size=mdp.states)))
    return found


WORLDS = worlds()


def test_the_two_solvers_agree() -> None:
    for mdp, _ in WORLDS[::10]:
        np.testing.assert_allclose(mdp.solve().values, mdp.value_iteration(), atol=1e-9)
        np.testing.assert_allclose(mdp.solve().values, mdp.evaluate(mdp.solve().policy), atol=1e-12)


def test_shaping_shifts_q_by_phi_and_keeps_the_best_policy() -> None:
    for mdp, phi in WORLDS:
        plain, changed = mdp.solve(), mdp.solve(mdp.rewards + table_of(mdp, phi))
        live = ~mdp.terminal
        np.testing.assert_allclose(changed.action_values[live], (plain.action_values - phi[:, None])[live], atol=1e-9)
        np.testing.assert_array_equal(changed.policy[live], plain.policy[live])


def test_shaping_shifts_the_values_of_every_policy_alike() -> None:
    for mdp, phi in WORLDS[::3]:
        policy = np.random.default_rng(1).integers(mdp.actions, size=mdp.states)
        live = ~mdp.terminal
        values = mdp.evaluate(policy, mdp.rewards + table_of(mdp, phi))
        np.testing.assert_allclose(values[live], (mdp.evaluate(policy) - phi)[live], atol=1e-9)


def test_a_terminal_state_with_a_potential_changes_the_best_policy() -> None:
    """So the two tests above can fail: this is the rule that implementations forget."""
    changed = 0
    for mdp, phi in WORLDS:
        live = ~mdp.terminal
        wrong = mdp.solve(mdp.rewards + table_of(mdp, phi, terminals_are_zero=False))
        changed += bool((wrong.policy != mdp.solve().policy)[live].any())
    assert changed > MDPS // 4


def test_the_potential_of_the_best_values_makes_one_step_enough() -> None:
    """With Phi = V* an agent that looks one step ahead already acts best."""
    for mdp, _ in WORLDS:
        best = mdp.solve()
        ahead = mdp.action_values(np.zeros(mdp.states), mdp.rewards + table_of(mdp, best.values))
        live = ~mdp.terminal
        np.testing.assert_array_equal(ahead.argmax(axis=1)[live], best.policy[live])


@pytest.mark.parametrize("at_truncation", ["bootstrap", "zero"])
def test_the_rule_for_time_limits_must_be_the_agents(at_truncation: AtTruncation) -> None:
    """Under the right rule, cutting an episode shifts its return by -Phi(s0) and nothing else.

    An agent that bootstraps adds gamma^T V(s_T), with V learnt under the shaped reward: V - Phi. One that takes a
    time limit for the end adds nothing. Each is unbiased under its own rule and off by gamma^T Phi(s_T) under the
    other.
    """
    cut = 0
    for mdp, phi in WORLDS[::2]:
        rng, policy = np.random.default_rng(2), np.zeros(mdp.states, dtype=int)
        states, rewards, ended = mdp.walk(rng, steps=5)
        if ended or len(rewards) < 5:
            continue
        cut += 1
        left = mdp.gamma ** len(rewards)
        values, last = mdp.evaluate(policy), states[-1]
        paid = rewards + shaped(list(phi[states]), mdp.gamma, "truncated", at_truncation)
        for bootstraps in (True, False):
            before = discounted(rewards, mdp.gamma) + bootstraps * left * values[last]
            after = discounted(paid, mdp.gamma) + bootstraps * left * (values - phi)[last]
            bias = after - (before - phi[states[0]])
            right = bootstraps == (at_truncation == "bootstrap")
            wanted = 0.0 if right else left * phi[last] * (-1.0 if bootstraps else 1.0)
            assert bias == pytest.approx(wanted, abs=1e-9)
    assert cut > 30


# -- the household ------------------------------------------------------------------------------------------


def plan_potential(scale: float, cap: float) -> Any:
    return lambda env, observation: -scale * min(env.state.plan_length, cap)


def episode(env: gym.Env, seed: int, expert: float) -> tuple[np.ndarray, np.ndarray, float, float, bool]:
    """Play; return payments (T,), own rewards (T,), plan lengths at the start and at the end, and how it ended."""
    _, info = env.reset(seed=seed)
    rng, base = np.random.default_rng(seed), env.unwrapped
    first, paid, own, over, terminated = base.state.plan_length, [], [], False, False  # type: ignore[attr-defined]
    while not over:
        follow = rng.random() < expert and info["expert_action"]
        action = info["expert_action"] if follow else str(rng.choice(info["admissible_actions"]))
        _, reward, terminated, truncated, info = env.step(action)
        paid.append(float(reward))
        own.append(float(info["is_success"]))
        over = terminated or truncated
    return np.array(paid), np.array(own), first, base.state.plan_length, terminated  # type: ignore[attr-defined]


@pytest.mark.parametrize("gamma", [1.0, 0.99, 0.8])
@pytest.mark.parametrize("put_on", ["by reward", "by wrapper"])
def test_household_shaping_adds_the_potential_of_the_start_and_nothing_else(gamma: float, put_on: str) -> None:
    ends = set()
    for seed in range(12):
        env = gym.make(ENV, max_episode_steps=25)
        if put_on == "by reward":
            env = SpecReward(env, {"id": "household/plan-distance-v1", "params": {"gamma": gamma}})
        else:
            env = PotentialShaping(env, plan_potential(0.1, 20.0), gamma)
        paid, own, first, last, terminated = episode(env, seed, expert=0.9 if seed % 2 else 0.1)
        ends.add(terminated)
        left = 0.0 if terminated else gamma ** len(paid) * -0.1 * min(last, 20.0)
        added = discounted(paid, gamma) - discounted(own, gamma)
        assert added == pytest.approx(left + 0.1 * min(first, 20.0), abs=1e-9)
    assert ends == {True, False}


@pytest.mark.parametrize("at_truncation", ["bootstrap", "zero"])
@pytest.mark.parametrize("cap", [20.0, 4.0])
def test_the_reward_and_the_wrapper_pay_the_same(at_truncation: AtTruncation, cap: float) -> None:
    params = {"gamma": 0.95, "scale": 0.3, "cap": cap, "at_truncation": at_truncation}
    reward = make_reward({"id": "household/plan-distance-v1", "params": params})
    one = SpecReward(gym.make(ENV, max_episode_steps=12), reward)
    two = PotentialShaping(gym.make(ENV, max_episode_steps=12), plan_potential(0.3, cap), 0.95, at_truncation)
    for seed in range(12):
        for expert in (0.95, 0.0):
            np.testing.assert_allclose(episode(one, seed, expert)[0], episode(two, seed, expert)[0], atol=1e-12)


@pytest.mark.parametrize("bad", [float("inf"), float("-inf"), float("nan")])
def test_a_potential_that_is_not_finite_is_an_error(bad: float) -> None:
    env = PotentialShaping(gym.make(ENV), lambda env, observation: bad, 0.9)
    with pytest.raises(ValueError, match=r"potential is .*(inf|nan)"):
        env.reset(seed=0)


def test_the_wrapper_says_what_it_added() -> None:
    env = PotentialShaping(gym.make(ENV), plan_potential(0.1, 20.0), 0.9)
    _, info = env.reset(seed=0)
    assert info["shaping"] == 0.0
    for _ in range(5):
        _, reward, _, _, info = env.step(info["expert_action"])
        assert reward == float(info["is_success"]) + info["shaping"]
