"""What a check of a reward found, in words that a person or a language model can act on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Finding", "Report"]


@dataclass(frozen=True)
class Finding:
    """One check of a reward.

    Attributes:
        kind: "parses", "runs", "reads", "finite", "scale", "constant", "idle", "monotone", "ranking", "dwell", "loop".
        passed: whether it passed.
        message: what was seen, with numbers, and what to do about it.
        serious: whether the reward is to be rejected if it did not pass.
        figures: the numbers.
    """

    kind: str
    passed: bool
    message: str
    serious: bool = True
    figures: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Report:
    """All findings about one reward, in the order of the checks; those after a fatal one are missing."""

    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing serious failed."""
        return not any(one.serious and not one.passed for one in self.findings)

    @property
    def failed(self) -> tuple[str, ...]:
        """The kinds of the serious findings that did not pass."""
        return tuple(one.kind for one in self.findings if one.serious and not one.passed)

    @property
    def feedback(self) -> str:
        """What is wrong, one line a finding, for the prompt of a language model; "" if nothing is."""
        return "\n".join(f"- {one.kind}: {one.message}" for one in self.findings if not one.passed)

    def __getitem__(self, kind: str) -> Finding:
        """Return the finding of a kind; raise `KeyError` if the check was not made."""
        for one in self.findings:
            if one.kind == kind:
                return one
        raise KeyError(f"no finding {kind!r}, only {[one.kind for one in self.findings]}")

    def plain(self) -> list[dict[str, Any]]:
        """Return the findings as JSON data."""
        return [{**vars(one), "figures": dict(one.figures)} for one in self.findings]
