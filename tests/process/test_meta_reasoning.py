"""RLVMR (entry 4): rules by tag, and credit within a tag."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guerdon.agents.advantages.grpo import GRPO
from guerdon.agents.advantages.per_tag import PerTag
from guerdon.reward_models.transforms.meta_reasoning import TAGS, MetaReasoning

from .batches import batch, episode


def paid(outcome: float = 1.0, **columns) -> list[float]:
    steps = len(columns["tag"])
    return MetaReasoning()(batch([episode(steps, outcome, **columns)]))[0].tolist()


def test_plans_are_paid_only_if_they_led_to_success_and_the_last_most() -> None:
    tags = ["planning", "monitor", "planning", "planning", "monitor"]
    assert paid(tag=tags) == pytest.approx([0.81, 0, 0.9, 1.0, 0])
    assert paid(outcome=0.0, tag=tags) == [0] * 5
    assert paid(tag=tags, valid=[False, True, True, True, True])[0] == 0


def test_exploring_is_paid_once_for_each_transition() -> None:
    keys, actions = ["a", "b", "a", "b", "a"], ["x", "y", "x", "z", "x"]
    # The first and the third step are the same transition a -x-> b; the last leaves a by x too, but into the end.
    assert paid(tag=["explore"] * 5, state_key=keys, action=actions) == [1, 1, 0, 1, 1]
    # Having been there under another tag counts.
    assert paid(tag=["monitor", "explore", "explore", "explore", "explore"], state_key=keys, action=actions)[2] == 0


def test_an_agent_that_only_explores_earns_nothing_when_all_is_known() -> None:
    found = paid(tag=["explore"] * 12, state_key=["a", "b"] * 6, action=["x", "y"] * 6)
    assert sum(found[:2]) == 2
    assert found[2:11] == [0] * 9


def test_reflection_needs_a_failure_before_and_another_try() -> None:
    same, tags = ["k"] * 4, ["monitor", "reflection", "reflection", "reflection"]
    valid = [False, True, True, True]
    assert paid(tag=tags, state_key=same, action=["x", "y", "y", "y"], valid=valid) == [0, 1, 0, 0]
    assert paid(tag=tags, state_key=same, action=["x", "x", "y", "y"], valid=valid)[1] == 0
    assert paid(tag=tags, state_key=same, action=["x", "y", "z", "x"], valid=[True] * 4) == [0] * 4
    assert paid(tag=tags, state_key=same, action=["x", "y", "z", "z"], valid=[False, False, True, True]) == [0, 0, 1, 0]


def test_a_step_without_a_known_tag_costs() -> None:
    assert paid(tag=["", "monitor", "thinking"]) == [-0.1, 0, -0.1]


def members(groups):
    return batch(
        *([episode(len(tags), outcome, f"t{i}", tag=tags) for outcome, tags in group] for i, group in enumerate(groups))
    )


EPISODES = st.tuples(st.sampled_from([0.0, 1.0]), st.lists(st.sampled_from(TAGS), min_size=1, max_size=6))
GROUPS = st.lists(st.lists(EPISODES, min_size=1, max_size=4), min_size=1, max_size=3)


@given(GROUPS, st.integers(0, 2**32 - 1))
def test_within_a_tag_the_rules_add_nothing_on_average(groups, seed: int) -> None:
    one, rng = members(groups), np.random.default_rng(seed)
    payments = [rng.normal(size=len(part)) for part in one.trajectories]
    credit = PerTag(alpha=0.0)(one, payments)
    cells: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
    for part, values, pay in zip(one.trajectories, credit, payments, strict=True):
        for step, value, own in zip(part.steps, values, pay, strict=True):
            cells[part.task_id, step.tag].append((value, own))
    for cell in cells.values():
        values, own = np.array(cell).T
        assert values.mean() == pytest.approx(0.0, abs=1e-9)
        if len(values) > 1:
            assert values == pytest.approx((own - own.mean()) / (own.std() + 1e-6), abs=1e-6)


@given(GROUPS, st.floats(0, 1))
def test_with_equal_rules_it_is_a_share_of_grpo(groups, alpha: float) -> None:
    one = members(groups)
    outcome = [np.array([0.0] * (len(part) - 1) + [part.outcome]) for part in one.trajectories]
    ours = PerTag(alpha)(one, [np.full(len(part), 0.3) for part in one.trajectories])
    for a, b in zip(ours, GRPO()(one, outcome), strict=True):
        assert a == pytest.approx(alpha * b)


def test_malformed_steps_count_against_the_episode() -> None:
    one = members([[(1.0, ["monitor", "monitor"]), (1.0, ["monitor", "oops"])]])
    clean, spoilt = PerTag(alpha=0.5)(one, MetaReasoning()(one))
    assert clean.min() > 0 > spoilt.max()
