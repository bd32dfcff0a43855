"""The clips of pairs: filmed when they are wanted or a little before, by one thread, and kept in the folder."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ...core.files import write_json
from ...core.preferences import PreferenceSet
from ..trajectory_store import Origin
from .segments import SegmentFilmer

__all__ = ["SIDES", "ClipError", "Clips"]

SIDES = ("first", "second")
FORMAT = 1
"""Raised when clips look different, so that older ones are filmed again."""


class ClipError(RuntimeError):
    """A pair could not be filmed."""


class Clips:
    """Makes and keeps `clips/pair0003_first.mp4`, `..._second.mp4`, and `clips/pair0003.json` that says what they show.

    Args:
        folder: the preference folder.
        preferences: what is in it.
        origin: what was played.
    """

    def __init__(self, folder: str | Path, preferences: PreferenceSet, origin: Origin):
        self.folder = Path(folder, "clips")
        self._preferences, self._origin = preferences, origin
        self._known: dict[int, dict[str, Any]] = {}
        self._failed: dict[int, str] = {}
        self._now: list[int] = []  # somebody waits for these
        self._soon: list[int] = []
        self._busy: int | None = None
        self._closed = False
        self._filmer: SegmentFilmer | None = None
        self._change = threading.Condition()
        self._thread = threading.Thread(target=self._work, name="clips", daemon=True)
        self._thread.start()

    def get(self, pair: int) -> dict[str, Any]:
        """Return what the clips of a pair show, once they are there.

        The dict has pair, goals and begins (2 strings each, as in `Film`), steps (2 times start, stop), seconds (of
        either clip), and the names of the files as first and second. How long the episodes are stays untold, for that
        gives away how they ended.

        Raises:
            ClipError: they cannot be filmed; the message says why. The next call tries again.
        """
        with self._change:
            if pair not in self._known and pair != self._busy and pair not in self._now:
                self._failed.pop(pair, None)
                self._now.append(pair)
                self._change.notify_all()
            self._change.wait_for(lambda: pair in self._known or pair in self._failed or self._closed)
            if pair in self._known:
                return self._known[pair]
            raise ClipError(self._failed.get(pair, "labelling has ended"))

    def soon(self, pairs: Iterable[int]) -> None:
        """Film these next, when nobody waits for others."""
        with self._change:
            self._soon = [pair for pair in pairs if pair not in self._known and pair not in self._failed]
            self._change.notify_all()

    def close(self) -> None:
        """End the thread, in the middle of a film if need be."""
        with self._change:
            self._closed = True
            if self._filmer is not None:
                self._filmer.stop()
            self._change.notify_all()
        self._thread.join()

    def _work(self) -> None:
        """Film pairs until the end. The env lives in this thread only, as cameras want it."""
        while (pair := self._take()) is not None:
            try:
                made = self._read(pair)
                if made is None:
                    made = self._film(pair)
                failure = ""
            except Exception as error:  # whatever it is, the page shows it and the others can be labelled
                made, failure = None, str(error) or type(error).__name__
            with self._change:
                self._busy = None
                if made is None:
                    self._failed[pair] = failure
                else:
                    self._known[pair] = made
                self._change.notify_all()
        if self._filmer is not None:
            self._filmer.close()

    def _take(self) -> int | None:
        with self._change:
            self._change.wait_for(lambda: self._now or self._soon or self._closed)
            if self._closed:
                return None
            pair = (self._now or self._soon).pop(0)
            self._soon = [other for other in self._soon if other != pair]
            self._busy = pair
            return pair

    def _film(self, pair: int) -> dict[str, Any]:
        if self._filmer is None:
            self._filmer = SegmentFilmer(self._origin.env, self._origin.env_kwargs)
        about = self._about(pair)
        segments = [
            (self._preferences.trajectories[index], start, stop)
            for index, start, stop in self._preferences.pairs[pair].tolist()
        ]
        self._file(pair).unlink(missing_ok=True)
        film = self._filmer.film(segments, [self.folder / about[side] for side in SIDES])
        made = {
            **about,
            "goals": list(film.goals),
            "begins": list(film.begins),
            "seconds": round(film.frames / film.fps, 3),
        }
        write_json(self._file(pair), made)  # last: where it is, the clips are whole
        return made

    def _read(self, pair: int) -> dict[str, Any] | None:
        """Return what is known of clips that were made before; None if there are none, or others."""
        about = self._about(pair)
        try:
            made = json.loads(self._file(pair).read_text())
            same = (
                all(made[key] == value for key, value in about.items())
                and {"goals", "begins", "seconds"} <= made.keys()
            )
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return made if same and all((self.folder / about[side]).is_file() for side in SIDES) else None

    def _about(self, pair: int) -> dict[str, Any]:
        """Return what is known of a pair before it is filmed, with a key that other clips would not have."""
        ends = self._preferences.pairs[pair].tolist()
        played = [self._preferences.trajectories[index] for index, _, _ in ends]
        about: dict[str, Any] = {
            "pair": pair,
            "steps": [[start, stop] for _, start, stop in ends],
            **{side: f"{self._stem(pair)}_{side}.mp4" for side in SIDES},
        }
        told = [FORMAT, self._origin.env, dict(self._origin.env_kwargs), [(one.task_id, one.seed) for one in played]]
        key = hashlib.sha256(json.dumps([told, about["steps"]], default=str, sort_keys=True).encode())
        return {**about, "key": key.hexdigest()[:16]}

    def _file(self, pair: int) -> Path:
        return self.folder / f"{self._stem(pair)}.json"

    def _stem(self, pair: int) -> str:
        return f"pair{pair:04d}"
