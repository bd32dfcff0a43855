"""What a sandbox says of a program that it ran."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

__all__ = ["Kind", "SandboxError", "Verdict"]

MOST_CHARACTERS = 300


class Kind(StrEnum):
    """How it went.

    ok: numbers came back. syntax: no Python. forbidden: uses what a reward may not. timeout, memory, recursion, output:
    a limit of `Limits`. error: an exception. not-finite: NaN or infinity. crash: the worker died.
    """

    OK = "ok"
    SYNTAX = "syntax"
    FORBIDDEN = "forbidden"
    TIMEOUT = "timeout"
    MEMORY = "memory"
    RECURSION = "recursion"
    ERROR = "error"
    OUTPUT = "output"
    NOT_FINITE = "not-finite"
    CRASH = "crash"


@dataclass(frozen=True)
class Verdict:
    """What happened, in words fit to be shown to whoever wrote the program.

    Attributes:
        kind: how it went.
        message: what was wrong.
        line: of the program, from 1; None if no line is to blame.
        row: the step of the batch, from 0; None if it is not one step's fault.
    """

    kind: Kind
    message: str = ""
    line: int | None = None
    row: int | None = None

    def __str__(self) -> str:
        line = f"line {self.line}: " if self.line else ""
        row = f" (step {self.row} of the batch)" if self.row is not None else ""
        return f"{line}{self.kind}: {self.message}{row}"

    @classmethod
    def of(cls, kind: Any, message: Any, line: Any = None, row: Any = None) -> Verdict:
        """Build one from what a worker sent, believing none of it: unknown kinds and odd characters do no harm."""
        text = "".join(c if c.isprintable() else " " for c in str(message)[:MOST_CHARACTERS])
        known = Kind(kind) if isinstance(kind, str) and kind in list(Kind) and kind != "ok" else Kind.CRASH
        return cls(known, text, _number(line), _number(row))


class SandboxError(Exception):
    """A program was refused or stopped; `verdict` says why."""

    def __init__(self, verdict: Verdict):
        super().__init__(str(verdict))
        self.verdict = verdict

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.verdict,)


def _number(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31 else None
