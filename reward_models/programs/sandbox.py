"""Where code runs that a language model wrote: one interface, limits, and verdicts that say what went wrong."""

from __future__ import annotations

import os
import threading
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal, Self

import numpy as np

from ...core.names import check_name
from .lint import Facts, check, inspect_source
from .verdict import Kind, SandboxError, Verdict

__all__ = ["Limits", "LoadedProgram", "Sandbox", "SandboxKind", "open_sandbox"]

LONGEST_NAME = 64


class SandboxKind(StrEnum):
    """The sandboxes there are."""

    AUTO = "auto"
    MONTY = "monty"
    PROCESS = "process"
    SANDLOCK = "sandlock"
    OWN = "own"


@dataclass(frozen=True)
class Limits:
    """What a program may use up.

    Attributes:
        seconds: wall clock of one batch.
        memory_mb: memory beyond what an idle worker holds, in MB (2**20 bytes).
        recursion: depth of calls.
        output: bytes that may come back beside the numbers, and characters that may be printed.
        source: characters of the program.
        terms: named terms of a reward.
    """

    seconds: float = 2.0
    memory_mb: int = 256
    recursion: int = 200
    output: int = 65_536
    source: int = 65_536
    terms: int = 32

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if not value > 0:
                raise ValueError(f"limit {name} is {value}, not above 0")


class Sandbox(ABC):
    """Runs programs that nobody has read. Every program has a worker of its own, so that none can harm another.

    Opens itself when it is first used, also after it was pickled or came to a forked process.
    """

    kind: SandboxKind

    def __init__(self, limits: Limits | None = None):
        self.limits = limits or Limits()

    @property
    @abstractmethod
    def about(self) -> Mapping[str, Any]:
        """What keeps the code in, found out by trying: "kind", "layers" in force and what they were seen to refuse."""

    def load(self, source: str, function: str = "reward", lint: bool = True) -> LoadedProgram:
        """Check a program and get it ready to run.

        Args:
            source: Python; defines `function` at its top level.
            function: what is called once per step; its parameters name columns of `LoadedProgram.run`.
            lint: look at the syntax tree first, which finds mistakes early and says them clearly. It is not what keeps
                the code in; without it the code has all of Python's builtins.

        Raises:
            SandboxError: the program is no Python, or uses what it may not.
        """
        facts = inspect_source(source, function, self.limits.source)
        if lint:
            check(facts)
        return self._loaded(facts, lint)

    @abstractmethod
    def _loaded(self, facts: Facts, lint: bool) -> LoadedProgram: ...

    @abstractmethod
    def close(self) -> None:
        """End all workers. The sandbox opens again when it is used again."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __reduce__(self) -> tuple[Any, ...]:
        return open_sandbox, (str(self.kind), self.limits)

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self  # it holds processes, and nothing that a copy would need apart


class LoadedProgram(ABC):
    """A program in a worker of its own.

    It has no memory: its top level is executed afresh for every step, so that what it pays cannot depend on what it was
    asked before, nor on the order of a batch. A worker that a program has broken is replaced at the next call.
    """

    def __init__(self, sandbox: Sandbox, facts: Facts, lint: bool):
        self.sandbox, self.facts, self.lint = sandbox, facts, lint
        self.names: tuple[str, ...] = ()
        self._lock = threading.Lock()
        self._pid = os.getpid()

    def run(self, columns: Mapping[str, Any], size: int) -> dict[str, np.ndarray]:
        """Call the function for each of `size` steps, in one exchange with the worker.

        Args:
            columns: name to an array (B, ...) of numbers, or a list of B texts. "state.tcp" is what the function reads
                as `state.tcp`, "action" is its argument `action`. Numbers arrive as floats, vectors as arrays.
            size: B.

        Returns:
            Term name to what each step is paid, (B,). A function that returns a number has one term, "reward".

        Raises:
            SandboxError: the program did something else than to return finite numbers under the same names as before.
            ValueError: a column has not `size` rows.
        """
        wanted = self._wanted(columns, size)
        if os.getpid() != self._pid:  # forked since: the worker belongs to the parent
            self._lock, self._pid = threading.Lock(), os.getpid()
            self._forget()
        with self._lock:
            names, values = self._call(wanted, size)
        names = tuple(names)
        if not 0 < len(names) <= self.sandbox.limits.terms or any(len(name) > LONGEST_NAME for name in names):
            longest = max(map(len, names), default=0)
            raise self._verdict(Kind.OUTPUT, f"{len(names)} terms with names of up to {longest} characters")
        if not all(name.isprintable() for name in names):
            raise self._verdict(Kind.OUTPUT, "a term's name has characters that cannot be shown")
        if self.names and set(names) != set(self.names):
            raise self._verdict(Kind.OUTPUT, f"the terms are {list(names)}, but were {list(self.names)} before")
        if not np.isfinite(values).all():
            term, row = np.argwhere(~np.isfinite(values))[0].tolist()
            raise self._verdict(Kind.NOT_FINITE, f"term {names[term]!r} is {values[term, row]}", row)
        self.names = self.names or names
        paid = dict(zip(names, values, strict=True))
        return {name: paid[name] for name in self.names}

    @abstractmethod
    def _call(self, columns: Mapping[str, Any], size: int) -> tuple[list[str], np.ndarray]:
        """Return term names and values (T, B); start a worker if there is none."""

    @abstractmethod
    def _forget(self) -> None:
        """Let go of the worker without ending it."""

    @abstractmethod
    def close(self) -> None:
        """End the worker."""

    def _wanted(self, columns: Mapping[str, Any], size: int) -> dict[str, Any]:
        if size < 1:
            raise ValueError(f"a batch of {size} steps")
        groups = {name.partition(".")[0] for name in columns}
        for name in self.facts.parameters:
            if name not in groups and name not in self.facts.optional:
                there = ", ".join(sorted(groups))
                raise self._verdict(Kind.ERROR, f"{self.facts.function}() asks for {name!r}; there is {there}")
        wanted: dict[str, Any] = {}
        for name, column in columns.items():
            if name.partition(".")[0] not in self.facts.parameters:
                continue
            if len(column) != size:
                raise ValueError(f"column {name!r} has {len(column)} rows, not {size}")
            texts = isinstance(column[0], str)
            wanted[name] = list(map(str, column)) if texts else np.ascontiguousarray(column, dtype=np.float64)
        return wanted

    def _verdict(self, kind: Kind, message: str, row: int | None = None) -> SandboxError:
        return SandboxError(Verdict(kind, message, self.facts.line, row))

    def __reduce__(self) -> tuple[Any, ...]:
        return _load_again, (self.sandbox, self.facts.source, self.facts.function, self.lint)

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self  # it has no memory, so a copy can share it


def _load_again(sandbox: Sandbox, source: str, function: str, lint: bool) -> LoadedProgram:
    return sandbox.load(source, function, lint)


Choice = Literal["auto", "monty", "process", "sandlock", "own"]


def open_sandbox(kind: Choice | str = "auto", limits: Limits | None = None) -> Sandbox:
    """Return a sandbox.

    Args:
        kind: "monty" is an interpreter of its own for pure Python, with a small stand-in for numpy (package
            pydantic-monty). "process" is Python with numpy in a process that the kernel confines: "sandlock" where that
            package and Landlock are, else "own", which needs Linux with seccomp. "auto" takes what a program needs.
        limits: what a program may use up.

    Raises:
        RuntimeError: this machine cannot keep code in by the ways of this kind. Nothing ever runs unconfined.
    """
    check_name("sandbox", str(kind), [one.value for one in SandboxKind])
    if kind == SandboxKind.AUTO:
        from .auto import AutoSandbox

        return AutoSandbox(limits)
    if kind == SandboxKind.MONTY:
        from .monty import MontySandbox

        return MontySandbox(limits)
    from .process import ProcessSandbox

    return ProcessSandbox(limits, SandboxKind(kind))
