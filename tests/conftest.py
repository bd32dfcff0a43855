"""Settings for all tests: one thread, Hypothesis without its time limits and its database, a cache of their own."""

from __future__ import annotations

import os
from collections.abc import Iterator

os.environ.setdefault("OMP_NUM_THREADS", "1")

import pytest
from hypothesis import settings

settings.register_profile("guerdon", deadline=None, database=None, derandomize=True)
settings.load_profile("guerdon")


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep what is built (catalogues) in a folder of this run, unless GUERDON_CACHE names one; processes inherit it."""
    if os.environ.get("GUERDON_CACHE"):
        yield
        return
    os.environ["GUERDON_CACHE"] = str(tmp_path_factory.mktemp("cache"))
    yield
    del os.environ["GUERDON_CACHE"]
