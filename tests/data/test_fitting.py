"""From nothing to a reward that pays: record, compare, fit, use; in Python and on the command line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest

from guerdon.core.preferences import Labeler, PreferenceSet
from guerdon.core.trajectory import Trajectory
from guerdon.core.transition import Transition
from guerdon.evaluation.datasets import (
    Origin,
    demonstrate,
    prefer,
    save_preferences,
    save_trajectories,
    training_kwargs,
)
from guerdon.evaluation.fitting import fit_model, load_data, usage
from guerdon.evaluation.progress import WaitBar
from guerdon.reward_models.learned.base import MODELS, RewardModel, load_model, register_model
from guerdon.scripts.cli import main
from guerdon.wrappers.make import make

pytest.importorskip("minari", reason="needs the extra data: pip install 'guerdon[data]'")
pytest.importorskip("pyarrow", reason="needs the extra data: pip install 'guerdon[data]'")

REACH, HOUSEHOLD = "guerdon:guerdon/Reach-v0", "guerdon:guerdon/Household-v0"


class LongerIsBetter(Labeler):
    def label(self, trajectories: Sequence[Trajectory], pairs: np.ndarray) -> np.ndarray:
        size = pairs[:, :, 2] - pairs[:, :, 1]
        return (np.sign(size[:, 0] - size[:, 1]) + 1) / 2


@dataclass
class _Constant(RewardModel):
    """Learns how many labels or steps there are; pays that."""

    scale: float = 1.0
    kind: str = "auto"
    name: ClassVar[str] = ""
    fits: ClassVar[str] = ""

    def fit(self, data: Any, seed: int = 0) -> dict[str, float]:
        preferences = isinstance(data, PreferenceSet)
        assert preferences == (self.fits == "preferences")
        steps = [step for one in (data.trajectories if preferences else data) for step in one.steps]
        self._level = self.scale * (int(data.decided.sum()) if preferences else len(steps))
        return {"level": self._level, "seed": seed, "states": sum(step.next_state is not None for step in steps)}

    def begin(self, start: Transition) -> np.ndarray:
        return np.zeros(len(start))

    def score(self, transition: Transition) -> np.ndarray:
        return np.full(len(transition), self._level)

    def arrays(self) -> dict[str, np.ndarray]:
        return {"level": np.array(self._level)}

    def restore(self, arrays: dict[str, np.ndarray]) -> None:
        self._level = float(arrays["level"])


@pytest.fixture(autouse=True)
def models() -> Iterator[None]:
    """Know two models in this test only."""
    len(MODELS)  # finds the real ones first
    kinds = [type("M", (_Constant,), {"__doc__": "Test.", "name": f"test-{f}", "fits": f}) for f in ("demonstrations", "preferences")]  # fmt: skip # noqa: E501
    for kind in kinds:
        register_model(dataclass(kind))
    yield
    for kind in kinds:
        MODELS._things.pop(kind.name)


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """Demonstrations and preferences of Household."""
    origin = Origin(HOUSEHOLD, training_kwargs(HOUSEHOLD))
    save_trajectories(tmp_path / "d", demonstrate(HOUSEHOLD, None, "expert", 3), origin)
    save_preferences(tmp_path / "p", prefer(HOUSEHOLD, None, LongerIsBetter(), 20, episodes=6), origin)
    return tmp_path / "d", tmp_path / "p"


def test_a_mixture_is_played_in_equal_shares_on_the_same_tasks() -> None:
    found = prefer(HOUSEHOLD, None, LongerIsBetter(), 30, ("expert", "random"), episodes=7)
    tags = [one.steps[0].tag for one in found.trajectories]
    assert tags == ["expert"] * 4 + ["random"] * 3
    tasks = [one.task_id for one in found.trajectories]
    assert tasks[4:] == tasks[:3]
    assert found.decided.all()
    assert len({(stop - start) for pair in found.pairs.tolist() for _, start, stop in pair}) > 3
    again = prefer(HOUSEHOLD, None, LongerIsBetter(), 30, ("expert", "random"), episodes=7)
    assert np.array_equal(found.pairs, again.pairs)


def test_without_a_teacher_nothing_is_decided() -> None:
    found = prefer(HOUSEHOLD, None, None, 5, episodes=3)
    assert not found.decided.any()
    assert found.source == "none"


def test_models_get_the_kind_of_data_that_they_fit(folders: tuple[Path, Path], tmp_path: Path) -> None:
    demonstrations, preferences = folders
    for folder, fits, other in ((demonstrations, "demonstrations", preferences), (preferences, "preferences", demonstrations)):  # fmt: skip # noqa: E501
        model = fit_model(f"test-{fits}", folder, tmp_path / "m.npz", 7)
        assert model.figures["seed"] == 7
        again = load_model(tmp_path / "m.npz")
        assert (again.figures, again.arrays()) == (model.figures, model.arrays())
        with pytest.raises(ValueError, match=f"test-{fits} is fitted to {fits}, but .* holds"):
            fit_model(f"test-{fits}", other, tmp_path / "m.npz")


def test_several_folders_are_put_together(folders: tuple[Path, Path], tmp_path: Path) -> None:
    origin = Origin(HOUSEHOLD, training_kwargs(HOUSEHOLD))
    more = prefer(HOUSEHOLD, None, LongerIsBetter(), 10, episodes=4, seed=9)
    save_preferences(tmp_path / "q", more, origin)
    whole = load_data([folders[1], tmp_path / "q"], "preferences")
    assert (len(whole), len(whole.trajectories)) == (30, 10)
    assert np.array_equal(whole.labels, LongerIsBetter().label(whole.trajectories, whole.pairs))
    for (one, *_), (same, *_) in zip(more.pairs[:, 0].tolist(), whole.pairs[20:, 0].tolist(), strict=True):
        assert more.trajectories[one].task_id == whole.trajectories[same].task_id
    assert len(load_data([folders[0]] * 2, "demonstrations")) == 6


def test_data_of_another_env_is_not_mixed_in(folders: tuple[Path, Path], tmp_path: Path) -> None:
    save_trajectories(tmp_path / "r", demonstrate(REACH, None, "expert", 1), Origin(REACH, training_kwargs(REACH)))
    with pytest.raises(ValueError, match="fit them apart"):
        load_data([folders[0], tmp_path / "r"], "demonstrations")


def test_models_that_read_the_state_see_it(folders: tuple[Path, Path], tmp_path: Path) -> None:
    for folder, fits in zip(folders, ("demonstrations", "preferences"), strict=True):
        with_states = fit_model(f"test-{fits}", folder, tmp_path / "m.npz", settings={"kind": "state"}).figures[
            "states"
        ]
        assert with_states > 0
        assert fit_model(f"test-{fits}", folder, tmp_path / "m.npz").figures["states"] == 0


def test_other_mistakes_are_one_clear_error(folders: tuple[Path, Path], tmp_path: Path) -> None:
    out = tmp_path / "m.npz"
    with pytest.raises(ValueError, match="Did you mean 'test-preferences'"):
        fit_model("test-preference", folders[1], out)
    with pytest.raises(ValueError, match="Did you mean 'scale'"):
        fit_model("test-preferences", folders[1], out, settings={"scal": 2})
    with pytest.raises(ValueError, match=r"ends in \.npz"):
        fit_model("test-preferences", folders[1], tmp_path / "m.pt")
    with pytest.raises(FileNotFoundError, match="no folder"):
        fit_model("test-preferences", tmp_path / "nothing", out)
    with pytest.raises(ValueError, match="holds nothing that a model is fitted to"):
        fit_model("test-preferences", tmp_path, out)
    empty = prefer(HOUSEHOLD, None, None, 5, episodes=3)
    save_preferences(tmp_path / "none", empty, Origin(HOUSEHOLD, {"split": "train"}))
    with pytest.raises(ValueError, match=r"no pair of .*none has a label; `guerdon label`"):
        fit_model("test-preferences", tmp_path / "none", out)
    assert not out.exists()


def call(*argv: str) -> int:
    with pytest.raises(SystemExit) as caught:
        main(list(argv))
    assert isinstance(caught.value.code, int)
    return caught.value.code


@pytest.mark.parametrize("env", [HOUSEHOLD, REACH, "guerdon:guerdon/WebShop-v0"])
@pytest.mark.parametrize("teacher", ["synthetic", "hierarchical"])
def test_the_way_from_nothing_to_a_reward(
    env: str, teacher: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert call("demonstrate", "--env", env, "--episodes", "3", "--out", "d") == 0
    assert "3 episodes of expert" in capsys.readouterr().out
    assert call("prefer", "--env", env, "--teacher", teacher, "--pairs", "30", "--episodes", "6", "--out", "p") == 0
    assert "of 30 pairs" in capsys.readouterr().out
    assert call("fit", "--model", "bradley-terry", "--data", "p", "--model-arg", "updates=5", "--out", "m/r.npz") == 0
    expression = capsys.readouterr().out.rpartition('--reward "')[2].partition('"')[0]
    assert expression == "learned/model-v1(path='m/r.npz')"
    paying = make(env, expression, **training_kwargs(env))
    paying.reset(seed=0)
    action = paying.action_space.sample() if env == REACH else "look"
    assert np.isfinite(float(paying.step(action)[1]))
    paying.close()


def test_a_model_of_states_is_used_as_a_potential(folders: tuple[Path, Path], tmp_path: Path) -> None:
    model = fit_model("test-demonstrations", folders[0], tmp_path / "m.npz")
    assert usage(model, "m.npz") == "learned/model-v1(path='m.npz')"
    type(model).values_states = True
    assert usage(model, "m.npz") == "learned/model-v1(path='m.npz', form='shaping')"


@pytest.mark.parametrize(
    ("argv", "text"),
    [
        (["demonstrate", "--env", "guerdon:guerdon/Rech-v0"], "Reach"),
        (["demonstrate", "--policy", "expirt"], "Did you mean 'expert'"),
        (["demonstrate", "--env-arg", "split=valid_seen"], "kept for evaluation"),
        (["demonstrate", "--out", "."], "exists"),
        (["prefer", "--teacher", "synthetc"], "Did you mean 'synthetic'"),
        (["prefer", "--by", "succes", "--episodes", "3"], "Did you mean 'success'"),
        (["prefer", "--mistakes", "2", "--episodes", "3"], "mistakes in [0, 1]"),
        (["fit", "--data", "nothing"], "no folder 'nothing'"),
        (["fit", "--model-arg", "members"], "KEY=VALUE"),
    ],
)
def test_the_command_says_mistakes_in_one_line(
    argv: list[str], text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there").touch()
    assert call(*argv) == 2
    error = capsys.readouterr().err
    assert text in error
    assert error.count("\n") == 1
    assert [file.name for file in tmp_path.iterdir()] == ["there"]


def test_a_bar_that_is_not_needed_is_not_shown(capsys: pytest.CaptureFixture[str]) -> None:
    with WaitBar("waiting", 2) as bar:
        bar.advance("anything")
    assert capsys.readouterr() == ("", "")
