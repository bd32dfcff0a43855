"""Learners from Stable-Baselines3: any algorithm by name, equal runs from equal seeds, and exact going on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from guerdon.agents.discount import check_gamma
from guerdon.agents.sb3 import Sb3Learner
from guerdon.agents.sb3_settings import find_preset
from guerdon.core.names import UnknownNameError
from guerdon.evaluation.evaluate import evaluate, task_list
from guerdon.reward_models import make_reward

from .household import HOUSEHOLD, SMALL

ROLLOUT = {"n_steps": 8, "batch_size": 16}
REPLAY = {"buffer_size": 400, "learning_starts": 60, "exploration_fraction": 0.5}
AGENTS: dict[str, dict[str, Any]] = {
    "ppo": ROLLOUT,
    "PPO": ROLLOUT,
    "A2C": {"n_steps": 8},
    "TRPO": ROLLOUT,
    "RecurrentPPO": {**ROLLOUT, "policy_kwargs": {"lstm_hidden_size": 8, "net_arch": [8]}},
    "dqn": REPLAY,
    "QRDQN": REPLAY,
}
"""Algorithms for actions that are indices, with settings for a run of a few hundred steps."""
NOVELTY = "household/novelty-v1(scope='lifelong')"  # a reward with a memory that outlives episodes


def learner(agent: str, seed: int = 0, reward: str = NOVELTY, **hyper: Any) -> Sb3Learner:
    settings = {"num_envs": 4, **AGENTS.get(agent, {}), **hyper}
    env_kwargs = {**SMALL, "max_episode_steps": 12}
    return Sb3Learner(agent, HOUSEHOLD, env_kwargs, make_reward(reward), seed, settings, device="cpu")


def ignore(info: dict[str, Any]) -> None:
    """Take no note of an episode."""


def weights(learner: Sb3Learner) -> dict[str, torch.Tensor]:
    return {name: value.clone() for name, value in learner.model.policy.state_dict().items()}


def same(first: dict[str, torch.Tensor], second: dict[str, torch.Tensor]) -> bool:
    """Return whether two sets of weights are equal to the bit."""
    return first.keys() == second.keys() and all(torch.equal(first[name], second[name]) for name in first)


@pytest.mark.parametrize("agent", list(AGENTS))
def test_any_algorithm_learns_by_its_name(agent: str) -> None:
    one, episodes = learner(agent), list[dict[str, Any]]()
    before = weights(one)
    one.learn(128, episodes.append)
    assert one.steps == 128
    assert not same(before, weights(one))
    assert all(value.isfinite().all() for value in weights(one).values())
    assert len(episodes) >= 8
    for info in episodes:
        assert info["episode"]["l"] <= 12 <= info["step"] <= 128
        assert sum(info["terms"].values()) == pytest.approx(info["episode"]["r"])


@pytest.mark.parametrize("agent", ["ppo", "A2C", "dqn"])
def test_equal_seeds_give_equal_weights(agent: str) -> None:
    runs = []
    for seed in (4, 4, 5):
        one = learner(agent, seed)
        one.learn(128, ignore)
        runs.append(weights(one))
    assert same(runs[0], runs[1])
    assert not same(runs[0], runs[2])


@pytest.mark.parametrize("agent", ["ppo", "A2C", "dqn"])
def test_a_resumed_run_is_the_unbroken_one(agent: str) -> None:
    unbroken, resumed = learner(agent), learner(agent)
    episodes: tuple[list[Any], list[Any]] = [], []
    unbroken.learn(128, ignore)
    checkpoint = unbroken.checkpoint()
    unbroken.learn(128, episodes[0].append)
    resumed.resume(checkpoint)
    assert resumed.steps == 128
    resumed.learn(128, episodes[1].append)
    np.testing.assert_equal(episodes[1], episodes[0])
    assert same(weights(unbroken), weights(resumed))


def test_a_run_goes_on_exactly_in_a_new_process(tmp_path: Path) -> None:
    unbroken = learner("ppo")
    unbroken.learn(128, ignore)
    (tmp_path / "state").write_bytes(unbroken.checkpoint())
    unbroken.learn(128, ignore)
    subprocess.run([sys.executable, "-m", __name__, tmp_path], check=True, cwd=Path(__file__).parents[2])
    assert same(weights(unbroken), torch.load(tmp_path / "weights"))


def test_settings_are_passed_on() -> None:
    one = learner("ppo", num_envs=3, learning_rate=0.5, policy_kwargs={"width": 8})
    assert one.steps_per_update == 3 * 8
    assert one.model.learning_rate == 0.5
    assert one.model.policy.scorer.words.embedding_dim == 8  # type: ignore[operator, union-attr]


def test_policy_settings_are_passed_to_policies_of_the_library() -> None:
    one = learner("dqn", policy_kwargs={"net_arch": [7]})
    assert 7 in {value.shape[0] for value in weights(one).values()}


@pytest.mark.parametrize("agent", ["A2C", "dqn"])
def test_a_whole_number_of_updates_ends_where_it_was_asked_to(agent: str) -> None:
    one = learner(agent)
    for count in (1, 2, 3):
        one.learn(one.steps_per_update, ignore)
        assert one.steps == count * one.steps_per_update


def test_the_memory_of_a_plain_algorithm_fits_in_a_computer() -> None:
    buffer = Sb3Learner("dqn", HOUSEHOLD, SMALL, make_reward(NOVELTY), 0, device="cpu").model.replay_buffer  # type: ignore[attr-defined]
    assert sum(column.nbytes for column in buffer.observations.values()) < 2**28


def test_unknown_names_are_answered_by_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match=r"unknown agent 'pppo'\. Did you mean 'ppo'"):
        find_preset("pppo")
    with pytest.raises(UnknownNameError, match=r"unknown agent 'a2'\. Did you mean 'a2c'"):
        learner("a2")
    with pytest.raises(UnknownNameError, match=r"'learning_rat' in agent 'ppo'\. Did you mean 'learning_rate'"):
        learner("ppo", learning_rat=1e-3)


def test_a_suggestion_is_made_once() -> None:
    with pytest.raises(UnknownNameError) as caught:
        find_preset("pppo")
    assert str(caught.value).count("'ppo'") == 1


@pytest.mark.parametrize("setting", ["seed", "env", "policy", "device"])
def test_what_the_learner_sets_itself_is_no_setting(setting: str) -> None:
    with pytest.raises(ValueError, match=setting):
        Sb3Learner("ppo", HOUSEHOLD, SMALL, make_reward(NOVELTY), 0, {setting: 1, "num_envs": 1})


def test_an_algorithm_for_other_actions_is_refused_in_words() -> None:
    with pytest.raises(ValueError, match="SAC"):
        learner("SAC", buffer_size=10)


def test_a_reward_for_another_discount_is_refused() -> None:
    message = "plan-distance-v1 was made for gamma=0.9, but the agent discounts by 0.99"
    with pytest.raises(ValueError, match=message):
        learner("ppo", reward="household/plan-distance-v1(gamma=0.9)")
    learner("ppo", reward="household/plan-distance-v1(gamma=0.9)", gamma=0.9)
    check_gamma(make_reward("household/success-v1"), 0.5)


@pytest.mark.parametrize("agent", ["ppo", "A2C", "dqn"])
def test_seeded_actors_play_equally_and_do_not_disturb_training(agent: str) -> None:
    one = learner(agent)
    one.learn(128, ignore)
    tasks = task_list(HOUSEHOLD, SMALL, 3)
    before = draws()
    first, second = (evaluate(one.actor(), HOUSEHOLD, SMALL, "household/busy-v1", tasks, 1) for _ in range(2))
    np.testing.assert_equal(draws(), before)
    assert first == second


def test_actors_draw_otherwise_from_another_seed() -> None:
    actor, tasks = learner("ppo").actor(), task_list(HOUSEHOLD, SMALL, 3)
    first, second = (evaluate(actor, HOUSEHOLD, SMALL, "household/novelty-v1", tasks, seed) for seed in (1, 2))
    assert [row.reward for row in first] != [row.reward for row in second]


def test_a_recurrent_policy_remembers_while_it_is_evaluated(monkeypatch: pytest.MonkeyPatch) -> None:
    one, given = learner("RecurrentPPO"), list[Any]()
    predict = one.model.predict

    def spy(observation: Any, state: Any = None, **options: Any) -> Any:
        given.append(state)
        return predict(observation, state, **options)

    monkeypatch.setattr(one.model, "predict", spy)
    evaluate(one.actor(), HOUSEHOLD, {**SMALL, "max_episode_steps": 3}, NOVELTY, task_list(HOUSEHOLD, SMALL, 2))
    assert [state is None for state in given] == [True, False, False]


def draws() -> tuple[Any, ...]:
    """Return the states of the random generators that training draws from."""
    return torch.get_rng_state().numpy(), np.random.get_state()  # noqa: NPY002 - SB3 draws from the global one


def go_on(folder: Path) -> None:
    """Resume from `folder`/state, train on, and write the weights: what the new process of a test does."""
    resumed = learner("ppo")
    resumed.resume((folder / "state").read_bytes())
    resumed.learn(128, ignore)
    torch.save(weights(resumed), folder / "weights")


if __name__ == "__main__":
    go_on(Path(sys.argv[1]))
