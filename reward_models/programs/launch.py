"""Starting confined worker processes: a fork server, by itself or inside Sandlock."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import socket
import subprocess
import sys
import sysconfig
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from .channel import Channel
from .jail.worker import REPLY

__all__ = ["ForkServer", "SandlockForkServer", "Worker"]

HERE = Path(__file__).resolve().parent
NUMPY = Path(np.__file__).resolve().parents[1]
KEPT = ("LD_LIBRARY_PATH", "OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE", "SYSTEMROOT")
"""Variables without which Python or numpy may not start; no others are handed on."""

BOOT = """
import json, sys
standard = list(sys.path)
programs, numpy_folder, settings, control, layers = json.loads(sys.argv[1])
sys.path.append(numpy_folder)
import dataclasses, math, typing
import numpy, numpy.linalg
sys.path[:] = [programs, *standard]
from jail.worker import serve_forks
sys.path[:] = standard
serve_forks(control, settings, layers)
"""

SUPERVISE = """
import json, os, sys
folder, readable, variables, command = json.loads(sys.argv[1])
sys.path.append(folder)
from sandlock import Sandbox, StdioMode
box = Sandbox(fs_readable=readable, clean_env=True, env=variables, no_coredump=True)
null = StdioMode.NULL
process = box.popen(command, stdin=StdioMode.INHERIT, stdout=null, stderr=null)
os.dup2(os.open(os.devnull, os.O_RDWR), 0)
process.wait()
"""


class Worker:
    """A started worker: how to talk to it, and how to end it.

    Args:
        channel: its pipes.
        kill: ends it and returns the status that it ended with: minus the number of a signal, or an exit code.
    """

    def __init__(self, channel: Channel, kill: Callable[[], int]):
        self.channel, self._kill = channel, kill
        self.owner = os.getpid()

    def end(self) -> int:
        """End it, if it is this process's; return its status."""
        self.channel.close()
        return self._kill() if os.getpid() == self.owner else 0


class ForkServer:
    """A Python with numpy that never runs a program itself, and forks a worker for each.

    Args:
        settings: those of `jail.worker.serve`.

    It goes into namespaces of its own where it may; all else is locked by each worker for itself (`jail.confine`).
    """

    layers: tuple[str, ...] = ()

    def __init__(self, settings: dict[str, Any]):
        self.settings = settings
        self._lock, self._owner = threading.Lock(), os.getpid()
        self._control, theirs = socket.socketpair()
        self._control.settimeout(30.0)
        try:
            self._end_server = self._spawn(theirs)
        except BaseException:
            self._control.close()
            raise
        finally:
            theirs.close()

    def start(self) -> Worker:
        """Fork a worker."""
        (its_reads, our_writes), (our_reads, its_writes) = os.pipe(), os.pipe()
        channel = Channel(our_reads, our_writes)
        try:
            with self._lock:
                socket.send_fds(self._control, [b"S"], [its_reads, its_writes])
                number = self._reply()
        except OSError as error:
            channel.close()
            raise RuntimeError(f"the process that starts workers is gone ({type(error).__name__})") from None
        finally:
            os.close(its_reads)
            os.close(its_writes)
        return Worker(channel, lambda: self._end(number))

    def close(self) -> None:
        """End the fork server; its workers end with it."""
        self._control.close()
        if os.getpid() == self._owner:
            self._end_server()

    def _spawn(self, control: socket.socket) -> Callable[[], object]:
        """Start the server, which gets its orders from `control`; return what ends it."""
        process = subprocess.Popen(
            self._command(control.fileno()),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=self._variables(),
            cwd="/",
            pass_fds=[control.fileno()],
            start_new_session=True,
        )

        def end() -> None:
            process.kill()
            process.wait()

        return end

    def _command(self, control: int) -> list[str]:
        told = json.dumps([str(HERE), str(NUMPY), self.settings, control, list(self.layers)])
        # Without site and the user's folders; -I would also ignore PYTHONHASHSEED, on which the order of sets depends.
        return [sys.executable, "-P", "-s", "-S", "-B", "-c", BOOT, told]

    def _variables(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in KEPT if name in os.environ}
        return {**kept, "PYTHONHASHSEED": "0", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "LC_ALL": "C.UTF-8"}

    def _end(self, number: int) -> int:
        with contextlib.suppress(OSError), self._lock:
            self._control.sendall(b"K" + REPLY.pack(number))
            return self._reply()
        return 0

    def _reply(self) -> int:
        data = b""
        while len(data) < REPLY.size:
            piece = self._control.recv(REPLY.size - len(data))
            if not piece:
                raise ConnectionResetError
            data += piece
        return REPLY.unpack(data)[0]


class SandlockForkServer(ForkServer):
    """The fork server inside Sandlock: Landlock and a supervised seccomp filter around what the workers lock.

    Sandlock's supervisor has a process of its own, so that no thread of it is in this one.
    """

    layers = ("sandlock",)

    def _spawn(self, control: socket.socket) -> Callable[[], object]:
        found = importlib.util.find_spec("sandlock")
        if found is None or not found.origin:
            raise RuntimeError("the package sandlock is not installed")
        import sandlock

        version, needed = sandlock.landlock_abi_version(), sandlock.min_landlock_abi()
        if version < needed:
            raise RuntimeError(f"sandlock needs version {needed} of Landlock; this kernel has {max(version, 0)}")
        folders = {sysconfig.get_path(name) for name in ("stdlib", "platstdlib")}
        # /proc tells a worker how much memory it holds, before it closes all of this.
        folders |= {sys.prefix, sys.base_prefix, str(NUMPY), str(HERE), "/usr/lib", "/lib", "/lib64", "/proc"}
        readable = sorted(folder for folder in folders if os.path.exists(folder))
        told = json.dumps([str(Path(found.origin).parents[1]), readable, self._variables(), self._command(0)])
        process = subprocess.Popen(
            [sys.executable, "-P", "-s", "-S", "-B", "-c", SUPERVISE, told],
            stdin=control.fileno(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=self._variables(),
            cwd="/",
            start_new_session=True,
        )

        def end() -> None:
            # The server ends when its orders do, and the supervisor with it.
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=5.0)
            process.kill()
            process.wait()

        return end
