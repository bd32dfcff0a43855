"""PAR (entry 24) and the reshapings that it is compared with."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guerdon.core.names import UnknownNameError
from guerdon.reward_models.process.reference_rewards import ReferenceRewards
from guerdon.reward_models.transforms.preference import PreferenceAsReward, Reshaped

from .batches import batch, episode

NUMBERS = st.lists(st.floats(-3, 3), min_size=2, max_size=6)


def group(rewards, task="t"):
    """Episodes of two steps whose payments sum to these rewards."""
    return [episode(2, task=task, paid=[reward - 1.0, 1.0]) for reward in rewards]


def last(paid) -> np.ndarray:
    assert all(one[:-1].tolist() == [0.0] * (len(one) - 1) for one in paid)
    return np.array([one[-1] for one in paid])


@given(NUMBERS, NUMBERS, st.floats(-5, 5), st.floats(0.2, 3))
def test_par_is_the_win_rate_and_ignores_what_a_task_pays_to_all(rewards, references, shift, slope) -> None:
    found = last(PreferenceAsReward(references={"t": references}, slope=slope)(batch(group(rewards))))
    expected = [np.mean([1 / (1 + np.exp(-slope * (own - ref))) for ref in references]) for own in rewards]
    assert found == pytest.approx(expected)
    assert ((found > 0) & (found < 1)).all()
    moved = PreferenceAsReward(references={"t": [ref + shift for ref in references]}, slope=slope)
    assert last(moved(batch(group([own + shift for own in rewards])))) == pytest.approx(found)


def test_par_grows_by_k_over_4_at_parity_and_not_when_saturated() -> None:
    def at(reward: float) -> float:
        return float(last(PreferenceAsReward(references={"t": [1.0]}, slope=2.0)(batch(group([reward]))))[0])

    assert at(1.0) == pytest.approx(0.5)
    assert (at(1.0 + 1e-5) - at(1.0 - 1e-5)) / 2e-5 == pytest.approx(2.0 / 4.0, rel=1e-4)
    assert at(21.0) - at(20.0) < 1e-12


def test_references_of_each_task_from_a_table_or_a_column() -> None:
    two = batch(group([1.0, 2.0], "a"), group([1.0, 2.0], "b"))
    table = PreferenceAsReward(references={"a": [1.0], "b": [2.0]})
    assert last(table(two)) == pytest.approx([0.5, 1 / (1 + np.exp(-1)), 1 / (1 + np.exp(1)), 0.5])
    for one, reference in zip(two.trajectories, [1.0, 1.0, 2.0, 2.0], strict=True):
        one.write("reference", np.array([0.25, reference - 0.25]))
    assert last(PreferenceAsReward()(two)) == pytest.approx(last(table(two)))
    with pytest.raises(UnknownNameError, match=r"unknown task 'b' in the table of reference rewards"):
        PreferenceAsReward(references={"a": [1.0]})(two)


def test_the_reshapings() -> None:
    rewards, references = [0.0, 1.0, 5.0], [1.0, 3.0]
    mean, std = 2.0, np.std(rewards)
    sigmoid = lambda x: 1 / (1 + np.exp(-np.asarray(x)))  # noqa: E731
    centred = np.array(rewards) - 2.0
    expected = {
        "raw": rewards,
        "mean-std": (np.array(rewards) - mean) / std,
        "clip": np.clip(rewards, mean - std, mean + std),
        "min-max": [0.0, 0.2, 1.0],
        "tanh": np.tanh(centred),
        "arctan": np.arctan(centred),
        "lsc": np.log(sigmoid(np.array(rewards) - 2.7)),
        "sgfc": sigmoid(centred - 3),
    }
    for kind, values in expected.items():
        found = last(Reshaped(kind, references={"t": references})(batch(group(rewards))))
        assert found == pytest.approx(values, rel=1e-5), kind
    with pytest.raises(UnknownNameError, match=r"unknown kind of reshaping 'min_max'\. Did you mean 'min-max'\?"):
        Reshaped("min_max")  # type: ignore[arg-type]


def test_the_first_episodes_of_a_run_are_the_reference() -> None:
    scorer, first = ReferenceRewards(episodes=4), batch(group([0.0, 1.0], "a"), group([4.0, 6.0], "b"))
    scorer.write(first)
    later = batch(group([9.0, 9.0], "a"), group([9.0], "c"))
    saved = scorer.state()
    scorer.write(later)
    # Task a is compared with its own references, at the quantiles 1/4 and 3/4; the new task c with the median of all.
    assert [one.column("reference").sum() for one in later.trajectories] == pytest.approx([0.25, 0.75, 2.5])
    fresh = ReferenceRewards(episodes=4)
    fresh.restore(saved)
    assert [one.tolist() for one in fresh.score(later.trajectories)] == [
        one.column("reference").tolist() for one in later.trajectories
    ]
