"""Settings for all tests: one thread, and Hypothesis without its time limits and its database on disk."""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

from hypothesis import settings

settings.register_profile("guerdon", deadline=None, database=None, derandomize=True)
settings.load_profile("guerdon")
