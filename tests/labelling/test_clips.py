"""Clips of pairs: equally long, true to the recording, made once, and without the outcome."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import pytest

from guerdon.core.preferences import PreferenceSet
from guerdon.envs.page import PANEL_LEFT, Page
from guerdon.evaluation.datasets import Origin, load_preferences, preferences_origin, record, training_kwargs
from guerdon.evaluation.labelling.clips import ClipError, Clips
from guerdon.evaluation.labelling.segments import SegmentFilmer
from guerdon.wrappers.text_page import TextPage

from .conftest import PAIRS


def frames_of(file: Path) -> tuple[int, float]:
    frames, seconds = imageio_ffmpeg.count_frames_and_secs(str(file))
    assert frames is not None
    assert seconds is not None
    return frames, seconds


def first_picture(file: Path) -> np.ndarray:
    reader = imageio_ffmpeg.read_frames(str(file))
    width, height = next(reader)["size"]  # type: ignore[index]
    picture = np.frombuffer(next(reader), np.uint8).reshape(height, width, 3)  # type: ignore[arg-type]
    reader.close()
    return picture


def made_of(folder: Path) -> tuple[PreferenceSet, Origin, Clips]:
    preferences, origin = load_preferences(folder), preferences_origin(folder)
    return preferences, origin, Clips(folder, preferences, origin)


def test_both_clips_of_a_pair_have_the_same_frames(folder: Path) -> None:
    preferences, _, clips = made_of(folder)
    lengths = preferences.pairs[:, :, 2] - preferences.pairs[:, :, 1]
    pair = int(np.abs(lengths[:, 0] - lengths[:, 1]).argmax())
    assert lengths[pair, 0] != lengths[pair, 1]
    told = clips.get(pair)
    clips.close()
    first, second = (frames_of(clips.folder / told[side]) for side in ("first", "second"))
    assert first == second
    assert first[1] == pytest.approx(told["seconds"], abs=0.2)
    assert told["seconds"] == lengths[pair].max() + 1  # a page a second, and the one before the first step
    assert told["steps"] == preferences.pairs[pair, :, 1:].tolist()
    assert all(told["goals"])
    assert json.loads((clips.folder / f"pair{pair:04d}.json").read_text()) == told


def test_a_clip_shows_the_segment_and_not_the_outcome(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    preferences, origin, clips = made_of(folder)
    clips.close()
    drawn: list[tuple[int, str | None]] = []

    def draw(page: Page, scale: int) -> np.ndarray:
        drawn.append((page.step, page.action))
        assert page.goal == ""
        return np.full((540 * scale, 960 * scale, 3), 200, np.uint8)

    monkeypatch.setattr("guerdon.evaluation.labelling.segments.draw_page", draw)
    filmer = SegmentFilmer(origin.env, origin.env_kwargs)
    number = max(range(len(preferences.trajectories)), key=lambda one: len(preferences.trajectories[one]))
    one = preferences.trajectories[number]
    stop = len(one)
    film = filmer.film([(one, 1, stop), (one, 0, 1)], [folder / "a.mp4", folder / "b.mp4"])
    filmer.close()
    assert film.begins == (one.steps[0].obs, "")  # the first page is told where it is not in the clip
    actions = [None, *(step.action for step in one.steps)]
    assert drawn == [(at, actions[at]) for at in range(1, stop + 1)] + [(0, None), (1, actions[1])]
    # The panel of the page with the badge of the outcome lies beyond what is filmed.
    assert first_picture(folder / "a.mp4").shape[1] <= PANEL_LEFT


def test_success_looks_like_nothing_in_particular(folder: Path) -> None:
    _, origin, clips = made_of(folder)
    clips.close()
    (won,) = record(origin.env, origin.env_kwargs, "expert", 1)
    assert won.steps[-1].success
    filmer = SegmentFilmer(origin.env, origin.env_kwargs)
    assert isinstance(filmer._page, TextPage)
    filmer._env.reset(seed=won.seed, options={"task": won.task_id})
    for step in won.steps:
        filmer._env.step(step.action)
    ended = filmer._draw()
    page = filmer._page._log._page
    assert page is not None
    assert page.outcome == "success"
    filmer._page._log._page = dataclasses.replace(page, outcome="failure")
    assert np.array_equal(ended, filmer._draw())
    filmer.close()


def test_clips_are_made_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    preferences, origin, clips = made_of(folder)
    told = clips.get(0)
    clips.close()
    monkeypatch.setattr(SegmentFilmer, "film", lambda *_: pytest.fail("filmed again"))
    again = Clips(folder, preferences, origin)
    assert again.get(0) == told
    again.close()


@pytest.mark.parametrize("damage", ["clip", "note", "pair"])
def test_clips_that_do_not_fit_are_made_again(folder: Path, damage: str) -> None:
    preferences, origin, clips = made_of(folder)
    told = clips.get(0)
    clips.close()
    note, clip = clips.folder / "pair0000.json", clips.folder / told["first"]
    if damage == "clip":
        clip.unlink()
    elif damage == "note":
        note.write_text(note.read_text()[:20])
    else:
        pairs = preferences.pairs.copy()
        pairs[0] = pairs[1]
        preferences = dataclasses.replace(preferences, pairs=pairs)
        clip.write_bytes(b"old")
    again = Clips(folder, preferences, origin)
    told = again.get(0)
    again.close()
    assert clip.stat().st_size > 100
    assert told["steps"] == preferences.pairs[0, :, 1:].tolist()


def test_an_episode_that_goes_another_way_is_told(folder: Path) -> None:
    preferences, origin, clips = made_of(folder)
    clips.close()
    index, _, stop = preferences.pairs[0, 0].tolist()
    preferences.trajectories[index].steps[stop - 1].next_obs = "something else"
    clips = Clips(folder, preferences, origin)
    for _ in range(2):
        with pytest.raises(ClipError, match="does not go as it was recorded"):
            clips.get(0)
    assert not list(clips.folder.glob("pair0000*"))
    other = next(pair for pair in range(PAIRS) if index not in preferences.pairs[pair, :, 0])
    assert clips.get(other)["pair"] == other
    clips.close()


def test_an_env_that_is_not_there_is_told(folder: Path) -> None:
    preferences, origin, clips = made_of(folder)
    clips.close()
    clips = Clips(folder, preferences, dataclasses.replace(origin, env="guerdon:guerdon/Nowhere-v0"))
    with pytest.raises(ClipError, match="Nowhere"):
        clips.get(0)
    clips.close()
    with pytest.raises(ClipError, match="ended"):
        clips.get(1)


def test_who_waits_comes_first(folder: Path) -> None:
    _, _, clips = made_of(folder)
    clips.soon(range(1, PAIRS))
    clips.get(PAIRS - 1)
    clips.close()
    assert len(list(clips.folder.glob("*.json"))) <= 3  # the one in the making, the one waited for, one more


def test_a_robot_is_filmed_by_its_camera(tmp_path: Path) -> None:
    env = "guerdon:guerdon/Reach-v0"
    (one,) = record(env, None, "expert", 1)
    try:
        filmer = SegmentFilmer(env, {**training_kwargs(env), "width": 96, "height": 64})
        film = filmer.film([(one, 3, 6), (one, 5, 10)], [tmp_path / "a.mp4", tmp_path / "b.mp4"])
    except RuntimeError as error:
        pytest.skip(f"no picture can be drawn here: {error}")
    filmer.close()
    assert film.frames == 6
    assert film.frames / film.fps == pytest.approx(2.0)  # few steps are slowed down
    assert film.goals[0] == film.goals[1] != ""
    assert frames_of(tmp_path / "a.mp4") == frames_of(tmp_path / "b.mp4")
    assert first_picture(tmp_path / "a.mp4").shape == (64, 96, 3)
