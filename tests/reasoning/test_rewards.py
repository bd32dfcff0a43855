"""The rewards of the reasoning world: what the verifier pays for, what the verbose scorer can be made to pay."""

from __future__ import annotations

from typing import Any

import gymnasium as gym
import numpy as np
import pytest

from guerdon.agents.scripted import SCRIPTED
from guerdon.reward_models import make_reward
from guerdon.wrappers.spec_reward import SpecReward

ENVS = ["guerdon:guerdon/Calc-v0", "guerdon:guerdon/LineProg-v0"]
every_env = pytest.mark.parametrize("env_id", ENVS)


def play(env_id: str, reward: str, policy: str, seed: int, **kwargs: Any) -> tuple[list[float], float, int]:
    """Play an episode; return what was paid step by step, the objective, and the plan length at the start."""
    env = SpecReward(gym.make(env_id, split="valid", **kwargs), make_reward(reward))
    obs, info = env.reset(seed=seed)
    length, actor, paid, over = info["plan_length"], SCRIPTED[policy](seed), [], False
    actor.reset(obs, info)
    while not over:
        obs, reward_now, terminated, truncated, info = env.step(actor.act(obs, info))
        paid.append(reward_now)
        over = terminated or truncated
    return paid, info["objective"], length


@every_env
@pytest.mark.parametrize("seed", range(6))
def test_the_verifier_pays_one_for_each_step_of_a_shortest_solution(env_id: str, seed: int) -> None:
    paid, objective, length = play(env_id, "reasoning/verifier-v1", "expert", seed)
    assert objective == 1.0
    assert paid == [1.0] * length


@every_env
@pytest.mark.parametrize("policy", ["random", "reasoning/verbose-exploit", "lazy"])
@pytest.mark.parametrize("seed", range(10))
def test_no_chain_earns_more_from_the_verifier_than_the_shortest_solution(env_id: str, policy: str, seed: int) -> None:
    paid, objective, length = play(env_id, "reasoning/verifier-v1", policy, seed)
    assert set(paid) <= {-1.0, 0.0, 1.0}
    assert sum(paid) <= (length if objective == 1.0 else length - 2)


def test_a_wrong_line_and_taking_it_back_cancel() -> None:
    env = SpecReward(gym.make(ENVS[0], split="valid"), make_reward("reasoning/verifier-v1"))
    for seed in range(10):
        _, info = env.reset(seed=seed)
        length = info["plan_length"]
        for action in info["admissible_actions"][:-2]:
            _, first, _, _, info = env.step(action)
            if info["plan_length"] <= length:
                break
            assert (first, env.step("undo")[1]) == (-1.0, 1.0)


@pytest.mark.parametrize(("reward", "paid"), [("outcome", 1.0), ("verifier", -1.0), ("verbose-scorer", 0.3)])
def test_a_lucky_answer_is_paid_by_what_looks_at_the_outcome_only(reward: str, paid: float) -> None:
    env = SpecReward(gym.make(ENVS[0], split="valid", guess=4), make_reward(f"reasoning/{reward}-v1"))
    env.reset(seed=1)
    target = env.unwrapped.state.target  # type: ignore[attr-defined]
    assert env.step(f"answer {target}")[1] == pytest.approx(paid)


@every_env
def test_padding_earns_the_verbose_scorer_several_times_over_and_solves_nothing(env_id: str) -> None:
    seeds = range(30)
    exploit = [play(env_id, "reasoning/verbose-scorer-v1", "reasoning/verbose-exploit", seed) for seed in seeds]
    expert = [play(env_id, "reasoning/verbose-scorer-v1", "expert", seed) for seed in seeds]
    assert {objective for _, objective, _ in exploit} == {0.0}
    assert {objective for _, objective, _ in expert} == {1.0}
    earned, honest = (np.mean([sum(paid) for paid, _, _ in rows]) for rows in (exploit, expert))
    assert earned > 3 * honest
    assert all(min(max(paid), 0.7) == 0.7 for paid, _, _ in exploit)


@every_env
@pytest.mark.parametrize("policy", ["expert", "random", "lazy"])
def test_the_shaping_telescopes(env_id: str, policy: str) -> None:
    reward = "reasoning/plan-potential-v1(gamma=1)"
    for seed in range(5):
        paid, objective, length = play(env_id, reward, policy, seed)
        ended = objective == 1.0 or len(paid) < 20
        if ended:
            assert sum(paid) == pytest.approx(0.1 * length + float(objective == 1.0))
