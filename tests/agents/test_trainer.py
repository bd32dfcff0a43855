"""The one on-policy loop: what a minibatch holds, equal runs from equal seeds, exact going on, budgets."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from guerdon.agents.advantages.base import AdvantageEstimator
from guerdon.agents.losses.clipped import ClippedLoss
from guerdon.agents.recipe import Parts, make_recipe
from guerdon.agents.recipe_learner import RecipeLearner
from guerdon.agents.samplers.segments import SegmentSampler
from guerdon.agents.trainer import Trainer, _minibatches
from guerdon.core.trajectory import Batch
from guerdon.reward_models import make_reward
from guerdon.reward_models.transforms.base import Column

from .household import HOUSEHOLD, SMALL
from .played import REWARD, make_player, make_text_policy

SETTINGS: dict[str, Any] = {"num_envs": 6, "segment": 8, "minibatch": 16, "num_groups": 3, "group_size": 3}


@dataclass(frozen=True)
class Nothing(AdvantageEstimator):
    """Gives every step the advantage 0."""

    def __call__(self, batch: Batch, payments: list[np.ndarray]) -> list[np.ndarray]:
        return [np.zeros(len(one)) for one in batch.trajectories]


def learner(recipe: str = "gae", seed: int = 0, **settings: Any) -> RecipeLearner:
    given = {**SETTINGS, "gamma": 0.99, **settings, "policy": {"width": 8, **settings.get("policy", {})}}
    if recipe != "gae":
        del given["segment"]
    env_kwargs = {**SMALL, "max_episode_steps": 12}
    return RecipeLearner(recipe, HOUSEHOLD, env_kwargs, make_reward(REWARD), seed, given, device="cpu")


def weights(one: RecipeLearner) -> dict[str, torch.Tensor]:
    return {name: value.clone() for name, value in one.policy.state_dict().items()}


def same(first: dict[str, torch.Tensor], second: dict[str, torch.Tensor]) -> bool:
    return first.keys() == second.keys() and all(torch.equal(first[name], second[name]) for name in first)


def ignore(info: dict[str, Any]) -> None:
    """Take no note of an episode."""


@given(st.lists(st.integers(1, 20), min_size=1, max_size=60), st.integers(1, 64))
def test_minibatches_cover_each_step_once(lengths: list[int], size: int) -> None:
    starts = np.concatenate(([0], np.cumsum(lengths)))
    parts = _minibatches(np.random.default_rng(0), starts, size)
    assert sorted(np.concatenate(parts).tolist()) == list(range(len(lengths)))
    held = [sum(lengths[row] for row in part) for part in parts]
    assert all(abs(count - sum(lengths) / len(parts)) <= 2 * max(lengths) for count in held) or len(parts) < max(
        round(sum(lengths) / size), 1
    )
    assert len(parts) <= max(round(sum(lengths) / size), 1)


def test_an_update_evaluates_every_step_once_an_epoch(monkeypatch: pytest.MonkeyPatch) -> None:
    one, rows = learner(epochs=3), list[int]()
    original = type(one.policy).evaluate_pack

    def count(self: Any, pack: Any, picked: Any = None) -> Any:
        rows.extend(picked.tolist())
        return original(self, pack, picked)

    monkeypatch.setattr(type(one.policy), "evaluate_pack", count)
    one.learn(48, ignore)
    assert Counter(rows) == dict.fromkeys(range(48), 3)


@pytest.mark.parametrize("policy", [{}, {"memory": "gru"}, {"tags": ("plan", "act")}], ids=["plain", "gru", "tags"])
def test_nothing_to_learn_changes_nothing(policy: dict[str, Any]) -> None:
    recipe = make_recipe("gae", {**SETTINGS, "epochs": 2})
    one = make_text_policy(**policy)
    before = {name: value.clone() for name, value in one.state_dict().items()}
    parts = Parts(Column("paid"), Nothing(), ClippedLoss(entropy=0.0))
    trainer = Trainer(one, parts, SegmentSampler(make_player(), 8), recipe, seed=0)
    for _ in range(2):
        trainer.iterate()
    assert same(before, one.state_dict())
    Trainer(
        one, Parts(Column("paid"), Nothing(), ClippedLoss(entropy=0.1)), SegmentSampler(make_player(), 8), recipe, 0
    ).iterate()
    assert not same(before, one.state_dict()), "entropy is something to learn from"


@pytest.mark.parametrize("recipe", ["gae", "grpo"])
def test_equal_seeds_give_equal_weights(recipe: str) -> None:
    runs = []
    for seed in (4, 4, 5):
        one = learner(recipe, seed)
        one.learn(200, ignore)
        runs.append(weights(one))
    assert same(runs[0], runs[1])
    assert not same(runs[0], runs[2])


@pytest.mark.parametrize(
    ("recipe", "settings"),
    [("gae", {}), ("gae", {"policy": {"memory": "transformer"}}), ("grpo", {"warm_start": 6}), ("rlvmr", {})],
)
def test_a_resumed_run_is_the_unbroken_one(recipe: str, settings: dict[str, Any]) -> None:
    unbroken, resumed = learner(recipe, **settings), learner(recipe, **settings)
    episodes: tuple[list[Any], list[Any]] = [], []
    unbroken.learn(150, ignore, budget=600)
    checkpoint = unbroken.checkpoint()
    unbroken.learn(150, episodes[0].append, budget=600)
    resumed.resume(checkpoint)
    resumed.learn(150, episodes[1].append, budget=600)
    assert resumed.steps == unbroken.steps
    np.testing.assert_equal(episodes[1], episodes[0])
    assert same(weights(unbroken), weights(resumed))


def test_a_budget_is_met_at_the_end_of_an_iteration() -> None:
    one = learner()
    assert one.steps == 0
    one.learn(1, ignore)
    assert one.steps == 48
    one.learn(48, ignore)
    assert one.steps == 96
    warm, episodes = learner("grpo", warm_start=6), list[Any]()
    warm.learn(1, episodes.append)
    assert warm.steps >= 6 * 2, "the expert's steps count too"
    assert not episodes
    expert = warm.steps
    warm.learn(1, episodes.append)
    played = sum(info["episode"]["l"] for info in episodes)
    assert len(episodes) >= 9
    assert expert + played <= warm.steps < expert + played + 6 * 12


def test_a_rate_that_falls_ends_near_zero() -> None:
    one = learner(anneal=True, learning_rate=0.1)
    rates = []
    while one.steps < 192:
        one.learn(48, ignore, budget=192)
        assert one._trainer is not None
        rates.append(one._trainer.optimizer.param_groups[0]["lr"])
    assert rates == pytest.approx([0.1, 0.075, 0.05, 0.025])


def test_mixed_precision_goes_nearly_the_same_way() -> None:
    exact, mixed = learner(), learner(precision="bfloat16")
    before = weights(exact)
    for one in (exact, mixed):
        one.learn(1, ignore)
    assert not same(weights(exact), weights(mixed))
    changes = [
        torch.cat([(value - before[name]).flatten() for name, value in weights(one).items()]) for one in (exact, mixed)
    ]
    assert torch.isfinite(changes[1]).all()
    assert torch.cosine_similarity(*changes, dim=0) > 0.8
