"""From the env's arguments to a compiled catalogue: found in the cache, or built there first."""

from __future__ import annotations

import hashlib
import json
import sys
import time
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from ....core.cache import build_folder, cache_folder
from ....core.names import check_name
from ..generator.goals import generate_goals
from ..generator.products import generate_products
from .compiled import CompiledCatalogue, compile_catalogue
from .original import OriginalShop, find_original
from .product import Goal, Product
from .schema_files import read_goals, read_products

__all__ = ["open_compiled"]

MODES = ("human", "synthetic")
SMALLEST, LARGEST = 1_000, 1_181_436
"""Sizes of the built-in catalogue; the largest is the original's."""
LONG = 20_000
"""Products from which on building takes long enough to say how far it is."""


@dataclass(frozen=True)
class Source:
    """Where products and goals come from.

    Attributes:
        name: of the cache folder, for people.
        key: plain data; equal keys mean equal catalogues.
        products, goals: called in this order.
        size: products there will be, or None.
    """

    name: str
    key: dict[str, Any]
    products: Callable[[], Iterable[Product]]
    goals: Callable[[], Iterable[Goal]]
    size: int | None = None


def open_compiled(catalogue: int | str, goals: str | None, seed: int | None, reproducible: bool) -> CompiledCatalogue:
    """Open a compiled catalogue; build it if it is not in the cache, or if what is there is not whole.

    Args:
        catalogue: as in `catalogue.open_catalogue`.
        goals: as there.
        seed: as there.
        reproducible: whether prices and bounds of a user's WebShop files depend on seed and product alone.

    Raises:
        ValueError: files that cannot be read, a size out of range; the message names file and line.
    """
    source = _find_source(catalogue, goals, seed, reproducible)
    key = json.dumps({**source.key, "code": _code_digest()}, sort_keys=True)
    folder = cache_folder("webshop") / f"{source.name}-{hashlib.sha256(key.encode()).hexdigest()[:16]}"
    broken = ""
    for _ in range(2):  # a folder that another process is replacing looks broken for a moment
        if folder.exists():
            try:
                return CompiledCatalogue(folder)
            except ValueError as error:
                broken = str(error)
                time.sleep(0.05)
    if broken and folder.exists():
        warnings.warn(f"WebShop-v0: the compiled catalogue is built anew, since {broken}", stacklevel=2)
    long = source.size is None or source.size >= LONG
    report = _Counter(source) if long and sys.stderr.isatty() else None
    build_folder(folder, lambda fresh: compile_catalogue(fresh, source.products(), source.goals, report))
    return CompiledCatalogue(folder)


def _find_source(catalogue: int | str, goals: str | None, seed: int | None, reproducible: bool) -> Source:
    if isinstance(catalogue, int):
        return _generated(catalogue, goals, seed or 0)
    path = Path(catalogue)
    files = find_original(path) if path.exists() else None
    if files is not None:
        mode = check_name("kind of goals", goals or "human", MODES, f"WebShop-v0 with {path}")
        draws = 233 if seed is None else seed
        shop = OriginalShop(files, mode, draws, reproducible)  # type: ignore[arg-type]
        parts = [file for file in (files.items, files.attributes, files.human) if file is not None]
        key = {"files": list(map(_stamp, parts)), "goals": mode, "seed": draws, "reproducible": reproducible}
        return Source("original", key, shop.products, shop.goals)
    if not path.is_file():
        raise FileNotFoundError(
            f"WebShop-v0: catalogue {str(path)!r} is neither a file of products nor a folder of WebShop files"
        )
    if goals is None or not Path(goals).expanduser().is_file():
        raise FileNotFoundError(f"WebShop-v0: goals is {goals!r}, not a file of goals for the products of {path}")
    told = Path(goals).expanduser()
    key = {"files": [_stamp(path), _stamp(told)]}
    return Source("files", key, lambda: read_products(path), lambda: read_goals(told))


def _generated(size: int, goals: str | None, seed: int) -> Source:
    if not SMALLEST <= size <= LARGEST:
        raise ValueError(f"WebShop-v0: catalogue is {size} products, not {SMALLEST:,} to {LARGEST:,}")
    name, key, products = f"generated-{size}", {"size": size, "seed": seed}, partial(generate_products, size, seed)
    if goals in (None, "all", *MODES):
        return Source(name, key, products, lambda: generate_goals(products(), seed), size)
    told = Path(str(goals)).expanduser()
    if not told.is_file():
        check_name("kind of goals", goals, (*MODES, "all"), "WebShop-v0")
    return Source(name, {**key, "files": [_stamp(told)]}, products, lambda: read_goals(told), size)


def _stamp(path: Path) -> tuple[str, int, int]:
    """Return what changes when a file is changed, without reading it: these can be gigabytes."""
    about = path.stat()
    return str(path.resolve()), about.st_size, about.st_mtime_ns


def _code_digest() -> str:
    """Return a digest of the code that decides what is in a compiled catalogue."""
    here = Path(__file__).resolve().parent.parent
    files = [file for folder in ("generator", "data", "search") for file in here.glob(f"{folder}/*.py")]
    return hashlib.sha256(b"".join(file.read_bytes() for file in sorted(files))).hexdigest()


class _Counter:
    """Says on the terminal how far a build is."""

    def __init__(self, source: Source):
        self.source = source

    def __call__(self, what: str, count: int) -> None:
        of = f" of {self.source.size:,}" if self.source.size else ""
        print(
            f"\rWebShop-v0: compiling {self.source.name}: {what}, {count:,}{of}   ", end="", file=sys.stderr, flush=True
        )
