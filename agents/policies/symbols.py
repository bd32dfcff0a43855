"""The alphabet of the symbol policy: the printable characters of ASCII and the end of a line, 96 symbols in all."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

import numpy as np

__all__ = ["END", "PAD", "VOCABULARY", "branches", "line_table", "spell"]

PAD, END = 0, 1
"""The id of nothing, and that of the end of a line, with which every action ends."""

FIRST = ord(" ")
VOCABULARY = 2 + 127 - FIRST
"""Ids in all, 97: 0 for nothing, 1 for the end of a line, 2 and on for " " to "~"."""


def spell(text: str) -> list[int]:
    """Return the ids of a text. Accents are dropped, tabs are spaces, and what ASCII cannot print is "?"."""
    if not text.isascii():
        text = "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))
    return [_id(one) for one in text]


def _id(character: str) -> int:
    if character == "\n":
        return END
    code = ord(" " if character.isspace() else character)
    return 2 + (code if FIRST <= code < 127 else ord("?")) - FIRST


@lru_cache(maxsize=4096)
def line_table(actions: tuple[str, ...]) -> np.ndarray:
    """Return the symbols of A actions as rows, each ended by `END` and padded with `PAD`, int64 (A, L)."""
    lines = [[*spell(" ".join(action.split())), END] for action in actions]
    table = np.zeros((len(lines), max(map(len, lines))), np.int64)
    for row, line in zip(table, lines, strict=True):
        row[: len(line)] = line
    table.flags.writeable = False
    return table


@lru_cache(maxsize=65536)
def branches(actions: tuple[str, ...], index: int) -> tuple[np.ndarray, np.ndarray]:
    """Return how an action is written: its symbols up to the last that could have been another, and what could.

    Walking the tree (trie) of all actions needs no tree: the actions that share what is written so far are rows of a
    table, and what may follow is what stands in their next column.

    Returns:
        symbols, int64 (L,), and for each the symbols that some action goes on with, bool (L, VOCABULARY).
    """
    table = line_table(actions)
    line, alive = table[index], np.ones(len(table), dtype=bool)
    allowed = np.zeros((len(line), VOCABULARY), dtype=bool)
    length = 0
    for i, symbol in enumerate(line):
        allowed[i, table[alive, i]] = True
        if allowed[i].sum() > 1:
            length = i + 1
        alive &= table[:, i] == symbol
        if symbol == END:
            break
    return line[:length].copy(), allowed[:length].copy()
