"""What is asked about a region: chains of one to three facts, in words, with everything known about the way."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TypeVar

import numpy as np

from ...core.random import derive_seed
from .region import FAR, NUM_REGIONS, Region, open_region
from .relations import RELATIONS

__all__ = ["MAX_HOPS", "MAX_LISTED", "Question", "open_question"]

T = TypeVar("T")

MAX_HOPS = 3
MAX_LISTED = 30
"""Most names that are kept in mind: those in the question, and the ones read last."""
SHELF = 3
TRIES = 20_000
POLAR = 0.4  # of the questions of one hop about a thing are for yes or no


class Question:
    """One question, with its answer and how far everything is from it.

    Args:
        region, number: the number of the question in its region; it decides the hops: number % 3 + 1.
        chain: the things to be looked up, one a hop; the first stands in the question.
        labels: the relation of each hop.
        gold: node of the answer.
        other: the second thing named in a question for yes or no, else -1.

    Attributes:
        text: the question in words.
        named: the things that stand in it.
        shelf: other things, whose documents lie open at the start.
        far: node to look-ups after which the answer can be given, when the node has been named; 0 for the answer,
            `FAR` if it does not help.
    """

    __slots__ = ("chain", "far", "gold", "labels", "named", "number", "other", "region", "shelf", "text")

    def __init__(
        self, region: Region, number: int, chain: tuple[int, ...], labels: tuple[str, ...], gold: int, other: int
    ):
        self.region, self.number, self.chain, self.labels = region, number, chain, labels
        self.gold, self.other = gold, other
        self.named = chain[:1] if other < 0 else (chain[0], other)
        self.text, self.shelf = "", ()
        # "Yes" and "no" can be given once what is asked about was looked up: one step after it was named.
        column = region.distances[:, chain[0] if self.polar else gold].astype(int)
        column = np.minimum(column + self.polar, FAR)
        self.far = bytes([*column.tolist(), *[FAR] * (len(region.names) - region.num_things)])
        self.far = self.far[:gold] + b"\0" + self.far[gold + 1 :]

    def __reduce__(self) -> tuple:
        return open_question, (self.region.number, self.number)

    @property
    def polar(self) -> bool:
        """Whether the answer is yes or no."""
        return self.other >= 0

    @property
    def hops(self) -> int:
        """Facts that have to be found, each by a look-up."""
        return len(self.chain)


def open_question(region: int, number: int) -> Question:
    """Return a question about a region, the same one for all who ask in this process.

    The questions 0, 1, 2, 3, ... of a region have one, two, three, one, ... hops, and no two are the same.
    """
    return _open_asker(region)[number]


class _Asker:
    """Draws questions about one region, one after the other, as they are asked for."""

    def __init__(self, region: Region):
        self.region = region
        self.rng = np.random.default_rng(derive_seed("searchqa questions", region.number))
        self.questions: list[Question] = []
        self.asked: set[tuple] = set()

    def __getitem__(self, number: int) -> Question:
        tries = 0
        while number >= len(self.questions):
            question, tries = self._draw(len(self.questions)), tries + 1
            if question is not None:
                self.questions.append(question)
                tries = 0
            if tries > TRIES:
                raise ValueError(f"SearchQA-v0: region {self.region.number} has no question {number}")
        return self.questions[number]

    def _pick(self, choices: Sequence[T]) -> T:
        return choices[int(self.rng.integers(len(choices)))]

    def _draw(self, number: int) -> Question | None:
        """Return a question, or None if the facts drawn make none that needs exactly so many look-ups."""
        region, hops = self.region, number % MAX_HOPS + 1
        chain, labels = [int(self.rng.integers(region.num_things))], []
        for _ in range(hops - 1):
            facts = region.facts[chain[-1]]
            onward = [label for label in facts if RELATIONS[label].phrases and label not in labels]
            if not onward:
                return None
            labels.append(self._pick(onward))
            chain.append(facts[labels[-1]][0])
        facts = region.facts[chain[-1]]
        labels.append(self._pick([label for label in facts if label not in labels]))
        objects = facts[labels[-1]]
        gold, other = objects[0] if len(objects) == 1 else region.list_node(objects), -1
        if hops == 1 and RELATIONS[labels[0]].phrases and self.rng.random() < POLAR:
            other = gold if self.rng.random() < 0.5 else self._pick(region.of[region.kinds[gold]])
            gold = region.yes if other == gold else region.no
        key = (chain[0], *labels, other >= 0)
        if key in self.asked or len({*chain, gold}) <= hops or other in chain:
            return None
        question = Question(region, number, tuple(chain), tuple(labels), gold, other)
        if min(question.far[thing] for thing in question.named) != hops:
            return None
        shelf = [thing for thing in self.rng.permutation(region.num_things).tolist() if question.far[thing] >= hops]
        question.shelf = tuple([thing for thing in shelf if thing not in question.named][:SHELF])
        if len(question.shelf) < SHELF:
            return None
        question.text = self._words(question)
        self.asked.add(key)
        return question

    def _words(self, question: Question) -> str:
        """Put a question into words, from the inside out."""
        names = self.region.names
        text, (*inner, last) = names[question.chain[0]], question.labels
        for label in inner:
            text = self._pick(RELATIONS[label].phrases).format(x=text)
        if not question.polar:
            return self._pick(RELATIONS[last].asked).format(x=text)
        return f"Is {names[question.other]} {self._pick(RELATIONS[last].phrases).format(x=text)}?"


@lru_cache(maxsize=NUM_REGIONS)
def _open_asker(region: int) -> _Asker:
    return _Asker(open_region(region))
