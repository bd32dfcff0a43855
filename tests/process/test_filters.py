"""Filters of groups."""

from __future__ import annotations

import numpy as np
import pytest

from guerdon.agents.filters import AccuracyBand
from guerdon.core.trajectory import Group

from .trees import episode


def group(outcomes: list[float]) -> Group:
    masks = np.ones((2, 1), dtype=bool)
    return Group("task", [episode([0, 1], [0], [paid], masks) for paid in outcomes])


@pytest.mark.parametrize(("successes", "kept"), [(0, False), (1, True), (3, True), (4, True), (5, False)])
def test_a_band_keeps_groups_whole_or_not_at_all(successes: int, kept: bool) -> None:
    whole = group([1.0] * successes + [0.0] * (5 - successes))
    left = AccuracyBand(0.2, 0.8)(whole)
    assert left.task_id == "task"
    assert left.trajectories == (whole.trajectories if kept else [])


def test_an_impossible_band_is_refused() -> None:
    with pytest.raises(ValueError, match=r"not low 0\.9 and high 0\.8"):
        AccuracyBand(0.9, 0.8)
    assert AccuracyBand()(Group("none", [])).trajectories == []
