"""Reward machines: rules, products with worlds, counterfactual experience, and what no Markov reward can say."""

from __future__ import annotations

import itertools
from pathlib import Path

import gymnasium as gym
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guerdon import make
from guerdon.envs.tabular.mdp import TabularMDP
from guerdon.envs.tabular.solvers import enumerate_trajectories, evaluate_policy, value_iteration
from guerdon.reward_models import make_reward
from guerdon.reward_models.formal.labels.base import LABELLINGS
from guerdon.reward_models.formal.machine import RewardMachine, compile_formula, product
from guerdon.reward_models.formal.picture import conditions, draw_machine

IN_ORDER = {
    "states": ["nothing", "a", "b", "c"],
    "terminal": ["c"],
    "rules": [["nothing", "a", "a", 0], ["a", "b", "b", 0], ["b", "c", "c", 1.0], ["b", "a & !c", "a", -0.5]],
}
words = st.lists(st.frozensets(st.sampled_from("abc")), min_size=1, max_size=8)


def test_the_first_rule_that_fits_counts() -> None:
    machine = RewardMachine.of_rules(IN_ORDER)
    states, paid = machine.run([{"a"}, {"b"}, {"a", "c"}, {"a"}])
    assert [machine.states[one] for one in states] == ["a", "b", "c", "c"]
    assert paid == [0.0, 0.0, 1.0, 0.0]
    assert machine.run([{"a"}, {"b"}, {"a"}])[1][-1] == -0.5


@given(word=words)
def test_counterfactual_experience_is_the_machine_begun_there(word: list[frozenset[str]]) -> None:
    machine = RewardMachine.of_rules(IN_ORDER)
    codes = np.array([machine.code(letter) for letter in word])
    states, paid = machine.counterfactual(codes)
    for (t, code), u in itertools.product(enumerate(codes), range(4)):
        assert states[t, u] == machine.after[u, code]
        assert paid[t, u] == machine.rewards[u, code]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"terminal": ["d"]}, "state 'd'"),
        ({"rules": [["nothing", "a &", "a", 0]]}, "cannot read the formula"),
        ({"rules": [["nothing", "a", "e", 0]]}, "rule 0"),
        ({"stats": []}, "key 'stats'"),
    ],
)
def test_what_is_no_machine_is_refused(change: dict, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        RewardMachine.of_rules({**IN_ORDER, **change})


def swap() -> TabularMDP:
    """Two states that alternate whatever is done; two actions, of which only what was done can matter."""
    return TabularMDP(
        transitions=np.array([[1, 1], [0, 0]]),
        rewards=np.zeros((2, 2)),
        terminal=np.zeros(2, dtype=bool),
        start=np.array([1.0, 0.0]),
        admissible=np.ones((2, 2), dtype=bool),
    )


def test_a_machine_says_what_no_markov_reward_can() -> None:
    """Both constant policies better than both mixed ones: Subramani et al., arXiv 2310.11840 (2023)."""
    mdp, gamma = swap(), 0.9
    policies = {name: np.eye(2)[list(name)] for name in itertools.product(range(2), repeat=2)}
    rng = np.random.default_rng(0)
    for _ in range(500):
        returns = _returns(mdp, rng.normal(size=(2, 2)), policies, gamma)
        gap = returns[0, 0] + returns[1, 1] - returns[0, 1] - returns[1, 0]
        assert abs(gap) < 1e-9  # so not both sums can be ordered
    machine = RewardMachine.of_rules(
        {
            "states": ["new", "x", "y"],
            "rules": [[one, to, to, int(one == to)] for one in ("new", "x", "y") for to in "xy"],
        }
    )
    returns = {name: _played(machine, name, gamma) for name in policies}
    assert min(returns[0, 0], returns[1, 1]) > max(returns[0, 1], returns[1, 0]) + 1


def _returns(mdp: TabularMDP, reward: np.ndarray, policies: dict, gamma: float) -> dict:
    paying = mdp.with_rewards(reward)
    return {name: float(evaluate_policy(paying, policy, gamma)[0]) for name, policy in policies.items()}


def _played(machine: RewardMachine, policy: tuple[int, int], gamma: float) -> float:
    state, word = 0, []
    for _ in range(200):
        word.append({"xy"[policy[state]]})
        state = 1 - state
    return float(np.array(machine.run(word)[1]) @ gamma ** np.arange(200))


def corridor() -> TabularMDP:
    """Five cells in a row, left and right; it begins in the middle."""
    cells = np.arange(5)
    return TabularMDP(
        transitions=np.stack([np.maximum(cells - 1, 0), np.minimum(cells + 1, 4)], axis=1),
        rewards=np.zeros((5, 2)),
        terminal=np.zeros(5, dtype=bool),
        start=np.eye(5)[2],
        admissible=np.ones((5, 2), dtype=bool),
    )


def test_the_product_is_the_world_played_with_the_machine() -> None:
    mdp, machine = corridor(), compile_formula("F (left & F right)")
    codes = np.array([machine.code({"left"} if s == 0 else {"right"} if s == 4 else ()) for s in range(5)])
    both = product(mdp, machine, codes)
    solved = value_iteration(both, 0.9)
    assert solved.values[2 * len(machine.states)] == pytest.approx(0.9**5)  # two steps left, four right
    for path in enumerate_trajectories(both, horizon=6, limit=10_000):
        word = [{"left"} if s // 3 == 0 else {"right"} if s // 3 == 4 else set() for s in path.states[1:]]
        states, paid = machine.run(word)
        assert [s % 3 for s in path.states[1:]] == states
        assert list(path.rewards) == pytest.approx(paid)


@pytest.mark.parametrize("world", list(LABELLINGS))
def test_propositions_are_there_in_every_env_of_their_world(world: str) -> None:
    env_id = {"household": "Household", "manipulation": "Reach", "webshop": "WebShop"}[world]
    names = sorted(LABELLINGS[world].propositions)
    formula = " | ".join(f"F {name}" for name in names)
    reward = make_reward(f"formal/machine-v1(world='{world}', formula='{formula}', shaping=0.5)")
    env = make(f"guerdon:guerdon/{env_id}-v0", reward)
    _, info = env.reset(seed=0)
    env.action_space.seed(0)
    paid = []
    for _ in range(15):
        action = info.get("expert_action") or env.action_space.sample()
        _, _, over, _, info = env.step(action)
        paid.append(info["reward_terms"]["machine"])
        if over:
            break
    assert sum(paid) in (0.0, 1.0)
    assert set(LABELLINGS[world].about) == set(names)


def test_a_task_done_without_what_is_forbidden_pays() -> None:
    env = make(
        "guerdon:guerdon/Household-v0",
        "formal/machine-v1(world='household', formula='F (found & F put) & G !nothing')",
        task_types=1,
    )
    _, info = env.reset(seed=1)
    total = 0.0
    while not info["is_success"]:
        _, paid, _, _, info = env.step(info["expert_action"])
        total += paid
    assert total == 1.0
    env.reset(seed=1)
    assert env.step("dance")[1] == 0.0  # it can never pay any more
    assert isinstance(env, gym.Env)


def test_unknown_names_are_refused() -> None:
    with pytest.raises(ValueError, match="proposition 'founds'"):
        make_reward("formal/machine-v1(world='household', formula='F founds')")
    with pytest.raises(ValueError, match="labelled world 'househol'"):
        make_reward("formal/machine-v1(world='househol', formula='F found')")
    with pytest.raises(ValueError, match="either a formula or"):
        make_reward("formal/machine-v1(world='household')")


@given(chosen=st.lists(st.booleans(), min_size=8, max_size=8))
def test_conditions_say_exactly_when(chosen: list[bool]) -> None:
    from guerdon.reward_models.formal.ltl import holds, parse

    names = ("a", "b", "c")
    text = conditions(names, np.array(chosen))
    for code in range(8):
        letter = frozenset(name for bit, name in enumerate(names) if code >> bit & 1)
        said = True if text == "always" else bool(text) and holds(parse(text), [letter])
        assert said == chosen[code]


def test_a_machine_is_drawn(tmp_path: Path) -> None:
    path = draw_machine(compile_formula("F (a & F b) & G !c"), tmp_path / "machine.png", "in order")
    assert path.read_bytes()[:4] == b"\x89PNG"
