"""CAPO (entry 11): outcome on every step, less for wrong ones; votes of a noisy judge."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guerdon.agents.advantages.grpo import GRPO
from guerdon.agents.advantages.step_z import StepZ
from guerdon.core.names import UnknownNameError
from guerdon.reward_models.process.judge import Judge
from guerdon.reward_models.transforms.asymmetric import Asymmetric

from .batches import batch, episode

VERDICTS = st.lists(st.sampled_from([-1.0, 1.0]), min_size=1, max_size=6)


@given(VERDICTS, VERDICTS)
def test_every_step_of_a_success_outranks_every_step_of_a_failure(good, bad) -> None:
    two = batch([episode(len(good), 1.0, judge=good), episode(len(bad), 0.0, judge=bad)])
    won, lost = Asymmetric()(two)
    assert won.tolist() == [2.0 - (verdict < 0) for verdict in good]
    assert lost.tolist() == [0.0 - (verdict < 0) for verdict in bad]
    assert won.min() > lost.max()
    credit = StepZ()(two, [won, lost])
    assert credit[0].min() > credit[1].max()
    assert np.concatenate(credit).mean() == pytest.approx(0.0, abs=1e-9)
    assert np.concatenate(credit).std() == pytest.approx(1.0, abs=1e-4)


def test_without_a_penalty_it_is_grpo_up_to_how_long_episodes_are() -> None:
    verdicts = [-1.0, 1.0, 1.0]
    two = batch([episode(3, outcome, judge=verdicts) for outcome in (1.0, 0.0, 0.0)])
    ours = StepZ()(two, Asymmetric(process=0.0, whole=1.0)(two))
    plain = GRPO()(two, [np.array([0, 0, one.outcome]) for one in two.trajectories])
    assert np.concatenate(ours) == pytest.approx(np.concatenate(plain))


def plan(steps: int, progress: bool = True):
    """An episode that comes one action nearer at each step, or stays as far as it was."""
    before = [float(steps - k if progress else steps) for k in range(steps)]
    return episode(steps, plan_before=before, plan_after=[b - progress for b in before])


def test_a_judge_without_noise_says_the_truth() -> None:
    one = episode(5, plan_before=[3, 2, 2, 1, -1], plan_after=[2, 2, 1, -1, -1])
    assert Judge().score([one])[0].tolist() == [1, -1, 1, -1, -1]
    assert Judge(kind="reachable").score([one])[0].tolist() == [1, 1, 1, -1, 1]
    assert Judge(signed=False).score([one])[0].tolist() == [1, 0, 1, 0, 0]


@pytest.mark.parametrize(
    ("aggregate", "votes", "blamed", "missed"),
    [
        ("intersection", 3, 0.2**3, 1 - 0.8**3),
        ("majority", 3, 0.2**3 + 3 * 0.2**2 * 0.8, 0.2**3 + 3 * 0.2**2 * 0.8),
        ("majority", 2, 0.2**2, 1 - 0.8**2),
        ("intersection", 1, 0.2, 0.2),
    ],
)
def test_how_often_a_noisy_judge_errs(aggregate, votes: int, blamed: float, missed: float) -> None:
    judge = Judge(0.2, votes, aggregate, seed=3)
    right, wrong = judge.score([plan(20_000), plan(20_000, progress=False)])
    assert (right < 0).mean() == pytest.approx(blamed, abs=0.012)
    assert (wrong > 0).mean() == pytest.approx(missed, abs=0.012)


def test_the_judge_goes_on_where_it_was() -> None:
    judge, again = Judge(0.4, seed=1), Judge(0.4, seed=1)
    assert judge.score([plan(50)])[0].tolist() == again.score([plan(50)])[0].tolist()
    state = judge.state()
    later = judge.score([plan(50)])[0].tolist()
    fresh = Judge(0.4, seed=9)
    fresh.restore(state)
    assert fresh.score([plan(50)])[0].tolist() == later
    assert Judge(0.4, seed=2).score([plan(50)])[0].tolist() != Judge(0.4, seed=1).score([plan(50)])[0].tolist()


def test_the_judge_s_biases_pay_for_steps_and_for_words() -> None:
    one = episode(2, plan_before=[2, 1], plan_after=[1, 0], action=["go", "go there now"])
    assert Judge(length_bias=0.5).score([one])[0].tolist() == [1.5, 1.5]
    assert Judge(verbosity_bias=0.1).score([one])[0] == pytest.approx([1.1, 1.3])
    with pytest.raises(UnknownNameError, match=r"unknown aggregate 'majorty' in the judge. Did you mean 'majority'\?"):
        Judge(aggregate="majorty")  # type: ignore[arg-type]
