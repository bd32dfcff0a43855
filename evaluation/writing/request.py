"""What somebody who is to write a reward is told, and what comes back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from .written import Form, Written

__all__ = ["Draft", "Example", "Request", "Writer"]


@dataclass(frozen=True)
class Example:
    """A task and a reward for it that is shown as a model: env, goal in words, and the text of the reward."""

    env: str
    goal: str
    form: Form
    text: str


@dataclass(frozen=True)
class Request:
    """Everything a writer is told. Nothing in it comes from the objective, unless `feedback` does.

    Attributes:
        env: id of the env.
        goal: what is wanted, in words.
        best: the best so far by whoever compares; None in the first round.
        worst: the worst of the last round.
        past: earlier good ones, the latest last.
        feedback: what else is said of the last round, or what a person said.
        examples: other tasks with their rewards.
        iteration: number of the round, from 0.
    """

    env: str
    goal: str
    best: Written | None = None
    worst: Written | None = None
    past: tuple[Written, ...] = ()
    feedback: str = ""
    examples: tuple[Example, ...] = ()
    iteration: int = 0


@dataclass(frozen=True)
class Draft:
    """What a writer gave back: a text, and where it comes from (writer, prompt_sha256, ...)."""

    form: Form
    text: str
    about: Mapping[str, Any] = field(default_factory=dict)


class Writer(Protocol):
    """Writes rewards. `name` says who it is, for the record."""

    @property
    def name(self) -> str:
        """Who writes."""
        ...

    def write(self, request: Request, n: int, seed: int) -> list[Draft]:
        """Return at most n drafts; equal arguments give equal drafts."""
        ...

    def repair(self, request: Request, draft: Draft, complaint: str, seed: int) -> Draft | None:
        """Return a better draft, told what is wrong with one; None if this writer does not mend."""
        ...
