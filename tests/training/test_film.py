"""Getting a policy back, and filming it: the file says how the episode ended."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from imageio_ffmpeg import count_frames_and_secs

from guerdon.core.names import UnknownNameError
from guerdon.evaluation.film import film
from guerdon.evaluation.load import load_actor

from .cells import HOUSEHOLD, SMALL, files

REWARD = "household/plan-distance-v1"


@pytest.mark.parametrize(("policy", "outcome"), [("expert", "success"), ("lazy", "truncated")])
def test_a_video_is_named_by_its_outcome(policy: str, outcome: str, tmp_path: Path) -> None:
    kwargs = {**SMALL, "max_episode_steps": 12 if policy == "expert" else 3}
    path = film(load_actor(policy), HOUSEHOLD, kwargs, REWARD, "valid_seen-0000", tmp_path, episode=4)
    assert path == tmp_path / f"ep000004_{outcome}.mp4"
    (entry,) = json.loads((tmp_path / "index.json").read_text())
    assert (entry["task"], entry["agent"], entry["reward"], entry["outcome"]) == (
        "valid_seen-0000",
        policy,
        REWARD,
        outcome,
    )
    frames, seconds = count_frames_and_secs(str(path))
    assert frames is not None
    assert frames > entry["length"]
    assert seconds is not None
    assert seconds > 3


def test_films_of_one_folder_stay(tmp_path: Path) -> None:
    kwargs = {**SMALL, "max_episode_steps": 2}
    paths = [film(load_actor("lazy"), HOUSEHOLD, kwargs, REWARD, None, tmp_path, n, episode=n) for n in (0, 1)]
    assert [path.name for path in paths] == ["ep000000_truncated.mp4", "ep000001_truncated.mp4"]
    assert all(path.stat().st_size > 1000 for path in paths)
    assert len(json.loads((tmp_path / "index.json").read_text())) == 2


def test_a_trained_run_is_filmed_and_can_be_filmed_again(trained: Path, tmp_path: Path) -> None:
    (video,) = (trained / "videos").glob("*.mp4")
    task = json.loads((trained / "videos" / "index.json").read_text())[0]["task"]
    kwargs = {**SMALL, "split": "valid_unseen"}
    again = film(load_actor(trained), HOUSEHOLD, kwargs, REWARD, task, tmp_path)
    assert again.name == video.name
    assert task.startswith("valid_unseen-")


def test_policies_are_found_by_name_or_folder(trained: Path, tmp_path: Path) -> None:
    assert load_actor("household/busy-exploit").name == "household/busy-exploit"
    assert load_actor(str(trained)).name == "MaskablePPO"
    assert files(trained)  # loading has not moved anything
    with pytest.raises(UnknownNameError, match=r"unknown policy 'exprt'.*Did you mean 'expert'"):
        load_actor("exprt")
    with pytest.raises(UnknownNameError, match="scripted policies and run folders"):
        load_actor(tmp_path)
    (tmp_path / "run.json").write_text((trained / "run.json").read_text())
    with pytest.raises(ValueError, match="the run is not finished, there is no policy in it"):
        load_actor(tmp_path)


def test_the_folder_of_a_scripted_run_is_that_policy(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text(json.dumps({"agent": "scripted/lazy"}))
    assert load_actor(tmp_path).name == "lazy"
