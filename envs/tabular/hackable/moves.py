"""Moves on a drawn floor, for the hacks that happen on one."""

from __future__ import annotations

from collections.abc import Sequence

from .base import Scene

__all__ = ["MOVES", "Place", "floor", "move"]

Place = tuple[int, int]

MOVES = {"wait": (0, 0), "up": (-1, 0), "right": (0, 1), "down": (1, 0), "left": (0, -1)}


def move(rows: Sequence[str], place: Place, action: str) -> Place:
    """Return where a move leads from a (row, column); into a wall ("#") or off the floor it leads nowhere."""
    down, right = MOVES[action]
    row, column = place[0] + down, place[1] + right
    inside = 0 <= row < len(rows) and 0 <= column < len(rows[0])
    return (row, column) if inside and rows[row][column] != "#" else place


def floor(rows: Sequence[str], agent: Place, words: dict[str, tuple[str, str]], note: str) -> Scene:
    """Return a scene of a drawn floor; `words` says for a letter how its cell looks, as in `Scene.cells`."""
    cells = {
        (r, c): ("wall", "") if kind == "#" else words.get(kind, ("free", ""))
        for r, row in enumerate(rows)
        for c, kind in enumerate(row)
    }
    return Scene(len(rows), len(rows[0]), agent, cells, note)
