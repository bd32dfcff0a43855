"""A language model that says what it is told to, for tests and for replaying a transcript."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .backend import Answer, LLMError, Query

__all__ = ["ScriptedBackend"]

Reply = str | Answer | Exception


class ScriptedBackend:
    """Gives prepared answers, one after the other, or what a function says to each query.

    Args:
        replies: the answers in order, or a function of the query. A text becomes an answer; an exception is raised.
        name: see `LLMBackend`.

    Attributes:
        asked: the queries so far.
    """

    def __init__(self, replies: Sequence[Reply] | Callable[[Query], Reply], name: str = "scripted"):
        self.name = name
        self.asked: list[Query] = []
        self._replies = replies

    def ask(self, queries: Sequence[Query]) -> list[Answer]:
        """Answer all queries, in order."""
        return [self._answer(query) for query in queries]

    def _answer(self, query: Query) -> Answer:
        number = len(self.asked)
        self.asked.append(query)
        reply: Reply
        if callable(self._replies):
            reply = self._replies(query)
        elif number < len(self._replies):
            reply = self._replies[number]
        else:
            raise LLMError(f"{self.name} has {len(self._replies)} answers and was asked once more")
        if isinstance(reply, Exception):
            raise reply
        return Answer(reply) if isinstance(reply, str) else reply
