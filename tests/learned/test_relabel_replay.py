"""Off-policy learners under a reward that learns: batches are paid by what it knows when they are drawn."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from stable_baselines3.common.buffers import DictReplayBuffer

from guerdon.agents.relabel_replay import DictRelabelReplay, RelabelReplay, learning_parts
from guerdon.agents.sb3 import Sb3Learner
from guerdon.reward_models import Reward, make_reward

from .steps import batch

REACH, GRID = "guerdon:guerdon/Reach-v0", "guerdon:guerdon/Grid-v0"
RND = "learned/rnd-v1(every=16, warm_up=0, normalise='none', clip=1000.0)"
DISTANCE = "manipulation/distance-v1"
SMALL = {"num_envs": 4, "learning_starts": 20, "batch_size": 16, "gradient_steps": 1, "buffer_size": 4000}


def learner(reward: str, agent: str = "robot-sac", env_id: str = REACH, **more: Any) -> Sb3Learner:
    """Return a small learner after some steps."""
    settings = {**SMALL, **more}
    made: Reward = make_reward(reward, gamma=0.95)
    one = Sb3Learner(agent, env_id, {}, made, 0, settings, "cpu")
    one.learn(120, lambda _: None, 1000)
    return one


def drawn(one: Sb3Learner, count: int = 64) -> Any:
    np.random.seed(0)  # noqa: NPY002 - the library's buffer draws from the global generator
    return one.model.replay_buffer.sample(count)  # type: ignore[attr-defined]


def test_what_is_drawn_is_paid_by_what_is_known_now() -> None:
    one = learner(RND)
    assert isinstance(one.model.replay_buffer, DictRelabelReplay)  # type: ignore[attr-defined]
    early = drawn(one)
    reward: Any = one.paying()
    plain = {key: value.numpy() for key, value in early.next_observations.items()}
    np.testing.assert_allclose(early.rewards[:, 0], reward.repay(batch(plain, early.actions.numpy(), plain)), rtol=1e-5)
    for number in range(50):
        reward.learn(1000 + number)
    late = drawn(one)
    assert torch.equal(early.actions, late.actions)
    assert late.rewards.mean() < 0.9 * early.rewards.mean()
    steps = reward.steps
    drawn(one)
    assert reward.steps == steps, "drawing is not experience"


def test_what_does_not_learn_is_stored_and_the_rest_is_added() -> None:
    one = learner(f"{DISTANCE} + 3 * {RND}")
    batch_now = drawn(one)
    fixed = make_reward(DISTANCE)
    factor, part = learning_parts(one.paying())[0]
    assert (factor, part.id) == (3.0, "learned/rnd-v1")
    plain = {key: value.numpy() for key, value in batch_now.next_observations.items()}
    novelty = part.repay(batch(plain, batch_now.actions.numpy(), plain))
    buffer: Any = one.model.replay_buffer  # type: ignore[attr-defined]
    lowest, most = (sum(limits[i] for limits in fixed.bounds.values()) for i in range(2))
    stored = buffer.rewards[: buffer.pos]
    assert lowest - 1e-4 <= stored.min() <= stored.max() <= most + 1e-4
    rest = batch_now.rewards[:, 0].numpy() - 3 * novelty
    assert np.abs(rest[:, None] - stored.reshape(-1)).min(axis=1).max() < 1e-3


def test_a_reward_that_does_not_learn_or_is_of_the_episode_keeps_the_usual_buffer() -> None:
    for reward in (DISTANCE, "learned/count-v1", "learned/e3b-v1"):
        assert type(learner(reward).model.replay_buffer) is DictReplayBuffer  # type: ignore[attr-defined]


def test_numbered_states_and_actions_come_back_as_the_env_took_them() -> None:
    one = learner("learned/rnd-v1(every=16, warm_up=0)", "dqn", GRID, train_freq=1)
    buffer: Any = one.model.replay_buffer  # type: ignore[attr-defined]
    assert isinstance(buffer, RelabelReplay)
    samples = drawn(one)
    states = samples.next_observations.numpy().reshape(-1).astype(int)
    reward: Any = one.paying()
    np.testing.assert_allclose(samples.rewards[:, 0], reward.repay(batch(states, states, states)), rtol=1e-5)


def test_actions_are_scaled_back() -> None:
    one = learner(RND)
    buffer: Any = one.model.replay_buffer  # type: ignore[attr-defined]
    low, high = buffer.action_space.low, buffer.action_space.high
    ends = torch.tensor(np.stack([-np.ones_like(low), np.ones_like(low)]))
    np.testing.assert_allclose(buffer._acted(ends), np.stack([low, high]))


def test_a_run_goes_on_from_a_checkpoint_exactly(tmp_path: Path) -> None:
    def fresh() -> Sb3Learner:
        return Sb3Learner("robot-sac", REACH, {}, make_reward(RND), 0, SMALL, "cpu")

    one = fresh()
    one.learn(80, lambda _: None, 400)
    kept = one.checkpoint()
    one.learn(80, lambda _: None, 400)
    two = fresh()
    two.resume(kept)
    two.learn(80, lambda _: None, 400)
    for name, value in one.model.policy.state_dict().items():
        assert torch.equal(value, two.model.policy.state_dict()[name]), name
    assert pickle.dumps(one.paying().figures) == pickle.dumps(two.paying().figures)  # type: ignore[attr-defined]
    buffer: Any = two.model.replay_buffer  # type: ignore[attr-defined]
    assert buffer.parts[0][1] is two.paying(), "the buffer pays by the reward of the env"
    one.save(tmp_path)
    assert (tmp_path / "policy.zip").exists()


def test_what_cannot_be_paid_anew_is_refused() -> None:
    with pytest.raises(ValueError, match=r"no sum of rewards"):
        learner(f"{RND} * {DISTANCE}")
    with pytest.raises(ValueError, match=r"replay_buffer_class='Dict|optimize_memory_usage=True does not allow it"):
        learner(RND, optimize_memory_usage=True)
