"""SPA-RL's payments (entry 19): attributed progress plus grounding, with a cap."""

from __future__ import annotations

import pytest

from guerdon.reward_models.transforms.progress import ProgressAttribution

from .batches import batch, episode


def test_progress_plus_grounding() -> None:
    one = batch([episode(4, 1.0, progress=[0.1, 0.2, 0.3, 0.4], valid=[True, False, True, True])])
    assert ProgressAttribution()(one)[0] == pytest.approx([0.6, 0.2, 0.8, 0.9])
    assert ProgressAttribution(alpha=2.0, beta=0.0)(one)[0] == pytest.approx([0.2, 0.4, 0.6, 0.8])
    assert ProgressAttribution(cap=2)(one)[0] == pytest.approx([0.6, 0.2, 0.8, 0.4])


def test_without_grounding_the_return_is_the_outcome_and_not_paid_twice() -> None:
    one = batch([episode(4, 1.0, progress=[0.1, 0.2, 0.3, 0.4])])
    assert ProgressAttribution(beta=0.0)(one)[0].sum() == pytest.approx(one.trajectories[0].outcome)


def test_valid_steps_that_lead_nowhere_are_farmed_unless_capped() -> None:
    def earned(steps: int, **settings) -> float:
        return float(ProgressAttribution(**settings)(batch([episode(steps, progress=[0.0] * steps)]))[0].sum())

    assert earned(20) - earned(10) == pytest.approx(10 * 0.5)
    assert earned(20, cap=4) == earned(10, cap=4) == pytest.approx(4 * 0.5)
