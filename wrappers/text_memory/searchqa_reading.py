"""What a text of the question world says: its triples or sentences as (relation, objects), and what is asked for."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import NamedTuple

from .base import words

__all__ = ["Fact", "asked_in_order", "names_of", "read_facts", "without"]

CUES: dict[str, str] = {
    **dict.fromkeys(("capital", "ruled"), "capital"),
    **dict.fromkeys(("state", "governs", "governed"), "head of state"),
    **dict.fromkeys(("language", "speak"), "official language"),
    **dict.fromkeys(("rivers",), "rivers"),
    **dict.fromkeys(("country",), "country"),
    **dict.fromkeys(("mayor", "heads", "council"), "mayor"),
    **dict.fromkeys(("river",), "river"),
    **dict.fromkeys(("known", "famous"), "known for"),
    **dict.fromkeys(("flow", "flows", "along"), "flows through"),
    **dict.fromkeys(("sea",), "sea"),
    **dict.fromkeys(("founder", "founded", "started"), "founded by"),
    **dict.fromkeys(("seat", "office"), "head office"),
    **dict.fromkeys(("open", "opened"), "opened in"),
    **dict.fromkeys(("make", "makes", "made"), "makes"),
    **dict.fromkeys(("birthplace", "born"), "born in"),
    **dict.fromkeys(("employer", "work", "works"), "works for"),
    **dict.fromkeys(("spouse", "marry", "married"), "married to"),
    **dict.fromkeys(("profession", "trade"), "profession"),
    **dict.fromkeys(("age", "old"), "age"),
    **dict.fromkeys(("write", "writer", "books"), "wrote"),
    **dict.fromkeys(("author", "wrote"), "written by"),
    **dict.fromkeys(("scene", "set"), "set in"),
    **dict.fromkeys(("publisher", "printed"), "published by"),
    **dict.fromkeys(("appear", "appeared", "sold"), "appeared in"),
}
"""The words by which a relation is asked for or told in sentences, to its name in triples."""
CLOSERS = frozenset(("lie", "lies", "stand", "stands", "run", "reach"))
"""Verbs that end a clause of which the relation stands before: "the river on which it stands"."""
OPENERS = frozenset(("whom", "that", "where", "which", "is", "was", "do", "does", "did", "have", "has"))
"""Words that begin a clause, whose verb comes after what the clause is about."""
SENTENCE = re.compile(r"(?<=[.?!])\s+")


class Fact(NamedTuple):
    """One thing that was read: what it is about, the relation, the objects, and all of them as one answer."""

    subject: str
    relation: str
    objects: tuple[str, ...]
    whole: str


def names_of(admissible: Sequence[str]) -> tuple[str, ...]:
    """Return what the actions name, without "yes" and "no", each once."""
    return tuple(
        dict.fromkeys(name for verb, _, name in map(_split, admissible) if verb and name and name not in ("yes", "no"))
    )


def _split(action: str) -> tuple[str, str, str]:
    return action.partition(" ")


def asked_in_order(question: str, name: str, names: Collection[str] = ()) -> tuple[str, ...]:
    """Return the relations that a question asks for, from the inside out, each once.

    English nests them: "the birthplace of the founder of X", "the town where the founder of X was born". Going left
    from X, a relation is met as a word ("founder"), or as the beginning of a clause ("where"), whose verb is the next
    one to the right of X.

    Args:
        question: the question.
        name: what it begins from, X; the last place where it stands counts.
        names: all names in the question; words in them do not count.
    """
    before, _, after = question.rpartition(name) if name else (question, "", "")
    left = words(without(before, names))
    right = [word for word in words(without(after, names)) if word in CUES or word in CLOSERS]
    found, spoken = list[str](), ""  # the word to the right of the one at hand
    for word in reversed(left):
        if word in CUES:
            found.append(CUES[word])
        elif word in OPENERS and spoken not in CUES and right:
            found.append(CUES.get(right.pop(0), ""))
        spoken = word
    found += [CUES.get(word, "") for word in right]
    return tuple(dict.fromkeys(relation for relation in found if relation))


def without(text: str, names: Collection[str]) -> str:
    """Return a text without the names in it."""
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, " ")
    return text


def read_facts(text: str, names: Sequence[str]) -> tuple[Fact, ...]:
    """Return what a search result or a document states; of a document, only facts about things in `names`."""
    if " | " in text:
        return _triples(text)
    title, _, body = text.partition("\n")
    return _sentences(title, body, tuple(names)) if title in names else ()


@lru_cache(maxsize=65536)
def _triples(text: str) -> tuple[Fact, ...]:
    rows = [line.split(" | ") for line in text.split("\n") if line.count(" | ") == 2]
    return tuple(Fact(subject, relation, tuple(whole.split(", ")), whole) for subject, relation, whole in rows)


def _sentences(title: str, body: str, names: tuple[str, ...]) -> tuple[Fact, ...]:
    facts = []
    for sentence in SENTENCE.split(body):
        rest = sentence.replace(title, " ")
        single = [name for name in names if ", " not in name and name != title and _stands_in(name, rest)]
        relations = [CUES[word] for word in words(without(rest, single)) if word in CUES]
        if single and relations:
            listed = [name for name in names if ", " in name and set(name.split(", ")) == set(single)]
            facts.append(Fact(title, relations[0], tuple(single), listed[0] if listed else single[0]))
    return tuple(facts)


def _stands_in(name: str, text: str) -> bool:
    """Whether a name stands in a text as whole words."""
    at = text.find(name)
    while at >= 0:
        before, after = text[at - 1 : at], text[at + len(name) : at + len(name) + 1]
        if not (before.isalnum() or after.isalnum()):
            return True
        at = text.find(name, at + 1)
    return False
