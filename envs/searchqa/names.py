"""Invented names: every number is another name, so two parts of the world never share one."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

__all__ = ["KINDS", "couple_names", "name_of"]

ONSETS = tuple("b br d dr f g gr h k kl l m n p r s st t tr v w".split())  # noqa: SIM905 - a list of syllables
NUCLEI = ("a", "e", "i", "o", "u", "ai", "ea", "ou")
CODAS = ("l", "n", "r", "rn", "lm", "nd", "sk", "rt", "v", "x")
FIRST = tuple(  # of people; each is one of a couple, so that two of them never bear one name
    "Abba Aldo Anwe Arlo Beda Birk Cira Corv Dalia Doma Edda Elvo Esme Fenn Fila Garo Gwyn Hala Hedo Ilka "  # noqa: SIM905
    "Ivo Jora Kesh Kira Lano Lisk Maro Mina Nilo Nura Odo Orla Pell Petra Quin Rina Rolf Sanne Tam Ula "
    "Vero Vida Wim Yara Yust Zane Zelda Zoli".split()
)
ADJECTIVES = tuple(
    "Amber Ancient Bitter Blue Borrowed Broken Burning Cold Crooked Distant Empty Fallen Forgotten Frozen Gentle "  # noqa: SIM905
    "Golden Green Grey Hidden Hollow Idle Last Lonely Lost Narrow Pale Quiet Restless Salt Scarlet Secret Silent "
    "Silver Sleeping Stolen Tall Tender Violet Wandering Winter".split()
)
NOUNS = tuple(
    "Anchor Archive Bell Bridge Candle Chimney Clock Compass Crown Feather Ferry Garden Gate Harvest Hill Key Lamp "  # noqa: SIM905
    "Lantern Ledger Letter Lighthouse Meadow Mirror Oar Orchard Path Pianist Promise Quarry Raven Ribbon Sail Shore "
    "Stair Summer Thread Tower Violin Well Window".split()
)
SYLLABLES = (ONSETS, NUCLEI, CODAS)

KINDS: dict[str, tuple[Sequence[str], ...]] = {
    "country": (*SYLLABLES, ("ia", "land", "mark", "ova")),
    "town": (*SYLLABLES, ("by", "ford", "stad", "haven", "wick", "mere")),
    "river": (*SYLLABLES, ("ow", "enne", "une", "ame")),
    "company": (*SYLLABLES, (" Mills", " Foundry", " Brothers", " Line", " Press", " Trading")),
    "surname": (*SYLLABLES, ("er", "sen", "ic", "ano")),
    "book": (("The ",), ADJECTIVES, (" ",), NOUNS),
    "language": (*SYLLABLES, ("ish", "ese")),
    "sea": (*SYLLABLES, ("mar", "sund")),
}
"""Kind of name to the parts that a name is put together from, one of each."""
STRIDE, SHIFT = 613_651, 1009
"""Coprime to every number of names; neighbours in number, or of two kinds, are none in sound."""


def name_of(kind: str, number: int) -> str:
    """Return the name with this number; two numbers below the number of names give two names.

    Args:
        kind: one of `KINDS`.
        number: 0 or more; see `KINDS` for how many names there are.
    """
    parts, size = KINDS[kind], prod(len(part) for part in KINDS[kind])
    if not 0 <= number < size:
        raise ValueError(f"there are {size} names of the kind {kind!r}; {number} is none of them")
    rest, chosen = (number * STRIDE + list(KINDS).index(kind) * SHIFT) % size, []
    for part in parts:
        rest, at = divmod(rest, len(part))
        chosen.append(part[at])
    name = "".join(chosen)
    return name[:1].upper() + name[1:]


def couple_names(number: int, draw: Sequence[int]) -> tuple[str, str]:
    """Return the names of two people with the surname of this number; `draw` are two different first names."""
    surname = name_of("surname", number)
    one, two = (FIRST[at % len(FIRST)] for at in draw)
    return f"{one} {surname}", f"{two} {surname}"
