"""The sandbox that sends each program to the one that fits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .lint import Facts
from .sandbox import Limits, LoadedProgram, Sandbox, SandboxKind, open_sandbox

__all__ = ["AutoSandbox"]


class AutoSandbox(Sandbox):
    """Sends each program to the sandbox that fits: pure Python to Monty, code that uses numpy to a process.

    Where one of the two is not to be had, the other takes all. Real numpy and Monty's small stand-in may differ in the
    last digit.
    """

    kind = SandboxKind.AUTO

    def __init__(self, limits: Limits | None = None):
        super().__init__(limits)
        self._made: dict[SandboxKind, Sandbox] = {}
        self._refused: dict[SandboxKind, str] = {}

    @property
    def about(self) -> Mapping[str, Any]:
        """What is known of both."""
        found = {}
        for kind in (SandboxKind.MONTY, SandboxKind.PROCESS):
            made = self._get(kind)
            found[str(kind)] = made.about if made else {"refused": self._refused[kind]}
        return {"kind": "auto", **found}

    def _loaded(self, facts: Facts, lint: bool) -> LoadedProgram:
        order = (SandboxKind.MONTY, SandboxKind.PROCESS)
        for kind in reversed(order) if facts.uses_numpy else order:
            made = self._get(kind)
            if made:
                return made._loaded(facts, lint)
        reasons = "; ".join(f"{kind}: {reason}" for kind, reason in self._refused.items())
        raise RuntimeError(f"no sandbox for programs on this machine ({reasons})")

    def _get(self, kind: SandboxKind) -> Sandbox | None:
        if kind not in self._made and kind not in self._refused:
            try:
                made = open_sandbox(kind, self.limits)
                _ = made.about  # tries it
                self._made[kind] = made
            except RuntimeError as error:
                self._refused[kind] = str(error)
        return self._made.get(kind)

    def close(self) -> None:
        """Close both."""
        for made in self._made.values():
            made.close()
