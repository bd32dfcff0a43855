"""The rules that the reward interface enforces: what may be read, and what may be paid."""

from __future__ import annotations

import copy
import operator
from collections.abc import Callable
from typing import Any

import gymnasium as gym
import numpy as np
import pytest

from guerdon.agents.actor import rows_of
from guerdon.core.names import UnknownNameError
from guerdon.core.transition import READS, HiddenFieldError, Transition
from guerdon.reward_models import make_reward, register
from guerdon.reward_models.base import RewardError
from guerdon.wrappers.spec_reward import SpecReward, SpecRewardVector

from .reward_rollouts import ARM, ENV, Custom, record, step_with

SUCCESS = "household/success-v1"
every_world = pytest.mark.parametrize("env_id", [ENV, ARM], ids=["text", "numbers"])

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
@every_world
def test_peeking_at_an_undeclared_field_is_an_error(env_id: str, what: str, field: str, vector: bool) -> None:
    budget = tuple(sorted(set(READS) - {what}))
    spy = Custom(lambda transition: getattr(transition, field)[0], budget)
    with pytest.raises(HiddenFieldError) as caught:
        step_with(spy, vector, env_id)
    for part in (spy.id, repr(field), repr(what), str(list(budget))):
        assert part in str(caught.value), "the error names reward, field, kind and budget"


@pytest.mark.parametrize("use", list(USES))
def test_no_use_of_a_hidden_field_goes_unnoticed(use: str) -> None:
    with pytest.raises(HiddenFieldError, match=r"test/custom-v1 uses 'next_state'"):
        step_with(Custom(lambda transition: USES[use](transition.next_state)))


@pytest.mark.parametrize("vector", [False, True], ids=["single", "vector"])
@pytest.mark.parametrize(("what", "field"), FIELDS)
@every_world
def test_a_declared_field_is_handed_over(env_id: str, what: str, field: str, vector: bool) -> None:
    """As a batch: a column, a dict of columns, or a state with a leading axis."""
    seen: list[Any] = []

    def look(transition: Transition) -> Any:
        given = getattr(transition, field)
        zero = np.zeros(len(transition))
        if what == "state":
            seen.append(given.success if env_id == ARM else given.plan_length)
        elif what != "text":
            seen.append(rows_of(given))
        elif "text_info" in gym.make(env_id).metadata:
            seen.append(given["admissible_actions"])
        else:
            seen.append(zero if not given else None)
        return zero, {"a": zero, "b": zero}

    step_with(Custom(look, (what,)), vector, env_id)
    assert len(seen[-1]) == (2 if vector else 1)


@pytest.mark.parametrize("how", ["single", "vector", "relabel"])
def test_observations_of_numbers_are_dicts_of_columns(how: str) -> None:
    def look(transition: Transition) -> Any:
        size = len(transition)
        for given in (transition.obs, transition.next_obs):
            shapes = {key: np.shape(value) for key, value in given.items()}
            assert shapes == {"observation": (size, 34), "achieved_goal": (size, 3), "desired_goal": (size, 3)}
            assert all(isinstance(value, np.ndarray) for value in given.values())
        assert np.shape(transition.action) == (size, 4)
        gap = np.linalg.norm(transition.next_obs["desired_goal"] - transition.next_obs["achieved_goal"], axis=1)
        return -gap, {"a": -gap, "b": np.zeros(size)}

    reward = Custom(look, ("obs", "action"))
    if how == "relabel":
        played, paid = record(ARM, "wandering_expert", 0, reward)
        np.testing.assert_array_equal(reward.relabel(played), paid.totals)
    else:
        step_with(reward, how == "vector", ARM)


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
@every_world
def test_what_cannot_be_paid_is_an_error(env_id: str, bad: str) -> None:
    payment, message = BAD_PAYMENTS[bad]
    with pytest.raises(RewardError, match=r"test/custom-v1.*" + message):
        step_with(Custom(lambda transition: payment), env_id=env_id)


@every_world
def test_the_error_names_the_slot_of_a_vector_env(env_id: str) -> None:
    payment = np.array([0.0, np.nan])
    with pytest.raises(RewardError, match=r"'a' is nan in env 1"):
        step_with(Custom(lambda transition: (payment, {"a": payment, "b": payment})), vector=True, env_id=env_id)


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


@every_world
def test_same_step_autoreset_is_refused(env_id: str) -> None:
    with pytest.raises(ValueError, match=r"SAME_STEP.*NEXT_STEP or DISABLED"):
        SpecRewardVector(gym.make_vec(env_id, 2, autoreset_mode="SameStep"), SUCCESS)
