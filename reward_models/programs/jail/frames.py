"""Messages over pipes: two lengths, a JSON header, raw float64 numbers. Nothing in them can be code."""

from __future__ import annotations

import json
import os
import struct
from typing import Any

__all__ = ["LENGTHS", "pack", "read_exactly", "receive", "send"]

LENGTHS = struct.Struct("<II")
"""Bytes of the header and of the numbers behind it."""


def pack(header: dict[str, Any], body: bytes = b"") -> bytes:
    """Return a message as bytes."""
    text = json.dumps(header, separators=(",", ":")).encode()
    return LENGTHS.pack(len(text), len(body)) + text + body


def send(fd: int, header: dict[str, Any], body: bytes = b"") -> None:
    """Write a message to a blocking pipe."""
    data = memoryview(pack(header, body))
    while data:
        data = data[os.write(fd, data) :]


def receive(fd: int) -> tuple[dict[str, Any], bytearray]:
    """Read a message from a blocking pipe. Raises `EOFError` when the other side is gone."""
    first, second = LENGTHS.unpack(read_exactly(fd, LENGTHS.size))
    return json.loads(read_exactly(fd, first)), read_exactly(fd, second)


def read_exactly(fd: int, size: int) -> bytearray:
    """Read `size` bytes from a blocking pipe. Raises `EOFError` when the other side is gone."""
    data = bytearray()
    while len(data) < size:
        piece = os.read(fd, min(size - len(data), 1 << 20))
        if not piece:
            raise EOFError
        data += piece
    return data
