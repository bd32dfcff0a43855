"""Learners on the robots: features of order one, hindsight that pays what the env pays, exact going on."""

from __future__ import annotations

from typing import Any

import gymnasium as gym
import numpy as np
import pytest
import torch
from stable_baselines3 import HerReplayBuffer

from guerdon.agents.policies.goal_features import FARTHEST, GoalFeatures
from guerdon.agents.sb3 import Sb3Learner
from guerdon.reward_models import make_reward

PUSH = "guerdon:guerdon/Push-v0"
SMALL: dict[str, Any] = {
    "robot-ppo": {"num_envs": 4, "n_steps": 16, "batch_size": 32, "n_epochs": 1},
    "robot-sac": {"num_envs": 4, "learning_starts": 60, "batch_size": 16, "gradient_steps": 1, "buffer_size": 2000},
    "robot-her": {"num_envs": 4, "learning_starts": 60, "batch_size": 16, "gradient_steps": 1, "buffer_size": 2000},
    "robot-tqc": {"num_envs": 4, "learning_starts": 60, "batch_size": 16, "gradient_steps": 1, "buffer_size": 2000},
}
every_agent = pytest.mark.parametrize("agent", list(SMALL))


def learner(agent: str, reward: str = "manipulation/sparse-v1", seed: int = 0) -> Sb3Learner:
    kwargs = {"max_episode_steps": 10}
    return Sb3Learner(agent, PUSH, kwargs, make_reward(reward), seed, SMALL[agent], device="cpu")


def weights(one: Sb3Learner) -> list[torch.Tensor]:
    return [value.clone() for value in one.model.policy.state_dict().values()]


@every_agent
def test_it_learns_on_features_of_order_one(agent: str) -> None:
    one = learner(agent)
    before = weights(one)
    one.learn(128, lambda info: None)
    assert not all(torch.equal(old, new) for old, new in zip(before, weights(one), strict=True))
    features = [part for part in one.model.policy.modules() if isinstance(part, GoalFeatures)]
    assert features
    envs = gym.make_vec(PUSH, 64, vectorization_mode="vector_entry_point")
    seen, _ = envs.reset(seed=0)
    for _ in range(20):
        seen, *_ = envs.step(envs.action_space.sample())
    made = features[0]({key: torch.as_tensor(value) for key, value in seen.items()})
    assert made.shape == (64, 34 + 3)
    spread = made.std(dim=0)
    assert spread.max() < 5  # nothing drowns the rest
    assert spread[21:24].min() > 0.3  # and what matters, a few centimetres, is seen
    assert spread[34:36].min() > 0.3


@every_agent
def test_a_resumed_run_is_the_unbroken_one(agent: str) -> None:
    unbroken, resumed = learner(agent), learner(agent)
    unbroken.learn(96, lambda info: None, 192)
    checkpoint = unbroken.checkpoint()
    unbroken.learn(96, lambda info: None, 192)
    resumed.resume(checkpoint)
    resumed.learn(96, lambda info: None, 192)
    assert all(torch.equal(one, two) for one, two in zip(weights(unbroken), weights(resumed), strict=True))


def test_hindsight_pays_by_the_rule_of_the_env() -> None:
    one = learner("robot-her")
    one.learn(400, lambda info: None)
    buffer = one.model.replay_buffer
    assert isinstance(buffer, HerReplayBuffer)
    np.random.seed(0)  # noqa: NPY002 - what the library draws from
    batch = buffer.sample(512)
    reached = batch.next_observations["achieved_goal"] - batch.next_observations["desired_goal"]
    near = torch.linalg.norm(reached, dim=1) <= 0.04
    paid = batch.rewards[:, 0]
    assert float((paid > 0).float().mean()) > 0.1  # a cube that lies still has reached where it lies
    assert bool(near[paid > 0].all())
    assert set(paid.tolist()) == {0.0, 1.0}
    assert "desired_goal" in batch.observations
    assert torch.equal(batch.observations["desired_goal"], batch.next_observations["desired_goal"])


def test_hindsight_needs_a_reward_of_the_outcome_alone() -> None:
    with pytest.raises(ValueError, match=r"robot-her.*manipulation/staged-v1 reads state.*manipulation/sparse-v1"):
        learner("robot-her", "manipulation/staged-v1")


def test_features_are_what_they_say() -> None:
    env = gym.make(PUSH)
    scale = env.unwrapped.metadata["observation_scale"]
    features = GoalFeatures(env.observation_space, **scale)  # type: ignore[arg-type]
    middle, spread = (torch.tensor(scale[key]) for key in ("middle", "spread"))
    seen = {
        "observation": torch.stack([middle, middle + 2 * spread, middle - 99 * spread]),
        "achieved_goal": torch.zeros(3, 3),
        "desired_goal": torch.tensor([[0.0, 0.1, -0.2]] * 3),
    }
    made = features(seen)
    torch.testing.assert_close(made[0, :34], torch.zeros(34))
    torch.testing.assert_close(made[1, :34], torch.full((34,), 2.0))
    torch.testing.assert_close(made[2, :34], torch.full((34,), -FARTHEST))
    torch.testing.assert_close(made[:, 34:], torch.tensor([[0.0, 1.0, -2.0]] * 3))
    with pytest.raises(ValueError, match="34 numbers; middle has 2"):
        GoalFeatures(env.observation_space, [0, 0], [1, 1], 0.1)  # type: ignore[arg-type]


def test_pictures_go_through_a_net() -> None:
    size = 36
    plain = gym.make(PUSH).observation_space
    assert isinstance(plain, gym.spaces.Dict)
    eye = gym.spaces.Box(0, 255, (3, size, size), np.uint8)
    space = gym.spaces.Dict({**plain.spaces, "front": eye})
    features = GoalFeatures(space, [0.0] * 34, [1.0] * 34, 0.1)
    assert features.features_dim > 36
    torch.manual_seed(0)
    seen = {key: torch.zeros(2, *box.shape) for key, box in space.spaces.items()}  # type: ignore[misc]
    seen["front"][1] = 1.0
    one, two = features(seen)
    assert not torch.equal(one, two)
