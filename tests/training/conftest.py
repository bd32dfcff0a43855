"""One small run that many tests look at."""

from __future__ import annotations

from pathlib import Path

import pytest

from guerdon.evaluation.cell import run_cell

from .cells import cell


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a finished run of `cell(video=True)`; tests only read it."""
    return run_cell(cell(video=True), tmp_path_factory.mktemp("trained"))
