"""Answers kept on disk, so that a run that asks a language model can be repeated exactly, and for nothing."""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO, Literal, get_args

from ...core.names import check_name
from .backend import Answer, LLMBackend, LLMError, Query

__all__ = ["CachedBackend", "query_key"]

Mode = Literal["auto", "replay", "off"]
CHUNK = 16
"""Queries that are asked before their answers are written; what an error can cost."""


class CachedBackend:
    """Asks a backend only what has not been asked before.

    The file holds one JSON object a line: key, what was asked, and the answer. The key is the sha256 of the backend's
    name and all of the query, so anything that could change the answer makes it another one. Lines are only ever
    added, each in one write under a lock; several processes may share the file. Of two answers with one key, the
    first in the file counts, for whoever asked. A line that was torn by a crash is passed over.

    Headers, keys and addresses are nowhere in it, since no query and no answer holds them.

    Args:
        inner: the backend.
        path: the file; made if need be.
        mode: "auto" asks what is not in the file and adds it; "replay" never asks, and what is not there is an error;
            "off" asks everything and keeps nothing.
    """

    def __init__(self, inner: LLMBackend, path: str | os.PathLike[str], mode: Mode = "auto"):
        self.inner, self.path = inner, Path(path)
        self.mode = check_name("cache mode", mode, get_args(Mode), "the cache of a language model")
        self._known: dict[str, Answer] = {}
        self._read = 0

    @property
    def name(self) -> str:
        """The name of the backend."""
        return self.inner.name

    def ask(self, queries: Sequence[Query]) -> list[Answer]:
        """Answer all queries, in order.

        Raises:
            LLMError: an answer is not in the file in mode "replay", or the backend fails.
        """
        if self.mode == "off":
            return self.inner.ask(queries)
        keyed = {query_key(self.name, query): query for query in queries}
        missing = [key for key in keyed if key not in self._known]
        if missing:
            self._catch_up()
            missing = [key for key in keyed if key not in self._known]
        if missing and self.mode == "replay":
            asked = keyed[missing[0]].messages[-1].content
            raise LLMError(
                f"{len(missing)} of {len(keyed)} answers of {self.name} are not in {self.path}, which is only replayed "
                f'(mode="replay"); the first that is missing is the one to {asked!r:.80}'
            )
        for start in range(0, len(missing), CHUNK):
            part = missing[start : start + CHUNK]
            answers = self.inner.ask([keyed[key] for key in part])
            self._add([(key, keyed[key], answer) for key, answer in zip(part, answers, strict=True)])
        return [self._known[query_key(self.name, query)] for query in queries]

    def close(self) -> None:
        """Close the backend, if it can be closed."""
        getattr(self.inner, "close", lambda: None)()

    def _add(self, answered: Sequence[tuple[str, Query, Answer]]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with open(self.path, "a+b", buffering=0) as file, _alone(file):
            self._take(file)  # another process may have been faster
            end = file.seek(0, os.SEEK_END)
            torn = bool(end) and _byte(file, end - 1) != b"\n"
            for key, query, answer in answered:
                if key not in self._known:
                    line = {"key": key, "backend": self.name, "query": _plain(query), "answer": _plain(answer)}
                    text = json.dumps(line, ensure_ascii=False, sort_keys=True) + "\n"
                    data = ("\n" * torn + text).encode("utf-8", "surrogatepass")
                    torn = file.write(data) != len(data)
                    self._known[key] = answer
            self._read = file.seek(0, os.SEEK_END)
            if torn:
                raise LLMError(f"{self.path} could not be written: the disk is full")

    def _catch_up(self) -> None:
        if self.path.is_file() and self.path.stat().st_size > self._read:
            with open(self.path, "rb") as file:
                self._take(file)

    def _take(self, file: BinaryIO) -> None:
        """Read the whole lines that came since the last time."""
        file.seek(self._read)
        whole, sign, _ = file.read().rpartition(b"\n")
        for line in whole.split(b"\n"):
            with contextlib.suppress(ValueError, KeyError, TypeError):
                found = json.loads(line)
                answer = dict(found["answer"])
                answer["logprobs"] = tuple(answer["logprobs"])
                self._known.setdefault(found["key"], Answer(**answer))
        self._read += len(whole) + len(sign)


def query_key(name: str, query: Query) -> str:
    """Return the sha256 over a backend's name and a query."""
    text = json.dumps([name, _plain(query)], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(thing: Query | Answer) -> dict[str, Any]:
    fields = {field.name: getattr(thing, field.name) for field in dataclasses.fields(thing)}
    if isinstance(thing, Query):
        fields["messages"] = [[message.role, message.content] for message in thing.messages]
        fields["schema"] = None if thing.schema is None else dict(thing.schema)
    else:
        fields["about"] = dict(thing.about)
    return fields


def _byte(file: BinaryIO, place: int) -> bytes:
    file.seek(place)
    return file.read(1)


@contextlib.contextmanager
def _alone(file: BinaryIO) -> Iterator[None]:
    """Hold the file against other processes; where there are no such locks, a line is still one write."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    fcntl.flock(file, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(file, fcntl.LOCK_UN)
