"""What every reward of the suite promises. A new reward is under test as soon as its file is there."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np
import pytest

from guerdon.reward_models import REWARDS, Reward, make_reward
from guerdon.reward_models.base import transitions_of
from guerdon.wrappers.spec_reward import SpecReward, SpecRewardVector

from .reward_rollouts import POLICIES, env_of, envs_of, record, trajectory
from .rollouts import Chooser, fallback, is_text, joined, lists_actions

HASHES = Path(__file__).parents[1] / "golden" / "reward_hashes.json"
SECTIONS = ("Wants:", "Gamed by:", "Source:", "Version history:")
VARIANTS = (
    "household/busy-v1(bonus=-0.3)",
    "household/novelty-v1(scope='lifelong', beta=2)",
    "household/plan-distance-v1(gamma=1, at_truncation='zero', cap=5)",
    "household/plan-distance-v1(gamma=0.5, scale=3)",
    "household/subgoals-v1(milestone=0.1) + 0.5 * household/novelty-v1",
    "-2 * (household/busy-v1 + household/plan-distance-v1) + household/busy-v1 * household/novelty-v1",
    "manipulation/distance-v1(reach=0.5, gap=-3)",
    "manipulation/staged-potential-v1(gamma=1, at_truncation='zero', scale=2)",
    "manipulation/staged-v1 * manipulation/sparse-v1 + -2 * manipulation/staged-potential-v1(gamma=0.5)",
)
"""Parameters and compositions that must keep the same promises as the plain rewards."""
READY = [name for name in REWARDS if not REWARDS[name].needs]
"""Those that can pay as they are; the others need a file and have tests of their own."""
every_reward = pytest.mark.parametrize("name", [*READY, *VARIANTS])
every_id = pytest.mark.parametrize("name", list(REWARDS))
every_policy = pytest.mark.parametrize("policy", list(POLICIES))


def env_for(name: str) -> str:
    """Return the first env for a reward or an expression that begins with one."""
    return env_of(name.lstrip("-0123456789.*( ").split("(")[0])


def envs_for(name: str) -> list[str]:
    """Return all envs of the world of a reward or an expression that begins with one."""
    return envs_of(name.lstrip("-0123456789.*( ").split("(")[0])


def online(name: str) -> Reward:
    """Make a reward; skip the test if it cannot pay online."""
    reward = make_reward(name)
    if not reward.causal:
        pytest.skip("needs later steps: it only relabels")
    return reward


def settled(name: str) -> Reward:
    """Make a reward; one that learns has learned from some episodes, and does not any more."""
    reward = online(name)
    if not reward.learns:
        return reward
    for seed in (1, 2, 3):
        start, steps = transitions_of(trajectory(env_for(name), "random", seed))
        reward.begin(start)
        for step in steps:
            reward.pay(step)
    return reward.frozen()


def same(name: str, paid: float) -> Any:
    """Return what a payment has to be equal to: networks round a batch and a single step differently."""
    return pytest.approx(paid, abs=1e-5) if make_reward(name).learns else paid


def test_there_are_rewards() -> None:
    assert len(REWARDS) >= 5


@every_reward
@every_policy
def test_payments_are_finite_in_bounds_and_add_up(name: str, policy: str) -> None:
    envs = envs_for(name)
    for env_id, seed in itertools.product(envs, (0, 1) if len(envs) == 1 else (0,)):
        reward = online(name)
        _, paid = record(env_id, policy, seed, reward)
        assert np.isfinite(paid.totals).all()
        for term, (low, high) in reward.bounds.items():
            assert low - 1e-12 <= paid.terms[term].min(), (term, low)
            assert paid.terms[term].max() <= high + 1e-12, (term, high)
        np.testing.assert_allclose(sum(paid.terms.values()), paid.totals, atol=1e-12)


@every_reward
@every_policy
def test_relabelling_pays_what_was_paid_online(name: str, policy: str) -> None:
    for env_id in envs_for(name):
        played, paid = record(env_id, policy, 3, online(name))
        fresh = make_reward(name)
        np.testing.assert_array_equal(fresh.relabel(played), paid.totals)
        np.testing.assert_array_equal(fresh.relabel(played), paid.totals, "relabelling left something in the memory")
        if policy == "expert":
            assert any(step.success for step in played.steps), f"{env_id}: not all rewards are seen without a success"


@every_reward
def test_relabelling_in_between_changes_nothing(name: str) -> None:
    env_id, seen = env_for(name), []
    for disturb in (False, True):
        env = SpecReward(gym.make(env_id), online(name))
        _, info = env.reset(seed=6)
        choose, totals = Chooser(6, env.action_space, expert=0.0), []
        for _ in range(12):
            *_, info = out = env.step(choose(info))
            totals.append(out[1])
            if out[2]:
                break
            if disturb:
                env.reward.relabel(trajectory(env_id, "random", 1))
        seen.append(totals)
    assert seen[0] == seen[1]


@every_reward
def test_a_batch_is_a_loop(name: str) -> None:
    env_id, size = env_for(name), 3
    listed = lists_actions(gym.make(env_id).action_space)
    text = is_text(gym.make(env_id).action_space)
    limit, follow = (8, 0.8) if text else (13, 0.9) if listed else (30, 0.95)
    limit = {"SearchQA-v0": 3}.get(env_id.split("/")[-1], limit)  # so that goals, time limits and resets all happen
    reward = settled(name)
    singles = [SpecReward(gym.make(env_id, max_episode_steps=limit), reward) for _ in range(size)]
    many = SpecRewardVector(gym.make_vec(env_id, size, max_episode_steps=limit), reward)
    chooser = [Chooser(i, singles[0].action_space, expert=follow) for i in range(size)]
    seen, infos = map(list, zip(*[env.reset(seed=40 + i) for i, env in enumerate(singles)], strict=True))
    _, told = many.reset(seed=40)
    over, ends, successes = [False] * size, set(), 0
    for _ in range(50):
        actions = [choose(info, obs) for choose, info, obs in zip(chooser, infos, seen, strict=True)]
        expected = []
        for i, (env, action) in enumerate(zip(singles, actions, strict=True)):
            if over[i]:
                (seen[i], infos[i]), paid, over[i] = env.reset(), 0.0, False
            else:
                seen[i], paid, terminated, truncated, infos[i] = env.step(action)
                over[i] = terminated or truncated
                successes += infos[i]["is_success"]
                ends.add((terminated, truncated))
            expected.append((paid, infos[i]["reward_env"], infos[i]["reward_terms"]))
        _, rewards, _, _, told = many.step(joined(actions))
        for i, (paid, own, terms) in enumerate(expected):
            assert rewards[i] == same(name, paid)
            assert told["reward_env"][i] == own
            assert {term: told["reward_terms"][term][i] for term in many.reward.bounds} == {
                term: same(name, value) for term, value in terms.items()
            }
        assert told["_reward_terms"].all()
        assert told["_reward_env"].all()
    assert successes, "there must be a success for this to mean anything"
    assert ends >= ({(True, False), (False, True)} if listed else {(False, True)}), "all kinds of ends must happen"


@every_reward
def test_a_masked_reset_begins_the_reward_anew_in_those_slots(name: str) -> None:
    env_id = env_for(name)

    def envs() -> SpecRewardVector:
        return SpecRewardVector(gym.make_vec(env_id, 2, autoreset_mode="Disabled"), settled(name))

    def play(many: SpecRewardVector, infos: dict[str, Any], steps: int) -> np.ndarray:
        if is_text(many.single_action_space):
            return np.array([many.step([row[n] for row in infos["admissible_actions"]])[1] for n in range(steps)])
        space = many.single_action_space
        choose = Chooser(5, space)
        return np.array(
            [many.step(joined([fallback(space) if lists_actions(space) else choose({})] * 2))[1] for _ in range(steps)]
        )

    one, two = envs(), envs()
    _, infos = one.reset(seed=9)
    two.reset(seed=9)
    first = play(one, infos, 4)
    np.testing.assert_array_equal(play(two, infos, 4), first)
    _, reset = one.reset(seed=[None, 10], options={"reset_mask": np.array([False, True])})
    assert reset["_reward_terms"].tolist() == [False, True]
    again = play(one, infos, 4)
    np.testing.assert_array_equal(again[:, 0], play(two, infos, 4)[:, 0], "the slot that was not reset")
    if "lifelong" not in name:
        np.testing.assert_array_equal(again[:, 1], first[:, 1], "the slot that was reset to the same game")


@every_reward
def test_a_reward_is_plain_data(name: str) -> None:
    reward = make_reward(name)
    there = json.loads(json.dumps(reward.spec))
    back = make_reward(there)
    assert back == reward
    assert back.spec == reward.spec == there
    assert back.hash == reward.hash
    assert (back.id, back.reads, dict(back.bounds)) == (reward.id, reward.reads, dict(reward.bounds))
    assert make_reward(reward) is reward


def test_different_rewards_have_different_hashes() -> None:
    rewards = [REWARDS[name]() for name in REWARDS] + [
        make_reward(name) for name in [*VARIANTS, "2 * household/busy-v1", "household/busy-v1(bonus=0.2)"]
    ]
    assert len({reward.hash for reward in rewards}) == len(rewards)


@every_id
def test_what_a_published_reward_pays_does_not_change_unseen(name: str) -> None:
    frozen, found = json.loads(HASHES.read_text()), REWARDS[name]().hash
    assert name in frozen, f'{name} is new: add "{name}": "{found}" to tests/golden/{HASHES.name}'
    later = f"{name.rpartition('-v')[0]}-v{int(name.rpartition('-v')[2]) + 1}"
    assert frozen[name] == found, (
        f"the code or the defaults of {name} changed (hash {found}, frozen {frozen[name]}). If anything that it pays "
        f"may differ, leave {name} as it was and register the new one as {later}, with a line in its version history. "
        f"Only if every payment is provably the same, write the new hash into tests/golden/{HASHES.name}."
    )


def test_no_published_reward_disappears() -> None:
    gone = set(json.loads(HASHES.read_text())) - set(REWARDS)
    assert not gone, f"{sorted(gone)} were published; results refer to them, so they stay"


@every_id
def test_docstrings_say_what_it_wants_and_how_it_is_gamed(name: str) -> None:
    text = REWARDS[name].__doc__ or ""
    at = [text.find(f"\n    {section}") for section in SECTIONS]
    assert min(at) > 0, f"{name}: the docstring lacks {[s for s, where in zip(SECTIONS, at, strict=True) if where < 0]}"
    for section, start in zip(SECTIONS, at, strict=True):
        said = text[start:].split(section, 1)[1].split("\n\n")[0]
        assert len(said.strip()) >= 2, f"{name}: {section} says nothing"
    assert f"v{name.rpartition('-v')[2]}" in text.split("Version history:")[1]


@every_id
def test_ids_and_budgets_are_well_formed(name: str) -> None:
    reward = REWARDS[name]()
    world, _, rest = name.partition("/")
    assert world.isidentifier()
    assert rest.rpartition("-v")[2].isdigit()
    assert reward.id == name
    assert reward.bounds
    assert all(low <= high and np.isfinite([low, high]).all() for low, high in reward.bounds.values())
    assert reward.gamma is None or 0 < reward.gamma <= 1
