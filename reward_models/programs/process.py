"""Python with numpy in a worker process that the kernel keeps in."""

from __future__ import annotations

import contextlib
import os
import weakref
from collections.abc import Mapping
from typing import Any

import numpy as np

from .channel import BadFrameError
from .launch import ForkServer, SandlockForkServer, Worker
from .lint import Facts
from .sandbox import Limits, LoadedProgram, Sandbox, SandboxKind
from .verdict import Kind, SandboxError, Verdict

__all__ = ["ProcessProgram", "ProcessSandbox"]

MUST_REFUSE = ("files", "network", "processes")
START = 30.0
"""Seconds that a worker may take to be there."""


class ProcessSandbox(Sandbox):
    """Runs programs in processes of their own, which lock themselves in before the program comes.

    A worker has no file, no network, no environment, no capability and no other process within its reach, and a limit
    on its memory; it is killed if a batch takes too long. Before it gets a program it tries what it must not be able to
    do, and says what was refused: if any of files, network and processes is still there, the program never starts.

    Sources: seccomp(2); landlock(7); Sandlock 0.9 (Apache-2.0), which adds a supervisor of its own.
    What it does not stop: a program may compute for as long as the limit allows, and it may guess what it is used for.
    """

    def __init__(self, limits: Limits | None = None, kind: SandboxKind = SandboxKind.PROCESS):
        super().__init__(limits)
        self.kind = kind
        self._launcher: ForkServer | None = None
        self._about: dict[str, Any] = {}
        self._owner = os.getpid()
        self._finalizer: weakref.finalize[..., Any] | None = None
        if os.name != "posix":
            raise RuntimeError('sandbox "process" needs Linux; sandbox "monty" runs everywhere')

    @property
    def about(self) -> Mapping[str, Any]:
        """What is in force; starts a worker if none was started yet."""
        if not self._about:
            self.start().end()
        return self._about

    def start(self) -> Worker:
        """Start a worker and hear what it says of itself. Raises `RuntimeError` if it is not locked in."""
        try:
            worker = self._ready().start()
        except RuntimeError:
            self.close()  # so that the next call starts anew
            raise
        try:
            hello, _ = worker.channel.ask(None, b"", START, (65_536, 0))
        except (EOFError, TimeoutError, BadFrameError) as error:
            status = worker.end()
            raise RuntimeError(f"a worker could not be started ({type(error).__name__}, status {status})") from None
        open_ways = [way for way in MUST_REFUSE if not hello["refused"].get(way)]
        if open_ways:
            worker.end()
            raise RuntimeError(
                f"a worker cannot be kept from {', '.join(open_ways)} on this machine (in force: "
                f"{', '.join(hello['layers']) or 'nothing'}); programs do not run unconfined"
            )
        self._about = {"kind": str(self.kind), "layers": hello["layers"], "refused": hello["refused"]}
        return worker

    def close(self) -> None:
        """End the fork server and with it all workers."""
        if self._finalizer and os.getpid() == self._owner:
            self._finalizer()
        self._launcher, self._finalizer = None, None

    def _loaded(self, facts: Facts, lint: bool) -> LoadedProgram:
        return ProcessProgram(self, facts, lint)

    def _ready(self) -> ForkServer:
        if os.getpid() != self._owner:  # forked since: what there is belongs to the parent
            if self._finalizer:
                self._finalizer.detach()
            self._launcher, self._owner = None, os.getpid()
        if self._launcher is None:
            limits = self.limits
            settings = {
                "memory": limits.memory_mb << 20,
                "seconds": limits.seconds + 5.0,
                "output": limits.output,
                "terms": limits.terms,
                "recursion": limits.recursion,
            }
            self._launcher = _launcher(self.kind, settings)
            self._finalizer = weakref.finalize(self, self._launcher.close)
        return self._launcher


def _launcher(kind: SandboxKind, settings: dict[str, Any]) -> ForkServer:
    if kind == SandboxKind.PROCESS:
        with contextlib.suppress(RuntimeError):
            return SandlockForkServer(settings)
    return SandlockForkServer(settings) if kind == SandboxKind.SANDLOCK else ForkServer(settings)


class ProcessProgram(LoadedProgram):
    """A program in a process of its own."""

    sandbox: ProcessSandbox

    def __init__(self, sandbox: ProcessSandbox, facts: Facts, lint: bool):
        super().__init__(sandbox, facts, lint)
        self._worker: Worker | None = None
        self._server: ForkServer | None = None
        self._finalizer: weakref.finalize[..., Any] | None = None
        self._calls = 0

    def close(self) -> None:
        """End the worker."""
        if self._finalizer:
            self._finalizer()
        self._worker, self._finalizer = None, None

    def _forget(self) -> None:
        if self._finalizer:
            self._finalizer.detach()
        if self._worker:
            self._worker.channel.close()
        self._worker, self._finalizer = None, None

    def _call(self, columns: Mapping[str, Any], size: int) -> tuple[list[str], np.ndarray]:
        limits = self.sandbox.limits
        self._calls += 1
        told, numbers = [], []
        for name, column in columns.items():
            if isinstance(column, list):
                told.append([name, None, column])
            else:
                told.append([name, list(column.shape[1:]), None])
                numbers.append(column.tobytes())
        given = {name.partition(".")[0] for name in columns}
        parameters = [name for name in self.facts.parameters if name in given]
        header = {"call": self._calls, "size": size, "parameters": parameters, "columns": told}
        most = (limits.output, 8 * limits.terms * size)
        found, values = self._ask(self._ready(), header, b"".join(numbers), limits.seconds, most)
        if found.get("call") != self._calls:
            raise self._broken(Kind.CRASH, "the worker answered something that was not asked")
        if found.get("kind") != "ok":
            verdict = Verdict.of(found.get("kind"), found.get("message", ""), found.get("line"), found.get("row"))
            raise SandboxError(verdict)
        names: list[str] = found["names"] if isinstance(found.get("names"), list) else []
        good = bool(names) and all(isinstance(name, str) and name for name in names)
        if not good or len(set(names)) != len(names) or len(values) != 8 * len(names) * size:
            raise self._broken(Kind.OUTPUT, "the worker's answer does not fit the question")
        return names, np.frombuffer(values, "<f8").reshape(size, len(names)).T

    def _ready(self) -> Worker:
        if self._server is not self.sandbox._launcher:  # the sandbox was closed since
            self.close()
        if self._worker is None:
            self._worker = self.sandbox.start()
            self._server = self.sandbox._launcher
            self._finalizer = weakref.finalize(self, self._worker.end)
            facts, limits = self.facts, self.sandbox.limits
            order = {
                "source": facts.source,
                "function": facts.function,
                "bare": not self.lint,
            }
            found, _ = self._ask(self._worker, order, b"", max(limits.seconds, 5.0), (limits.output, 0))
            if found.get("kind") != "ok":
                self.close()
                raise SandboxError(Verdict.of(found.get("kind"), found.get("message", ""), found.get("line")))
        return self._worker

    def _ask(
        self, worker: Worker, header: dict[str, Any], numbers: bytes, seconds: float, most: tuple[int, int]
    ) -> tuple[dict[str, Any], bytes]:
        try:
            return worker.channel.ask(header, numbers, seconds, most)
        except TimeoutError:
            raise self._broken(Kind.TIMEOUT, f"a batch took longer than {seconds:g} s") from None
        except EOFError:
            raise self._broken(Kind.CRASH, "the worker died") from None
        except BadFrameError as error:
            raise self._broken(Kind.OUTPUT, str(error)) from None

    def _broken(self, kind: Kind, message: str) -> SandboxError:
        """End the worker, which cannot be trusted any more."""
        status = self._finalizer() if self._finalizer else 0
        self._worker, self._finalizer = None, None
        if kind == Kind.CRASH and status:
            message += f" (signal {-status})" if status < 0 else f" (exit code {status})"
        return SandboxError(Verdict(kind, message, self.facts.line))
