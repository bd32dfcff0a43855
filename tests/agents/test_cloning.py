"""Imitation: what the expert does becomes likely, and the policy plays better for it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from guerdon.agents.cloning import clone, demonstrations
from guerdon.agents.policies.base import log_probs
from guerdon.agents.policies.text_policy import TextPolicy
from guerdon.agents.policy_actor import PolicyActor
from guerdon.core.trajectory import Trajectory
from guerdon.evaluation.evaluate import evaluate, task_list
from guerdon.reward_models import make_reward

from .household import HOUSEHOLD, SMALL
from .played import KINDS, REWARD, make_text_policy


def shown(policy: TextPolicy, episodes: int, **kwargs: Any) -> list[Trajectory]:
    return demonstrations(policy, HOUSEHOLD, SMALL, make_reward(REWARD), episodes, 0, **kwargs)


@pytest.mark.parametrize("kind", KINDS)
def test_imitation_makes_the_expert_likely(kind: str) -> None:
    policy = make_text_policy(**KINDS[kind])
    tags = len(policy.tags)
    episodes = shown(policy, 20, tagger=(lambda seen, action, fresh: "plan" if fresh else "act") if tags else None)
    before = np.concatenate(log_probs(policy, episodes)).mean()
    reached = clone(policy, episodes, seed=0, epochs=6, learning_rate=1e-2, minibatch=16)
    after = np.concatenate(log_probs(policy, episodes)).mean()
    assert after > before + 1.0
    assert reached > before
    if tags:
        assert [[step.tag for step in one.steps] for one in episodes] == [
            ["plan", *["act"] * (len(one) - 1)] for one in episodes
        ]


def test_a_slip_is_played_but_not_shown() -> None:
    episodes = shown(make_text_policy(), 12, noise=0.5)
    steps = [step for one in episodes for step in one.steps]
    slips = [step.inputs.commands[step.choice] != step.action for step in steps]
    assert 0.3 < np.mean(slips) < 0.6
    clean = [step for one in shown(make_text_policy(), 12) for step in one.steps]
    assert all(step.inputs.commands[step.choice] == step.action for step in clean)


def test_an_imitator_beats_an_untrained_policy() -> None:
    torch.manual_seed(0)
    policy = TextPolicy("household", width=32)
    kwargs = {"split": "valid_unseen"}
    tasks = task_list(HOUSEHOLD, kwargs)[:60]

    def success() -> float:
        rows = evaluate(PolicyActor(policy), HOUSEHOLD, kwargs, REWARD, tasks)
        return float(np.mean([row.is_success for row in rows]))

    before = success()
    episodes = demonstrations(policy, HOUSEHOLD, {}, make_reward(REWARD), 150, 0)
    clone(policy, episodes, seed=0, epochs=12, minibatch=64, learning_rate=5e-3)
    assert success() >= before + 0.15
