"""Where built things are kept between runs, and how a folder is built so that it is there whole or not at all."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

__all__ = ["build_folder", "cache_folder"]


def cache_folder(*parts: str) -> Path:
    """Return a folder below the user's cache, made if need be; below the temporary folder if that cannot be written.

    The environment variable GUERDON_CACHE names another place. What is in it can be deleted at any time.
    """
    if named := os.environ.get("GUERDON_CACHE"):
        roots = [Path(named).expanduser()]
    else:
        base = {
            "win32": os.environ.get("LOCALAPPDATA", "~/AppData/Local"),
            "darwin": "~/Library/Caches",
        }.get(sys.platform, os.environ.get("XDG_CACHE_HOME") or "~/.cache")
        roots = [Path(base).expanduser() / "guerdon", Path(tempfile.gettempdir()) / "guerdon-cache"]
    for root in roots:
        folder = root.joinpath(*parts)
        with contextlib.suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            if os.access(folder, os.W_OK):
                return folder
    raise PermissionError(f"no cache folder can be written: {', '.join(map(str, roots))}; set GUERDON_CACHE")


def build_folder(target: Path, build: Callable[[Path], None]) -> Path:
    """Make the folder `target` by filling a temporary one beside it and renaming it. What was there is removed first.

    If another process makes it meanwhile, that one stays. A killed build leaves no `target`.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists():
        old = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}."))
        with contextlib.suppress(OSError):  # another process was faster
            os.replace(target, old / "old")
        shutil.rmtree(old, ignore_errors=True)
    fresh = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}."))
    try:
        build(fresh)
        fresh.chmod(0o755)
        with contextlib.suppress(OSError):  # another process was faster
            os.rename(fresh, target)
        if not target.is_dir():
            raise OSError(f"{target} could not be made")
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return target
