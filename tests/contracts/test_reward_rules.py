"""The rules that the reward interface enforces: what may be read, what may be paid, how rewards are composed."""

from __future__ import annotations

import copy
import operator
from collections.abc import Callable, Mapping
from typing import Any

import gymnasium as gym
import numpy as np
import pytest

from guerdon.core.names import UnknownNameError
from guerdon.core.transition import READS, HiddenFieldError, Transition
from guerdon.reward_models import REWARDS, Reward, make_reward, register
from guerdon.reward_models.base import RewardError
from guerdon.wrappers.spec_reward import SpecReward, SpecRewardVector

from .reward_rollouts import POLICIES, record, trajectory
from .rollouts import Chooser

ENV = "guerdon:guerdon/Household-v0"
BUSY, NOVELTY, PLAN = "household/busy-v1", "household/novelty-v1", "household/plan-distance-v1"
SUBGOALS, SUCCESS = "household/subgoals-v1", "household/success-v1"
EXPRESSIONS = (
    f"{BUSY} + {SUCCESS}",
    f"{BUSY} + {BUSY}(bonus=0.2)",
    f"2 * ({BUSY} + {SUCCESS}) + 3 * ({BUSY} + {SUCCESS})",
    f"{BUSY} * {SUCCESS} + {NOVELTY} * {SUCCESS}",
    f"{BUSY} * {SUCCESS} + {BUSY} * {SUCCESS} + {BUSY}",
    f"0.5 * {NOVELTY} + {PLAN} + -1 * {SUBGOALS}",
)


class Custom(Reward):
    """A reward made of a function, for breaking rules with."""

    id = "test/custom-v1"

    def __init__(self, pay: Callable[[Transition], Any], reads: tuple[str, ...] = ("action",)):
        self.function, self.reads = pay, frozenset(reads)  # type: ignore[misc]

    @property
    def bounds(self) -> Mapping[str, tuple[float, float]]:
        return {"a": (-1e9, 1e9), "b": (-1e9, 1e9)}

    def __call__(self, transition: Transition) -> Any:
        return self.function(transition)


def step_with(reward: Reward, vector: bool = False) -> None:
    """Pay one step of a real env by a reward."""
    if vector:
        many = SpecRewardVector(gym.make_vec(ENV, 2), reward)
        many.reset(seed=0)
        many.step(["look", "look"])
    else:
        env = SpecReward(gym.make(ENV), reward)
        env.reset(seed=0)
        env.step("look")


def totals(reward: Reward, policy: str = "wandering_expert", seed: int = 2) -> np.ndarray:
    """Return what a reward pays for a recorded episode."""
    return reward.relabel(trajectory(ENV, policy, seed))


# -- what may be read ---------------------------------------------------------------------------------------

FIELDS = [(what, name) for what, names in READS.items() for name in names]
USES: dict[str, Callable[[Any], Any]] = {
    "index": lambda x: x[0],
    "iterate": list,
    "length": len,
    "truth": bool,
    "attribute": lambda x: x.plan_length,
    "array": np.asarray,
    "numpy": lambda x: np.add(x, 1),
    "where": lambda x: np.where(x, 1.0, 0.0),
    "equal": lambda x: x == 1,
    "unequal": lambda x: x != 1,
    "less": lambda x: x < 1,
    "contains": lambda x: 1 in x,
    "negate": operator.neg,
    "invert": operator.invert,
    "plus": lambda x: x + 1,
    "minus": lambda x: 1 - x,
    "times": lambda x: 2.0 * x,
    "divide": lambda x: x / 2,
    "divided": lambda x: 2 / x,
    "floor": lambda x: x // 2,
    "modulo": lambda x: x % 2,
    "power": lambda x: x**2,
    "exponent": lambda x: 2**x,
    "matrix": lambda x: x @ x,
    "and": lambda x: x & True,
    "xor": lambda x: x ^ True,
    "absolute": abs,
    "as index": lambda x: [1, 2][x],
    "float": float,
    "text": str,
    "formatted": lambda x: f"{x}",
    "hash": hash,
    "copy": copy.deepcopy,
}


@pytest.mark.parametrize("vector", [False, True], ids=["single", "vector"])
@pytest.mark.parametrize(("what", "field"), FIELDS)
def test_peeking_at_an_undeclared_field_is_an_error(what: str, field: str, vector: bool) -> None:
    budget = tuple(sorted(set(READS) - {what}))
    spy = Custom(lambda transition: getattr(transition, field)[0], budget)
    with pytest.raises(HiddenFieldError) as caught:
        step_with(spy, vector)
    for part in (spy.id, repr(field), repr(what), str(list(budget))):
        assert part in str(caught.value), "the error names reward, field, kind and budget"


@pytest.mark.parametrize("use", list(USES))
def test_no_use_of_a_hidden_field_goes_unnoticed(use: str) -> None:
    with pytest.raises(HiddenFieldError, match=r"test/custom-v1 uses 'next_state'"):
        step_with(Custom(lambda transition: USES[use](transition.next_state)))


@pytest.mark.parametrize(("what", "field"), FIELDS)
def test_a_declared_field_is_handed_over(what: str, field: str) -> None:
    seen: list[Any] = []

    def look(transition: Transition) -> Any:
        seen.append(getattr(transition, field))
        len(seen[-1]) if what != "state" else seen[-1].plan_length
        return np.zeros(1), {"a": np.zeros(1), "b": np.zeros(1)}

    step_with(Custom(look, (what,)))
    assert seen[-1] is not None


def test_peeking_at_the_start_of_an_episode_is_an_error_too() -> None:
    class Early(Custom):
        def reset(self, start: Transition) -> None:
            start.next_obs[0].lower()

    with pytest.raises(HiddenFieldError, match=r"'next_obs' .*'obs'"):
        step_with(Early(lambda transition: None))


def test_a_composed_reward_does_not_lend_its_budget_to_its_parts() -> None:
    spy = Custom(lambda transition: transition.success[0], ("action",))
    for composed in (spy + make_reward(SUCCESS), 2.0 * spy, spy * make_reward(SUCCESS)):
        with pytest.raises(HiddenFieldError, match=r"test/custom-v1 uses 'success' .*\['action'\]"):
            step_with(composed)


def test_an_unknown_kind_of_information_is_an_error_at_once() -> None:
    with pytest.raises(TypeError, match=r"'outcomes', .*outcome"):
        register(type("Greedy", (Custom,), {"__doc__": "Wants all.", "reads": frozenset({"outcomes"})}))
    with pytest.raises(UnknownNameError, match=r"'outcomes' in test/custom-v1. Did you mean 'outcome'"):
        step_with(Custom(lambda transition: None, ("outcomes",)))


# -- what may be paid ---------------------------------------------------------------------------------------

ONE, NAN, INF = np.ones(1), np.full(1, np.nan), np.full(1, np.inf)
BAD_PAYMENTS: dict[str, tuple[Any, str]] = {
    "NaN term": ((ONE, {"a": NAN, "b": ONE}), r"'a' is nan in env 0"),
    "NaN total": ((NAN, {"a": ONE, "b": ONE}), r"'total' is nan"),
    "infinite term": ((ONE, {"a": ONE, "b": INF}), r"'b' is inf"),
    "minus infinity": ((-INF, {"a": ONE, "b": ONE}), r"'total' is -inf"),
    "long total": ((np.ones(2), {"a": ONE, "b": ONE}), r"'total' has the shape \(2,\), not \(1,\)"),
    "two axes": ((ONE, {"a": np.ones((1, 1)), "b": ONE}), r"'a' has the shape \(1, 1\), not \(1,\)"),
    "plain number": ((1.0, {"a": ONE, "b": ONE}), r"'total' has the shape \(\), not \(1,\)"),
    "missing term": ((ONE, {"a": ONE}), r"terms \['a'\], but declares \['a', 'b'\]"),
    "extra term": ((ONE, {"a": ONE, "b": ONE, "c": ONE}), r"\['a', 'b', 'c'\], but declares"),
    "other order": ((ONE, {"b": ONE, "a": ONE}), r"\['b', 'a'\], but declares"),
}


@pytest.mark.parametrize("bad", list(BAD_PAYMENTS))
def test_what_cannot_be_paid_is_an_error(bad: str) -> None:
    payment, message = BAD_PAYMENTS[bad]
    with pytest.raises(RewardError, match=r"test/custom-v1.*" + message):
        step_with(Custom(lambda transition: payment))


def test_the_error_names_the_slot_of_a_vector_env() -> None:
    payment = np.array([0.0, np.nan])
    with pytest.raises(RewardError, match=r"'a' is nan in env 1"):
        step_with(Custom(lambda transition: (payment, {"a": payment, "b": payment})), vector=True)


def test_a_broken_part_is_named_in_a_composition() -> None:
    broken = Custom(lambda transition: (NAN, {"a": ONE, "b": ONE}))
    with pytest.raises(RewardError, match=r"test/custom-v1: 'total' is nan"):
        step_with(0.5 * broken + make_reward(SUCCESS))


def test_a_reward_that_needs_the_future_cannot_pay_online() -> None:
    late = type("Late", (Custom,), {"causal": False})(lambda transition: None)
    for reward in (late, late + make_reward(SUCCESS), 2.0 * late):
        assert not reward.causal
        with pytest.raises(ValueError, match=r"can relabel, but not pay online"):
            SpecReward(gym.make(ENV), reward)


def test_relabelling_works_for_a_reward_that_reads_text() -> None:
    """Online and offline, `info` is what the env said after the step."""

    def choices(transition: Transition) -> Any:
        many = np.array([float(len(actions)) for actions in transition.info["admissible_actions"]])
        return many, {"a": many, "b": np.zeros(len(transition))}

    reward = Custom(choices, ("text",))
    played, paid = record(ENV, "random", 0, reward)
    np.testing.assert_array_equal(reward.relabel(played), paid.totals)


def test_same_step_autoreset_is_refused() -> None:
    with pytest.raises(ValueError, match=r"SAME_STEP.*NEXT_STEP or DISABLED"):
        SpecRewardVector(gym.make_vec(ENV, 2, autoreset_mode="SameStep"), SUCCESS)


# -- how rewards are composed -------------------------------------------------------------------------------


@pytest.mark.parametrize("policy", list(POLICIES))
def test_sums_scalings_and_products_obey_arithmetic(policy: str) -> None:
    a, b, c, d = (make_reward(name) for name in (BUSY, PLAN, NOVELTY, SUBGOALS))

    def same(left: Reward, right: Reward) -> None:
        np.testing.assert_allclose(totals(left, policy), totals(right, policy), atol=1e-12)

    same(a + b, b + a)
    same((a + b) + c, a + (b + c))
    same(2.0 * (a + b), 2.0 * a + 2.0 * b)
    same(2.0 * (3.0 * a), 6.0 * a)
    same(a * 2.0, 2.0 * a)
    same(a * c, c * a)
    same((a * c) * d, a * (c * d))
    same((a + d) * c, make_reward(f"{BUSY} * {NOVELTY} + {SUBGOALS} * {NOVELTY}"))
    same(0.5 * (a * c), (0.5 * a) * c)
    np.testing.assert_allclose(totals(a + -1.0 * a, policy), 0.0, atol=1e-12)
    np.testing.assert_allclose(totals(a * c, policy), totals(a, policy) * totals(c, policy), atol=1e-12)


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
