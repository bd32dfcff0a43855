"""The Gaussian policy: torch's own log-probabilities, the closed form of the entropy, scaling, learning."""

import copy

import gymnasium as gym
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from guerdon.agents.losses.clipped import ClippedLoss, Targets
from guerdon.agents.policies.array_reader import ArrayReader
from guerdon.agents.policies.gaussian import GaussianPolicy
from guerdon.agents.policies.goal_features import GoalFeatures
from guerdon.core.trajectory import Step
from guerdon.envs.manipulation.spaces import action_space, observation_scale, observation_space


class Robot:
    """What `settings_for` asks of an env."""

    observation_space, action_space = observation_space(), action_space(4)
    metadata = {"observation_scale": observation_scale()}  # noqa: RUF012


def make(seed=0, **config):
    torch.manual_seed(seed)
    policy = GaussianPolicy(**{"observation_size": 5, "action_size": 3, **config})
    with torch.no_grad():  # the mean begins at zero
        policy.mean.weight.normal_()
        policy.log_std.add_(torch.linspace(-0.5, 0.5, policy.action_size))
    return policy


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def steps_of(inputs, choices):
    return [Step(None, None, None, inputs=one, choice=choice) for one, choice in zip(inputs, choices, strict=True)]


def features(count, size=5, seed=0):
    return np.random.default_rng(seed).normal(size=(count, size)).astype(np.float32)


@given(st.integers(1, 20), st.integers(0, 999))
@settings(max_examples=20, deadline=None)
def test_log_probability_and_entropy_are_those_of_torch(count, seed):
    policy, inputs = make(seed), features(count, seed=seed)
    choices = features(count, 3, seed + 1)
    now = policy.evaluate([steps_of(inputs, choices)])
    mean, value = policy(torch.from_numpy(inputs))
    wanted = torch.distributions.Normal(mean, policy.log_std.exp())
    torch.testing.assert_close(now.logp, wanted.log_prob(torch.from_numpy(choices)).sum(1), rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(now.entropy, wanted.entropy().sum(1), rtol=1e-5, atol=1e-5)
    torch.testing.assert_close(now.value, value)


def test_evaluation_equals_decision_and_draws_repeat():
    policy, inputs = make(1), list(features(32))
    decided = policy.decide(inputs, None, np.ones(32, bool), generator(3))
    now = policy.evaluate([[step] for step in steps_of(inputs, decided.choices)])
    np.testing.assert_allclose(now.logp.detach().numpy(), decided.logp, atol=1e-5)
    np.testing.assert_allclose(now.value.detach().numpy(), decided.values, atol=1e-6)
    rows = np.array([9, 1])
    pack = policy.pack([steps_of(inputs, decided.choices)])
    torch.testing.assert_close(policy.evaluate_pack(pack, rows).logp, now.logp[rows])
    again = policy.decide(np.stack(inputs), None, np.ones(32, bool), generator(3))
    np.testing.assert_array_equal(again.choices, decided.choices)
    other = policy.decide(inputs, None, np.ones(32, bool), generator(4))
    assert not np.array_equal(other.choices, decided.choices)
    greedy = policy.decide(inputs, None, np.ones(32, bool), generator(), greedy=True)
    np.testing.assert_array_equal(greedy.choices, policy(torch.from_numpy(np.stack(inputs)))[0].detach().numpy())
    forced = policy.decide(inputs, None, np.ones(32, bool), generator(), forced=decided.choices)
    np.testing.assert_array_equal(forced.logp, decided.logp)


def test_actions_are_cut_off_and_scaled_to_the_range():
    policy = make(2, low=[0.0, -2.0, -1.0], high=[1.0, 2.0, 5.0], log_std=1.0)
    decided = policy.decide(features(200), None, np.ones(200, bool), generator())
    actions, choices = np.stack(decided.actions), np.stack(decided.choices)
    assert (np.abs(choices) > 1.0).any()
    np.testing.assert_allclose(actions, np.clip(choices, -1, 1) * [0.5, 2.0, 3.0] + [0.5, 0.0, 2.0], atol=1e-5)
    assert actions.dtype == np.float32
    assert (actions >= [0, -2, -1]).all()
    assert (actions <= [1, 2, 5]).all()
    np.testing.assert_allclose(policy.choice_of(None, [0.75, -2.0, 2.0]), [0.5, -1.0, 0.0])
    with pytest.raises(ValueError, match="finite"):
        make(low=-np.inf)


def test_features_are_those_of_the_library_policy():
    rng, space, scale = np.random.default_rng(0), observation_space(), observation_scale()
    batch = {key: rng.normal(size=(6, *box.shape)) * 3.0 for key, box in space.spaces.items()}
    policy = GaussianPolicy(**GaussianPolicy.settings_for(Robot()))
    found = np.stack(policy.reader(6).read(batch, {}, np.ones(6, bool), []))
    wanted = GoalFeatures(space, **scale)({key: torch.from_numpy(one) for key, one in batch.items()})
    np.testing.assert_allclose(found, wanted.numpy(), rtol=1e-4, atol=1e-5)
    assert np.abs(found).max() == 10.0
    single = [{key: one[i] for key, one in batch.items()} for i in range(6)]
    np.testing.assert_array_equal(np.stack(policy.reader(6).read(single, {}, np.ones(6, bool), [])), found)
    assert found.shape[1] == policy.first.in_features


def test_plain_observations_are_read_as_they_are():
    box = gym.make("Pendulum-v1")
    settings_ = GaussianPolicy.settings_for(box)
    assert settings_ == {"action_size": 1, "low": [-2.0], "high": [2.0], "observation_size": 3}
    seen = np.array([[1.0, -2.0, 30.0]])
    np.testing.assert_array_equal(GaussianPolicy(**settings_).reader(1).read(seen, {}, None, [])[0], [1.0, -2.0, 10.0])
    with pytest.raises(ValueError, match="one row of numbers"):
        GaussianPolicy.settings_for(gym.make("CartPole-v1"))
    with pytest.raises(ValueError, match="middle has 2"):
        ArrayReader(3, middle=[0.0, 0.0])


def test_learns_a_target_that_depends_on_what_is_seen():
    torch.manual_seed(0)
    policy, source, loss = GaussianPolicy(1, 1, width=16), generator(0), ClippedLoss(entropy=0.0)
    optimizer = torch.optim.Adam(policy.parameters(), lr=1e-2)
    inputs = np.repeat(np.array([[-1.0], [1.0]], np.float32), 64, axis=0)
    for _ in range(60):
        decided = policy.decide(inputs, None, np.ones(128, bool), source)
        paid = torch.from_numpy(-np.square(np.concatenate(decided.actions) - 0.5 * inputs[:, 0]))
        gain = paid - torch.from_numpy(decided.values)
        targets = Targets(torch.from_numpy(decided.logp), gain / gain.std(), returns=paid)
        pack = policy.pack([steps_of(inputs, decided.choices)])
        for _ in range(4):
            optimizer.zero_grad()
            loss(policy.evaluate_pack(pack), targets)[0].backward()
            optimizer.step()
    greedy = policy.decide(inputs[[0, -1]], None, np.ones(2, bool), source, greedy=True)
    np.testing.assert_allclose(np.concatenate(greedy.actions), [-0.5, 0.5], atol=0.1)
    assert policy.log_std.item() < -0.8


def test_config_and_weights_make_the_same_policy():
    policy = make(3, low=[0.0] * 3, middle=[1.0] * 5)
    other = GaussianPolicy(**policy.config)
    other.load_state_dict(policy.state_dict())
    steps = steps_of(features(4), features(4, 3, 1))
    for one in (other, copy.deepcopy(policy)):
        assert torch.equal(one.evaluate([steps]).logp, policy.evaluate([steps]).logp)
    np.testing.assert_array_equal(other.reader(1).middle, [1.0] * 5)
