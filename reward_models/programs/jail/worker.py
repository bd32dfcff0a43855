"""The worker process: locks itself in, then runs the one program that it is given."""

from __future__ import annotations

import os
import signal
import socket
import struct
import sys
from typing import Any

from .confine import confine, enter_namespaces, probe
from .driver import Driver, describe
from .frames import receive, send

__all__ = ["serve", "serve_forks"]

Settings = dict[str, Any]
REPLY = struct.Struct("<i")
OWN_FRAMES = 40


def serve(settings: Settings, layers: list[str]) -> None:
    """Read messages from descriptor 0 and answer on descriptor 1, until the other side is gone. Does not return.

    Args:
        settings: "memory" in bytes, "recursion" as a depth of calls, and those of `Driver`.
        layers: what is in force already.
    """
    os.chdir("/")
    code = 1
    try:
        layers = [*layers, *confine(settings.pop("memory"))]
        send(1, {"layers": layers, "refused": probe()})
        _answer(settings)
    except (EOFError, OSError):
        code = 0
    finally:
        os._exit(code)


def _answer(settings: Settings) -> None:
    order, _ = receive(0)
    sys.setrecursionlimit(settings.pop("recursion") + OWN_FRAMES)
    try:
        driver = Driver(**order, **settings)
        reply: tuple[dict[str, Any], bytes] = {"kind": "ok"}, b""
    except BaseException as error:
        send(1, describe(error))
        return
    while True:
        send(1, *reply)
        order, numbers = receive(0)
        header, values = driver.run(order["size"], order["parameters"], order["columns"], numbers)
        reply = {**header, "call": order["call"]}, values


def serve_forks(control: int, settings: Settings, layers: list[str]) -> None:
    """Start a worker whenever descriptor `control` asks for one; a fork takes milliseconds, a new Python a tenth.

    b"S" with two descriptors starts a worker that reads the first and writes the second, and answers its number.
    b"K" and a number ends one and answers how it ended. This process runs nobody's code.
    """
    os.chdir("/")
    layers = [*layers, *enter_namespaces()]
    channel = socket.socket(fileno=control)
    while True:
        order, ends, _, _ = socket.recv_fds(channel, 1, 2)
        if not order:
            os._exit(0)
        if order == b"S":
            channel.sendall(REPLY.pack(_fork(channel, list(ends), settings, layers)))
        else:
            number = REPLY.unpack(channel.recv(REPLY.size, socket.MSG_WAITALL))[0]
            channel.sendall(REPLY.pack(_end(number)))


def _fork(channel: socket.socket, ends: list[int], settings: Settings, layers: list[str]) -> int:
    number = os.fork()
    if number:
        for end in ends:
            os.close(end)
        return number
    try:
        channel.close()
        # Away from 0 and 1 first, or the one would overwrite the other.
        high = [os.dup(os.dup(end)) for end in ends]
        for target, end in enumerate(high):
            os.dup2(end, target)
        os.closerange(2, 256)
        serve(settings, layers)
    finally:
        os._exit(1)


def _end(number: int) -> int:
    """Kill a worker if it still lives; return the status that it ended with."""
    try:
        done, status = os.waitpid(number, os.WNOHANG)
        if not done:
            os.kill(number, signal.SIGKILL)
            _, status = os.waitpid(number, 0)
    except (ChildProcessError, ProcessLookupError):
        return 0
    return os.waitstatus_to_exitcode(status)
