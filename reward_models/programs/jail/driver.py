"""Runs one program in a worker, batch after batch, and says how it went. Knows nothing of the suite."""

from __future__ import annotations

import builtins
import math
import signal
import sys
from types import CodeType, ModuleType, SimpleNamespace
from typing import Any

import numpy as np

__all__ = ["Driver"]

_SAFE = """abs all any bool bytes callable complex dict divmod enumerate filter float frozenset hasattr hash int
isinstance issubclass iter len list map max min next ord chr pow property range repr reversed round set slice sorted
staticmethod classmethod str sum super tuple type zip __build_class__ NotImplemented Ellipsis"""
SAFE = frozenset(_SAFE.split())
MODULES = frozenset({"math", "numpy", "typing", "dataclasses", "__future__"})
FILE, MODULE = "<reward>", "reward"


class Driver:
    """A loaded program.

    Args:
        source, function: the program, and its function.
        bare: give it all of Python's builtins.
        seconds: after which a batch that nobody stops ends the process.
        output: characters that it may print in a batch.
        terms: most named terms.
    """

    def __init__(
        self,
        source: str,
        function: str,
        bare: bool,
        seconds: float,
        output: int,
        terms: int,
    ):
        self.function, self.seconds = function, seconds
        self.output, self.most_terms = output, terms
        self.code: CodeType = compile(source, FILE, "exec", dont_inherit=True)
        self.printed = 0
        safe = vars(builtins) if bare else {name: getattr(builtins, name) for name in SAFE if hasattr(builtins, name)}
        errors = {
            name: value
            for name, value in vars(builtins).items()
            if isinstance(value, type) and issubclass(value, BaseException)
        }
        known = {**safe, **errors, "print": self._print}
        self.base = {
            "__builtins__": known if bare else {**known, "__import__": _import},
            "__name__": MODULE,
            "np": np,
            "numpy": np,
            "math": math,
        }
        sys.modules[MODULE] = ModuleType(MODULE)  # dataclasses look up where a class comes from

    def run(
        self, size: int, parameters: list[str], columns: list[list[Any]], numbers: bytearray
    ) -> tuple[dict[str, Any], bytes]:
        """Call the function for each step of a batch; return the header and the numbers of the answer."""
        # Whoever asked stops a batch that takes too long. If they are gone, this does.
        signal.setitimer(signal.ITIMER_REAL, self.seconds)
        row = self.printed = 0
        try:
            rows = _rows(size, parameters, columns, numbers)
            names: list[str] = []
            values = bytearray()
            for row, arguments in enumerate(rows):
                paid = self._paid(arguments)
                if row == 0:
                    names = list(paid)
                    self._check_names(names)
                elif len(paid) != len(names) or any(name not in paid for name in names):
                    raise _OutputError(f"the terms are {list(paid)[:8]}, but were {names[:8]} in the step before")
                values += np.array([_number(name, paid[name]) for name in names], dtype="<f8").tobytes()
            signal.setitimer(signal.ITIMER_REAL, 0)
            return {"kind": "ok", "names": names}, bytes(values)
        except BaseException as error:
            signal.setitimer(signal.ITIMER_REAL, 0)
            return {**describe(error), "row": row}, b""

    def _paid(self, arguments: dict[str, Any]) -> dict[str, Any]:
        names = self.base.copy()
        exec(self.code, names)
        paid = names[self.function](**arguments)
        return paid if isinstance(paid, dict) else {"reward": paid}

    def _check_names(self, names: list[Any]) -> None:
        if not 0 < len(names) <= self.most_terms:
            raise _OutputError(f"{len(names)} terms; a reward has 1 to {self.most_terms}")
        for name in names:
            if type(name) is not str or not 0 < len(name) <= 64:
                raise _OutputError(f"a term's name is {str(name)[:40]!r}, not a text of 1 to 64 characters")

    def _print(self, *values: Any, **_: Any) -> None:
        self.printed += sum(len(str(value)) for value in values) + 1
        if self.printed > self.output:
            raise _OutputError(f"printed more than {self.output} characters")


def _rows(size: int, parameters: list[str], columns: list[list[Any]], numbers: bytearray) -> list[dict[str, Any]]:
    """Return the function's arguments for each step."""
    plain: dict[str, list[Any]] = {}
    grouped: dict[str, dict[str, list[Any]]] = {name: {} for name in parameters}
    at = 0
    for name, shape, texts in columns:
        if shape is None:
            values = texts
        else:
            count = size * math.prod(shape)
            array = np.frombuffer(numbers, "<f8", count, at).reshape(size, *shape)
            values, at = list(array) if shape else array.tolist(), at + 8 * count
        group, _, field = name.partition(".")
        if field:
            grouped[group][field] = values
        else:
            plain[group] = values
    for group, fields in grouped.items():
        if group not in plain:
            made = zip(*fields.values(), strict=True) if fields else [()] * size
            plain[group] = [SimpleNamespace(**dict(zip(fields, row, strict=True))) for row in made]
    return [{name: plain[name][row] for name in parameters} for row in range(size)]


class _OutputError(Exception):
    """What came back is no payment."""


def describe(error: BaseException) -> dict[str, Any]:
    """Return an exception as plain data: kind, message and the program's line."""
    if isinstance(error, _OutputError):
        kind = "output"
    elif isinstance(error, MemoryError):
        kind = "memory"
    elif isinstance(error, RecursionError):
        kind = "recursion"
    elif isinstance(error, SyntaxError):
        return {"kind": "syntax", "message": str(error.msg), "line": error.lineno}
    elif isinstance(error, PermissionError | _ForbiddenError):
        kind = "forbidden"
    else:
        kind = "error"
    line, trace = None, error.__traceback__
    while trace is not None:
        line = trace.tb_lineno if trace.tb_frame.f_code.co_filename == FILE else line
        trace = trace.tb_next
    try:
        text = str(error)
    except BaseException:
        text = "an exception that cannot be shown"
    name = "" if isinstance(error, _OutputError | _ForbiddenError) else type(error).__name__ + ": " * bool(text)
    return {"kind": kind, "message": (name + text)[:300], "line": line}


class _ForbiddenError(ImportError):
    """An import that a reward may not make."""


def _import(name: str, *arguments: Any, **named: Any) -> Any:
    if name.partition(".")[0] not in MODULES:
        raise _ForbiddenError(f"import of {name!r}")
    return __import__(name, *arguments, **named)


def _number(name: str, value: Any) -> float:
    if isinstance(value, int | float | np.number | np.bool_) and not isinstance(value, np.complexfloating):
        return float(value)
    if isinstance(value, np.ndarray) and value.size == 1 and value.dtype.kind in "fiub":
        return float(value.reshape(())[()])
    raise _OutputError(f"term {name!r} is {type(value).__name__}, not a number")
