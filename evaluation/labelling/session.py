"""One sitting of labelling: which pair comes next, what was answered, and how to go on; no web in it."""

from __future__ import annotations

import hashlib
import shlex
import threading
from pathlib import Path
from typing import Any

from ..preference_store import PAIRS, load_preferences, preferences_origin
from .clips import SIDES, Clips
from .store import AnswerLog

__all__ = ["LabelSession", "StaleError"]

AHEAD = 3
LONGEST_S = 1e7
KINDS = {1.0: "first", 0.5: "equal", 0.0: "second", None: "skipped"}


class StaleError(ValueError):
    """A page shows other preferences than those that are being labelled."""


class LabelSession:
    """The pairs of a folder that a person is asked about, in the order of the folder; safe to call from any thread.

    Asked are the pairs that no teacher has labelled, or all. The person never sees what a teacher said.

    Args:
        folder: a folder of `save_preferences`.
        all_pairs: ask about the labelled ones too; what people say counts for more than what the teacher said.

    Raises:
        RuntimeError: another process labels the folder, or minari or pyarrow is not installed.
        FileNotFoundError, ValueError: as for `load_preferences`.
    """

    def __init__(self, folder: str | Path, all_pairs: bool = False):
        self.folder = Path(folder)
        preferences = load_preferences(self.folder)
        origin = preferences_origin(self.folder)
        self.log = AnswerLog(self.folder)
        asked = self.log.answers
        self.pairs = [
            pair
            for pair, decided in enumerate(preferences.decided.tolist())
            if all_pairs or not decided or pair in asked
        ]
        self.data = hashlib.sha256((self.folder / PAIRS).read_bytes()).hexdigest()[:16]
        self.env = origin.env
        self._known = frozenset(self.pairs)
        self._undone: int | None = None
        self._lock = threading.Lock()
        self.clips = Clips(self.folder, preferences, origin)

    def state(self) -> dict[str, Any]:
        """Return what a page has to know, as plain data.

        Keys: data (which preferences these are), env, total, done, counts (of first, equal, second, skipped),
        upcoming (the next pairs, empty at the end), undo (whether there is anything to take back), then (the command
        to go on with).
        """
        with self._lock:
            state = self._state()
        self.clips.soon(state["upcoming"])
        return state

    def pair(self, pair: int) -> dict[str, Any]:
        """Return what the clips of a pair show, as `Clips.get` does; it may take seconds.

        Raises:
            KeyError: the pair is not among those asked about.
            ClipError: the pair cannot be filmed.
        """
        self._check(pair)
        return self.clips.get(pair)

    def clip(self, name: str) -> Path:
        """Return the file of a clip that was made in this sitting or before.

        Raises:
            KeyError: there is no such clip.
        """
        number, mark, side = name.removeprefix("pair").removesuffix(".mp4").partition("_")
        if not mark or side not in SIDES or not number.isascii() or not number.isdecimal():
            raise KeyError(name)
        self._check(int(number))
        file = self.clips.folder / f"pair{int(number):04d}_{side}.mp4"
        if file.name != name or not file.is_file():
            raise KeyError(name)
        return file

    def answer(self, data: Any, pair: Any, label: Any, seconds: Any = 0.0) -> dict[str, Any]:
        """Keep what a person said and return the new state; the answer is on the disk by then.

        Args:
            data: the state's own, so that a page that was left open cannot answer for other preferences.
            pair: its number.
            label: 1, 0, 0.5, or None for a pair that was skipped.
            seconds: how long the person looked.

        Raises:
            StaleError: `data` is another one.
            KeyError: the pair is not among those asked about.
            ValueError: label or seconds make no sense.
        """
        self._check_data(data)
        self._check(pair)
        if isinstance(label, bool) or not isinstance(label, int | float | None) or label not in KINDS:
            raise ValueError(f"label is {label!r}, not 1, 0, 0.5 or null")
        if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 <= seconds <= LONGEST_S:
            raise ValueError(f"seconds is {seconds!r}, not a number of at least 0")
        with self._lock:
            self.log.add(pair, None if label is None else float(label), float(seconds))
            if self._undone == pair:
                self._undone = None
        return self.state()

    def undo(self, data: Any) -> dict[str, Any]:
        """Take the latest answer back; the state that is returned asks about that pair again.

        Raises:
            StaleError: as for `answer`.
        """
        self._check_data(data)
        with self._lock:
            pair = self.log.undo()
            self._undone = pair if pair in self._known else None
        return self.state()

    @property
    def summary(self) -> str:
        """How many pairs are labelled, in words."""
        with self._lock:
            state = self._state()
        skipped = state["counts"]["skipped"]
        return f"labelled {state['done'] - skipped} of {state['total']} pairs" + (
            f", skipped {skipped}" if skipped else ""
        )

    def close(self) -> None:
        """End the filming, and let other processes label the folder."""
        self.clips.close()
        self.log.close()

    def _state(self) -> dict[str, Any]:
        answers = self.log.answers
        waiting = [pair for pair in self.pairs if pair not in answers and pair != self._undone]
        if self._undone is not None:
            waiting.insert(0, self._undone)
        given = [KINDS[answers[pair]] for pair in self.pairs if pair in answers and pair != self._undone]
        return {
            "data": self.data,
            "env": self.env,
            "total": len(self.pairs),
            "done": len(given),
            "counts": {kind: given.count(kind) for kind in KINDS.values()},
            "upcoming": waiting[:AHEAD],
            "undo": bool(answers),
            "then": f"guerdon fit --model bradley-terry --data {shlex.quote(str(self.folder))}",
        }

    def _check(self, pair: Any) -> None:
        if isinstance(pair, bool) or not isinstance(pair, int) or pair not in self._known:
            raise KeyError(f"there is no pair {pair!r} to label")

    def _check_data(self, data: Any) -> None:
        if data != self.data:
            raise StaleError("this page shows other preferences than those that are being labelled; reload it")
