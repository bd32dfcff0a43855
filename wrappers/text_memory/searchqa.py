"""The memory for the question world: what is asked, how each name was come by, what was looked up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from .base import TextMemory, register, words
from .searchqa_reading import asked_in_order, names_of, read_facts, without

__all__ = ["SearchQAMemory"]

LOOK_UPS = 10
MOST_HOPS = 3


@register
class SearchQAMemory(TextMemory):
    """Reads search results and documents. What is held is the relation to be followed next.

    The way to a name is how many of the question's relations, from the inside out, led to it from the name that the
    question begins with. Names themselves stay out of the arrays: those of one question are not those of the next, and
    a policy that learns them by heart knows nothing of the others.
    """

    __slots__ = (
        "_asked",
        "_best",
        "_how",
        "_last",
        "_looked_up",
        "_named",
        "_polar",
        "_stated",
        "_things",
        "_used",
        "_way",
    )

    name = "searchqa"
    worlds = ("SearchQA",)
    FLAGS: ClassVar[Mapping[str, str]] = {
        "search": "it is a search",
        "read": "it reads a document",
        "answer": "it answers",
        "in_question": "its name stands in the question",
        "read_last": "its name stands in the text read last",
        "looked_up": "its name was searched for or read about before",
        "looked_up_often": "how often, up to 3 times, in thirds",
        "asked": "it was come by through a relation that the question asks for",
        "way": "share of the question's relations that led to it, from the inside out",
        "next": "search, read: it was not looked up, and nothing else that was not has a longer way",
        "whole": "answer: all of the question's relations led to it, and it names all that the last one gave",
        "part": "answer: as before, but it names one of several",
        "stated": "yes: what is asked was read; no: something else was read in its place",
        "used": "searches and reads so far, in tenths",
    }
    GOAL, HELD, ACTION = 24, 4, 4

    def __init__(self, observation: str, admissible: Sequence[str] = ()):
        super().__init__(observation, admissible)
        head = observation.partition("\n")[0]
        question = head.removeprefix("Question: ")
        names = names_of(admissible)
        self._named = tuple(name for name in names if name in question)
        self.goal = words(without(question, self._named))
        self._polar = question.startswith("Is ")
        root = max(self._named, key=question.rfind, default="")
        self._asked = asked_in_order(question, root, self._named)
        self._way: dict[str, int] = {root: 0} if root else {}
        self._how: dict[str, tuple[str, bool]] = {}  # name to the relation that led to it, and whether alone
        self._looked_up: dict[str, int] = {}
        self._last = frozenset(name for name in names if name in observation)
        self._things: set[str] = set()
        self._stated, self._used = "", 0
        self._find_best(admissible)

    def update(self, action: str, observation: str, admissible: Sequence[str] = ()) -> None:
        """Note one step."""
        self.observation = observation
        verb, _, name = action.strip().partition(" ")
        facts = read_facts(observation, names_of(admissible)) if verb in ("search", "read") else ()
        if not facts:
            return
        self._used += 1
        self._looked_up[name] = self._looked_up.get(name, 0) + 1
        here = set[str]()
        for subject, relation, objects, whole in facts:
            here.update((subject, whole, *objects))
            at = self._way.get(subject, -1)
            onward = 0 <= at < len(self._asked) and relation == self._asked[at]
            if onward and self._polar:
                self._stated = "yes" if set(objects) & set(self._named) else "no"
            for found in (*objects, whole):
                if onward and self._way.get(found, -1) <= at:
                    self._way[found] = at + 1
                    self._how[found] = relation, found == whole
                else:
                    self._how.setdefault(found, (relation, found == whole))
        self._last = frozenset(here)
        self._find_best(admissible)

    def _find_best(self, admissible: Sequence[str]) -> None:
        """Note the longest way to a thing that was not looked up, and the relation to follow from there."""
        self._things.update(action.removeprefix("search ") for action in admissible if action.startswith("search "))
        ways = [way for name, way in self._way.items() if name in self._things and name not in self._looked_up]
        self._best = max(ways, default=-1)
        self.held = words(self._asked[self._best]) if 0 <= self._best < len(self._asked) else ()

    def situation(self) -> tuple[str, ...]:
        """Return what is known of the search so far, one word each."""
        longest = max(self._way.values(), default=0)
        missing = min(max(len(self._asked) - longest, 0), MOST_HOPS)
        return (
            f"asked:{min(len(self._asked), MOST_HOPS + 1)}",
            f"missing:{missing}",
            f"used:{self._used}",
            f"stated:{self._stated or self._polar}",
        )

    def describe(self, action: str) -> tuple[str, ...]:
        """Return the kind of an action, and the relation that led to its name."""
        verb, _, name = action.partition(" ")
        if name in ("yes", "no"):
            return (f"{verb} {name}", verb)
        relation = self._how[name][0] if name in self._how else "question" if name in self._named else "nothing"
        return (f"{verb} by {relation}", verb, f"by {relation}")

    def flags(self, action: str) -> tuple[float, ...]:
        """Return what is known of an admissible action; see `FLAGS`."""
        verb, _, name = action.partition(" ")
        way, looked_up = self._way.get(name, -1), self._looked_up.get(name, 0)
        relation, alone = self._how.get(name, ("", False))
        answers, needed = verb == "answer", len(self._asked)
        complete = answers and way == needed > 0
        return (
            float(verb == "search"),
            float(verb == "read"),
            float(answers),
            float(name in self._named),
            float(name in self._last),
            float(looked_up > 0),
            min(looked_up, 3) / 3,
            float(relation in self._asked),
            max(way, 0) / max(needed, 1),
            float(not answers and not looked_up and way == self._best >= 0),
            float(complete and alone),
            float(complete and not alone),
            float(answers and name == self._stated != ""),
            min(self._used, LOOK_UPS) / LOOK_UPS,
        )
