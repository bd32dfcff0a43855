"""Reading a JSON array or object of any length piece by piece, in bounded memory, with the place of every fault."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

__all__ = ["ShopFileError", "half_character", "stream_array", "stream_object"]

CHUNK = 1 << 20
LONGEST = 1 << 26
_DECODER = json.JSONDecoder()
_SPACE = re.compile(r"[ \t\n\r]*")
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


class ShopFileError(ValueError):
    """A file of products or goals that cannot be used. The message names the file, the place and what is wrong."""


def stream_array(path: Path) -> Iterator[tuple[int, Any]]:
    """Yield (byte offset, value) for each item of the JSON array in `path`; one item at a time is in memory.

    Raises:
        ShopFileError: the file is no whole JSON array, or an item is longer than 64 Mi characters. The message has
            the item's number, from 1, and the byte at which reading stopped, from 0.
    """
    with open(path, "rb") as file:
        text = _Window(path, file)
        text.take("[")
        closed = text.peek() == "]" and text.take("]") == "]"
        number = 0
        while not closed:
            number += 1
            text.inside = f"item {number}"
            text.peek()
            yield text.offset, text.value()
            text.inside = f"after item {number}"
            closed = text.take(",]") == "]"
        text.finish()


def stream_object(path: Path) -> Iterator[tuple[int, str, Any]]:
    """Yield (byte offset, key, value) for each pair of the JSON object in `path`, as `stream_array` does for items."""
    with open(path, "rb") as file:
        text = _Window(path, file)
        text.take("{")
        closed = text.peek() == "}" and text.take("}") == "}"
        number = 0
        while not closed:
            number += 1
            text.inside = f"key number {number}"
            text.expect('"')
            key = text.value()
            text.inside = f"key {key!r}"
            text.take(":")
            text.peek()
            yield text.offset, key, text.value()
            text.inside = f"after key {key!r}"
            closed = text.take(",}") == "}"
        text.finish()


def half_character(source: str, value: Any) -> bool:
    r"""Say whether `value`, read from the JSON text `source`, holds half of a character (such as a lone `\ud83d`).

    JSON allows it, but no such text can be written to a file again.
    """
    if not _SURROGATE.search(source):
        return False
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return True
    return False


class _Window:
    """A part of a file's text, moving forward: `offset` is the place in bytes, `inside` what is read there."""

    def __init__(self, path: Path, file: BinaryIO):
        self.offset = 0
        self.inside = "the start"
        self._path = path
        self._file = file
        self._utf8 = codecs.getincrementaldecoder("utf-8")()
        self._bytes_read = 0
        self._buffer = ""
        self._position = 0
        self._ended = False

    def peek(self) -> str:
        """Skip blanks and return the next character, "" at the end of the file."""
        while True:
            match = _SPACE.match(self._buffer, self._position)
            self._move(match.end() if match else self._position)
            if self._position < len(self._buffer):
                return self._buffer[self._position]
            if not self._more():
                return ""

    def expect(self, choices: str) -> str:
        """Return the next character, which must be one of `choices`."""
        found = self.peek()
        if not found and self._bytes_read == 0:
            raise ShopFileError(f"{self._path}: the file is empty")
        if not found:
            raise self._error("the file ends too early: it was cut short")
        if found not in choices:
            raise self._error(f"{' or '.join(map(repr, choices))} should stand here, not {found!r}")
        return found

    def take(self, choices: str) -> str:
        """Return the next character and go past it."""
        found = self.expect(choices)
        self._move(self._position + 1)
        return found

    def value(self) -> Any:
        """Return the JSON value that begins here and go past it."""
        while True:
            try:
                found, end = _DECODER.raw_decode(self._buffer, self._position)
            except RecursionError as error:
                raise self._error("brackets are nested too deeply") from error
            except ValueError as error:
                if len(self._buffer) - self._position > LONGEST:
                    raise self._error(f"it is over {LONGEST} characters long: is a quote missing?") from error
                if self._goes_on(error, within=16) and self._more():  # 16: a name or number may be cut at the end
                    continue
                if self._goes_on(error, within=0):
                    raise self._error("the file ends too early: it was cut short") from error
                what = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
                raise self._error(f"not JSON ({what})", error) from error
            # A number may go on: "1", "1." and "1e-" are read as 1 if that is all there is.
            if len(self._buffer) - end <= (2 if isinstance(found, int | float) else 0) and self._more():
                continue
            if half_character(self._buffer[self._position : end], found):
                raise self._error(r"a \u escape is half of a character (a lone surrogate)")
            self._move(end)
            return found

    def finish(self) -> None:
        """Check that nothing but blanks is left."""
        if self.peek():
            raise self._error("there is more text after the end")

    def _move(self, position: int) -> None:
        self.offset += len(self._buffer[self._position : position].encode())
        self._position = position

    def _more(self) -> bool:
        if self._ended:
            return False
        # At least as much again as there is: a long value is then tried again only a few times.
        raw = self._file.read(max(CHUNK, len(self._buffer) - self._position))
        held_back = len(self._utf8.getstate()[0])
        try:
            text = self._utf8.decode(raw, final=not raw)
        except UnicodeDecodeError as error:
            place = self._bytes_read - held_back + error.start
            raise ShopFileError(f"{self._path}: byte {place}: not UTF-8 text ({error.reason})") from error
        self._bytes_read += len(raw)
        self._ended = not raw
        if raw:
            self._buffer = self._buffer[self._position :] + text
            self._position = 0
        return bool(raw)

    def _goes_on(self, error: ValueError, within: int) -> bool:
        """Say whether the error can be due to the end of the window, at most `within` characters before it."""
        if not isinstance(error, json.JSONDecodeError):
            return False
        return error.msg.startswith("Unterminated string") or error.pos + within >= len(self._buffer)

    def _error(self, what: str, cause: ValueError | None = None) -> ShopFileError:
        place = self.offset
        if isinstance(cause, json.JSONDecodeError):
            place += len(self._buffer[self._position : cause.pos].encode())
        return ShopFileError(f"{self._path}: {self.inside}, byte {place}: {what}")
