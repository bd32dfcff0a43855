"""How rewards are composed: arithmetic, names, memory, expressions, and one clear error for what cannot be made."""

from __future__ import annotations

import copy
from typing import Any

import gymnasium as gym
import numpy as np
import pytest

from guerdon.reward_models import REWARDS, Reward, make_reward, register
from guerdon.wrappers.spec_reward import SpecReward

from .reward_rollouts import ARM, ENV, POLICIES, Custom, record, trajectory
from .rollouts import Chooser

BUSY, NOVELTY, PLAN = "household/busy-v1", "household/novelty-v1", "household/plan-distance-v1"
SUBGOALS, SUCCESS = "household/subgoals-v1", "household/success-v1"
OF_AN_ARM = tuple(f"manipulation/{name}-v1" for name in ("distance", "staged-potential", "staged", "sparse"))
EXPRESSIONS = (
    f"{BUSY} + {SUCCESS}",
    f"{BUSY} + {BUSY}(bonus=0.2)",
    f"2 * ({BUSY} + {SUCCESS}) + 3 * ({BUSY} + {SUCCESS})",
    f"{BUSY} * {SUCCESS} + {NOVELTY} * {SUCCESS}",
    f"{BUSY} * {SUCCESS} + {BUSY} * {SUCCESS} + {BUSY}",
    f"0.5 * {NOVELTY} + {PLAN} + -1 * {SUBGOALS}",
)
every_world = pytest.mark.parametrize("env_id", [ENV, ARM], ids=["text", "numbers"])


def totals(reward: Reward, policy: str = "wandering_expert", seed: int = 2, env_id: str = ENV) -> np.ndarray:
    """Return what a reward pays for a recorded episode."""
    return reward.relabel(trajectory(env_id, policy, seed))


@pytest.mark.parametrize("policy", list(POLICIES))
@every_world
def test_sums_scalings_and_products_obey_arithmetic(env_id: str, policy: str) -> None:
    a, b, c, d = (make_reward(name) for name in ((BUSY, PLAN, NOVELTY, SUBGOALS) if env_id == ENV else OF_AN_ARM))

    def paid(reward: Reward) -> np.ndarray:
        return totals(reward, policy, env_id=env_id)

    def same(left: Reward, right: Reward) -> None:
        np.testing.assert_allclose(paid(left), paid(right), atol=1e-12)

    same(a + b, b + a)
    same((a + b) + c, a + (b + c))
    same(2.0 * (a + b), 2.0 * a + 2.0 * b)
    same(2.0 * (3.0 * a), 6.0 * a)
    same(a * 2.0, 2.0 * a)
    same(a * c, c * a)
    same((a * c) * d, a * (c * d))
    same((a + d) * c, make_reward(f"{a.id} * {c.id} + {d.id} * {c.id}"))
    same(0.5 * (a * c), (0.5 * a) * c)
    np.testing.assert_allclose(paid(a + -1.0 * a), 0.0, atol=1e-12)
    np.testing.assert_allclose(paid(a * c), paid(a) * paid(c), atol=1e-12)


@pytest.mark.parametrize("name", [NOVELTY, PLAN])
def test_a_reward_used_twice_in_a_composition_remembers_twice(name: str) -> None:
    one = make_reward(name)
    np.testing.assert_allclose(totals(one + one), 2 * totals(one), atol=1e-12)
    if name == NOVELTY:
        np.testing.assert_allclose(totals(one * one), totals(one) ** 2, atol=1e-12)


@pytest.mark.parametrize("name", [NOVELTY, PLAN])
def test_one_reward_on_two_envs_pays_each_its_own(name: str) -> None:
    def play(*envs: gym.Env) -> list[float]:
        paid = []
        for number, env in enumerate(envs):
            env.reset(seed=3 + number)
        for action in ("go to countertop 1", "inventory", "inventory", "look"):
            paid.append([float(env.step(action)[1]) for env in envs])
        return [row[0] for row in paid]

    reward = make_reward(name)
    alone = play(SpecReward(gym.make(ENV), reward))
    assert play(SpecReward(gym.make(ENV), reward), SpecReward(gym.make(ENV), reward)) == alone


@pytest.mark.parametrize("expression", EXPRESSIONS)
@pytest.mark.parametrize("policy", ["wandering_expert", "busy_loop"])
def test_terms_of_a_composition_keep_apart_and_add_up(expression: str, policy: str) -> None:
    reward = make_reward(expression)
    _, paid = record(ENV, policy, 2, reward)
    np.testing.assert_allclose(sum(paid.terms.values()), paid.totals, atol=1e-12)
    for term, (low, high) in reward.bounds.items():
        assert low - 1e-12 <= paid.terms[term].min() <= paid.terms[term].max() <= high + 1e-12


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_term_names_are_readable(expression: str) -> None:
    for term in make_reward(expression).bounds:
        assert not set(term) & set("()* +,\n"), f"{term!r} is no name for a column or a bar"


def test_shared_term_names_are_told_apart_by_the_reward() -> None:
    reward = make_reward(f"{BUSY} + {SUCCESS}")
    assert list(reward.bounds) == ["manipulation", "busy-v1.success", "success-v1.success"]


def test_expressions_mean_what_operators_do() -> None:
    a, b, c = make_reward(BUSY), make_reward(SUCCESS), make_reward(NOVELTY)
    for text, built in {
        f"{BUSY} + {SUCCESS}": a + b,
        f"{BUSY}+{SUCCESS}+{NOVELTY}": a + b + c,
        f"0.5 * {BUSY}": 0.5 * a,
        f"{BUSY} * 0.5": 0.5 * a,
        f"2 * 3 * {BUSY}": 6.0 * a,
        f"-1e-2 * {BUSY}": -0.01 * a,
        f"{BUSY} + 2 * {SUCCESS}": a + 2.0 * b,
        f"2 * ({BUSY} + {SUCCESS})": 2.0 * (a + b),
        f"({BUSY} + {SUCCESS}) * {NOVELTY}": (a + b) * c,
        f"  ( {BUSY} ) ": a,
        f"{NOVELTY}(beta=0.5, scope='lifelong')": make_reward(
            {"id": NOVELTY, "params": {"beta": 0.5, "scope": "lifelong"}}
        ),
    }.items():
        assert make_reward(text) == built, text
        assert make_reward(text).spec == built.spec, text
        assert make_reward(text).hash == built.hash, text


def test_defaults_fill_what_is_not_set_and_nothing_else() -> None:
    reward = make_reward(f"{PLAN} + {PLAN}(gamma=0.9) + {BUSY}", cap=7.0, gamma=0.8)
    first, second, third = (part.get("params", {}) for part in reward.spec["sum"])
    assert (first, second, third) == ({"cap": 7.0, "gamma": 0.8}, {"cap": 7.0, "gamma": 0.9}, {})


def test_discounts_of_the_parts_must_agree() -> None:
    assert make_reward(f"{SUCCESS} + 0.5 * {PLAN}").gamma == 0.99
    assert make_reward(SUCCESS).gamma is None
    with pytest.raises(ValueError, match=r"different discounts \[0.9, 0.99\]"):
        make_reward(f"{PLAN} + {PLAN}(gamma=0.9)").gamma  # noqa: B018
    with pytest.raises(ValueError, match=r"no longer shaping"):
        make_reward(f"{SUCCESS} * (2 * {PLAN} + {BUSY})")


def test_a_copy_of_a_reward_has_its_own_memory() -> None:
    played = trajectory(ENV, "random", 0)
    reward = make_reward(f"{NOVELTY}(scope='lifelong')")
    env = SpecReward(gym.make(ENV), reward)
    _, info = env.reset(seed=0)
    choose = Chooser(0, env.action_space, expert=0.0)
    for _ in range(10):
        info = env.step(choose(info))[-1]
    twin = copy.deepcopy(env.reward)
    before = twin.relabel(played)
    for _ in range(10):
        info = env.step(choose(info))[-1]
    np.testing.assert_array_equal(twin.relabel(played), before)


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("busy", r"unknown reward 'busy'"),
        ("", r"reward ''"),
        ("household/busy", r"unknown reward 'household/busy'. Did you mean 'household/busy-v1'"),
        ("household/bussy-v1", r"unknown reward 'household/bussy-v1'. Did you mean 'household/busy-v1'"),
        ("household/busy-v9", r"Did you mean 'household/busy-v1'"),
        (f"{BUSY} + household/sucess-v1", r"Did you mean 'household/success-v1'"),
        (f"{BUSY}(bonos=1)", r"unknown parameter 'bonos' in household/busy-v1. Did you mean 'bonus'"),
        (f"{NOVELTY}(scope='day')", r"unknown scope 'day' in household/novelty-v1. Choose from 'episode', 'lifelong'"),
        (f"{PLAN}(gamma=2)", r"gamma is 2, not in \(0, 1\]"),
        (f"{PLAN}(at_truncation='no')", r"at_truncation is 'no'"),
        (f"{BUSY}(bonus=x)", r"parameters 'bonus=x'"),
        (f"{BUSY}(0.2)", r"from '\(0.2\)' on"),
        (f"{BUSY} +", r"cannot read"),
        (f"{BUSY} {SUCCESS}", r"from 'household/success-v1' on"),
        (f"({BUSY}", r"open bracket"),
        (f"{BUSY})", r"from '\)' on"),
        (f"{BUSY} + 1", r"bare number"),
        (f"{BUSY} - {SUCCESS}", r"from '- household/success-v1' on"),
        ("0.5", r"'0.5'"),
        ({"id": "household/bussy-v1"}, r"Did you mean 'household/busy-v1'"),
        ({"id": BUSY, "params": {"bonos": 1}}, r"Did you mean 'bonus'"),
        ({"id": BUSY, "parameters": {}}, r"not a reward's plain data"),
        ({"som": [BUSY]}, r"unknown way to compose rewards 'som' .*Did you mean 'sum'"),
        ({"scale": [2.0]}, r"reward.*scale"),
        ({"sum": []}, r"reward.*sum"),
        ({}, r"not a reward's plain data"),
        (None, r"reward.* None"),
        (5, r"reward.* 5"),
    ],
)
def test_a_reward_that_cannot_be_made_gets_one_clear_error(spec: Any, message: str) -> None:
    with pytest.raises((ValueError, TypeError), match=message):
        make_reward(spec)


def test_two_rewards_of_one_name_are_refused() -> None:
    twin = type("Twin", (Custom,), {"__doc__": "Wants trouble.", "id": BUSY, "reads": frozenset({"obs"})})
    with pytest.raises(ValueError, match=r"two rewards are called 'household/busy-v1'"):
        register(twin)
    assert REWARDS[BUSY] is not twin


def test_a_reward_needs_a_docstring() -> None:
    with pytest.raises(TypeError, match=r"Silent needs a docstring"):
        register(type("Silent", (Custom,), {"__doc__": None, "reads": frozenset({"obs"})}))
