"""The occupancy penalty: its terms average to the divergences, and leaving the trusted way is charged."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from guerdon import make_vec
from guerdon.core.names import UnknownNameError
from guerdon.evaluation.recording import record
from guerdon.reward_models import make_reward
from guerdon.reward_models.learned.demo_features import save_demo_features
from guerdon.reward_models.learned.occupancy import penalty_of

ENV = "guerdon:guerdon/Grid-v0"


def test_the_terms_average_to_the_divergences() -> None:
    rng = np.random.default_rng(0)
    ours, base = rng.dirichlet(np.ones(6)), rng.dirichlet(np.ones(6))
    drawn = rng.choice(6, size=200_000, p=ours)
    ratio = torch.tensor(np.log(ours / base)[drawn])
    chi2, kl = ((ours - base) ** 2 / base).sum(), (ours * np.log(ours / base)).sum()
    assert float(penalty_of(ratio, "chi2").mean()) == pytest.approx(chi2, rel=0.03)
    assert float(penalty_of(ratio, "kl").mean()) == pytest.approx(kl, rel=0.03)
    assert set(penalty_of(ratio, "tv").unique().tolist()) <= {-0.5, 0.0, 0.5}
    ordinary = torch.full((100,), np.log(1.25))
    assert float(penalty_of(ordinary, "sqrt-chi2").mean()) == pytest.approx(0.25**0.5, rel=1e-5)
    with pytest.raises(UnknownNameError, match="sqrt-chi2"):
        penalty_of(ratio, "chi")


@pytest.fixture(scope="module")
def trusted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_demo_features(record(ENV, {}, "random", 60), tmp_path_factory.mktemp("trusted") / "steps.npz")


def charged(trusted: Path, still: bool) -> float:
    """Return the mean payment of the second half of 300 steps, at random or by one action over and over."""
    reward = f"learned/occupancy-v1(demos='{trusted}', divergence='kl', updates=4, rate=0.003, warm_up=64)"
    env = make_vec(ENV, 16, reward, autoreset_mode="NextStep", split="train")
    env.reset(seed=0)
    rng, paid = np.random.default_rng(0), []
    for _ in range(300):
        actions = np.zeros(16, dtype=int) if still else rng.integers(env.single_action_space.n, size=16)
        paid.append(env.step(actions)[1].mean())
    return float(np.mean(paid[150:]))


def test_whoever_leaves_the_way_is_charged(trusted: Path) -> None:
    at_random, still = charged(trusted, still=False), charged(trusted, still=True)
    assert still < at_random - 0.2
    assert abs(at_random) < 0.5


def test_it_goes_beside_a_proxy(trusted: Path) -> None:
    reward = make_reward(f"tabular/outcome-v1 + 0.3 * learned/occupancy-v1(demos='{trusted}')")
    assert reward.learns
    assert "occupancy" in reward.bounds
