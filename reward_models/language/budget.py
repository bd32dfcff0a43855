"""How much a language model may be asked, so that a loop that asks too often stops instead of costing."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any

from .backend import LLMError

__all__ = ["Budget"]


@dataclass
class Budget:
    """A limit on requests and on tokens; several backends and threads may share one.

    A request is sent only while less than the limits is spent, so the last one may overshoot the limit on tokens by
    its own length. Requests that are repeated after a failure count; answers from a cache cost nothing.

    Attributes:
        requests, tokens: the limits; None for no limit.
        spent_requests, spent_tokens: what has been spent.
    """

    requests: int | None = None
    tokens: int | None = None
    spent_requests: int = 0
    spent_tokens: int = 0
    _lock: Any = field(default_factory=threading.Lock, repr=False, compare=False)

    def take(self) -> None:
        """Count one request about to be sent.

        Raises:
            LLMError: a limit is reached; nothing is counted then.
        """
        with self._lock:
            for what, limit, spent in (
                ("requests", self.requests, self.spent_requests),
                ("tokens", self.tokens, self.spent_tokens),
            ):
                if limit is not None and spent >= limit:
                    raise LLMError(f"the budget of {limit} {what} is spent ({spent} used); raise it to go on")
            self.spent_requests += 1

    def spend(self, tokens: int) -> None:
        """Count the tokens of an answer."""
        with self._lock:
            self.spent_tokens += tokens

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "_lock"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state, _lock=threading.Lock())
