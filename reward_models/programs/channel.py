"""The suite's end of the pipes to a worker: messages with a deadline, whatever the other side does."""

from __future__ import annotations

import contextlib
import json
import os
import select
from time import monotonic
from typing import Any

from .jail.frames import LENGTHS, pack

__all__ = ["BadFrameError", "Channel"]


class BadFrameError(Exception):
    """What came is no message, or a longer one than was agreed."""


class Channel:
    """Two descriptors, which it owns, read and written without ever waiting past a deadline."""

    def __init__(self, reads: int, writes: int):
        self.reads, self.writes = reads, writes
        for end in (reads, writes):
            os.set_blocking(end, False)

    def ask(
        self, header: dict[str, Any] | None, numbers: bytes, seconds: float, most: tuple[int, int]
    ) -> tuple[dict[str, Any], bytes]:
        """Send a message, unless `header` is None, and return the next that comes.

        Args:
            header: to send.
            numbers: to send behind it.
            seconds: for both together.
            most: bytes of the answer's header and of its numbers that are taken.

        Raises:
            TimeoutError: the time is over.
            EOFError: the other side is gone.
            BadFrameError: what came is no answer.
        """
        deadline = monotonic() + seconds
        if header is not None:
            self._write(memoryview(pack(header, numbers)), deadline)
        lengths = LENGTHS.unpack(self._read(LENGTHS.size, deadline))
        if lengths[0] > most[0] or lengths[1] > most[1]:
            raise BadFrameError(f"an answer of {sum(lengths)} bytes, more than {sum(most)}")
        text = self._read(lengths[0], deadline)
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            raise BadFrameError("an answer that cannot be read") from None
        if not isinstance(found, dict):
            raise BadFrameError("an answer that cannot be read")
        return found, self._read(lengths[1], deadline)

    def close(self) -> None:
        """Close both descriptors."""
        for end in (self.reads, self.writes):
            with contextlib.suppress(OSError):
                os.close(end)

    def _write(self, data: memoryview, deadline: float) -> None:
        while data:
            try:
                data = data[os.write(self.writes, data) :]
            except BlockingIOError:
                _wait(self.writes, select.POLLOUT, deadline)
            except BrokenPipeError:
                raise EOFError from None

    def _read(self, size: int, deadline: float) -> bytes:
        pieces = []
        while size:
            try:
                piece = os.read(self.reads, min(size, 1 << 20))
            except BlockingIOError:
                _wait(self.reads, select.POLLIN, deadline)
                continue
            if not piece:
                raise EOFError
            pieces.append(piece)
            size -= len(piece)
        return b"".join(pieces)


def _wait(descriptor: int, event: int, deadline: float) -> None:
    left = deadline - monotonic()
    poll = select.poll()
    poll.register(descriptor, event)
    if left <= 0 or not poll.poll(left * 1000):
        raise TimeoutError
