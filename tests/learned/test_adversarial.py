"""What adversarial imitation promises: closed forms of losses and penalties, AIRL's theorem, the sign of a reward."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from guerdon.core.trajectory import Trajectory
from guerdon.envs.tabular.mdp import TabularMDP
from guerdon.envs.tabular.solvers import soft_optimal, value_iteration
from guerdon.reward_models import REWARDS, make_reward
from guerdon.reward_models.learned.action_head import action_log_prob
from guerdon.reward_models.learned.demo_features import load_demo_features, save_demo_features
from guerdon.reward_models.learned.discriminator import (
    adversarial_loss,
    airl_logit,
    gradient_norms,
    gradient_penalty,
    interpolates,
    preconditioner,
    reward_of,
)

from .steps import batch, begin, pay, trajectories

# -- the parts -------------------------------------------------------------------------------------


def test_the_loss_is_cross_entropy_with_smoothed_labels_of_demonstrations_only() -> None:
    demo, policy, labels = torch.tensor([2.0, -1.0]), torch.tensor([0.5]), torch.tensor([0.7, 1.2])
    chance, other = torch.sigmoid(demo), torch.sigmoid(policy)
    wanted = -(labels * chance.log() + (1 - labels) * (1 - chance).log()).mean() - (1 - other).log().mean()
    torch.testing.assert_close(adversarial_loss(demo, policy, labels), wanted)
    both = torch.cat([chance, other])
    entropy = -(both * both.log() + (1 - both) * (1 - both).log()).mean()
    torch.testing.assert_close(adversarial_loss(demo, policy, labels, 0.5), wanted - 0.5 * entropy)


def test_state_and_action_are_mixed_each_by_its_own_share() -> None:
    ones, zeros = torch.ones(500, 3), torch.zeros(500, 2)
    first, second = interpolates([ones, zeros + 1], [ones * 0, zeros], torch.Generator().manual_seed(0))
    assert (first == first[:, :1]).all()
    assert (second == second[:, :1]).all()
    assert ((first > 0) & (first < 1)).all()
    assert abs(np.corrcoef(first[:, 0], second[:, 0])[0, 1]) < 0.15


def test_only_what_is_steeper_than_the_target_is_penalised() -> None:
    slope = torch.tensor([[3.0], [4.0]])  # of norm 5
    state, action = torch.randn(7, 1), torch.randn(7, 1)

    def logit(s: Any, a: Any) -> Any:
        return torch.cat([s, a], dim=1) @ slope

    torch.testing.assert_close(gradient_norms(logit, [state, action]), torch.full((7,), 5.0))
    torch.testing.assert_close(gradient_penalty(logit, [state, action], 1.0), torch.tensor(16.0))
    torch.testing.assert_close(gradient_penalty(logit, [state, action], 6.0), torch.tensor(0.0))


@given(st.lists(st.floats(-20, 20), min_size=1, max_size=8))
@settings(max_examples=50, deadline=None)
def test_forms_of_the_reward_have_their_signs_and_add_up(values: list[float]) -> None:
    logits = torch.tensor(values, dtype=torch.float64)
    minimax, log, both = (reward_of(logits, form) for form in ("minimax", "log", "logit"))
    torch.testing.assert_close(minimax, -torch.log1p(-torch.sigmoid(logits)), rtol=1e-4, atol=1e-6)
    torch.testing.assert_close(log, torch.log(torch.sigmoid(logits)), rtol=1e-4, atol=1e-6)
    assert (minimax >= 0).all()
    assert (log <= 0).all()
    torch.testing.assert_close(minimax + log, both)


@given(st.floats(0, 100), st.floats(0, 20), st.floats(0.01, 50))
@settings(max_examples=80, deadline=None)
def test_the_preconditioner_takes_away_at_most_three_tenths_and_only_where_it_is_steep(
    norm: float, target: float, spread: float
) -> None:
    factor = float(preconditioner(torch.tensor([norm]), target, spread)[0])
    assert 0.7 - 1e-6 <= factor <= 1.0
    assert factor == 1.0 or norm > target
    steeper = float(preconditioner(torch.tensor([norm + 1.0]), target, spread)[0])
    assert steeper <= factor + 1e-6


# -- AIRL's theorem --------------------------------------------------------------------------------

GAMMA = 0.9


def ring(size: int, moves: tuple[int, ...], rewards: np.ndarray) -> TabularMDP:
    """Return a world of states in a ring, in which action i goes on by moves[i]."""
    table = np.array([[(state + move) % size for move in moves] for state in range(size)])
    paid = rewards[:, None].repeat(len(moves), axis=1)
    no, every = np.zeros(size, dtype=bool), np.ones(table.shape, dtype=bool)
    return TabularMDP(table, paid, no, np.full(size, 1 / size), every)


def recovered(mdp: TabularMDP, seed: int, gamma: float = GAMMA) -> np.ndarray:
    """Return g after the discriminator has learned, against a policy that acts as the expert does."""
    reference = np.full((mdp.num_states, mdp.num_actions), 1 / mdp.num_actions)
    expert = soft_optimal(mdp, reference, 1.0, GAMMA).policy
    before, actions = (one.ravel() for one in np.indices(expert.shape))
    after, log_prob = mdp.transitions[before, actions], torch.from_numpy(np.log(expert[before, actions]))
    generator = torch.Generator().manual_seed(seed)
    worth, potential = (torch.randn(mdp.num_states, generator=generator, dtype=torch.float64) for _ in range(2))
    tables = [worth.requires_grad_(), potential.requires_grad_()]
    optimiser = torch.optim.LBFGS(
        tables, max_iter=2000, tolerance_grad=1e-12, tolerance_change=1e-15, line_search_fn="strong_wolfe"
    )

    def loss() -> torch.Tensor:
        optimiser.zero_grad()
        logits = airl_logit(worth[before], potential[before], potential[after], gamma, log_prob)
        value = adversarial_loss(logits, logits)  # both see the same steps, so it is least where all logits are 0
        value.backward()
        return value

    optimiser.step(loss)  # type: ignore[arg-type]
    return worth.detach().numpy()


REWARD = np.array([0.0, 1.0, -0.5, 0.3, 2.0, 0.7])


@pytest.mark.parametrize("seed", [0, 1])
def test_airls_state_reward_is_the_true_one_up_to_a_constant(seed: int) -> None:
    gap = recovered(ring(6, (0, 1, 2), REWARD), seed) - REWARD
    assert np.ptp(gap) < 1e-3


def test_it_is_not_where_states_are_not_linked_or_the_discount_is_another() -> None:
    """In a ring of even length in which every action changes the parity, g may shift between the two halves."""
    gap = recovered(ring(6, (1, 3, 5), REWARD), 0) - REWARD
    assert np.ptp(gap) > 0.1
    assert np.ptp(gap[::2]) < 1e-3, "within the halves it is"
    assert np.ptp(recovered(ring(6, (0, 1, 2), REWARD), 0, gamma=0.5) - REWARD) > 0.1


def test_the_state_reward_moves_to_other_dynamics_and_the_advantage_does_not() -> None:
    old, new = ring(6, (0, 1, 2), REWARD), ring(6, (2, 0, 1), REWARD)  # the same moves by other actions
    reference = np.full((6, 3), 1 / 3)
    advantage = np.log(soft_optimal(old, reference, 1.0, GAMMA).policy)
    best = value_iteration(new, GAMMA).policy
    learned = recovered(old, 0)
    np.testing.assert_array_equal(value_iteration(ring(6, (2, 0, 1), learned), GAMMA).policy, best)
    assert not np.array_equal(value_iteration(new.with_rewards(advantage), GAMMA).policy, best)


# -- rewards ---------------------------------------------------------------------------------------


def clusters(folder: Path) -> str:
    """Write demonstrations that lie away from where the policy of `against` goes."""
    rng = np.random.default_rng(0)
    steps = [(one[:4], one[4:], one[:4], False) for one in rng.normal(0.7, 0.5, size=(400, 6)).astype(np.float32)]
    return save_demo_features(trajectories([steps]), folder / "demos.npz").as_posix()


def against(reward: Any, rounds: int = 30) -> Any:
    """Let a reward learn against steps of a wider cloud; return it."""
    rng = np.random.default_rng(1)
    begin(reward, np.zeros((64, 4), dtype=np.float32))
    for _ in range(rounds):
        points = rng.normal(-0.3, 1.0, size=(64, 6)).astype(np.float32)
        pay(reward, points[:, :4], points[:, 4:], points[:, :4])
    return reward


def test_the_penalty_bounds_the_slope_between_demonstrations_and_policy(tmp_path: Path) -> None:
    """Nearly all norms are about 1 with the penalty, and far above without."""
    demos = clusters(tmp_path)
    steep = {
        penalty: np.percentile(
            against(
                make_reward(f"learned/gail-v1(demos={demos!r}, penalty={penalty}, updates=16, every=64)")
            ).steepness(),
            [50, 99],
        )
        for penalty in (0.0, 10.0)
    }
    assert steep[10.0][1] < 1.2
    assert steep[0.0][0] > 2.0
    assert steep[0.0][1] > 3.0


@pytest.mark.parametrize("how", ["forward", "reward"])
def test_a_preconditioned_reward_is_the_reward_times_what_is_left(tmp_path: Path, how: str) -> None:
    demos, form = clusters(tmp_path), f"precondition={how!r}, steep=0.5, every=64, updates=4, penalty=0.0"
    reward = against(make_reward(f"learned/gail-v1(demos={demos!r}, {form})"))
    points = np.random.default_rng(2).normal(size=(64, 6)).astype(np.float32)
    steps = batch(points[:, :4], points[:, 4:], points[:, :4])
    paid = reward.repay(steps)
    reward.precondition = "none"
    share = paid / reward.repay(steps)
    assert 0.7 - 1e-5 <= share.min() < 0.99
    assert share.max() <= 1 + 1e-6
    with pytest.raises(ValueError, match=r"would make costs smaller"):
        make_reward(f"learned/gail-v1(demos={demos!r}, precondition={how!r}, form='log')")


@pytest.mark.parametrize("name", ["gail", "airl"])
def test_demonstrated_steps_are_paid_more_than_the_policys(tmp_path: Path, name: str) -> None:
    demos = clusters(tmp_path)
    reward = against(make_reward(f"learned/{name}-v1(demos={demos!r}, every=64, updates=4)"), 40)
    rng = np.random.default_rng(3)
    paid = []
    for middle in (0.7, -0.8):
        points = rng.normal(middle, 0.4, size=(200, 6)).astype(np.float32)
        paid.append(reward.repay(batch(points[:, :4], points[:, 4:], points[:, :4])).mean())
    assert paid[0] > paid[1] + 0.1
    assert reward.figures["accuracy"] > 0.6


LENGTH, LEFT, RIGHT, STAY = 5, 0, 1, 2
END = LENGTH - 1


def corridor() -> TabularMDP:
    """Return a corridor that ends on the right."""
    table = np.array([[max(state - 1, 0), min(state + 1, END), state] for state in range(LENGTH)])
    end = np.arange(LENGTH) == END
    return TabularMDP(table, np.zeros((LENGTH, 3)), end, np.eye(LENGTH)[0], np.ones((LENGTH, 3), dtype=bool))


def finishes(form: str, absorbing: bool, folder: Path) -> bool:
    """Return whether the best policy under what was learned ends the corridor, as the demonstrations do."""
    shown = [[(state, RIGHT, state + 1, state + 1 == END) for state in range(END)]] * 5
    demos = save_demo_features(trajectories(shown), folder / "corridor.npz", buckets=LENGTH).as_posix()
    spec = {"demos": demos, "form": form, "absorbing": absorbing, "gamma": GAMMA, "every": 32, "updates": 3}
    reward: Any = make_reward({"id": "learned/gail-v1", "params": {**spec, "rate": 3e-3}})
    mdp, rng = corridor(), np.random.default_rng(0)
    states = np.zeros(32, dtype=int)
    begin(reward, states)
    for _ in range(100):
        actions = rng.integers(3, size=32)
        after = mdp.transitions[states, actions]
        pay(reward, states, actions, after, after == END)
        states = np.where(after == END, 0, after)
    places, actions = (one.ravel() for one in np.indices((END, 3)))
    after = mdp.transitions[places, actions]
    table = np.zeros((LENGTH, 3))
    table[places, actions] = reward.repay(batch(places, actions, after, after == END))
    best, state = value_iteration(mdp.with_rewards(table), GAMMA).policy.argmax(axis=1), 0
    for _ in range(2 * LENGTH):
        state = mdp.transitions[state, best[state]]
    return bool(state == END)


def test_a_reward_that_is_only_positive_postpones_the_end_unless_the_end_is_judged(tmp_path: Path) -> None:
    """Survival bias: the demonstrations end as soon as they can, but every step pays."""
    assert not finishes("minimax", False, tmp_path)
    assert finishes("minimax", True, tmp_path)
    assert finishes("log", False, tmp_path)


def test_the_end_is_paid_for_all_the_time_that_it_lasts(tmp_path: Path) -> None:
    demos = save_demo_features(trajectories([[(0, 1, 1, True)]]), tmp_path / "one.npz", buckets=4).as_posix()
    reward: Any = make_reward(f"learned/gail-v1(demos={demos!r}, absorbing=True, gamma=0.75, clip=2.0)")
    begin(reward, [0])
    alive, ended = (float(reward.repay(batch([0], [1], [1], [over]))[0]) for over in (False, True))
    size = 4 + 1
    flag = torch.zeros(1, size)
    flag[0, -1] = 1.0
    stay = float(reward_of(reward.logit(flag, torch.zeros(1, 64)), "minimax").detach())
    assert ended == pytest.approx(alive + 0.75 / 0.25 * stay, rel=1e-5)
    assert reward.bounds == {"likeness": (0.0, 8.0)}
    assert "outcome" in reward.reads
    assert "outcome" not in make_reward(f"learned/gail-v1(demos={demos!r})").reads


def test_airl_needs_the_density_it_estimates_and_learns_it(tmp_path: Path) -> None:
    """Form "logit" is f - log pi: the density of actions that are always near 0.3 becomes high there."""
    rng = np.random.default_rng(0)
    shown = [(one[:2], one[2:], one[:2], False) for one in rng.normal(size=(100, 3)).astype(np.float32)]
    demos = save_demo_features(trajectories([shown]), tmp_path / "d.npz").as_posix()
    reward: Any = make_reward(f"learned/airl-v1(demos={demos!r}, every=32, updates=6, rate=0.003, penalty=0.0)")
    begin(reward, np.zeros((32, 2), dtype=np.float32))
    for _ in range(60):
        states = rng.normal(size=(32, 2)).astype(np.float32)
        pay(reward, states, (0.3 + 0.1 * rng.normal(size=(32, 1))).astype(np.float32), states)
    twins = [reward.frozen() for _ in range(2)]
    for twin, form in zip(twins, ("shaped", "logit"), strict=True):
        twin.form = form
    states, actions = np.zeros((3, 2), dtype=np.float32), np.array([[0.3], [0.0], [0.6]], dtype=np.float32)
    shaped, logit = (twin.repay(batch(states, actions, states)) for twin in twins)
    log_prob = shaped - logit
    assert log_prob[0] > max(log_prob[1:].max() + 1.0, -0.9)


def test_log_probabilities_are_those_of_a_softmax_and_of_normal_distributions() -> None:
    logits, kinds = torch.tensor([[0.0, 1.0, 3.0]]), torch.tensor([[2]])
    torch.testing.assert_close(action_log_prob(logits, kinds), logits.log_softmax(1)[:, 2])
    mean, log_std, value = torch.tensor([[0.2, -1.0]]), torch.tensor([[0.5, -0.7]]), torch.tensor([[1.0, 0.0]])
    exact = torch.distributions.Normal(mean, (2 * log_std.tanh() - 1).exp()).log_prob(value).sum(1)
    torch.testing.assert_close(action_log_prob(torch.cat([mean, log_std], 1), value), exact)


# -- demonstrations as files -----------------------------------------------------------------------


@functools.cache
def shown(env_id: str) -> list[Trajectory]:
    """Return some episodes of an env."""
    from guerdon.evaluation.recording import record

    return record(env_id, None, "expert", 2, 0, num_envs=2)


WORLDS = ("guerdon:guerdon/Household-v0", "guerdon:guerdon/Reach-v0", "guerdon:guerdon/Grid-v0")


@pytest.mark.parametrize("name", ["gail", "airl"])
@pytest.mark.parametrize("env_id", WORLDS)
def test_demonstrations_of_every_world_are_imitated(env_id: str, name: str, tmp_path: Path) -> None:
    """The reward sees a step as the file does, pays within its bounds, and is saved with what it learned."""
    import pickle

    from guerdon.wrappers.spec_reward import SpecReward

    file = save_demo_features(shown(env_id), tmp_path)
    assert file.name == "step_features.npz"
    assert load_demo_features(tmp_path).digest == load_demo_features(file).digest
    known = load_demo_features(file)
    assert len(known) == sum(map(len, shown(env_id)))
    reward: Any = make_reward(f"learned/{name}-v1(demos={tmp_path.as_posix()!r}, every=8)")
    totals = reward.relabel(shown(env_id)[0])
    low, high = reward.bounds["likeness"]
    assert low <= totals.min() <= totals.max() <= high
    env = SpecReward(gym.make(env_id), reward)
    env.reset(seed=0)
    first = shown(env_id)[0].steps[0]
    env.step(first.action)
    back = pickle.loads(pickle.dumps(env.reward.frozen()))
    np.testing.assert_array_equal(back.relabel(shown(env_id)[0]), env.reward.frozen().relabel(shown(env_id)[0]))
    assert back.spec == reward.spec
    assert make_reward(reward.spec).hash == reward.hash


def test_what_cannot_be_imitated_gets_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"needs its parameter 'demos'"):
        make_reward("learned/gail-v1")
    with pytest.raises(FileNotFoundError, match=r"save_demo_features"):
        make_reward(f"learned/gail-v1(demos={(tmp_path / 'no.npz').as_posix()!r})")
    (tmp_path / "bad.npz").write_bytes(b"no")
    with pytest.raises(ValueError, match=r"does not hold features of demonstrations"):
        make_reward(f"learned/gail-v1(demos={(tmp_path / 'bad.npz').as_posix()!r})")
    with pytest.raises(ValueError, match=r"no demonstrations"):
        save_demo_features([], tmp_path / "x.npz")
    grid, reach = (save_demo_features(shown(env), tmp_path / f"{env[-8:-3]}.npz").as_posix() for env in WORLDS[2:0:-1])
    reward = make_reward(f"learned/gail-v1(demos={grid!r})")
    with pytest.raises(ValueError, match=r"of kind 'number', not 'text'"):
        begin(reward, ["a room."])
    with pytest.raises(ValueError, match=r"have 40 numbers a state, not 3|have \d+ numbers a state, not 3"):
        begin(make_reward(f"learned/gail-v1(demos={reach!r})"), np.zeros((1, 3)))
    with pytest.raises(ValueError, match=r"has no demonstrations"):
        begin(REWARDS["learned/gail-v1"](), np.zeros((1, 3)))


def test_other_demonstrations_are_another_reward_wherever_they_lie(tmp_path: Path) -> None:
    def made(name: str, state: int) -> str:
        (tmp_path / name).mkdir()
        save_demo_features(trajectories([[(state, 0, 1, True)]]), tmp_path / name)
        spec = {"id": "learned/gail-v1", "params": {"demos": (tmp_path / name).as_posix()}}
        return make_reward(spec).hash

    assert made("a", 0) != made("b", 2)
