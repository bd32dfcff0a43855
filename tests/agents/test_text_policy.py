"""Our own text policy: what it decides is what it evaluates, and equal texts are equal to it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from guerdon.agents.policies.bags import mean_bags, most
from guerdon.agents.policies.make import load_weights, save_weights
from guerdon.agents.policies.text_policy import TextPolicy
from guerdon.core.names import UnknownNameError

from .played import KINDS, make_text_policy, played_segments

CLOSE: dict[str, Any] = {"rtol": 1e-5, "atol": 1e-5}
MANY = ["go to shelf 1", "go to shelf 2", "look", "take mug 1 from shelf 1", "open drawer 1", "go to bed 1"]
SEEN = "You are in the middle of a room. You see a mug 1.\n\nYour task is to: put a mug in drawer."


@pytest.fixture(params=KINDS)
def policy(request: pytest.FixtureRequest) -> TextPolicy:
    return make_text_policy(**KINDS[request.param])


def read(policy: TextPolicy, *offered: list[str]) -> list[Any]:
    """Return the inputs of one first situation for each list of actions."""
    fresh = np.ones(len(offered), dtype=bool)
    infos = {"admissible_actions": offered}
    return policy.reader(len(offered)).read([SEEN] * len(offered), infos, fresh, [None] * len(offered))


def all_choices(policy: TextPolicy, actions: list[str]) -> list[Any]:
    return [(tag, i) for tag in range(len(policy.tags)) for i in range(len(actions))] if policy.tags else [
        *range(len(actions))
    ]  # fmt: skip


def log_probs(policy: TextPolicy, actions: list[str]) -> np.ndarray:
    """Return the log-probability of every choice in the first situation."""
    choices = all_choices(policy, actions)
    inputs = read(policy, *[actions] * len(choices))
    fresh = np.ones(len(choices), dtype=bool)
    return policy.decide(inputs, None, fresh, torch.Generator(), forced=choices).logp


def test_what_is_decided_is_what_is_evaluated(policy: TextPolicy) -> None:
    segments = played_segments(policy)
    assert any(one[0].inputs.state for one in segments) == bool(policy.sequential or policy.tags)
    now = policy.evaluate(segments)
    steps = [step for one in segments for step in one]
    np.testing.assert_allclose(now.logp.detach(), [step.logp for step in steps], **CLOSE)
    np.testing.assert_allclose(now.value.detach(), [step.scores["value"] for step in steps], **CLOSE)
    assert np.ptp([step.logp for step in steps]) > 0.1
    assert len({step.tag for step in steps}) == max(len(policy.tags), 1)


def test_segments_of_other_lengths_say_the_same(policy: TextPolicy) -> None:
    segments = played_segments(policy)
    alone = [[step] for one in segments for step in one]  # every step notes the memory that it began with
    for name in ("logp", "entropy", "value"):
        torch.testing.assert_close(getattr(policy.evaluate(alone), name), getattr(policy.evaluate(segments), name))


def test_picked_rows_are_those_rows(policy: TextPolicy) -> None:
    segments = played_segments(policy)
    rows = np.random.default_rng(0).permutation(len(segments))[: len(segments) // 2]
    picked = policy.evaluate_pack(policy.pack(segments), rows)
    direct = policy.evaluate([segments[row] for row in rows])
    whole = policy.evaluate_pack(policy.pack(segments))
    for name in ("logp", "entropy", "value"):
        torch.testing.assert_close(getattr(picked, name), getattr(direct, name))
        torch.testing.assert_close(getattr(whole, name), getattr(policy.evaluate(segments), name))


def test_probabilities_sum_to_one(policy: TextPolicy) -> None:
    logp = log_probs(policy, MANY)
    assert np.exp(logp).sum() == pytest.approx(1.0, abs=1e-5)
    assert len(logp) == len(MANY) * max(len(policy.tags), 1)
    assert logp.std() > 0.01


def test_entropy_is_that_of_the_written_out_distribution() -> None:
    policy = make_text_policy()
    logp = log_probs(policy, MANY)
    (step, *_), *_ = played_segments(policy)
    (inputs,) = read(policy, MANY)
    now = policy.evaluate([[replace(step, inputs=inputs, choice=0)]])
    assert float(now.entropy.detach()) == pytest.approx(-(np.exp(logp) * logp).sum(), abs=1e-5)


def test_the_order_of_actions_does_not_matter(policy: TextPolicy) -> None:
    order = np.random.default_rng(1).permutation(len(MANY))
    logp = log_probs(policy, MANY).reshape(-1, len(MANY))
    permuted = log_probs(policy, [MANY[i] for i in order]).reshape(-1, len(MANY))
    np.testing.assert_allclose(permuted, logp[:, order], **CLOSE)


def test_actions_with_the_same_words_and_flags_share_evenly() -> None:
    policy = make_text_policy()
    once, twice = log_probs(policy, MANY), log_probs(policy, [*MANY, "look"])
    assert once[0] == pytest.approx(once[1])  # shelf 1 and shelf 2: numbers are no words
    assert twice[2] == pytest.approx(twice[-1])
    odds = np.exp(np.delete(once, 2) - once[2])
    np.testing.assert_allclose(np.exp(np.delete(twice, [2, 6]) - twice[2]), odds, rtol=1e-4)
    assert np.exp(twice).sum() == pytest.approx(1.0, abs=1e-5)


def test_greedy_takes_the_likeliest(policy: TextPolicy) -> None:
    decided = policy.decide(read(policy, MANY), None, np.ones(1, dtype=bool), torch.Generator(), greedy=True)
    tag, index = decided.choices[0] if policy.tags else (0, decided.choices[0])
    logp = log_probs(policy, MANY).reshape(-1, len(MANY))
    assert decided.actions == [MANY[index]]
    assert np.exp(logp).sum(1).argmax() == tag
    assert logp[tag].argmax() == index


def test_draws_have_their_probabilities() -> None:
    policy, count = make_text_policy(), 4000
    inputs, fresh = read(policy, *[MANY] * count), np.ones(count, dtype=bool)
    drawn = policy.decide(inputs, None, fresh, torch.Generator().manual_seed(3)).choices
    share = np.bincount(drawn, minlength=len(MANY)) / count
    np.testing.assert_allclose(share, np.exp(log_probs(policy, MANY)), atol=0.03)


def test_choices_are_actions_that_exist(policy: TextPolicy) -> None:
    (inputs,) = read(policy, MANY)
    assert policy.choice_of(inputs, "look", policy.tags[0] if policy.tags else "") == ((0, 2) if policy.tags else 2)
    with pytest.raises(UnknownNameError, match="Did you mean 'look'"):
        policy.choice_of(inputs, "lok")
    with pytest.raises(ValueError, match="no action is admissible in situation 1 of 2"):
        policy.decide(read(policy, MANY, []), None, np.ones(2, dtype=bool), torch.Generator())


def test_a_policy_comes_back_from_its_file(policy: TextPolicy, tmp_path: Path) -> None:
    segments = played_segments(policy)
    save_weights(policy, tmp_path / "policy.pt")
    again = load_weights(tmp_path / "policy.pt")
    assert again.config == policy.config
    assert torch.equal(again.evaluate(segments).logp, policy.evaluate(segments).logp)


def test_bags_are_the_means_of_their_words_with_the_gradients_of_torch() -> None:
    torch.manual_seed(0)
    mine, theirs = (torch.randn(9, 3).requires_grad_() for _ in range(2))
    theirs.data = mine.data.clone()
    words, starts = torch.tensor([1, 2, 2, 8, 4]), torch.tensor([0, 3, 3, 5])
    weights = torch.randn(3, 3)
    ours = mean_bags(mine, words, starts)
    torch_says = torch.nn.functional.embedding_bag(words, theirs, starts[:-1], mode="mean")
    (ours * weights).sum().backward()
    (torch_says * weights).sum().backward()
    torch.testing.assert_close(ours, torch_says)
    torch.testing.assert_close(mine.grad, theirs.grad)
    assert not ours[1].any()


def test_the_greatest_shares_its_gradient_among_equals() -> None:
    values = torch.tensor([[1.0, 5.0], [3.0, 5.0], [2.0, -1.0]], requires_grad=True)
    found = most(values, torch.tensor([0, 0, 1]), 2)
    assert found.tolist() == [[3.0, 5.0], [2.0, -1.0]]
    (found * torch.tensor([[1.0, 4.0], [5.0, 6.0]])).sum().backward()
    assert values.grad is not None
    assert values.grad.tolist() == [[0.0, 2.0], [1.0, 2.0], [5.0, 6.0]]
