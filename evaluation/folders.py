"""Folders of data: what it takes to write them, and writing them whole or not at all."""

from __future__ import annotations

import contextlib
import importlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

__all__ = ["check_new", "needed", "new_folder"]


def needed(module: str) -> ModuleType:
    """Return a module of the extra `data`.

    Raises:
        RuntimeError: it is not installed; the message says how to do that.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        name = module.partition(".")[0]
        raise RuntimeError(f'data sets need {name}, which cannot be imported: pip install "guerdon[data]"') from error


def check_new(folder: str | Path) -> None:
    """Check that data can be saved in a folder, before any work is done.

    Raises:
        RuntimeError: minari or pyarrow is not installed.
        FileExistsError: there is such a folder, and it is not empty.
    """
    needed("minari")
    needed("pyarrow")
    folder = Path(folder)
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise FileExistsError(f"{folder} exists; name another folder, or remove it")


@contextlib.contextmanager
def new_folder(folder: str | Path) -> Iterator[Path]:
    """Give a folder to fill, which becomes `folder` in the end, whole; nothing is left of it if that fails.

    Raises:
        RuntimeError, FileExistsError: as for `check_new`.
    """
    folder = Path(folder)
    check_new(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    hidden = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
    try:
        os.chmod(hidden, 0o755)
        yield hidden
        if folder.exists():
            folder.rmdir()
        os.rename(hidden, folder)
    except BaseException:
        shutil.rmtree(hidden, ignore_errors=True)
        raise
