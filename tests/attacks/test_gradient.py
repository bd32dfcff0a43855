"""Tier 2: what the gradient gains of a linear scorer is known exactly; words are found and carry over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
import torch

from guerdon.core.preferences import PreferenceSet
from guerdon.core.trajectory import Step, Trajectory
from guerdon.evaluation.attacks.differentiable import differentiable
from guerdon.evaluation.attacks.gradient import RADII, adversarial_words, landscape
from guerdon.evaluation.attacks.scoring import Scoring
from guerdon.evaluation.recording import record
from guerdon.reward_models import make_reward
from guerdon.reward_models.learned.bradley_terry import BradleyTerry
from guerdon.reward_models.process.base import StepScorer

CALC = "guerdon:guerdon/Calc-v0"


class Linear(StepScorer):
    """w x, which torch can differentiate."""

    name, words, limit = "linear", False, float("inf")

    def __init__(self, weights: Sequence[float]):
        self.weights = torch.tensor(weights)

    def rows(self, trajectories: Sequence[Trajectory]) -> list[np.ndarray]:
        return [np.stack([step.obs for step in one.steps]) for one in trajectories]

    def value(self, rows: Any) -> Any:
        return rows @ self.weights

    def score(self, trajectories: Sequence[Trajectory]) -> list[np.ndarray]:
        return [self.value(torch.from_numpy(rows)).numpy().astype(float) for rows in self.rows(trajectories)]


def made_up(episodes: int, seed: int) -> list[Trajectory]:
    rng = np.random.default_rng(seed)
    found = []
    for number in range(episodes):
        views = rng.standard_normal((7, 3)).astype(np.float32)
        steps = [Step(obs=views[at], action=0, next_obs=views[at + 1]) for at in range(6)]
        found.append(Trajectory(str(number), number, steps))
    return found


def test_the_gradient_gains_the_norm_of_a_linear_scorer_on_all_steps_alike() -> None:
    scorer, played = Linear([3.0, 4.0, 0.0]), made_up(12, 0)
    slope = differentiable(scorer)
    assert slope is not None
    found = landscape(slope, played, 0)
    spread = float(np.concatenate(scorer.score(played)).std(ddof=1))
    best = 5.0 * np.array(RADII) * 3**0.5 / spread  # |w| r sqrt(F)
    assert np.allclose(found.adversarial, best, rtol=1e-4)
    assert np.allclose(found.transferred, best, rtol=1e-4)
    # E|<w, u>| of a random direction in 3 dimensions is |w| / 2
    assert np.allclose(found.random, best / 2, rtol=0.2)
    assert found.width == next(r for r, moved in zip(RADII, found.random, strict=True) if moved >= 0.5)


def test_a_flat_scorer_cannot_be_moved() -> None:
    found = landscape(Linear([0.0, 0.0, 0.0]), made_up(4, 1), 0)
    assert max(map(abs, (*found.random, *found.adversarial, *found.transferred))) == 0.0
    assert found.width == float("inf")


def test_scorers_without_a_gradient_say_so() -> None:
    assert differentiable(make_reward("reasoning/verifier-v1")) is None


@pytest.fixture(scope="module")
def fitted() -> tuple[BradleyTerry, list[Trajectory]]:
    """A model that was taught to like the word "attic"."""
    played = [one for policy in ("expert", "random") for one in record(CALC, None, policy, 8, 0)]
    for number, one in enumerate(played):
        for step in one.steps:
            step.next_obs += " attic" if number % 2 else " cellar"
    length = [len(one) for one in played]
    pairs = np.array([[[a, 0, length[a]], [b, 0, length[b]]] for a in range(1, 16, 2) for b in range(0, 16, 2)])
    labels = np.ones(len(pairs))
    model = BradleyTerry(updates=80, members=2, width=16, depth=2, buckets=128)
    model.fit(PreferenceSet(played, pairs, labels), 0)
    return model, played


def test_the_model_is_read_from_its_arrays_exactly(fitted: tuple) -> None:
    model, played = fitted
    slope = differentiable(model)
    assert slope is not None
    assert slope.words
    rows = torch.from_numpy(np.concatenate(slope.rows(played)))
    assert np.allclose(slope.value(rows).numpy(), np.concatenate(model.score_trajectories(played)), atol=1e-5)
    found = landscape(slope, played, 0)
    assert found.adversarial[1] > 3 * found.random[1] > 0


def test_the_word_that_was_taught_is_found_and_carries_over(fitted: tuple) -> None:
    model, played = fitted
    slope = differentiable(model)
    assert slope is not None
    mixed = [*played[::2], played[1]]  # "attic" stands in the last only
    found = adversarial_words(Scoring(model), slope, mixed, 0, count=1)
    assert found.words == ("attic",)
    assert found.gain > 0.3
    assert found.transferred > 0.3
