"""The action scorer: both of its paths agree, order does not matter, and what does not exist is never chosen."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import gymnasium as gym
import pytest
import torch
from torch import nn
from torch.testing import assert_close

from guerdon.agents.policies.action_scorer import ActionScorer
from guerdon.agents.policies.sb3_text import MaskableTextPolicy, TextPolicy
from guerdon.wrappers.text_encoder import TextEncoder
from guerdon.wrappers.text_memory import MEMORIES

from .household import encodings

Observation = dict[str, torch.Tensor]
NUM_FLAGS = len(MEMORIES["household"].FLAGS)


class Elsewhere(torch.Tensor):
    """A CPU tensor that says it is on another device, so that the scorer takes the path for padded tensors."""

    device: Any = SimpleNamespace(type="elsewhere")


@pytest.fixture(scope="module")
def situations() -> Observation:
    return {key: torch.as_tensor(value) for key, value in encodings(num_envs=6).items()}


@pytest.fixture
def scorer() -> ActionScorer:
    torch.manual_seed(0)
    scorer = ActionScorer(8192, NUM_FLAGS, width=16)
    with torch.no_grad():
        for head in (scorer.score, scorer.value):  # their last layers begin with zeros, which would hide everything
            head[-1].get_parameter("weight").normal_()
    return scorer


def shuffled(situations: Observation, order: torch.Tensor) -> Observation:
    return {key: value[:, order] if key in ("actions", "flags", "mask") else value for key, value in situations.items()}


def test_a_new_scorer_prefers_nothing(situations: Observation) -> None:
    logits, values = ActionScorer(8192, NUM_FLAGS)(situations)
    mask = situations["mask"] > 0
    assert logits[mask].unique().numel() == 1
    assert values.unique().numel() == 1
    assert (logits[~mask] == -torch.inf).all()


def test_the_compact_path_equals_the_padded_one(scorer: ActionScorer, situations: Observation) -> None:
    results = []
    for mask in (situations["mask"], situations["mask"].as_subclass(Elsewhere)):
        scorer.zero_grad()
        logits, values = (out.as_subclass(torch.Tensor) for out in scorer({**situations, "mask": mask}))
        (logits.clamp(min=-1e8).log_softmax(-1)[:, 0].sum() + values.sum()).backward()
        results.append((logits, values, [p.grad for p in scorer.parameters()]))
    compact, padded = results
    assert_close(compact, padded)
    assert compact[0][situations["mask"] > 0].unique().numel() > 50


def test_the_order_of_actions_does_not_matter(scorer: ActionScorer, situations: Observation) -> None:
    order = torch.randperm(situations["mask"].shape[1])
    logits, values = scorer(situations)
    others, same = scorer(shuffled(situations, order))
    assert_close(others, logits[:, order])
    assert_close(same, values)


def test_rows_do_not_see_each_other(scorer: ActionScorer, situations: Observation) -> None:
    logits, values = scorer(situations)
    for row in range(len(values)):
        alone, value = scorer({key: column[row : row + 1] for key, column in situations.items()})
        assert_close(alone[0], logits[row])
        assert_close(value[0], values[row])


def test_padding_is_not_read(scorer: ActionScorer, situations: Observation) -> None:
    absent = situations["mask"] == 0
    dirty = {**situations, "actions": situations["actions"].clone(), "flags": situations["flags"].clone()}
    dirty["actions"][absent], dirty["flags"][absent] = 7, 1.0
    assert_close(scorer(dirty), scorer(situations))


def policy_of(kind: type[Any], situations: Observation) -> Any:
    size = situations["mask"].shape[1]
    policy = kind(TextEncoder(1, size, memory="household").space, gym.spaces.Discrete(size), lambda _: 1e-3, width=16)
    with torch.no_grad():
        policy.scorer.score[-1].weight.normal_()
    return policy


@pytest.mark.parametrize("kind", [MaskableTextPolicy, TextPolicy])
class TestPolicies:
    def test_never_choose_what_does_not_exist(self, kind: type[Any], situations: Observation) -> None:
        policy, mask = policy_of(kind, situations), situations["mask"] > 0
        chances = policy.get_distribution(situations).distribution.probs
        assert (chances[~mask] == 0).all()
        assert (chances[mask] > 0).all()
        assert_close(chances.sum(-1), torch.ones(len(mask)))
        for deterministic in (False, True):
            actions, values, logs = policy(situations, deterministic=deterministic)
            assert mask.gather(1, actions[:, None]).all()
            assert values.shape == (len(mask), 1)
            assert_close(logs, chances.gather(1, actions[:, None])[:, 0].log())

    def test_can_live_with_a_single_action(self, kind: type[Any], situations: Observation) -> None:
        mask = torch.zeros_like(situations["mask"])
        mask[:, 3] = 1
        policy, only = policy_of(kind, situations), {**situations, "mask": mask}
        values, logs, entropy = policy.evaluate_actions(only, torch.full((len(mask),), 3))
        assert_close(logs, torch.zeros(len(mask)))
        assert_close(entropy, torch.zeros(len(mask)))
        (values.sum() - logs.sum() - entropy.sum()).backward()
        self.check_gradients(policy)

    def test_learn_from_finite_gradients(self, kind: type[Any], situations: Observation) -> None:
        policy = policy_of(kind, situations)
        values, logs, entropy = policy.evaluate_actions(situations, torch.zeros(6))
        assert (entropy > 0).all()
        assert (entropy <= (situations["mask"] > 0).sum(-1).log() + 1e-5).all()
        assert_close(policy.predict_values(situations), values)
        (values.square().sum() - logs.sum() - entropy.sum()).backward()
        assert any(parameter.grad.abs().sum() > 0 for parameter in policy.scorer.action.parameters())
        self.check_gradients(policy)

    def check_gradients(self, policy: nn.Module) -> None:
        for name, parameter in policy.named_parameters():
            assert parameter.grad is not None, f"{name} is never trained"
            assert parameter.grad.isfinite().all(), name
