"""A language model that says which of two segments is better, asked in both orders."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

import numpy as np

from ...core.names import check_name
from ...core.preferences import Labeler
from ...core.trajectory import Trajectory
from .answers import json_of
from .backend import LLMBackend, Message, Query
from .transcripts import TextTranscript, Transcript, next_action_query

__all__ = ["PairwiseJudge"]

Ask = Literal["choice", "answer", "likelihood"]
LETTERS = ("A", "B")


class PairwiseJudge(Labeler):
    """Labels pairs of segments by a margin m: how much more the model is for the first than for the second.

    ask="choice": m = log P("A") - log P("B"), once with the first segment as A and once as B with the sign turned,
    and then the mean of the two. Small models hardly look at what A and B are: they like the letter or the place. The
    same bias b is in both margins, m_1 = m + b and m_2 = m - b, so the mean is rid of it, as far as it is a constant.
    ask="answer": for servers without log-probabilities; the model answers A, B or "equal" as JSON; m is +1, -1 or 0 in
    each order, so orders that contradict each other make a tie.
    ask="likelihood": m is the difference of the segments' mean log P(action | task, what was before) per step. There
    is no order. It judges actions, not outcomes: likely wording wins.

    A margin is a label by its sign (ties within `tie` of 0), or with `soft` sigmoid(m / temperature).

    Source: scoring both orders after Zheng et al. (MT-Bench, arXiv 2306.05685, 2023) and Wang et al. (arXiv
    2305.17926, 2023). Status: swapping from the papers' text; averaging log-odds in place of calling disagreement a
    tie is our own.
    Gamed by: what reads as success. Behaviour that describes itself well wins over behaviour that works.

    Args:
        backend: the model.
        ask: see above.
        transcript: how a segment is told; `ManipulationOutcome()` for robots.
        soft, temperature, tie: see above.
    """

    def __init__(
        self,
        backend: LLMBackend,
        ask: Ask = "choice",
        transcript: Transcript | None = None,
        soft: bool = False,
        temperature: float = 1.0,
        tie: float = 0.0,
    ):
        self.ask = check_name("way to ask", ask, get_args(Ask), "the pairwise judge")
        if temperature <= 0 or tie < 0:
            raise ValueError(f"temperature {temperature} must be above 0 and tie {tie} not below")
        self.backend, self.soft, self.temperature, self.tie = backend, soft, temperature, tie
        self.transcript: Transcript = transcript or TextTranscript()
        self.reads = self.transcript.reads

    def label(self, trajectories: Sequence[Trajectory], pairs: np.ndarray) -> np.ndarray:
        """Return labels (N,) for pairs (N, 2, 3)."""
        margin = self.margins(trajectories, pairs).mean(axis=1)
        if self.soft:
            return 1.0 / (1.0 + np.exp(-np.clip(margin / self.temperature, -50.0, 50.0)))
        return np.where(np.abs(margin) <= self.tie, 0.5, (margin > 0).astype(float))

    def margins(self, trajectories: Sequence[Trajectory], pairs: np.ndarray) -> np.ndarray:
        """Return the margins (N, 2): asked with the first segment first, and with the second first.

        Both are margins of the first over the second. Where they differ, the order decides, not the segments.

        Raises:
            LLMError: the model cannot be asked, or its answer cannot be read.
        """
        pairs = np.asarray(pairs, dtype=int).reshape(-1, 2, 3)
        if self.ask == "likelihood":
            means = self._mean_logp(trajectories, pairs.reshape(-1, 3).tolist()).reshape(-1, 2)
            return np.repeat(means[:, :1] - means[:, 1:], 2, axis=1)
        queries = [
            self._query(trajectories, *order) for first, second in pairs.tolist() for order in _orders(first, second)
        ]
        answers = self.backend.ask(queries) if queries else []
        if self.ask == "choice":
            told = np.array([answer.logprobs[0] - answer.logprobs[1] for answer in answers])
        else:
            signs = {"A": 1.0, "B": -1.0}
            told = np.array([signs.get(str(json_of(answer).get("better")), 0.0) for answer in answers])
        return told.reshape(-1, 2) * np.array([1.0, -1.0])

    def _query(self, trajectories: Sequence[Trajectory], a: Sequence[int], b: Sequence[int]) -> Query:
        tell, own = self.transcript, trajectories[a[0]]
        told = [
            f"{letter}:\n{tell(trajectories[row], *cut)}" for letter, (row, *cut) in zip(LETTERS, (a, b), strict=True)
        ]
        task = f"Task: {tell.task(own)}"
        if (other := tell.task(trajectories[b[0]])) != tell.task(own):
            task = f"Task of A: {tell.task(own)}\nTask of B: {other}"
        text = f"{task}\n\n{told[0]}\n\n{told[1]}\n\nWhich did better at the task, A or B?"
        if self.ask == "choice":
            return Query((Message("user", f"{text} Answer with one letter."),), options=LETTERS)
        schema = {
            "type": "object",
            "properties": {"better": {"type": "string", "enum": [*LETTERS, "equal"]}},
            "required": ["better"],
            "additionalProperties": False,
        }
        asked = f'{text} Answer with JSON: {{"better": "A"}}, {{"better": "B"}} or {{"better": "equal"}}.'
        return Query((Message("user", asked),), schema=schema, max_tokens=64)

    def _mean_logp(self, trajectories: Sequence[Trajectory], segments: Sequence[Sequence[int]]) -> np.ndarray:
        queries = [
            next_action_query(trajectories[row], index, (str(trajectories[row].steps[index].action),))
            for row, start, stop in segments
            for index in range(start, stop)
        ]
        found = np.array([answer.logprobs[0] for answer in (self.backend.ask(queries) if queries else [])])
        ends = np.cumsum([stop - start for _, start, stop in segments])
        return np.array([part.mean() for part in np.split(found, ends[:-1])])


def _orders(first: Sequence[int], second: Sequence[int]) -> tuple[tuple[Sequence[int], Sequence[int]], ...]:
    return (first, second), (second, first)
