"""Text worlds as inputs of our own text policy: word ids of the situation and of every admissible action."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from ...wrappers.text_memory import MEMORIES, TextMemory
from ...wrappers.text_memory.base import phrase, words
from .base import Reader

__all__ = ["TextInputs", "TextReader"]

MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)  # odd, and half of its bits are set


class TextInputs(NamedTuple):
    """One situation with A admissible actions, of which U look different: other words or other flags.

    Attributes:
        words: ids of the words of goal, hand and what was read, one after the other, padded with 0, int32 (G + H + W,).
        last: ids of the words of the action taken before, int32 (K,).
        commands: the admissible actions as the env takes them.
        which: the look of each of them, int32 (A,).
        actions: ids of the words that describe each look, int32 (U, K).
        flags: float32 (U, F), see the memory's `FLAGS`.
        keys: int64 (U,), equal for equal rows of `actions` and `flags`.
        state: what a policy with a memory of its own had in mind before this step.
    """

    words: np.ndarray
    last: np.ndarray
    commands: Sequence[str]
    which: np.ndarray
    actions: np.ndarray
    flags: np.ndarray
    keys: np.ndarray
    state: Mapping[str, np.ndarray] | None = None


class TextReader(Reader):
    """Keeps a `TextMemory` for each slot and encodes what it knows.

    Args:
        num_rows: slots.
        memory: name of a memory.
        vocabulary: hash buckets for words; bucket 0 is padding.
        max_words: words of the situation that are kept, the last ones.
    """

    def __init__(self, num_rows: int, memory: str, vocabulary: int, max_words: int):
        self.kind, self.vocabulary, self.max_words = MEMORIES[memory], vocabulary, max_words
        self._memories: list[TextMemory | None] = [None] * num_rows
        self._goals: list[np.ndarray] = [np.zeros(0, np.int32)] * num_rows

    def read(
        self,
        observations: Sequence[Any],
        infos: Mapping[str, Any],
        fresh: np.ndarray,
        last: Sequence[Any],
        rows: np.ndarray | None = None,
    ) -> list[TextInputs]:
        """Note what happened in each slot and encode where it stands."""
        kind, size = self.kind, self.vocabulary
        slots = range(len(observations)) if rows is None else rows.tolist()
        offered = infos["admissible_actions"]
        memories, situations, pasts = [], [], []
        for row, seen, admissible, new, before in zip(slots, observations, offered, fresh.tolist(), last, strict=True):
            memory = self._memories[row]
            if new or memory is None:
                memory = self._memories[row] = kind(seen, admissible)
                self._goals[row] = _ids(memory.goal, size, kind.GOAL)
                pasts.append(_ids((), size, kind.ACTION))
            else:
                memory.update(before, seen, admissible)
                pasts.append(_ids(memory.describe(before), size, kind.ACTION))
            memories.append(memory)
            situations += (self._goals[row], _ids(memory.held, size, kind.HELD), self._seen(memory))
        if not memories:
            return []
        words = np.concatenate(situations).reshape(len(memories), -1)
        if kind.describe is TextMemory.describe:  # it depends on the actions alone
            described = [_offer(tuple(admissible), size, kind.ACTION) for admissible in offered]
        else:
            described = [
                _joined([_action(memory.describe(action), size, kind.ACTION) for action in admissible], kind.ACTION)
                for memory, admissible in zip(memories, offered, strict=True)
            ]
        looks = _looks(described, kind.flag_table(memories, offered))
        return [TextInputs(*row) for row in zip(words, pasts, offered, *looks, strict=True)]

    def _seen(self, memory: TextMemory) -> np.ndarray:
        if self.kind.situation is TextMemory.situation:
            return _observed(memory.observation, self.vocabulary, self.max_words)
        return _ids(memory.situation()[-self.max_words :], self.vocabulary, self.max_words)


def _looks(described: list[tuple[np.ndarray, np.ndarray]], flags: np.ndarray) -> list[list[np.ndarray]]:
    """Return what `TextInputs` holds of the actions of B situations, four lists (B,): which, actions, flags, keys."""
    counts = [len(one[1]) for one in described]
    texts = np.concatenate([one[1] for one in described])
    rows = np.repeat(np.arange(len(counts)), counts)
    keys = _mixed(texts, flags)
    different, whose = np.unique(keys, return_inverse=True)
    pair = rows * len(different) + whose
    first = np.full(len(counts) * len(different), -1, np.int32)
    first[pair[::-1]] = np.arange(len(pair), dtype=np.int32)[::-1]  # of several, the last one that is written stays
    found = np.flatnonzero(first >= 0)
    order = np.zeros(len(first), np.int32)
    order[found] = np.arange(len(found), dtype=np.int32)
    ends = np.searchsorted(found, np.arange(1, len(counts) + 1) * len(different))
    begins = np.concatenate(([0], ends[:-1]))
    which = order[pair] - begins[rows].astype(np.int32)
    picked = first[found]
    actions = np.concatenate([one[0] for one in described])[picked]
    flags, keys = flags[picked], keys[picked]
    firsts, lasts = begins.tolist(), ends.tolist()
    stops = np.cumsum(counts)
    own = [which[start:stop] for start, stop in zip((stops - counts).tolist(), stops.tolist(), strict=True)]
    cut = [[part[i:j] for i, j in zip(firsts, lasts, strict=True)] for part in (actions, flags, keys)]
    return [own, *cut]


def _mixed(keys: np.ndarray, flags: np.ndarray) -> np.ndarray:
    """Return numbers (N,) that tell pairs of a key (N,) and a row of flags (N, F) apart, but for one in 2**50 or so."""
    mixed = keys.astype(np.uint64)
    for column in np.ascontiguousarray(flags.T).view(np.uint32).astype(np.uint64):
        mixed = (mixed ^ column) * MULTIPLIER
        mixed ^= mixed >> np.uint64(29)
    return mixed.view(np.int64)


@lru_cache(maxsize=65536)
def _ids(words: tuple[str, ...], vocabulary: int, length: int) -> np.ndarray:
    """Return the ids of the first `length` words, padded with 0."""
    ids = np.zeros(length, np.int32)
    for i, word in enumerate(words[:length]):
        ids[i] = 1 + zlib.crc32(word.encode()) % (vocabulary - 1)
    ids.flags.writeable = False
    return ids


@lru_cache(maxsize=16384)
def _observed(text: str, vocabulary: int, length: int) -> np.ndarray:
    """Return the ids of the last `length` words of a text, padded with 0."""
    return _ids(words(text)[-length:], vocabulary, length)


@lru_cache(maxsize=65536)
def _action(description: tuple[str, ...], vocabulary: int, length: int) -> tuple[bytes, int]:
    """Return the ids of an action's words as bytes, and a number that tells them from others."""
    data = _ids(description, vocabulary, length).tobytes()
    return data, int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "little", signed=True)


def _joined(described: Sequence[tuple[bytes, int]], length: int) -> tuple[np.ndarray, np.ndarray]:
    """Return ids (A, K) and numbers (A,) of A actions."""
    ids = np.frombuffer(b"".join([one[0] for one in described]), np.int32).reshape(len(described), length)
    return ids, np.array([one[1] for one in described], np.int64)


@lru_cache(maxsize=32768)
def _offer(actions: tuple[str, ...], vocabulary: int, length: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the same for actions that any memory would describe alike."""
    return _joined([_command(action, vocabulary, length) for action in actions], length)


@lru_cache(maxsize=131072)
def _command(action: str, vocabulary: int, length: int) -> tuple[bytes, int]:
    return _action(phrase(action), vocabulary, length)
