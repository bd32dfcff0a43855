"""The rules: what an action does."""

from __future__ import annotations

from typing import Any

from .questions import MAX_LISTED, Question
from .scoring import f1
from .texts import document_text, first_text, search_text

__all__ = ["MAX_RETRIEVALS", "VERBS", "Game"]

VERBS = ("search", "read", "answer")
MAX_RETRIEVALS = 10
"""Searches and reads that an episode allows."""


class Game:
    """One episode.

    Args:
        question: what is asked.

    Attributes:
        listed: the nodes that have been named and are still kept in mind, the one read last at the end.
        titles: the documents that can be read: those that the last search found.
        retrievals: searches and reads that found something, which all admissible ones do.
        repeats: those of them that looked up what had been looked up before.
        looked_up: the things that were.
        answer: node of the answer given; -1 before it.
        f1: what it was worth; 0.0 before it.
        admissible: the actions that can be taken. After the answer, those that could be before.
    """

    __slots__ = (
        "admissible",
        "answer",
        "f1",
        "listed",
        "looked_up",
        "plan",
        "question",
        "repeats",
        "retrievals",
        "titles",
    )

    def __init__(self, question: Question):
        self.question = question
        self.listed: dict[int, None] = dict.fromkeys((*question.named, *question.shelf))
        self.titles: tuple[int, ...] = question.shelf
        self.looked_up: set[int] = set()
        self.retrievals = self.repeats = 0
        self.answer, self.f1 = -1, 0.0
        self.plan: tuple[int, str | None] | None = None
        self._list_actions()

    @property
    def first_observation(self) -> str:
        """What the episode begins with."""
        names, question = self.question.region.names, self.question
        return first_text(question.text, [names[title] for title in question.shelf])

    @property
    def left(self) -> int:
        """Retrievals that are left."""
        return MAX_RETRIEVALS - self.retrievals

    @property
    def facts_found(self) -> int:
        """Facts of the question's chain that have been looked up."""
        return sum(thing in self.looked_up for thing in self.question.chain)

    @property
    def won(self) -> bool:
        """Whether the answer was given, and right."""
        return self.f1 == 1.0

    def step(self, action: str) -> str | None:
        """Do an action; return what is read then, or None if it did nothing."""
        verb, _, name = action.strip().partition(" ")
        region = self.question.region
        node = region.nodes.get(name, -1)
        if verb == "answer":
            if node not in self.listed:
                return None
            self.answer, self.plan = node, None
            self.f1 = f1(name, region.names[self.question.gold])
            return f"Answered: {name}"
        if verb == "search":
            if node not in self.listed or node >= region.num_things or not self.left:
                return None
            text, self.titles = search_text(region, node), region.documents[node]
        elif verb == "read" and node in self.titles and self.left:
            text = document_text(region, node)
        else:
            return None
        self._look_up(node)
        return text

    def _look_up(self, thing: int) -> None:
        """Note what a look-up names, and forget what was named longest ago if that is too much."""
        self.retrievals += 1
        self.repeats += thing in self.looked_up
        self.looked_up.add(thing)
        question, listed = self.question, self.listed
        region = question.region
        named = region.shown[thing]
        if question.polar and thing == question.chain[0]:
            named = (*named, region.yes, region.no)
        for node in named:
            listed.pop(node, None)
            listed[node] = None
        if len(listed) > MAX_LISTED:
            first = iter([node for node in listed if node not in question.named and node < region.yes])
            while len(listed) > MAX_LISTED:
                del listed[next(first)]
        self._list_actions()

    def _list_actions(self) -> None:
        """List the actions: searches, reads, answers, each in the order in which they came up."""
        region, self.plan = self.question.region, None
        answers = [region.answer[node] for node in self.listed]
        if not self.left:
            self.admissible = answers
            return
        things, search, read = region.num_things, region.search, region.read
        self.admissible = [
            *[search[node] for node in self.listed if node < things],
            *[read[node] for node in self.titles],
            *answers,
        ]

    def dump(self) -> list[Any]:
        """Return the state as plain data; `load` makes an equal game of it."""
        return [list(self.listed), self.titles, sorted(self.looked_up), self.retrievals, self.repeats, self.answer]

    @classmethod
    def load(cls, question: Question, data: list[Any]) -> Game:
        """Return the game that was dumped."""
        game = cls(question)
        listed, titles, looked_up, game.retrievals, game.repeats, game.answer = data
        game.listed, game.titles, game.looked_up = dict.fromkeys(listed), tuple(titles), set(looked_up)
        names = question.region.names
        if game.answer >= 0:
            game.f1 = f1(names[game.answer], names[question.gold])
        game._list_actions()
        return game
