"""The recorded results are of the rewards as they are, with 3 seeds, and show what they are said to show."""

from __future__ import annotations

from pathlib import Path

import pytest

from guerdon.evaluation.comparison import Comparison
from guerdon.reward_models import REWARDS, make_reward

RESULTS = sorted((Path(__file__).parents[2] / "docs" / "results").glob("household*.json"))


@pytest.mark.parametrize("path", RESULTS, ids=lambda path: path.stem)
def test_recorded_results_are_of_the_current_rewards(path: Path) -> None:
    comparison = Comparison.load(path)
    for reward in comparison.rewards:
        assert reward.id in REWARDS
        assert reward.hash == make_reward(reward.id).hash, f"{reward.id} changed: run scripts/record_results.py"
        assert reward.num_seeds >= 3


@pytest.mark.parametrize("path", RESULTS, ids=lambda path: path.stem)
@pytest.mark.parametrize("name", ["seen", "unseen"])
def test_shaping_learns_where_success_starves_and_busy_is_hacked(path: Path, name: str) -> None:
    by_id = {reward.id: reward.sets[name] for reward in Comparison.load(path).rewards}
    shaped = by_id["household/plan-distance-v1"].success.mean
    assert shaped is not None
    for other in ("household/success-v1", "household/busy-v1"):
        mean = by_id[other].success.mean
        assert mean is not None
        assert shaped.low > mean.high, other
    gap = by_id["household/busy-v1"].gap
    assert gap is not None
    assert gap.flagged
