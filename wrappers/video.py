"""Record episodes as H.264 video, one file an episode, named by how it ended."""

from __future__ import annotations

import json
import math
import os
import tempfile
from collections.abc import Callable, Collection, Generator, Iterable
from pathlib import Path
from typing import Any

import gymnasium as gym
import imageio_ffmpeg
import numpy as np
from gymnasium.core import ActType, ObsType

from ..core.files import write_json
from ..core.names import check_name

__all__ = ["VideoRecorder", "add_to_index", "write_video"]

# One thread and no metadata: equal frames give an equal file.
ENCODING = (
    "-crf 20 -preset medium -threads 1 -movflags +faststart -f mp4"
    " -sws_flags accurate_rnd+full_chroma_int+bicubic"  # or the paper of a page turns greenish
    " -map_metadata -1 -fflags +bitexact -flags:v +bitexact"
)
TEXT_FPS = 1.6
CONTAINER_FPS = 8  # pages are repeated up to this rate: players and seek bars dislike one frame a second
HOLD_FIRST_S, HOLD_LAST_S = 1.0, 2.5  # a text video begins and ends slowly, to be read
HOLD_PICTURE_S = 1.0  # others stand still at their end: where things are then is what counts


class _Encoder:
    """A video file in the making. It has a temporary name until `finish`, and no trace after `discard`."""

    def __init__(self, folder: Path, fps: float):
        folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=folder, prefix=".video.", suffix=".part")
        os.close(handle)
        self.path, self.fps = Path(name), fps
        self._shape: tuple[int, ...] = ()
        self._writer: Generator[None, Any, None] | None = None

    def add(self, frame: Any, times: int = 1) -> None:
        """Append an (H, W, 3) uint8 image. Odd sizes are padded by one row or column, as H.264 needs."""
        image = np.asarray(frame)
        if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8:
            raise ValueError(f"video: a frame is {image.dtype} {image.shape}, not uint8 (height, width, 3)")
        if self._writer is None:
            self._shape, self._writer = image.shape, self._open(image)
        if image.shape != self._shape:
            raise ValueError(f"video: a frame is {image.shape}, but the first one was {self._shape}")
        image = np.pad(image, ((0, image.shape[0] % 2), (0, image.shape[1] % 2), (0, 0)), mode="edge")
        raw = np.ascontiguousarray(image).tobytes()
        for _ in range(times):
            self._writer.send(raw)

    def finish(self, path: Path) -> Path:
        """Close the file and give it its name."""
        if self._writer is None:
            self.discard()
            raise ValueError(f"video: no frame for {path}")
        self._writer.close()
        os.chmod(self.path, 0o644)
        os.replace(self.path, path)
        return path

    def discard(self) -> None:
        """Stop and delete the file."""
        if self._writer is not None:
            self._writer.close()
        self.path.unlink(missing_ok=True)

    def _open(self, image: np.ndarray) -> Generator[None, Any, None]:
        height, width = image.shape[0] + image.shape[0] % 2, image.shape[1] + image.shape[1] % 2
        options: dict[str, Any] = {"fps": self.fps, "quality": None, "output_params": ENCODING.split()}
        writer = imageio_ffmpeg.write_frames(
            str(self.path), (width, height), codec="libx264", macro_block_size=2, **options
        )
        writer.send(None)
        return writer


def write_video(path: str | os.PathLike[str], frames: Iterable[Any], fps: float) -> Path:
    """Write `frames` as an H.264 mp4 (yuv420p); the name appears when the file is whole.

    Args:
        path: the file, overwritten if it exists.
        frames: at least one image, (height, width, 3), uint8, all of one size.
        fps: frames a second. Below 6, frames are repeated so that the file itself runs at about 8.

    Raises:
        ValueError: there is no frame, or a frame is no such image.
    """
    path = Path(path)
    repeat = _repeat(fps)
    encoder = _Encoder(path.parent, fps * repeat)
    try:
        for frame in frames:
            encoder.add(frame, repeat)
        return encoder.finish(path)
    except BaseException:
        encoder.discard()
        raise


def add_to_index(index_path: str | os.PathLike[str], entry: dict[str, Any], replaces: Collection[str] = ()) -> Path:
    """Add one video to a JSON index, in place of an entry of the same `file`; sorted by file, atomic.

    Args:
        index_path: the index, such as "videos/index.json"; made if need be.
        entry: what is known of the video; `file` is its path relative to the index. NaN is written as null.
        replaces: other files whose entries go.

    Raises:
        ValueError: the entry names no file, or the index is not a list of such entries.
    """
    path = Path(index_path)
    if not isinstance(entry.get("file"), str):
        raise ValueError(f"add_to_index: the entry names no file: {entry}")
    entries = json.loads(path.read_text()) if path.exists() else []
    if not isinstance(entries, list) or not all(isinstance(e, dict) and "file" in e for e in entries):
        raise ValueError(f"{path} is not a list of video entries")
    clean = dict(entry)
    for key, value in entry.items():
        if isinstance(value, float) and not math.isfinite(value):
            clean[key] = None
    entries = [other for other in entries if other["file"] not in {clean["file"], *replaces}] + [clean]
    return write_json(path, sorted(entries, key=lambda one: one["file"]))


class VideoRecorder(
    gym.Wrapper[ObsType, ActType, ObsType, ActType],
    gym.utils.RecordConstructorArgs,
):
    """Record chosen episodes of a single env to `ep000012_success.mp4` and list them in `index.json`.

    The last part of the name says how the episode ended: "success", "failure" (terminated without success),
    "truncated" (out of time) or "unfinished" (reset or closed before the end). A file gets its name when it
    is whole; a killed process leaves only a hidden `.part` file. Put it outside `TextPage`.

    Args:
        env: an env made with render_mode "rgb_array".
        folder: where the videos go. It must hold no videos yet, unless `overwrite`.
        episodes: which episodes to record, by number from 0; None records all.
        only: keep "success" or "failure" (every finished episode without success), or None to keep all.
        fps: frames a second; by default `metadata["render_fps"]`, but 1.6 pages a second for text envs.
        label: who acts, for the index.
        reward: id of the reward, for the index.
        overwrite: replace videos of the same episode numbers in `folder`.

    Raises:
        ValueError: the env does not render images.
        FileExistsError: the folder holds videos and `overwrite` is off.
    """

    def __init__(
        self,
        env: gym.Env[ObsType, ActType],
        folder: str | os.PathLike[str],
        episodes: Callable[[int], bool] | None = None,
        only: str | None = None,
        fps: float | None = None,
        label: str = "",
        reward: str = "",
        overwrite: bool = False,
    ):
        gym.utils.RecordConstructorArgs.__init__(
            self, folder=os.fspath(folder), episodes=episodes, only=only, fps=fps, label=label, reward=reward,
            overwrite=overwrite,
        )  # fmt: skip
        super().__init__(env)
        if env.render_mode != "rgb_array":
            raise ValueError(f"VideoRecorder needs render_mode 'rgb_array'; the env has {env.render_mode!r}")
        if only is not None:
            check_name("outcome", only, ("success", "failure"), "VideoRecorder(only=)")
        self.folder, self.episodes, self.only = Path(folder), episodes, only
        if not overwrite and any(self.folder.glob("ep*_*.mp4")):
            raise FileExistsError(f"{self.folder} holds videos. Choose another, or pass overwrite=True.")
        self.label, self.reward, self.overwrite = label, reward, overwrite
        self.is_text = isinstance(env.observation_space, gym.spaces.Text)
        self.fps = float(fps or (TEXT_FPS if self.is_text else env.metadata.get("render_fps") or 30))
        self.episode = -1
        self._encoder: _Encoder | None = None
        self._entry: dict[str, Any] = {}

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[ObsType, dict[str, Any]]:
        """Reset the env; begin a video if this episode is wanted."""
        self._end("unfinished")
        observation, info = super().reset(seed=seed, options=options)
        self.episode += 1
        if self.episodes is None or self.episodes(self.episode):
            self._entry = {"seed": seed, "reward_sum": 0.0, "length": 0}
            repeat = _repeat(self.fps)
            self._encoder = _Encoder(self.folder, self.fps * repeat)
            self._film(info, 1 + self.is_text * round(HOLD_FIRST_S * self.fps))
        return observation, info

    def step(self, action: ActType) -> tuple[ObsType, Any, bool, bool, dict[str, Any]]:
        """Step the env and film it; end the video with the episode."""
        observation, reward, terminated, truncated, info = super().step(action)
        if self._encoder is not None:
            done = terminated or truncated
            self._entry["length"] += 1
            self._entry["reward_sum"] += float(reward)
            self._film(info, 1 + done * round((HOLD_LAST_S if self.is_text else HOLD_PICTURE_S) * self.fps))
            if done:
                success = bool(info.get("is_success", False))
                self._end("success" if success else "failure" if terminated else "truncated")
        return observation, reward, terminated, truncated, info

    def close(self) -> None:
        """Finish the video in the making and close the env."""
        self._end("unfinished")
        super().close()

    def _film(self, info: dict[str, Any], times: int) -> None:
        assert self._encoder is not None
        self._entry["task"], self._entry["task_type"] = info.get("task"), info.get("task_type")
        try:
            self._encoder.add(self.env.render(), times * _repeat(self.fps))
        except BaseException:
            self._encoder.discard()
            self._encoder = None
            raise

    def _end(self, outcome: str) -> None:
        encoder, self._encoder = self._encoder, None
        if encoder is None:
            return
        wanted = {None: True, "success": outcome == "success", "failure": outcome in ("failure", "truncated")}
        if not wanted[self.only]:
            encoder.discard()
            return
        stem = f"ep{self.episode:06d}"
        path = encoder.finish(self.folder / f"{stem}_{outcome}.mp4")
        replaced = [other for other in self.folder.glob(f"{stem}_*.mp4") if other != path]
        for other in replaced:
            other.unlink(missing_ok=True)
        entry = {
            "file": path.name,
            "env": self.env.spec.id if self.env.spec else type(self.unwrapped).__name__,
            "reward": self.reward,
            "agent": self.label,
            "outcome": outcome,
        }
        add_to_index(self.folder / "index.json", {**entry, **self._entry}, [other.name for other in replaced])


def _repeat(fps: float) -> int:
    """Return how often each frame is written, so that slow videos still have a common frame rate."""
    return max(1, round(CONTAINER_FPS / fps))
