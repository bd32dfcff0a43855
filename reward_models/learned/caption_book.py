"""What is known about captions: those that wait for a label, newest first, and the labels; for two threads."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

__all__ = ["CaptionBook"]


class CaptionBook:
    """Captions and what was said of them; every method may be called from any thread.

    A caption waits once, however often and wherever it is met. The latest batch is labelled first: it is what the agent
    does now. Beyond `room` waiting captions the oldest are forgotten, and may come again.

    Args:
        room: captions that may wait, and captions that pairs are drawn from (10000 in the paper's code).

    Attributes:
        labels: caption to 1.0 (helpful) or 0.0; captions that nobody could decide are missing.
        pairs: (caption, caption, y): y = 1 if the first is the more helpful one, 0 if the second is, 0.5 for neither.
        count: labels given, undecided ones included.
    """

    def __init__(self, room: int = 10_000):
        self.room, self.count, self.passes = room, 0, 0
        self.labels: dict[str, float] = {}
        self.pairs: list[tuple[str, str, float]] = []
        self.pool: list[str] = []
        self._met: set[str] = set()
        self._waiting: list[list[str]] = []
        self._asked: list[str] = []
        self.lock = threading.RLock()

    def __len__(self) -> int:
        with self.lock:
            return sum(map(len, self._waiting))

    def offer(self, captions: Iterable[str]) -> None:
        """Let those captions wait that were never met before; "" is none."""
        with self.lock:
            batch = [one for one in dict.fromkeys(captions) if one and one not in self._met]
            if not batch:
                return
            self._met.update(batch)
            self._waiting.append(batch)
            extra = len(self) - self.room
            while extra > 0:
                lost = self._waiting[0][:extra]
                self._met.difference_update(lost)
                del self._waiting[0][:extra]
                if not self._waiting[0]:
                    del self._waiting[0]
                extra -= len(lost)

    def take(self, most: int) -> list[str]:
        """Return up to `most` waiting captions, the latest batch first; they are being asked about from now on."""
        with self.lock:
            taken: list[str] = []
            while self._waiting and len(taken) < most:
                batch = self._waiting[-1]
                more = batch[: most - len(taken)]
                taken += more
                del batch[: len(more)]
                if not batch:
                    self._waiting.pop()
            self._asked += taken
            return taken

    def give_back(self) -> None:
        """Let captions wait again that were asked about without an answer."""
        with self.lock:
            if self._asked:
                self._waiting.append(self._asked)
                self._asked = []

    def record_labels(self, captions: Sequence[str], labels: np.ndarray) -> None:
        """Write down what was said of the captions that were taken, (N,); NaN for undecided."""
        with self.lock:
            self._done(len(captions))
            self.labels |= {one: y for one, y in zip(captions, labels.tolist(), strict=True) if y == y}

    def record_pairs(self, pairs: Sequence[tuple[str, str]], labels: np.ndarray) -> None:
        """Write down comparisons, (N,); NaN for undecided."""
        with self.lock:
            self._done(len(pairs))
            self.pairs += [(a, b, y) for (a, b), y in zip(pairs, labels.tolist(), strict=True) if y == y]

    def partners(self, captions: Sequence[str], most: int, rng: np.random.Generator) -> list[tuple[str, str]]:
        """Return up to `most` pairs of different captions: each new one with one met before, then any two."""
        with self.lock:
            self.pool = [*self.pool, *captions][-self.room :]
            size = len(self.pool)
            if size < 2:
                return []
            firsts = [*captions, *(self.pool[int(i)] for i in rng.integers(size, size=max(most - len(captions), 0)))]
            drawn = zip(firsts, rng.integers(size, size=len(firsts)).tolist(), strict=True)
            return [(one, self.pool[i]) for one, i in drawn if self.pool[i] != one]

    def _done(self, count: int) -> None:
        self._asked = []
        self.count += count
        self.passes += 1

    def __getstate__(self) -> dict[str, Any]:
        with self.lock:
            state = {name: value for name, value in vars(self).items() if name != "lock"}
            # Whoever is being asked now answers to this book; the copy asks anew.
            waiting = [list(one) for one in self._waiting] + ([list(self._asked)] if self._asked else [])
            copies = {name: type(state[name])(state[name]) for name in ("labels", "pairs", "pool", "_met")}
            # In order: a set of texts is pickled in another order in each process.
            return {**state, **copies, "_met": sorted(self._met), "_waiting": waiting, "_asked": []}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state, _met=set(state["_met"]), lock=threading.RLock())
