"""The repository as the static tests see it: its files, its modules by their installed names, their syntax trees."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from guerdon.scripts.bootstrap import package_folders

__all__ = ["FOLDERS", "LAYERS", "ROOT", "all_files", "dotted_name", "package_files", "package_modules", "parse"]

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = package_folders(ROOT)

# From the ground up; a module may import from its own layer and from those before it. The front door
# (src/guerdon/__init__.py) offers what stands below it. `_version` is plain data, for every layer.
LAYERS = ["_version", "core", "envs", "reward_models", "wrappers", "__init__", "agents", "evaluation", "scripts"]

_NEVER_OURS = {"__pycache__", "build", "dist", "runs", "reports"}


def package_files() -> Iterator[tuple[Path, str]]:
    """Yield every file that has to install: where it stands, and the name it must have in the wheel."""
    for folder, name in ((ROOT / "src" / "guerdon", "guerdon"), *((ROOT / f, f"guerdon/{f}") for f in FOLDERS)):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path, f"{name}/{path.relative_to(folder).as_posix()}"


def package_modules() -> list[tuple[Path, str]]:
    """Return (path, dotted name) of every module of the package."""
    return [(path, dotted_name(name)) for path, name in package_files() if path.suffix == ".py"]


def dotted_name(name: str) -> str:
    """Return the name by which a file of the package is imported: "guerdon/core/__init__.py" -> "guerdon.core"."""
    parts = name.removesuffix(".py").split("/")
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def parse(path: Path) -> ast.Module:
    """Return the syntax tree of one module."""
    return ast.parse(path.read_text("utf-8"), filename=str(path))


@cache
def all_files() -> tuple[Path, ...]:
    """Return every file that git tracks or would track; without git, every file that is not plainly a product."""
    command = ["git", "-C", str(ROOT), "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    if (ROOT / ".git").exists():
        listed = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True).stdout
        paths = [ROOT / name for name in listed.split("\0") if name]
    else:
        paths = [path for path in ROOT.rglob("*") if not _is_product(path.relative_to(ROOT))]
    return tuple(sorted(path for path in paths if path.is_file()))


def _is_product(path: Path) -> bool:
    hidden = path.parts[0].startswith(".") and path.parts[0] != ".ci" and len(path.parts) > 1
    return hidden or any(part in _NEVER_OURS or part.endswith(".egg-info") for part in path.parts)
