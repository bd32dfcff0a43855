"""A language model that says which captions are helpful, for `learned/oni-v1`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Literal, get_args

import numpy as np

from ...core.names import check_name
from ..learned.annotators import Annotator
from .answers import json_of
from .backend import LLMBackend, LLMError, Message, Query

__all__ = ["LanguageAnnotator"]

Ask = Literal["answer", "choice"]
CHOICES = ("yes", "no")
HELPFUL = "This is what one step of the agent did:\n{}\nDoes it bring the agent nearer to its goal?"
BETTER = "These are two steps of the agent.\nA: {}\nB: {}\nWhich one brings the agent nearer to its goal, A or B?"


class LanguageAnnotator(Annotator):
    """Asks a language model about each caption, or each pair of captions.

    ask="answer": JSON, {"helpful": true} or {"better": "A" | "B" | "equal"}; an answer that cannot be read is no label
    (NaN), as in the paper, which parses a word. ask="choice": the likelier of "yes" and "no" (of "A" and "B" for pairs,
    where nobody ties), for small models and backends with log-probabilities.

    Source: ONI (arXiv 2410.23022, 2024) asks for one of two meaningless words, FOO and BAR, at temperature 0.1; Motif
    (arXiv 2310.00166, 2023) for the better of two captions. Status: the temperature from notes on the code, the words
    are our own.
    Traps: small models prefer a place or a word whatever the question is; see the study small_model_bias.
    Gamed by: what reads well.

    Args:
        backend: the model; `open_backend` keeps its answers.
        about: what the agent is for.
        ask: see above.
        seed: of the sampling.
    """

    def __init__(self, backend: LLMBackend, about: str, ask: Ask = "answer", seed: int = 0):
        self.ask = check_name("way to ask", ask, get_args(Ask), "the language annotator")
        self.backend, self.about, self.seed = backend, about, seed
        self.unread = 0
        """Answers so far that could not be read."""

    def label(self, captions: Sequence[str]) -> np.ndarray:
        """Ask about each caption. Raises `LLMError` if the model cannot be asked."""
        asked = [HELPFUL.format(caption) for caption in captions]
        return self._answers(asked, "helpful", {True: 1.0, False: 0.0}, CHOICES)

    def compare(self, pairs: Sequence[tuple[str, str]]) -> np.ndarray:
        """Ask about each pair. Raises `LLMError` if the model cannot be asked."""
        asked = [BETTER.format(*pair) for pair in pairs]
        return self._answers(asked, "better", {"A": 1.0, "B": 0.0, "equal": 0.5}, ("A", "B"))

    def _answers(
        self, asked: Sequence[str], key: str, worth: dict[bool, float] | dict[str, float], options: tuple[str, str]
    ) -> np.ndarray:
        if not asked:
            return np.zeros(0)
        if self.ask == "choice":
            queries = [Query(self._chat(f"{text} Answer {' or '.join(options)}."), options=options) for text in asked]
            told = [answer.logprobs for answer in self.backend.ask(queries)]
            return np.array([float(first > second) for first, second in told])
        schema = {
            "type": "object",
            "properties": {key: {"enum": list(worth)}},
            "required": [key],
            "additionalProperties": False,
        }
        form = " or ".join(json.dumps({key: one}) for one in worth)
        queries = [
            Query(
                self._chat(f"{text} Answer with JSON: {form}."), schema, temperature=0.1, max_tokens=32, seed=self.seed
            )
            for text in asked
        ]
        labels = np.full(len(asked), np.nan)
        for row, answer in enumerate(self.backend.ask(queries)):
            try:
                labels[row] = dict(worth)[json_of(answer).get(key)]  # type: ignore[index]
            except (LLMError, KeyError, TypeError):
                self.unread += 1
        return labels

    def _chat(self, text: str) -> tuple[Message, ...]:
        return (Message("system", self.about), Message("user", text))
