"""What benchmarks find out: figures with a target, their table and their file."""

from __future__ import annotations

import argparse
import platform
import re
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import guerdon
from guerdon.core.files import write_json

__all__ = ["Figure", "parser", "print_figures", "report"]


@dataclass(frozen=True)
class Figure:
    """One measured quantity: a value for each repetition, and what was aimed at as (">=" or "<", value)."""

    name: str
    unit: str
    values: Sequence[float]
    target: tuple[str, float] | None = None

    def plain(self) -> dict[str, Any]:
        """Return the figure as plain data: median, range, number of repetitions, target and whether it is met."""
        median = statistics.median(self.values)
        sign, aim = self.target or ("", 0.0)
        return {
            "name": self.name,
            "unit": self.unit,
            "median": median,
            "range": [min(self.values), max(self.values)],
            "repetitions": len(self.values),
            "target": f"{sign} {aim:,g}" if sign else None,
            "met": (median >= aim if sign == ">=" else median < aim) if sign else None,
        }


def parser(doc: str | None) -> argparse.ArgumentParser:
    """Return a parser with the options of every benchmark, described by the first line of `doc`."""
    made = argparse.ArgumentParser(description=(doc or "").partition("\n")[0])
    made.add_argument("--quick", action="store_true", help="two short repetitions; the figures mean little")
    made.add_argument("--json", metavar="PATH", help="where to write the figures; without it they are only printed")
    return made


def report(
    figures: Iterable[Figure], args: argparse.Namespace, recorded: dict[str, Any] | None, **versions: str
) -> None:
    """Print the table of the figures and, if `args` of `parser` say so, write it with what the figures depend on.

    Args:
        figures: measured as they are asked for.
        args: what `parser` found.
        recorded: a value to compare with that is not measured here: its name, unit and value; None without.
        versions: of the packages that decide the figures.
    """
    found = print_figures(figures)
    if recorded:
        print(f"\nrecorded, not measured here: {recorded['name']}: {recorded['value']} {recorded['unit']}")
    if args.json:
        about = {"schema": 1, **_machine(), **versions, "guerdon": guerdon.__version__, "quick": args.quick}
        write_json(args.json, {**about, "figures": found, "recorded": recorded})


def print_figures(figures: Iterable[Figure]) -> list[dict[str, Any]]:
    """Print a row for each figure as it comes; return them as plain data."""
    print(f"{'':<50}{'median':>9}  {'range':>20}  {'unit':<13}target")
    found = []
    for figure in figures:
        row = figure.plain()
        found.append(row)
        ends = " .. ".join(map(_number, row["range"])) if row["repetitions"] > 1 else ""
        verdict = {True: "pass", False: "FAIL", None: ""}[row["met"]]
        aim = f"{row['target'] or '':<10} {verdict}"
        print(f"{row['name']:<50}{_number(row['median']):>9}  {ends:>20}  {row['unit']:<13}{aim}".rstrip(), flush=True)
    return found


def _machine() -> dict[str, str]:
    """Return what the figures depend on: the CPU's model and the version of Python."""
    info = Path("/proc/cpuinfo")
    names = re.findall(r"^model name\s*: (.+)$", info.read_text(), re.MULTILINE) if info.exists() else []
    return {
        "cpu": names[0] if names else platform.processor() or platform.machine(),
        "python": platform.python_version(),
    }


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
