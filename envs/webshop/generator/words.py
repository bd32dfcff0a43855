"""Reads the word lists of the five departments: product types, attributes, phrases and sentences.

A department's text is a list of lines. Lines before the first group hold for the whole department.

    root: Beauty                          root of the category path
    adjectives: gentle, daily             words in front of a product's name
    == Hair Care › Tools                  begins a group; the path between the root and the product type
    hair brush, comb* | 13 | color.home style | round, flat
                                          a product type: its names (the first is the search term it is filed under),
                                          the middle of its prices in dollars, the options that it can have (see
                                          `options`), its kinds; a name with * takes no article
    a: non slip, +long cord, @dry hair, %steel
                                          attributes: + is had ("with"), % is a material ("made of"), @ is what it is
                                          good for ("for"), no mark is what it is
    u: men and women, travel              whom or what it is for; never counts as an attribute
    f: a gift box; a soft rim             what comes with it
    - Comb gently.                        sentences about it

Lines with `a[brush, comb]:`, `f[...]:` and `-[...]` hold only for those types of the group whose search term has one of
the words in brackets in it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import TypeVar

from .beauty import BEAUTY
from .electronics import ELECTRONICS
from .fashion import FASHION
from .garden import GARDEN
from .grocery import GROCERY

__all__ = ["Attribute", "Name", "ProductType", "attributes_by_text", "product_types", "title_case", "with_article"]

DEPARTMENTS = {
    "beauty": BEAUTY,
    "electronics": ELECTRONICS,
    "fashion": FASHION,
    "garden": GARDEN,
    "grocery": GROCERY,
}
SMALL_WORDS = frozenset(("a", "an", "and", "at", "for", "from", "in", "of", "on", "or", "the", "to", "with"))
KINDS = {"+": "with", "%": "of", "@": "for"}
LABELS = {"is": "{}", "with": "with {}", "of": "made of {}", "for": "for {}"}
SENTENCES = {
    "is": (
        "{}, as many of you asked.",
        "Made to be {}.",
        "What the label says is true: {}.",
        "{} from the first day on.",
        "Of course it had to be {}, so we took our time.",
    ),
    "with": ("Comes with {}.", "Look out for the {}.", "With {} where it counts.", "You also get {}."),
    "of": ("Made of {}.", "We chose {} for this one.", "The main material is {}.", "{} and not much else."),
    "for": ("A good choice for {}.", "Often bought for {}.", "Made with {} in mind.", "Think of {} and you know why."),
}


@dataclass(frozen=True, slots=True)
class Attribute:
    """A phrase that a product can be said to satisfy.

    Attributes:
        text: the phrase, lower-case.
        kind: how it joins a sentence: "is", "with", "of" or "for".
        title: the phrase as in a title.
        label: the phrase as the head of a feature, such as "With long cord".
        sentences: ways to say it in a description.
    """

    text: str
    kind: str
    title: str
    label: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Name:
    """A name of a product type: as is, in a title, with its article ("a hair brush") and whether it is a plural."""

    text: str
    title: str
    phrase: str
    plural: bool


@dataclass(frozen=True, slots=True)
class ProductType:
    """What all products of one search term share; the module's docstring explains the parts."""

    department: str
    query: str
    path: str
    names: tuple[Name, ...]
    price: float
    options: tuple[str, ...]
    kinds: tuple[str, ...]
    adjectives: tuple[str, ...]
    attributes: tuple[Attribute, ...]
    common_attributes: tuple[Attribute, ...]
    uses: tuple[str, ...]
    features: tuple[str, ...]
    sentences: tuple[str, ...]
    common_sentences: tuple[str, ...]


@cache
def product_types() -> tuple[ProductType, ...]:
    """Return all product types, department by department."""
    return tuple(found for department, text in DEPARTMENTS.items() for found in _parse(department, text))


@cache
def attributes_by_text() -> dict[str, Attribute]:
    """Return every attribute by its text."""
    return {
        attribute.text: attribute
        for product_type in product_types()
        for attribute in (*product_type.attributes, *product_type.common_attributes)
    }


def with_article(text: str) -> str:
    """Put "a" or "an" in front, whichever sounds right with the words of the lists."""
    vowel = text.startswith(("a", "e", "i", "o", "un", "ult", "up")) and not text.startswith(("one", "uni"))
    return f"{'an' if vowel else 'a'} {text}"


def title_case(text: str) -> str:
    """Begin every word with a capital, small ones such as "with" excepted."""
    return " ".join(word if word in SMALL_WORDS else word[:1].upper() + word[1:] for word in text.split(" "))


T = TypeVar("T")
_Limited = tuple[T, tuple[str, ...]]
"""Something with the words of which a type's search term must have one; no words: it holds for all."""
_MARK = re.compile(r"(a|f|-)\[(.*?)\]:? ")


@dataclass
class _Section:
    """The lines of one group or of a department's head, by kind."""

    path: str = ""
    types: list[str] = field(default_factory=list)
    attributes: list[_Limited[Attribute]] = field(default_factory=list)
    uses: list[str] = field(default_factory=list)
    features: list[_Limited[str]] = field(default_factory=list)
    sentences: list[_Limited[str]] = field(default_factory=list)


def _parse(department: str, text: str) -> list[ProductType]:
    sections = [_Section()]
    head: dict[str, str] = {}
    for line in text.strip().splitlines():
        section = sections[-1]
        mark = _MARK.match(line)
        words = tuple(mark[2].split(", ")) if mark else ()
        key, _, rest = (mark[1], "", line[mark.end() :]) if mark else line.partition(" ")
        if key == "==":
            sections.append(_Section(path=rest))
        elif key in ("a", "a:"):
            section.attributes.extend((_attribute(item), words) for item in rest.split(", "))
        elif key == "u:":
            section.uses.extend(rest.split(", "))
        elif key in ("f", "f:"):
            section.features.extend((item, words) for item in rest.split("; "))
        elif key == "-":
            section.sentences.append((rest, words))
        elif key in ("root:", "adjectives:"):
            head[key] = rest
        elif line:
            section.types.append(line)
    common, *groups = sections
    return [_product_type(department, line, head, common, group) for group in groups for line in group.types]


def _product_type(department: str, line: str, head: dict[str, str], common: _Section, group: _Section) -> ProductType:
    names, price, options, kinds = line.split(" | ")
    found = tuple(_name(name) for name in names.split(", "))
    query = found[0].text
    shared = _those_of(query, common.attributes)
    return ProductType(
        department=department,
        query=query,
        path=f"{head['root:']} › {group.path} › {found[0].title}",
        names=found,
        price=float(price),
        options=tuple(options.split()),
        kinds=tuple(kinds.split(", ")),
        adjectives=tuple(head["adjectives:"].split(", ")),
        attributes=tuple(attribute for attribute in _those_of(query, group.attributes) if attribute not in shared),
        common_attributes=shared,
        uses=tuple(group.uses),
        features=_those_of(query, group.features) + _those_of(query, common.features),
        sentences=_those_of(query, group.sentences),
        common_sentences=_those_of(query, common.sentences),
    )


def _those_of(query: str, items: list[_Limited[T]]) -> tuple[T, ...]:
    return tuple(item for item, words in items if not words or any(word in query for word in words))


def _attribute(item: str) -> Attribute:
    kind = KINDS.get(item[0], "is")
    text = item if kind == "is" else item[1:]
    label = LABELS[kind].format(text)
    sentences = (sentence.format(text) for sentence in SENTENCES[kind])
    return Attribute(text, kind, title_case(text), _capital(label), tuple(_capital(line) for line in sentences))


def _name(item: str) -> Name:
    text = item.rstrip("*")
    noun = text.split(" for ")[0]
    plural = noun.endswith("s") and not noun.endswith(("ss", "lens"))
    phrase = text if plural or item.endswith("*") else with_article(text)
    return Name(text, title_case(text), phrase, plural)


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
