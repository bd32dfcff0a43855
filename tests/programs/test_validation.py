"""What `validate` catches: the mistakes that language models make, rewards that pay for waiting, and nothing honest."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from guerdon.core.transition import Transition
from guerdon.reward_models import Reward
from guerdon.reward_models.programs.detours import looping, misdirected, waiting
from guerdon.reward_models.programs.payout import Recorded
from guerdon.reward_models.programs.validation import Validator, validate

from .episodes import ARM, HOUSE, evidence

ARM_REWARDS = (
    "manipulation/staged-v1",
    "manipulation/sparse-v1",
    "manipulation/tolerance-v1",
    "manipulation: near[gap, 0.1] + near[reach, 0.1]",
    "manipulation: progress[gap, 0.1] + 0.2*progress[reach, 0.2] + success[]",
)
HOUSE_REWARDS = (
    "household/success-v1",
    "household/subgoals-v1",
    "household/plan-distance-v1",
    "household: 0.25*gain[hold] + success[]",
    "household: success[] - 0.01*step[]",
)
BAD = {
    "manipulation: -1*near[gap, 0.1]": (ARM, {"monotone", "ranking"}),
    "manipulation: -1*progress[gap, 0.1]": (ARM, {"monotone", "ranking"}),
    "manipulation: step[]": (ARM, {"constant", "ranking"}),
    "manipulation: near[phases, 1]": (ARM, {"constant", "ranking"}),
    "manipulation: near[gapp, 0.1]": (ARM, {"parses"}),
    '{"world": "manipulation", "terms": [{"kind": "near", "field": "gap"}]}': (ARM, {"parses"}),
    "manipulation: 1e-5*near[gap, 0.1]": (ARM, {"scale"}),
    "nonsense": (ARM, {"parses"}),
    "household: flag[hold]": (HOUSE, {"dwell", "ranking"}),
    "household: flag[hands_full] + success[]": (HOUSE, {"dwell", "ranking", "loop"}),
    "household: gain[hold]": (ARM, {"finite"}),
    "household/busy-v1": (HOUSE, {"ranking"}),
}


class Handmade(Reward):
    """A reward made of a function, for breaking rules with."""

    id = "test/handmade-v1"

    def __init__(self, pay: Any, reads: tuple[str, ...] = ("state",), most: float = 1e9):
        self.function, self.reads, self.most = pay, frozenset(reads), most  # type: ignore[misc]

    @property
    def bounds(self) -> Mapping[str, tuple[float, float]]:
        return {"a": (-self.most, self.most)}

    def __call__(self, transition: Transition) -> Any:
        paid = self.function(transition)
        return paid, {"a": paid}


def check(reward: Any, env_id: str) -> Any:
    return validator(env_id).check(reward)


@functools.cache
def validator(env_id: str) -> Validator:
    shown = evidence(env_id)
    return Validator(shown.demos, shown.played, shown.gamma)


@pytest.mark.parametrize("reward", ARM_REWARDS + HOUSE_REWARDS)
def test_honest_rewards_pass(reward: str) -> None:
    report = check(reward, ARM if reward in ARM_REWARDS else HOUSE)
    assert report.ok, report.feedback
    assert report["ranking"].passed
    assert not report.failed


@pytest.mark.parametrize("reward", BAD)
def test_mistakes_are_caught_by_name(reward: str) -> None:
    env_id, kinds = BAD[reward]
    report = check(reward, env_id)
    assert not report.ok
    assert set(report.failed) >= kinds, report.feedback
    for kind in kinds:
        assert f"- {kind}: {report[kind].message}" in report.feedback


def test_messages_tell_what_to_do() -> None:
    assert "Did you mean 'gap'" in check("manipulation: near[gapp, 0.1]", ARM).feedback
    assert "signs of the weights" in check("manipulation: -1*near[gap, 0.1]", ARM).feedback
    assert "cannot teach" in check("manipulation: step[]", ARM).feedback
    assert "progress, gain" in check("household: flag[hold]", HOUSE).feedback


def test_a_constant_term_is_only_noted() -> None:
    report = check("manipulation: near[gap, 0.1] + near[phases, 1]", ARM)
    assert report.ok
    assert "near_phases" in report["idle"].message


def test_what_cannot_be_paid_is_caught() -> None:
    def gap(step: Transition) -> np.ndarray:
        return np.asarray(step.next_state.gap)

    def fails(step: Transition) -> np.ndarray:
        raise KeyError("cube_position")

    assert check(Handmade(lambda step: np.full(len(step), np.nan)), ARM).failed == ("finite",)
    assert check(Handmade(lambda step: np.full(len(step), np.inf)), ARM).failed == ("finite",)
    assert check(Handmade(lambda step: -gap(step), reads=("obs",)), ARM).failed == ("reads",)
    assert "cube_position" in check(Handmade(fails), ARM)["runs"].message
    assert "scale" in check(Handmade(lambda step: -1e4 * gap(step)), ARM).failed
    assert "outside its bounds" in check(Handmade(lambda step: 1 - gap(step), most=0.5), ARM)["scale"].message


def test_going_to_and_fro_is_caught() -> None:
    """What is paid for getting nearer and not taken back for getting away can be farmed."""

    def one_way(step: Transition) -> np.ndarray:
        return np.maximum(np.asarray(step.state.gap - step.next_state.gap), 0.0)

    def both_ways(step: Transition) -> np.ndarray:
        return np.asarray(step.state.gap - step.next_state.gap)

    assert "loop" in check(Handmade(one_way), ARM).failed
    assert check(Handmade(both_ways), ARM).ok


def test_rewards_that_read_actions_or_text_are_not_taken_on_detours() -> None:
    report = check("household/busy-v1", HOUSE)
    assert "loop" not in [one.kind for one in report.findings] or "action" not in report.findings
    with pytest.raises(KeyError, match="no finding"):
        check(Handmade(lambda step: np.asarray(step.next_state.gap), reads=("state", "action")), ARM)["loop"]


def test_it_needs_a_demonstration() -> None:
    with pytest.raises(ValueError, match="no demonstrations"):
        validate("household/success-v1", [])


def test_detours_lead_from_state_to_state() -> None:
    shown = evidence(ARM)
    demo, other = shown.demos[0], shown.demos[1]
    for made in (waiting(demo, 5, 60), looping(demo, 5, 60), looping(demo, 1, 7)):
        for one, then in zip(made.steps, made.steps[1:], strict=False):
            np.testing.assert_array_equal(one.next_state.object, then.state.object)
        assert made.truncated
        assert made.steps[-1].truncated
        assert not any(step.terminated for step in made.steps)
    assert len(looping(demo, 5, 60)) == len(waiting(demo, 5, 60)) == 60
    assert all(step.next_state is demo.steps[4].next_state for step in waiting(demo, 5, 60).steps[4:])
    lost = misdirected(demo, other, ["target"])
    np.testing.assert_array_equal(lost.steps[9].next_state.target, other.steps[0].state.target)
    np.testing.assert_array_equal(lost.steps[9].next_state.object, demo.steps[9].next_state.object)
    assert lost.steps[9].next_state.gap != demo.steps[9].next_state.gap


def test_payments_are_those_of_relabelling() -> None:
    from guerdon.reward_models import make_reward

    reward = make_reward("household/plan-distance-v1")
    some = [*evidence(HOUSE).demos[:3], *evidence(HOUSE).others["random"][:3]]
    assert len({len(one) for one in some}) > 1
    for demo, paid in zip(some, Recorded(some).pay(reward), strict=True):
        np.testing.assert_array_equal(paid.totals, reward.relabel(demo))
        assert paid.value(0.5) == pytest.approx(sum(0.5**t * float(r) for t, r in enumerate(paid.totals)))
