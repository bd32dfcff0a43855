"""How the search engine reads a text: words in lower case, without stop words, cut down to their stems.

The rules are those of Lucene's English analyser, which WebShop's index uses: words as in Unicode Standard Annex 29
(so "rock'n'roll", "1,000.50" and "foo_bar" are one word, "usb-c" is two, an ideograph or a pictograph is one by
itself), a final 's cut off, 33 stop words left out, the Porter stemmer. Hebrew quotation marks are not treated apart.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import chain

from .porter import stem

__all__ = ["tokens"]

_STOP = (
    "a an and are as at be but by for if in into is it no not of on or such that the their then there these they this "
    "to was will with"
)
STOP_WORDS = frozenset(_STOP.split())
LONGEST_WORD = 255  # a longer word is cut in pieces, as Lucene does


def tokens(text: str) -> list[str]:
    """Return the terms of `text` in order, repeats kept; [] if it holds no word.

    >>> tokens("The men's GLOVES, 2.5 lb")
    ['men', 'glove', '2.5', 'lb']
    """
    # No word reaches across a blank, and few things between two blanks are new: most of a text is looked up.
    return list(chain.from_iterable(map(_PIECES.__getitem__, text.lower().split())))


class _Cache(dict[str, tuple[str, ...]]):
    """Terms by what stands between two blanks; it forgets everything when full, so its memory is bounded."""

    def __missing__(self, piece: str) -> tuple[str, ...]:
        found = tuple(_terms(piece))
        if len(piece) <= 40:
            if len(self) >= 200_000:
                self.clear()
            self[piece] = found
        return found


_PIECES = _Cache()
_cached_stem = lru_cache(maxsize=50_000)(stem)


def _terms(piece: str) -> list[str]:
    found = []
    for whole in (_ASCII if piece.isascii() else _unicode_pattern()).findall(piece):
        for start in range(0, len(whole), LONGEST_WORD):
            word = whole[start : start + LONGEST_WORD]
            if word[-1] == "s" and word[-2:-1] in _APOSTROPHES:
                word = word[:-2]
            if word not in STOP_WORDS:
                found.append(_cached_stem(word))
    return found


_APOSTROPHES = ("'", "\u2019", "\uff07")
_MID_BOTH = r".'\u2018\u2019\u2024\ufe52\uff07\uff0e"  # what may stand inside a word as well as inside a number
_MID_LETTER = _MID_BOTH + r":\xb7\u0387\u055f\u05f4\u2027\ufe13\ufe55\uff1a"
_MID_NUMBER = _MID_BOTH + r",;\u037e\u0589\u060c\u060d\u066c\u07f8\u2044\ufe10\ufe14\ufe50\ufe54\uff0c\uff1b"
_JOINERS = r"_\u203f\u2040\u2054\ufe33\ufe34\ufe4d-\ufe4f\uff3f"
# Scripts whose letters do not run together into words the way Latin letters do.
_KATAKANA = r"\u3031-\u3035\u309b\u309c\u30a0-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u32d0-\u32fe\u3300-\u3357\uff66-\uff9d"
_SINGLE = (  # ideographs and hiragana: every character is a word
    r"\u2e80-\u2fd5\u3005-\u3007\u3021-\u3029\u3038-\u303b\u3041-\u3096\u309d-\u309f\u3400-\u4dbf\u4e00-\u9fff"
    r"\uf900-\ufad9\U0001b001-\U0001b11f\U0001f200\U00020000-\U0003ffff"
)
_SOUTH_EAST_ASIAN = (  # Thai, Lao, Myanmar, Khmer and their kin: a run is a word
    r"\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ece\u0edc-\u0edf\u1000-\u103f\u1050-\u108f\u109a-\u109f\u1780-\u17d3\u17d7"
    r"\u17dc\u17dd\u1950-\u1974\u1980-\u19c9\u19de\u19df\u1a20-\u1a7c\u1aa0-\u1aad\ua9e0-\ua9ef\ua9fa-\ua9fe"
    r"\uaa60-\uaac2\uaadb-\uaadf\U00011700-\U0001172b"
)
_PICTOGRAPH = (  # Unicode's Extended_Pictographic; the newer planes as blocks
    r"\xa9\xae\u203c\u2049\u2122\u2139\u2194-\u2199\u21a9\u21aa\u231a\u231b\u2328\u2388\u23cf\u23e9-\u23f3\u23f8-\u23fa"
    r"\u24c2\u25aa\u25ab\u25b6\u25c0\u25fb-\u25fe\u2600-\u2605\u2607-\u2612\u2614-\u2685\u2690-\u2705\u2708-\u2712\u2714"
    r"\u2716\u271d\u2721\u2728\u2733\u2734\u2744\u2747\u274c\u274e\u2753-\u2755\u2757\u2763-\u2767\u2795-\u2797\u27a1"
    r"\u27b0\u27bf\u2934\u2935\u2b05-\u2b07\u2b1b\u2b1c\u2b50\u2b55\u3030\u303d\u3297\u3299"
    r"\U0001f000-\U0001f0ff\U0001f10d-\U0001f10f\U0001f12f\U0001f16c-\U0001f171\U0001f17e\U0001f17f\U0001f18e"
    r"\U0001f191-\U0001f19a\U0001f1ad-\U0001f1e5\U0001f201-\U0001f20f\U0001f21a\U0001f22f\U0001f232-\U0001f23a"
    r"\U0001f23c-\U0001f23f\U0001f249-\U0001f3fa\U0001f400-\U0001f53d\U0001f546-\U0001f64f\U0001f680-\U0001f6ff"
    r"\U0001f774-\U0001f77f\U0001f7d5-\U0001f7ff\U0001f80c-\U0001f80f\U0001f848-\U0001f84f\U0001f85a-\U0001f85f"
    r"\U0001f888-\U0001f88f\U0001f8ae-\U0001f8ff\U0001f90c-\U0001f93a\U0001f93c-\U0001f945\U0001f947-\U0001faff"
    r"\U0001fc00-\U0001fffd"
)


def _word(letter: str, number: str, katakana: str, mid_letter: str, mid_number: str, joiner: str) -> str:
    """Return the pattern of a word: runs of letters and digits, held together by joiners and single marks inside."""
    run = f"(?>{number}(?>(?:{joiner}*|{mid_number}){number})*|{letter}(?>(?:{joiner}*|{mid_letter}){letter})*)+"
    if katakana:
        run = f"(?>{katakana}(?>{joiner}*{katakana})*|{run})"
    return f"{joiner}*{run}(?:{joiner}+{run})*{joiner}*"


_ASCII = re.compile(_word("[a-z]", "[0-9]", "", "[.':]", "[.',;]", "_"))


@lru_cache(maxsize=1)
def _unicode_pattern() -> re.Pattern[str]:
    """Return the pattern of one token in any script; built when the first text that is not ASCII comes."""
    letters, marks = _letters_and_marks()
    mark = f"[{marks}]*"
    classes = (f"[{letters}]", r"\d", f"[{_KATAKANA}]", f"[{_MID_LETTER}]", f"[{_MID_NUMBER}]", f"[{_JOINERS}]")
    tone = f"[\U0001f3fb-\U0001f3ff]{mark}"
    picture = f"(?:[{_PICTOGRAPH}]{mark}(?:{tone})?|{tone})"
    flag = f"(?:[\U0001f1e6-\U0001f1ff]{mark}){{2}}"
    return re.compile(
        f"{_word(*(f'(?:{one}{mark})' for one in classes))}|(?:[{_SOUTH_EAST_ASIAN}]{mark})+|[{_SINGLE}]{mark}"
        f"|{picture}(?:(?<=\u200d){picture})*|{flag}|[#*]\ufe0f?\u20e3{mark}"
    )


def _letters_and_marks() -> tuple[str, str]:
    """Return two character classes: letters that run together, and what only changes the character before it."""
    apart = re.compile(f"[{_KATAKANA}{_SINGLE}{_SOUTH_EAST_ASIAN}\uff9e\uff9f]")
    spans: dict[str, list[list[int]]] = {"letter": [[ord("a"), ord("z")], [0x24B6, 0x24E9]], "mark": [[0xFF9E, 0xFF9F]]}
    for code in chain(range(0x80, 0x20000), range(0xE0001, 0xE01F0)):
        category = unicodedata.category(chr(code))
        if category in ("Mn", "Mc", "Me", "Cf") and code != 0x200B:
            kind = spans["mark"]
        elif category in ("Ll", "Lo", "Lm", "Lu", "Lt", "Nl") and not apart.match(chr(code)):
            kind = spans["letter"]
        else:
            continue
        if kind[-1][1] == code - 1:
            kind[-1][1] = code
        else:
            kind.append([code, code])

    def as_class(kind: str) -> str:
        return "".join(f"{chr(first)}-{chr(last)}" for first, last in spans[kind])

    return as_class("letter"), as_class("mark")
