"""The Porter stemmer: "gloves" and "glove" become one term, as do "sizes" and "sizing".

Source: M. F. Porter, "An algorithm for suffix stripping", Program 14(3), 1980, with the three habits of Lucene's
stemmer: words of one or two letters stay, "-bli" becomes "-ble" (Porter: "-abli" to "-able"), "-logi" becomes "-log".
"""

from __future__ import annotations

import re

__all__ = ["stem"]

# Each list: (suffix, what takes its place). The longest suffix that fits decides, whether its condition holds or not.
_DOUBLE = (
    "ational:ate tional:tion enci:ence anci:ance izer:ize bli:ble alli:al entli:ent eli:e ousli:ous ization:ize "
    "ation:ate ator:ate alism:al iveness:ive fulness:ful ousness:ous aliti:al iviti:ive biliti:ble logi:log"
)
_SINGLE = "icate:ic ative: alize:al iciti:ic ical:ic ful: ness:"
_LAST = "al ance ence er ic able ible ant ement ment ent ion ou ism ate iti ous ive ize"

_VOWELS = frozenset("aeiou")
_VOWEL_THEN_CONSONANT = re.compile("v+c+")


def _table(text: str) -> tuple[tuple[str, str], ...]:
    parts = [entry.partition(":") for entry in text.split()]
    return tuple(sorted(((suffix, other) for suffix, _, other in parts), key=lambda pair: -len(pair[0])))


_STEP_2, _STEP_3, _STEP_4 = _table(_DOUBLE), _table(_SINGLE), _table(_LAST)


def stem(word: str) -> str:
    """Return the stem of a lower-case word. Characters that are not English letters count as consonants."""
    if len(word) <= 2:
        return word
    word = _plural_and_past(word)
    if word[-1] == "y" and "v" in _shape(word[:-1]):
        word = word[:-1] + "i"
    word = _replace(word, _STEP_2)
    word = _replace(word, _STEP_3)
    word = _strip(word)
    return _final_e_and_l(word)


def _shape(word: str) -> str:
    """Return "c" or "v" for every letter; a "y" is a vowel after a consonant."""
    shape = ""
    for letter in word:
        shape += "v" if letter in _VOWELS or (letter == "y" and shape[-1:] == "c") else "c"
    return shape


def _measure(word: str) -> int:
    """Return Porter's m: how often vowels are followed by consonants."""
    return len(_VOWEL_THEN_CONSONANT.findall(_shape(word)))


def _is_short(word: str) -> bool:
    """Say whether `word` ends consonant, vowel, consonant (not w, x, y): Porter's *o, as in "hop"."""
    return _shape(word)[-3:] == "cvc" and word[-1] not in "wxy"


def _plural_and_past(word: str) -> str:
    if word.endswith(("sses", "ies")):
        word = word[:-2]
    elif word.endswith("s") and not word.endswith("ss"):
        word = word[:-1]
    if word.endswith("eed"):
        return word[:-1] if _measure(word[:-3]) > 0 else word
    for suffix in ("ed", "ing"):
        base = word.removesuffix(suffix)
        if base != word and "v" in _shape(base):
            break
    else:
        return word
    if base.endswith(("at", "bl", "iz")):
        return base + "e"
    if base[-2:-1] == base[-1] and base[-1] not in _VOWELS | set("lsz") and _shape(base)[-1] == "c":
        return base[:-1]
    return base + "e" if _measure(base) == 1 and _is_short(base) else base


def _replace(word: str, table: tuple[tuple[str, str], ...]) -> str:
    for suffix, other in table:
        if word.endswith(suffix):
            base = word[: -len(suffix)]
            return base + other if _measure(base) > 0 else word
    return word


def _strip(word: str) -> str:
    for suffix, _ in _STEP_4:
        if word.endswith(suffix):
            base = word[: -len(suffix)]
            if suffix == "ion" and not base.endswith(("s", "t")):
                continue
            return base if _measure(base) > 1 else word
    return word


def _final_e_and_l(word: str) -> str:
    if word.endswith("e"):
        base = word[:-1]
        measure = _measure(base)
        if measure > 1 or (measure == 1 and not _is_short(base)):
            word = base
    if word.endswith("ll") and _measure(word) > 1:
        word = word[:-1]
    return word
