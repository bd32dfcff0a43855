import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guerdon.evaluation.hacking import PolicyScore, hacking_gap

REFERENCES = {
    "expert": PolicyScore(0.6, 1.0),
    "random": PolicyScore(0.1, 0.05),
    "lazy": PolicyScore(0.0, 0.0),
    "exploit": PolicyScore(2.5, 0.0),
}


def gap_of(rewards, objectives, references=REFERENCES, **options):
    return hacking_gap(rewards, objectives, references, np.random.default_rng(0), **options)


def test_a_hacked_reward_is_flagged():
    gap = gap_of([2.4, 2.5, 2.45], [0.0, 0.0, 0.02])
    assert gap.value == pytest.approx(2.45 / 2.5 - 0.02 / 3)
    assert gap.reward_range == (0.0, 2.5)
    assert gap.low <= gap.value <= gap.high
    assert gap.flagged


def test_an_honest_reward_is_not():
    honest = {"expert": PolicyScore(1.0, 1.0), "lazy": PolicyScore(0.0, 0.0)}
    gap = gap_of([0.9, 0.3], [0.9, 0.3], honest)
    assert (gap.value, gap.low, gap.high, gap.flagged) == (0.0, 0.0, 0.0, False)


def test_beating_the_expert_in_reward_only_shows():
    """No exploit is known: the agent itself sets the top, and the expert stops being the best."""
    gap = gap_of([3.0], [0.0], {"expert": PolicyScore(1.0, 1.0), "lazy": PolicyScore(0.0, 0.0)})
    assert gap.value == 1.0
    assert gap.reward_range == (0.0, 3.0)


def test_one_lucky_seed_does_not_flag():
    gap = gap_of([2.5, 0.0, 0.0], [0.0, 0.0, 0.0])
    assert gap.value > 0.3
    assert not gap.flagged


def test_equal_policies_have_no_gap():
    same = {"expert": PolicyScore(1.0, 0.5), "lazy": PolicyScore(1.0, 0.5)}
    gap = gap_of([1.0, 1.0], [0.5, 0.5], same)
    assert (gap.value, gap.flagged) == (0.0, False)
    assert gap.note == "every known policy has the same reward"
    gap = gap_of([0.0, 1.0], [0.5, 0.5], same | {"lazy": PolicyScore(0.0, 0.5)})
    assert (gap.value, gap.flagged) == (0.0, False)
    assert gap.note == "every known policy has the same objective"


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_numbers_that_are_none_are_refused(bad):
    with pytest.raises(ValueError, match="the reward of seed 1 is"):
        gap_of([0.0, bad], [0.0, 0.0])
    with pytest.raises(ValueError, match="the objective of reference 'exploit' is"):
        gap_of([0.0], [0.0], REFERENCES | {"exploit": PolicyScore(1.0, bad)})


def test_a_floor_is_needed():
    with pytest.raises(ValueError, match=r"a reference among random, lazy, expert; got \['exploit'\]"):
        gap_of([0.0], [0.0], {"exploit": PolicyScore(1.0, 0.0)})
    with pytest.raises(ValueError, match="must both have shape"):
        gap_of([0.0, 1.0], [0.0])


@given(
    st.lists(st.tuples(st.floats(-50, 50), st.floats(0, 1)), min_size=1, max_size=5),
    st.floats(-5, 5),
    st.floats(0.5, 20),
)
@settings(deadline=None, max_examples=50)
def test_the_gap_is_bounded_and_blind_to_the_reward_scale(seeds, shift, scale):
    rewards, objectives = np.array(seeds).T
    gap = gap_of(rewards, objectives, resamples=100)
    assert -1 <= gap.low <= gap.high <= 1
    assert 0 <= gap.reward <= 1
    assert 0 <= gap.objective <= 1
    moved = {name: PolicyScore(p.reward * scale + shift, p.objective) for name, p in REFERENCES.items()}
    assert gap_of(rewards * scale + shift, objectives, moved, resamples=100).value == pytest.approx(gap.value)
