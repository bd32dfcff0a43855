"""How experience is collected: what is recorded is what happened, and nothing is lost between batches."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest
import torch

import guerdon
from guerdon.agents.policies.text_policy import TextPolicy
from guerdon.agents.samplers.groups import GroupSampler
from guerdon.agents.samplers.segments import SegmentSampler
from guerdon.core.trajectory import Batch, Trajectory

from .household import HOUSEHOLD, SMALL
from .played import KINDS, REWARD, make_player, make_text_policy, mixed_script

LIMIT = 9


@pytest.fixture(params=["feed-forward", "gru and tags"])
def policy(request: pytest.FixtureRequest) -> TextPolicy:
    return make_text_policy(**KINDS[request.param])


def generator() -> torch.Generator:
    return torch.Generator().manual_seed(5)


def expected_value(policy: TextPolicy, one: Trajectory, infos: list[dict[str, Any]], seen: list[str]) -> float:
    """Return what the policy expects after the last step of an episode, read on its own from the beginning."""
    reader, memory, last, value = policy.reader(1), None, None, 0.0
    for time, (info, observation) in enumerate(zip(infos, seen, strict=True)):
        fresh = np.array([time == 0])
        columns = {"admissible_actions": [info["admissible_actions"]]}
        inputs = reader.read([observation], columns, fresh, [last])
        forced = [one.steps[time].choice] if time < len(one) else None
        decided = policy.decide(inputs, memory, fresh, torch.Generator(), forced is None, forced)
        memory, last, value = decided.memory, decided.actions[0], float(decided.values[0])
    return value


def test_what_is_recorded_is_what_a_single_env_does(policy: TextPolicy) -> None:
    player = make_player()
    player.record_plans = True
    sampler = GroupSampler(player, num_groups=6, group_size=2)
    batch = sampler.collect(policy, generator(), script=mixed_script)
    env: Any = guerdon.make(HOUSEHOLD, REWARD, **SMALL, max_episode_steps=LIMIT)
    for one in batch.trajectories:
        observation, info = env.reset(options={"task": one.task_id})
        seen, infos, terminated, truncated = [observation], [info], False, False
        for step in one.steps:
            assert step.obs == observation
            assert list(step.admissible) == info["admissible_actions"]
            assert step.scores["plan_before"] == info["plan_length"]
            observation, paid, terminated, truncated, info = env.step(step.action)
            seen.append(observation)
            infos.append(info)
            assert step.next_obs == observation
            assert step.scores["paid"] == paid
            assert step.reward == info["reward_env"]
            assert (step.terminated, step.truncated, step.success) == (terminated, truncated, info["is_success"])
            assert step.scores["plan_after"] == info["plan_length"]
            assert step.valid == (info["failure"] is None)
        assert terminated or truncated
        assert one.truncated == (truncated and not terminated)
        assert one.objective == env.unwrapped.objective
        assert one.outcome == float(info["is_success"])
        if one.truncated:
            assert one.last_value == pytest.approx(expected_value(policy, one, infos, seen), abs=1e-5)
        else:
            assert one.last_value == 0.0
    assert {one.truncated for one in batch.trajectories} == {True, False}


def test_groups_are_whole_and_in_the_order_begun(policy: TextPolicy) -> None:
    player, order = make_player(), make_player()
    sampler, draws, ended = GroupSampler(player, num_groups=3, group_size=4), generator(), list[dict[str, Any]]()
    batches = [sampler.collect(policy, draws, ended.append, mixed_script) for _ in range(4)]
    groups = [group for batch in batches for group in batch.groups]
    assert [batch.iteration for batch in batches] == [0, 1, 2, 3]
    assert [len(batch.groups) for batch in batches] == [3] * 4
    assert [group.task_id for group in groups] == [order.draw_task() for _ in groups]
    for group in groups:
        assert [one.task_id for one in group.trajectories] == [group.task_id] * 4
        for one in group.trajectories:
            assert [step.terminated or step.truncated for step in one.steps] == [*[False] * (len(one) - 1), True]
            assert all(a.next_obs == b.obs for a, b in zip(one.steps, one.steps[1:], strict=False))
    waiting = [one for group in sampler._begun for one in group.trajectories]
    played = [one for group in groups for one in group.trajectories] + waiting
    assert sorted(len(one) for one in played) == sorted(info["episode"]["l"] for info in ended)
    assert sum(info["episode"]["l"] for info in ended) <= player.steps < sum(map(len, played)) + 6 * LIMIT


def figures(batch: Batch) -> list[Any]:
    return [
        (one.task_id, one.last_value, [(step.obs, step.action, step.logp, step.scores) for step in one.steps])
        for one in batch.trajectories
    ]


@pytest.mark.parametrize("kind", ["groups", "segments"])
def test_a_sampler_pickles_in_the_middle_of_episodes(policy: TextPolicy, kind: str) -> None:
    sampler: Any = GroupSampler(make_player(), 3, 3) if kind == "groups" else SegmentSampler(make_player(), 5)
    first, second = generator(), torch.Generator()
    sampler.collect(policy, first)
    again = pickle.loads(pickle.dumps(sampler))
    second.set_state(first.get_state())
    for _ in range(2):
        assert figures(again.collect(policy, second)) == figures(sampler.collect(policy, first))


def test_segments_go_on_where_they_were_cut(policy: TextPolicy) -> None:
    sampler, draws = SegmentSampler(make_player(), 5), generator()
    before = sampler.collect(policy, draws)
    continued = 0
    for _ in range(4):
        after = sampler.collect(policy, draws)
        assert sum(map(len, after.trajectories)) == 5 * 6
        assert [group.task_id for group in after.groups] == [one.task_id for one in after.trajectories]
        beginnings = {(one.task_id, one.steps[0].obs): one.steps[0].scores["value"] for one in after.trajectories}
        for one in before.trajectories:
            last = one.steps[-1]
            if last.terminated or last.truncated:
                assert one.truncated == (last.truncated and not last.terminated)
            else:
                assert one.last_value == pytest.approx(beginnings[one.task_id, last.next_obs], abs=1e-5)
                continued += 1
        before = after
    assert continued > 6
