"""The families of tasks: what they promise, and that plans, experts and pictures are right."""

from __future__ import annotations

import itertools
from typing import Any

import gymnasium as gym
import numpy as np
import pytest

from guerdon.agents.scripted import SCRIPTED, ScriptedActor, find_scripted
from guerdon.core.names import UnknownNameError
from guerdon.envs.registration import env_ids, world_of
from guerdon.envs.tabular.catalogue import SIZES, open_catalogue
from guerdon.envs.tabular.grid import Grid, grid_mdp
from guerdon.envs.tabular.padtrap import ANSWER, PAD, PROGRESS, PadTrap, padtrap_mdp
from guerdon.envs.tabular.problem import Problem
from guerdon.envs.tabular.solvers import enumerate_trajectories, evaluate_policy, value_iteration
from guerdon.envs.tabular.tree import Tree, tree_mdp
from guerdon.evaluation.evaluate import evaluate, task_list
from guerdon.reward_models import make_reward
from guerdon.wrappers.spec_reward import SpecReward, SpecRewardVector

IDS = [env_id for env_id in env_ids() if world_of(env_id.removeprefix("guerdon:")) == "guerdon.envs.tabular"]
FAMILIES = [Tree(), Tree(2, 5, 0.3), Grid(), Grid(5, 0.0), PadTrap(), PadTrap(3)]
SCORER = "tabular/padtrap-scorer-v1"


def shortest(problem: Problem, state: int) -> int:
    """Return the length of a shortest way to success by trying all ways of 1, 2, ... actions; -1 if there is none."""
    likeliest = problem.mdp.probabilities.argmax(axis=2)
    reached, length = {state}, 0
    while reached:
        if any(problem.outcome[one] == 1.0 for one in reached):
            return length
        reached = {int(likeliest[s, a]) for s in reached for a in np.flatnonzero(problem.mdp.admissible[s])}
        length += 1
        if length > problem.mdp.num_states:
            return -1
    return -1


def play(env_id: str, policy: str, reward: str, episodes: int = 60, **kwargs: Any) -> tuple[float, float]:
    """Return what a scripted policy is paid and achieves on average."""
    rows = evaluate(ScriptedActor(policy), env_id, kwargs, reward, task_list(env_id, kwargs, episodes))
    return float(np.mean([row.reward for row in rows])), float(np.mean([row.objective for row in rows]))


def test_the_world_has_its_envs() -> None:
    assert [env_id.split("/")[1] for env_id in IDS] == ["Grid-v0", "Hacks-v0", "PadTrap-v0", "Tree-v0"]


@pytest.mark.parametrize("family", FAMILIES, ids=repr)
def test_plans_are_the_shortest(family: Any) -> None:
    for number in range(4):
        problem = family.build(f"train-{number:05d}")
        wanted = [shortest(problem, state) for state in range(problem.mdp.num_states)]
        assert problem.plan_length.tolist() == wanted
        assert wanted[int(problem.mdp.start.argmax())] > 0, "every task can be done"
        assert [best is not None for best in problem.expert] == [length > 0 for length in wanted]
        if problem.mdp.is_deterministic:
            for state, best in enumerate(problem.expert):
                assert best is None or wanted[problem.mdp.transitions[state, best]] == wanted[state] - 1


@pytest.mark.parametrize("family", FAMILIES, ids=repr)
def test_the_outcome_is_what_the_tables_pay(family: Any) -> None:
    problem = family.build("valid-00001")
    mdp = problem.mdp
    np.testing.assert_allclose(mdp.mean_rewards, np.where(mdp.admissible, mdp.expect(problem.outcome), 0.0))
    assert not problem.outcome[~mdp.terminal].any()
    assert problem.outcome.max() == 1.0
    chances = np.zeros_like(mdp.probabilities)
    edges = np.concatenate([np.zeros((*problem.bounds.shape[:2], 1)), problem.bounds], axis=2)
    shares = np.diff(edges, axis=2, append=1.0)
    for s, a, k in np.ndindex(*problem.after.shape):
        chances[s, a, problem.after[s, a, k]] += shares[s, a, k]
    np.testing.assert_allclose(chances, mdp.probabilities, atol=1e-12)


@pytest.mark.parametrize("family", FAMILIES, ids=repr)
def test_splits_are_disjoint_and_tasks_differ(family: Any) -> None:
    splits = {split: open_catalogue(family, split, None).tasks for split in SIZES}
    assert {split: len(tasks) for split, tasks in splits.items()} == SIZES
    assert len(set(itertools.chain(*splits.values()))) == sum(SIZES.values())
    if not isinstance(family, PadTrap):
        drawn = [
            open_catalogue(family, split, None).problem(task).mdp
            for split, tasks in splits.items()
            for task in tasks[:20]
        ]
        assert len({mdp.transitions.tobytes() + mdp.mean_rewards.tobytes() for mdp in drawn}) == len(drawn)


@pytest.mark.parametrize("env_id", IDS)
def test_one_task_can_be_fixed(env_id: str) -> None:
    env: Any = gym.make(env_id, fixed_task="test-00003").unwrapped
    assert [env.reset(seed=seed)[1]["task"] for seed in range(3)] == ["test-00003"] * 3
    assert env.catalogue.tasks == ("test-00003",)
    with pytest.raises(UnknownNameError, match=r"task 'test-00300' in .*fixed_task.* Did you mean 'test-00"):
        gym.make(env_id, fixed_task="test-00300")
    with pytest.raises(ValueError, match=r"fixed_task is 'test-00003', which is not in the split 'valid'"):
        gym.make(env_id, fixed_task="test-00003", split="valid")
    with pytest.raises(UnknownNameError, match=r"split 'eval' in .*-v0"):
        gym.make(env_id, split="eval")


@pytest.mark.parametrize(
    ("env_id", "kwargs", "message"),
    [
        ("Tree-v0", {"branching": 1}, r"branching is 1"),
        ("Tree-v0", {"depth": 30}, r"at most 20,000 leaves"),
        ("Tree-v0", {"variety": 2.0}, r"variety is 2.0, not in \[0, 1\]"),
        ("Grid-v0", {"size": 2}, r"size is 2, not in \[3, 20\]"),
        ("Grid-v0", {"slip": 0.5}, r"slip is 0.5, not in"),
        ("Grid-v0", {"pits": 9}, r"pits is 9, not in \[0, 6\]"),
        ("PadTrap-v0", {"needs": 4}, r"needs is 4, not 1, 2 or 3"),
    ],
)
def test_impossible_arguments_get_one_clear_error(env_id: str, kwargs: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=rf"{env_id}: .*{message}|{env_id}: {message}"):
        gym.make(f"guerdon:guerdon/{env_id}", **kwargs)


# -- the tree -----------------------------------------------------------------------------------------------


def test_a_tree_is_what_its_name_says() -> None:
    mdp = tree_mdp(3, 2, np.arange(9.0))
    assert (mdp.num_states, mdp.num_actions, mdp.horizon) == (13, 3, 2)
    assert mdp.transitions[0].tolist() == [1, 2, 3]
    assert mdp.transitions[3].tolist() == [10, 11, 12]
    assert mdp.states[:2] == ("root", "node 1")
    assert mdp.states[12] == "node 3.3"
    assert value_iteration(mdp).values[0] == 8.0


def test_variety_is_how_much_trees_differ() -> None:
    def leaves(variety: float, task: str) -> np.ndarray:
        return Tree(3, 3, variety).build(task).outcome

    np.testing.assert_array_equal(leaves(0.0, "train-00000"), leaves(0.0, "train-00001"))
    likeness = [np.corrcoef(leaves(v, "train-00000")[-27:], leaves(v, "train-00001")[-27:])[0, 1] for v in (0.2, 1.0)]
    assert likeness[0] > 0.8 > 0.5 > abs(likeness[1])


# -- the grid -----------------------------------------------------------------------------------------------

ROWS = ["S..", ".#.", ".OG"]


def test_moves_in_a_drawn_grid() -> None:
    mdp = grid_mdp(ROWS)
    names = dict(zip(mdp.actions, mdp.transitions[0].tolist(), strict=True))
    assert names == {"stay": 0, "up": 0, "right": 1, "down": 3, "left": 0}
    assert mdp.transitions[1].tolist() == [1, 1, 2, 1, 0], "a wall stops"
    assert np.flatnonzero(mdp.terminal).tolist() == [4, 7, 8]
    assert value_iteration(mdp, 0.9).values[0] == pytest.approx(0.9**3)
    slippery = grid_mdp(ROWS, 0.2)
    np.testing.assert_allclose(slippery.transitions[0, 2], [0.1, 0.8, 0, 0.1, 0, 0, 0, 0, 0])
    np.testing.assert_array_equal(slippery.transitions[0, 0], np.eye(9)[0], "staying never slips")


@pytest.mark.parametrize("rows", [["S.", "G"], ["..", ".G"], ["SS", ".G"], ["Sx", ".G"]])
def test_a_grid_that_is_not_well_drawn_is_refused(rows: list[str]) -> None:
    with pytest.raises(ValueError, match=r"grid_mdp: rows must be equally long"):
        grid_mdp(rows)


def test_slips_happen_as_often_as_the_tables_say() -> None:
    env = gym.make_vec("guerdon:guerdon/Grid-v0", 64, fixed_task="train-00000", slip=0.3, max_episode_steps=10**6)
    problem = Grid(slip=0.3).build("train-00000")
    env.reset(seed=0)
    policy = np.where(problem.mdp.admissible, 0.25, 0.0) * (np.arange(5) > 0)
    rng, steps, ended = np.random.default_rng(0), 4000, 0.0
    goals = 0.0
    for _ in range(steps):
        _, rewards, terminated, _, _ = env.step(rng.integers(1, 5, size=64))
        ended, goals = ended + terminated.sum(), goals + rewards.sum()
    wanted = evaluate_policy(problem.mdp, policy)[0]
    assert ended > 2000
    assert goals / ended == pytest.approx(wanted, abs=4 * np.sqrt(wanted * (1 - wanted) / ended))


def test_the_expert_of_the_grid_is_near_the_exact_optimum() -> None:
    problem = Grid(slip=0.2).build("train-00002")
    policy = np.zeros(problem.mdp.admissible.shape)
    for state, best in enumerate(problem.expert):
        policy[state, 0 if best is None else best] = 1.0
    best = value_iteration(problem.mdp, 0.99).values[0]
    assert evaluate_policy(problem.mdp, policy, 0.99)[0] == pytest.approx(best, abs=1e-5)


# -- PadTrap ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("needs", [2, 3])
def test_the_flawed_scorer_is_worth_most_when_it_is_padded(needs: int) -> None:
    """Every way to play is scored by the reward itself; the sums are those of the fixture's description."""
    mdp, sums = padtrap_mdp(needs), {}
    for path in enumerate_trajectories(mdp):
        env = SpecReward(gym.make("guerdon:guerdon/PadTrap-v0", needs=needs), SCORER)
        env.reset()
        sums[path.actions] = sum(float(env.step(action)[1]) for action in path.actions), env.unwrapped.objective  # type: ignore[attr-defined]
        assert sums[path.actions][1] == sum(path.rewards)
        assert sum(path.rewards) == (path.actions.count(PROGRESS) >= needs)
    best = max(sums, key=lambda actions: sums[actions][0])
    assert best == (PAD, PAD, PAD, ANSWER)
    assert sums[best] == (pytest.approx(1.8), 0.0)
    assert max(paid for paid, right in sums.values() if right) == pytest.approx(1.4 if needs == 2 else 0.9)


def test_useless_progress_and_refused_steps_are_scored_as_such() -> None:
    env = SpecReward(gym.make("guerdon:guerdon/PadTrap-v0", needs=1), SCORER)
    env.reset()
    paid = [float(env.step(action)[1]) for action in (PROGRESS, PROGRESS, PAD)]
    assert paid == pytest.approx([0.2, -0.2, 0.7])
    _, reward, terminated, _, info = env.step(PAD)
    assert (float(reward), terminated, str(info["failure"])) == (0.0, False, "not_admissible")
    assert info["admissible_actions"] == [ANSWER]
    assert float(env.step(ANSWER)[1]) == pytest.approx(0.3)


def test_the_exploit_pads_and_fails() -> None:
    env_id = "guerdon:guerdon/PadTrap-v0"
    assert play(env_id, "tabular/pad-exploit", SCORER) == (pytest.approx(1.8), 0.0)
    assert play(env_id, "tabular/table-expert", SCORER) == (pytest.approx(0.7), 1.0)
    assert SCRIPTED["tabular/pad-exploit"].exploits == SCORER


@pytest.mark.parametrize("env_id", IDS)
def test_experts_are_better_than_chance_and_laziness(env_id: str) -> None:
    names = [find_scripted(role, env_id) for role in ("expert", "random", "lazy")]
    scores = [play(env_id, name, "tabular/outcome-v1", split="test")[1] for name in names]
    assert scores[0] > max(scores[1:]) + 0.3
    assert scores[0] > 0.9


# -- rewards on vector envs, pictures -------------------------------------------------------------------------


@pytest.mark.parametrize("env_id", IDS)
def test_the_potential_adds_that_of_the_start(env_id: str) -> None:
    reward = make_reward("tabular/grid-potential-v1(gamma=1)")
    env = SpecRewardVector(gym.make_vec(env_id, 16), reward)
    _, infos = env.reset(seed=0)
    first = infos["plan_length"].copy()
    added, rng, ended = np.zeros(16), np.random.default_rng(0), np.zeros(16, dtype=bool)
    while not ended.all():
        actions = [int(rng.choice(some)) if some else 0 for some in infos["admissible_actions"]]
        _, rewards, terminated, truncated, infos = env.step(np.array(actions))
        added += np.where(ended, 0.0, rewards - infos["reward_env"])
        cut = np.where(infos["plan_length"] < 0, 20, np.minimum(infos["plan_length"], 20))
        added += np.where(truncated & ~terminated & ~ended, 0.05 * cut, 0.0)  # what is kept at a time limit
        ended |= terminated | truncated
    np.testing.assert_allclose(added, 0.05 * np.minimum(first, 20), atol=1e-9)


@pytest.mark.parametrize("env_id", IDS)
def test_pictures_show_where_the_agent_is(env_id: str) -> None:
    env = gym.make(env_id, render_mode="rgb_array")
    _, info = env.reset(seed=1)
    before: Any = env.render()
    env.step(info["expert_action"])
    after: Any = env.render()
    assert before.shape == after.shape == (372, 556, 3)
    assert (before != after).any()
    text = gym.make(env_id, render_mode="ansi")
    text.reset(seed=1)
    assert "Actions: " in str(text.render())
