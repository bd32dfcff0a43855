"""What a language model is to this project: something that answers a chat, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

__all__ = ["Answer", "LLMBackend", "LLMError", "Message", "Query"]


class LLMError(RuntimeError):
    """A language model could not be asked, or its answer could not be used; the message says which and why."""


@dataclass(frozen=True)
class Message:
    """One turn of a chat; role is "system", "user" or "assistant"."""

    role: str
    content: str


@dataclass(frozen=True)
class Query:
    """Everything that an answer depends on beside the model.

    Attributes:
        messages: the chat so far.
        schema: a JSON schema that the answer has to follow, or None for free text.
        temperature: 0 for the likeliest answer.
        max_tokens: length limit of the answer.
        seed: of the sampling.
        options: texts to choose between; the answer then has `logprobs`: for each, log P(option | messages), the mean
            over its tokens.
    """

    messages: tuple[Message, ...]
    schema: Mapping[str, Any] | None = None
    temperature: float = 0.0
    max_tokens: int = 1024
    seed: int = 0
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answer:
    """What came back: the text, log-probabilities of the options (if any were given), and the tokens that it cost."""

    text: str
    logprobs: tuple[float, ...] = ()
    tokens: int = 0
    about: Mapping[str, Any] = field(default_factory=dict)


@runtime_checkable
class LLMBackend(Protocol):
    """A language model. `name` identifies model and server settings in caches and records; no addresses or keys."""

    @property
    def name(self) -> str:
        """What answers depend on beside the query."""
        ...

    def ask(self, queries: Sequence[Query]) -> list[Answer]:
        """Answer all queries, in order. Raises `LLMError`."""
        ...
