"""Writes a product's title, features and description from the draft of its family.

Each attribute has a place: title, first feature, a later feature, or the description. The first two are what a shopper
sees at once; the search engine reads the description too, but no feature after the first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .draws import Draw, pick
from .phrases import INTRODUCTIONS
from .words import Attribute, Name, title_case

__all__ = ["BULLET", "Draft", "bullets", "description", "draw_places", "title"]

TITLE, FIRST, BULLET, DESCRIPTION = range(4)
"""Places of an attribute."""

_LABEL_STYLES = ("{}: {}", "{}: {}", "{} - {}", "[{}] {}", "{} | {}", "* {} * {}")


@dataclass(slots=True)
class Draft:
    """What a listing is made from; members of a family differ in a few of these.

    Attributes:
        brand, adjective, kind, name: the words of the title's head; `adjective` and `kind` may be "".
        other_name: a second name further on in the title, or None.
        use: whom or what the product is for.
        features: what comes with it.
        attributes: with their places in `places`.
        detail: the end of the title, such as a size or a model; may be "".
        layout: 0 to 5, the order of the title's parts.
        style: 0 to 5, how features are set; from 4 on their heads are in capitals.
        lower: whether the parts of the title after the head are in lower case.
        sentences: all sentences of the family, those that fit best first.
        num_bullets, num_sentences: how many features and sentences in the description there are, at least.
        introduction: number of the description's first sentence.
        turn: which of its sentences each attribute takes in the description.
    """

    brand: str
    name: Name
    other_name: Name | None
    kind: str
    adjective: str
    use: str
    features: list[str]
    attributes: list[Attribute]
    places: list[int]
    detail: str
    layout: int
    style: int
    lower: bool
    sentences: list[str]
    num_bullets: int
    num_sentences: int
    introduction: int
    turn: int

    def at(self, place: int) -> list[Attribute]:
        """Return the attributes in one place."""
        return [attribute for attribute, where in zip(self.attributes, self.places, strict=True) if where == place]


def title(draft: Draft) -> str:
    """Return the title."""
    kind = f"{_cased(draft.kind)} " if draft.kind else ""
    adjective = f"{_cased(draft.adjective)} " if draft.adjective else ""
    shown = [attribute.title for attribute in draft.at(TITLE)]
    before = after = ""
    layout = draft.layout
    if layout in (1, 4) and shown and draft.at(TITLE)[0].kind == "is":
        before = shown.pop(0) + " "
    tail = [f"for {_cased(draft.use)}"] if layout != 3 else []
    features = [_cased(_bare(feature)) for feature in draft.features]
    other = [draft.other_name.title] if draft.other_name else []
    if layout in (0, 1, 5):
        after = f" with {features[0]}"
        tail += shown + features[1:] + other
    elif layout == 2:
        tail += [*other, *shown, *features]
    elif layout == 3:
        tail += [*shown, " ".join([*other, f"for {_cased(draft.use)}"]), *features]
    else:
        tail += [*features, *shown]
    head = f"{draft.brand} {before}{adjective}{kind}{draft.name.title}"
    rest = f"{after} {tail[0]}" if tail[0].startswith("for ") else f"{after}, {tail[0]}"
    rest += "".join(f", {part}" for part in tail[1:])
    if draft.lower:
        rest = rest.lower()
    if draft.detail:
        rest += f" ({draft.detail})" if layout % 2 else f" - {draft.detail}"
    return head + rest


def bullets(draft: Draft) -> tuple[str, ...]:
    """Return the features, the one that search reads first."""
    spare = iter(draft.sentences)
    heads = [attribute.label for attribute in draft.at(FIRST)] or [_cased(_bare(draft.features[1]))]
    lines = [_line(" & ".join(heads), " ".join(next(spare) for _ in range(2 + draft.turn % 2)), draft.style)]
    heads = [attribute.label for attribute in draft.at(BULLET)]
    heads += [_cased(_bare(draft.features[0])), "", f"For {draft.use}", "", "Good to know", "", ""]
    for head in heads[: max(draft.num_bullets - 1, len(draft.at(BULLET)))]:
        lines.append(_line(head, next(spare), draft.style))
    # Where features are few, hidden attributes still come among the others, not always right after the first.
    if len(lines) > 3 and draft.turn % 2:
        lines[1], lines[-1] = lines[-1], lines[1]
    return tuple(lines)


def description(draft: Draft) -> str:
    """Return the description; its sentences are taken from the end of the family's list."""
    slots = {
        "kind": draft.kind or draft.adjective or "well made",
        "name": draft.name.text,
        "brand": draft.brand,
        "use": draft.use,
        "feature": draft.features[0],
    }
    lines = [INTRODUCTIONS[draft.introduction].format(**slots)]
    told: Sequence[Attribute] = draft.at(DESCRIPTION)
    lines += [told_of.sentences[(draft.turn + index) % len(told_of.sentences)] for index, told_of in enumerate(told)]
    if draft.turn % 3:
        lines.append(f"Worth a second look: {' and '.join(draft.features[: draft.turn % 3])}.")
    sentences = draft.sentences
    lines += sentences[len(sentences) - draft.num_sentences :]
    if draft.turn % 2 and len(lines) > 3:
        lines[1], lines[2] = lines[2], lines[1]
    return " ".join(lines)


def draw_places(number: int, draw: Draw) -> list[int]:
    """Draw the places of `number` attributes: seven out of ten are seen at once."""
    return [pick((TITLE,) * 9 + (FIRST,) * 5 + (BULLET,) * 5 + (DESCRIPTION,), draw) for _ in range(number)]


def _line(head: str, text: str, style: int) -> str:
    if not head:
        return text
    return _LABEL_STYLES[style].format(head.upper() if style > 3 else head, text)


_CASED: dict[str, str] = {}


def _cased(text: str) -> str:
    cased = _CASED.get(text)
    if cased is None:
        cased = _CASED[text] = title_case(text)
    return cased


def _bare(feature: str) -> str:
    """Return a phrase without its article."""
    return feature.removeprefix("a ").removeprefix("an ")
