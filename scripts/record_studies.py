"""Measures the directions that published reward systems claim, one study a file of `scripts/studies`.

    python scripts/record_studies.py [--study NAME] [--seeds N]

It writes docs/results/studies/NAME.json. Run `scripts/gen_docs.py` afterwards: docs/studies.md shows them all.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import time
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import guerdon.scripts.studies
from guerdon.core.files import write_json
from guerdon.core.names import check_name
from guerdon.scripts.options import run

__all__ = ["RecordStudies", "main", "studies"]

ROOT = Path(__file__).resolve().parent.parent


@dataclass
class RecordStudies:
    """Measure the directions that published reward systems claim.

    Example: python scripts/record_studies.py --study starc
    """

    study: str | None = None
    """Name of a study. Default: all of them."""
    seeds: int = 5
    """Seeds of each row."""
    out: str = str(ROOT / "docs" / "results" / "studies")
    """Folder that the results are written to."""


def studies() -> dict[str, ModuleType]:
    """Return the modules of all studies by name."""
    names = [found.name for found in pkgutil.iter_modules(guerdon.scripts.studies.__path__)]
    return {name: importlib.import_module(f"guerdon.scripts.studies.{name}") for name in sorted(names)}


def main(args: RecordStudies) -> int:
    """Measure and write."""
    known = studies()
    for name in known if args.study is None else [check_name("study", args.study, known)]:
        module, began = known[name], time.process_time()
        rows = module.measure(args.seeds)
        title, _, about = inspect.cleandoc(module.__doc__ or "").partition("\n")
        write_json(
            Path(args.out, f"{name}.json"),
            {
                "schema": 1,
                "study": name,
                "title": title.rstrip("."),
                "about": about.strip(),
                "seeds": args.seeds,
                "rows": rows,
                "finding": module.finding(rows),
                "cpu_s": round(time.process_time() - began, 1),
            },
        )
        print(f"{name:<24}{time.process_time() - began:7.1f} s  {module.finding(rows)}", flush=True)
    return 0


if __name__ == "__main__":
    run(RecordStudies, main)
