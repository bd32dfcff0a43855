"""The sandboxes that this machine has, for tests that go through all of them."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from guerdon.reward_models.programs.sandbox import Limits, Sandbox, open_sandbox

__all__ = ["KINDS", "opened"]

KINDS = ("monty", "own", "sandlock")


@contextmanager
def opened(kind: str, limits: Limits | None = None) -> Iterator[Sandbox]:
    """Open a sandbox; skip the test if its package is not installed or the kernel is not Linux, and only then."""
    package = {"monty": "pydantic_monty", "sandlock": "sandlock"}.get(kind)
    if package and importlib.util.find_spec(package) is None:
        pytest.skip(f"the package {package} is not installed")
    if kind != "monty" and sys.platform != "linux":
        pytest.skip("processes are confined on Linux only")
    try:
        sandbox = open_sandbox(kind, limits)
        _ = sandbox.about
    except RuntimeError as error:
        if kind == "sandlock" and "Landlock" in str(error):
            pytest.skip(str(error))
        raise
    with sandbox:
        yield sandbox
