"""The rewards of the question world: what they pay, and for what they do not."""

from __future__ import annotations

import gymnasium as gym
import pytest

import guerdon  # noqa: F401 - registers the envs
from guerdon.agents.scripted import SCRIPTED
from guerdon.wrappers.spec_reward import SpecReward

ENV = "guerdon:guerdon/SearchQA-v0"


def play(reward: str, seed: int, policy: str = "expert", detour: int = 0) -> tuple[list[float], dict]:
    """Play an episode, after `detour` searches for what is asked about; return what was paid, and the last info."""
    env, actor = SpecReward(gym.make(ENV, split="valid"), reward), SCRIPTED[policy]()
    obs, info = env.reset(seed=seed)
    first, paid, over = info["admissible_actions"][0], [], False
    while not over:
        action = first if len(paid) < detour else actor.act(obs, info)
        obs, amount, terminated, truncated, info = env.step(action)
        paid.append(float(amount))
        over = terminated or truncated
    return paid, info


@pytest.mark.parametrize("seed", range(6))
def test_the_outcome_is_paid_once(seed: int) -> None:
    paid, info = play("searchqa/outcome-v1", seed, detour=2)
    assert paid == [0.0] * (len(paid) - 1) + [1.0]
    assert info["reward_env"] == 1.0


@pytest.mark.parametrize("seed", range(6))
def test_each_needed_fact_pays_once_and_the_answer_takes_it_back(seed: int) -> None:
    hops = int(play("searchqa/outcome-v1", seed)[1]["task_type"][0])
    paid, _ = play("searchqa/facts-potential-v1(gamma=1)", seed)
    assert paid == pytest.approx([0.5 / hops] * hops + [0.5])
    again, _ = play("searchqa/facts-potential-v1(gamma=1)", seed, detour=3)
    assert sum(again) == pytest.approx(1.0)
    assert again[1:3] == [0.0, 0.0], "a fact that was found pays nothing more"


@pytest.mark.parametrize("seed", range(6))
def test_the_retrieval_bonus_pays_for_repeats_and_not_for_failures(seed: int) -> None:
    honest, info = play("searchqa/retrieval-v1", seed)
    assert sum(honest) == pytest.approx(1.0 + 0.3 * info["retrievals"])
    hacked, told = play("searchqa/retrieval-v1", seed, "searchqa/search-exploit")
    assert told["retrievals"] == 10
    assert sum(hacked) == pytest.approx(3.0 + told["objective"])
    env = SpecReward(gym.make(ENV), "searchqa/retrieval-v1")
    env.reset(seed=seed)
    assert env.step("search Nowhere")[1] == 0.0
