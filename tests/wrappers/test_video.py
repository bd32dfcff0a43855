"""Videos: whole files under telling names, small, readable again, and nothing left of what was not wanted."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import gymnasium as gym
import imageio_ffmpeg
import numpy as np
import pytest

from guerdon.core.names import UnknownNameError
from guerdon.wrappers.text_page import TextPage
from guerdon.wrappers.video import VideoRecorder, add_to_index, write_video

from .fake_env import CHOICES, FakeText


def make(folder: Path, **kwargs: Any) -> VideoRecorder:
    env = gym.make("tests/FakeText-v0", render_mode="rgb_array")
    return VideoRecorder(TextPage(env), folder, **kwargs)


def play(env: gym.Env, actions: list[str], seed: int | None = None) -> None:
    env.reset(seed=seed)
    for action in actions:
        if any(env.step(action)[2:4]):
            return


def read(path: Path, width: int, height: int) -> tuple[str, np.ndarray]:
    """Decode a video; return what ffmpeg says of it, and its frames."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-i", str(path), "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    done = subprocess.run(command, capture_output=True, check=True)
    return done.stderr.decode(), np.frombuffer(done.stdout, np.uint8).reshape(-1, height, width, 3)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_episodes_become_files_named_by_their_outcome(tmp_path: Path) -> None:
    env = make(tmp_path, label="expert", reward="household/success-v1")
    play(env, CHOICES[:3], seed=5)
    play(env, ["look"] * 9)
    play(env, ["look"])
    env.close()
    assert names(tmp_path) == [
        "ep000000_success.mp4",
        "ep000001_truncated.mp4",
        "ep000002_unfinished.mp4",
        "index.json",
    ]
    index = json.loads((tmp_path / "index.json").read_text())
    assert index[0] == {
        "file": "ep000000_success.mp4",
        "env": "tests/FakeText-v0",
        "reward": "household/success-v1",
        "agent": "expert",
        "outcome": "success",
        "seed": 5,
        "reward_sum": 0.625,
        "length": 3,
        "task": "room-7",
        "task_type": "leave_room",
    }
    assert [entry["length"] for entry in index] == [3, 6, 1]


def test_a_text_video_holds_its_pages_and_can_be_read(tmp_path: Path) -> None:
    env = make(tmp_path)
    play(env, CHOICES[:3])
    shown = env.render()
    said, frames = read(tmp_path / "ep000000_success.mp4", 960, 540)
    assert all(word in said for word in ("Video: h264", "yuv420p", "960x540", "8 fps"))
    assert 5 < len(frames) / 8 < 8  # four pages, the first and the last held longer
    assert np.abs(frames[-1].astype(int) - shown).mean() < 3
    env.close()


def test_only_and_episodes_choose(tmp_path: Path) -> None:
    for only, kept in (("success", ["ep000000_success.mp4"]), ("failure", ["ep000001_truncated.mp4"])):
        env = make(tmp_path / only, only=only)
        play(env, CHOICES[:3])
        play(env, ["look"] * 9)
        play(env, ["look"])
        env.close()
        assert names(tmp_path / only) == [*kept, "index.json"]
    env = make(tmp_path / "odd", episodes=lambda episode: episode % 2 == 1)
    for _ in range(4):
        play(env, CHOICES[:3])
    env.close()
    assert names(tmp_path / "odd")[:2] == ["ep000001_success.mp4", "ep000003_success.mp4"]


def test_robots_run_at_their_own_speed_and_odd_sizes_are_padded(tmp_path: Path) -> None:
    env = VideoRecorder(gym.make("tests/FakeRobot-v0", render_mode="rgb_array", disable_env_checker=True), tmp_path)
    env.reset()
    while not any(env.step(np.zeros(1, np.float32))[2:4]):
        pass
    env.close()
    said, frames = read(tmp_path / "ep000000_failure.mp4", 76, 62)
    assert "20 fps" in said
    assert len(frames) == 11 + 20  # the last one stands for a second
    assert json.loads((tmp_path / "index.json").read_text())[0]["reward_sum"] is None  # NaN


def test_old_videos_are_safe_unless_told(tmp_path: Path) -> None:
    env = make(tmp_path)
    play(env, CHOICES[:3])
    env.close()
    with pytest.raises(FileExistsError, match="overwrite=True"):
        make(tmp_path)
    env = make(tmp_path, overwrite=True)
    play(env, ["look"] * 9)
    env.close()
    assert names(tmp_path) == ["ep000000_truncated.mp4", "index.json"]
    files = [entry["file"] for entry in json.loads((tmp_path / "index.json").read_text())]
    assert files == ["ep000000_truncated.mp4"]


def test_wrong_arguments_are_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="render_mode 'rgb_array'"):
        VideoRecorder(FakeText(render_mode="ansi"), tmp_path)
    with pytest.raises(UnknownNameError, match="'success'"):
        make(tmp_path, only="sucess")


def test_write_video_is_reproducible_and_all_or_nothing(tmp_path: Path) -> None:
    frames = [np.full((32, 48, 3), shade, np.uint8) for shade in range(0, 200, 40)]
    one = write_video(tmp_path / "one.mp4", frames, 10).read_bytes()
    assert one == write_video(tmp_path / "two.mp4", frames, 10).read_bytes()
    for bad, message in (
        ([], "no frame"),
        ([*frames, np.zeros((32, 50, 3), np.uint8)], "first one was"),
        ([np.zeros((32, 48), np.uint8)], "not uint8"),
        ([None], "not uint8"),
    ):
        with pytest.raises(ValueError, match=message):
            write_video(tmp_path / "bad.mp4", bad, 10)
    assert names(tmp_path) == ["one.mp4", "two.mp4"]


KILLED = """
import os, signal, numpy as np
from guerdon.wrappers.video import write_video
def frames():
    for shade in range(40):
        yield np.full((32, 48, 3), shade, np.uint8)
    os.kill(os.getpid(), signal.SIGKILL)
write_video("film.mp4", frames(), 10)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_a_killed_process_leaves_no_broken_video(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED], cwd=tmp_path, capture_output=True)
    assert done.returncode == -9
    assert not list(tmp_path.glob("*.mp4"))


def test_the_index_is_sorted_and_holds_each_file_once(tmp_path: Path) -> None:
    path = tmp_path / "index.json"
    for file, length in (("b.mp4", 1), ("a.mp4", 2), ("b.mp4", 3)):
        add_to_index(path, {"file": file, "length": length})
    assert json.loads(path.read_text()) == [{"file": "a.mp4", "length": 2}, {"file": "b.mp4", "length": 3}]
    with pytest.raises(ValueError, match="names no file"):
        add_to_index(path, {"length": 1})
    path.write_text("{}")
    with pytest.raises(ValueError, match="not a list"):
        add_to_index(path, {"file": "c.mp4"})


def test_fifty_steps_of_text_stay_small(tmp_path: Path) -> None:
    env = VideoRecorder(TextPage(FakeText(render_mode="rgb_array")), tmp_path)
    play(env, ["look", "break key 1"] * 25)
    env.close()
    assert (tmp_path / "ep000000_unfinished.mp4").stat().st_size < 1_000_000
