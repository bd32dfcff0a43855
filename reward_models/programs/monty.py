"""Pure Python in Monty, an interpreter of its own without a world around it."""

from __future__ import annotations

import contextlib
import ctypes
import importlib.util
import os
import re
import weakref
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from .factory import as_factory
from .lint import Facts
from .sandbox import Limits, LoadedProgram, Sandbox, SandboxKind
from .verdict import Kind, SandboxError, Verdict

__all__ = ["MontyProgram", "MontySandbox"]

PROGRAM = "<python-input-3>"
"""What Monty calls the fourth text that a session is fed; the first three are ours."""
MOST_WORKERS = 256
_STARTED: dict[str, int] = {}
"""Which process Monty's threads run in, once they do."""
PROBES = {
    "files": "open('/etc/hostname').read()",
    "writing": "open('/guerdon', 'w')",
    "network": "import socket",
    "processes": "import os\nos.fork()",
    "modules": "import ctypes",
}


class MontySandbox(Sandbox):
    """Runs programs in Monty, a Python interpreter in Rust that has no files, no network and no processes to give.

    What keeps the code in is that the interpreter has nothing else; each program has a worker process of its own, whose
    crash harms nobody. Clock and random numbers stand still, so a program pays the same wherever it runs.
    Source: pydantic-monty 1.4 (MIT). It knows most of Python, but no class inheritance, no generators and no numpy:
    `np` is the small stand-in of `monty_side`, for vectors.
    """

    kind = SandboxKind.MONTY

    def __init__(self, limits: Limits | None = None):
        super().__init__(limits)
        if importlib.util.find_spec("pydantic_monty") is None:
            raise RuntimeError("the package pydantic-monty is not installed")
        self._pool: Any = None
        self._finalizer: weakref.finalize[..., Any] | None = None
        self._about: dict[str, Any] = {}

    @property
    def about(self) -> Mapping[str, Any]:
        """The interpreter's version, and what it was seen to refuse."""
        if not self._about:
            import pydantic_monty

            refused = {}
            with self.session() as session:
                for name, code in PROBES.items():
                    try:
                        session.feed_run(code)
                        refused[name] = False
                    except pydantic_monty.MontyRuntimeError:
                        refused[name] = True
            if not all(refused.values()):
                ways = ", ".join(name for name, is_refused in refused.items() if not is_refused)
                raise RuntimeError(f"Monty {pydantic_monty.__version__} gives programs {ways}; they do not run there")
            layers = [f"monty {pydantic_monty.__version__}", "worker process", "limits"]
            self._about = {"kind": "monty", "layers": layers, "refused": refused}
        return self._about

    def session(self) -> Any:
        """Return a new session, a context manager."""
        if _STARTED.setdefault("pid", os.getpid()) != os.getpid():
            raise RuntimeError(
                "Monty was used before this process was forked, and its threads do not survive that: start processes "
                'by "spawn" or "forkserver", or take sandbox="process"'
            )
        limits = self.limits
        if self._pool is None:
            from pydantic_monty import Monty

            self._pool = Monty(
                min_processes=1,
                max_processes=MOST_WORKERS,
                checkout_timeout=30.0,
                request_timeout=2 * limits.seconds + 1.0,
                feed_duration_limit_grace=0.5,
                max_checkouts_per_worker=1,
            )
            self._pool.__enter__()
            # Collected in a forked copy of this process, the pool would end workers of the original.
            ctypes.pythonapi.Py_IncRef(ctypes.py_object(self._pool))
            self._finalizer = weakref.finalize(self, _leave, self._pool, os.getpid())
        return self._pool.checkout(
            script_name="reward.py",
            limits={
                "max_feed_duration_secs": limits.seconds,
                "max_memory": limits.memory_mb << 20,
                "max_recursion_depth": limits.recursion,
                "max_suspensions": 100,
                "max_total_sleep_secs": 0.0,
            },
            os_policy={"datetime": datetime(2000, 1, 1, tzinfo=UTC), "sleep": "zero", "random_start": {"seed": 0}},
        )

    def close(self) -> None:
        """End all workers."""
        if self._finalizer:
            self._finalizer()
        self._pool, self._finalizer = None, None

    def _loaded(self, facts: Facts, lint: bool) -> LoadedProgram:
        _ = self.about  # nothing runs where Monty was not tried
        return MontyProgram(self, facts, lint)


class MontyProgram(LoadedProgram):
    """A program in a session of its own."""

    sandbox: MontySandbox

    def __init__(self, sandbox: MontySandbox, facts: Facts, lint: bool):
        super().__init__(sandbox, facts, lint)
        self._session: Any = None
        self._pool: Any = None
        self._finalizer: weakref.finalize[..., Any] | None = None
        self._printed = 0

    def close(self) -> None:
        """Give the worker back."""
        if self._finalizer:
            self._finalizer()
        self._session, self._finalizer = None, None

    def _forget(self) -> None:
        if self._finalizer:
            self._finalizer.detach()
        self._session, self._finalizer = None, None

    def _call(self, columns: Mapping[str, Any], size: int) -> tuple[list[str], np.ndarray]:
        session = self._ready()
        given = {name: column if isinstance(column, list) else column.tolist() for name, column in columns.items()}
        groups = {name.partition(".")[0] for name in columns}
        parameters = [name for name in self.facts.parameters if name in groups]
        inputs: dict[str, Any] = {"parameters": parameters, "columns": given, "size": size}
        inputs["most"] = self.sandbox.limits.terms
        self._printed = 0
        found = self._feed(session, "run_batch(make_program, parameters, columns, size, most)", inputs)
        if isinstance(found, list) and found[:1] == ["output"]:
            raise SandboxError(Verdict.of("output", found[-1], self.facts.line, self._row()))
        try:
            state, names, rows = found
            values = np.array(rows, dtype=float).reshape(size, len(names)).T
            good = state == "ok" and isinstance(names, list) and all(isinstance(name, str) for name in names)
        except (ValueError, TypeError):
            names, values, good = [], np.zeros(0), False
        if not good or len(set(names)) != len(names):
            self.close()
            raise self._verdict(Kind.OUTPUT, "the worker's answer does not fit the question")
        return names, values

    def _ready(self) -> Any:
        if self._session is None or self._pool is not self.sandbox._pool:
            import pydantic_monty

            session = self.sandbox.session()
            self._session = session.__enter__()
            ctypes.pythonapi.Py_IncRef(ctypes.py_object(session))
            self._pool = self.sandbox._pool
            self._finalizer = weakref.finalize(self, _leave, session, os.getpid())
            try:
                for text in _prelude():
                    self._session.feed_run(text)
            except pydantic_monty.MontyError as error:
                self.close()
                raise RuntimeError(f"Monty did not take the suite's own code: {error}") from None
            self._feed(self._session, as_factory(self.facts), {})
        return self._session

    def _feed(self, session: Any, code: str, inputs: dict[str, Any]) -> Any:
        import pydantic_monty

        try:
            return session.feed_run(code, inputs=inputs, print_callback=self._count)
        except pydantic_monty.MontyCrashedError as error:
            self.close()
            kind = Kind.TIMEOUT if error.timed_out else Kind.CRASH
            raise self._verdict(kind, str(error)) from None
        except pydantic_monty.MontyError as error:
            kind = self._kind(error)
            row = self._row() if inputs and kind in (Kind.ERROR, Kind.FORBIDDEN) else None
            if kind not in (Kind.ERROR, Kind.FORBIDDEN) or not inputs:
                self.close()  # a limit stops the interpreter wherever it is
            frames = getattr(error, "traceback", list)()
            lines = [frame.line - 1 for frame in frames if frame.filename == PROGRAM]
            named = {Kind.TIMEOUT: f"a batch took longer than {self.sandbox.limits.seconds:g} s"}
            named[Kind.OUTPUT] = f"printed more than {self.sandbox.limits.output} characters"
            raise SandboxError(
                Verdict.of(kind, named.get(kind, str(error)), lines[-1] if lines else self.facts.line, row)
            ) from None

    def _kind(self, error: Any) -> Kind:
        import pydantic_monty

        inner = error.exception()
        if self._printed > self.sandbox.limits.output:
            return Kind.OUTPUT
        if isinstance(error, pydantic_monty.MontySyntaxError):
            return Kind.SYNTAX
        if isinstance(inner, TimeoutError):
            return Kind.TIMEOUT
        if isinstance(inner, MemoryError):
            return Kind.MEMORY
        if isinstance(inner, RecursionError):
            return Kind.RECURSION
        if isinstance(inner, PermissionError | ImportError) or "suspension limit" in str(error):
            return Kind.FORBIDDEN
        return Kind.ERROR

    def _row(self) -> int | None:
        """Return which step of the batch was at work."""
        with contextlib.suppress(Exception):
            return self._session.feed_run('place["row"]')
        return None

    def _count(self, _stream: str, text: str) -> None:
        """Take what the program prints, and drop it."""
        self._printed += len(text)
        if self._printed > self.sandbox.limits.output:
            raise OverflowError("too much printed")


@lru_cache
def _prelude() -> list[str]:
    """Return the texts of `monty_side`, in order, without their imports from each other."""
    texts = [Path(__file__).with_name("monty_side") / f"{name}.py" for name in ("vectors", "numpy_like", "driver")]
    return [re.sub(r"^from \.\w+ import (\([^)]*\)|.*)$", "", text.read_text("utf-8"), flags=re.M) for text in texts]


def _leave(context: Any, owner: int) -> None:
    """Leave a context and let the object go, if this process entered it."""
    if os.getpid() == owner:
        context.__exit__(None, None, None)
        ctypes.pythonapi.Py_DecRef(ctypes.py_object(context))
