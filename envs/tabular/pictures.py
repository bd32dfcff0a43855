"""Pictures of tabular worlds: flat shapes and short words on paper, in the colours of the pages."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..page import PICTURE_SIZE
from ..typeset import Canvas, Face

__all__ = ["Board", "mix"]

PAPER, INK, MUTED, FAINT = "#fbfaf7", "#1c2126", "#6b6f76", "#dcd7cc"
TRAIL, AGENT, GOOD, BAD, WALL = "#c3d6f7", "#1f6feb", "#18794e", "#b42318", "#4a4f57"


class Board:
    """A picture in the making, of the size that a page has room for; coordinates are pixels from the top left."""

    paper, ink, muted, faint = PAPER, INK, MUTED, FAINT
    trail, agent, good, bad, wall = TRAIL, AGENT, GOOD, BAD, WALL

    def __init__(self) -> None:
        self.width, self.height = PICTURE_SIZE
        self._canvas = Canvas(self.width, self.height, PAPER)

    def tile(self, x: float, y: float, half: float, fill: str, radius: float = 4) -> None:
        """Fill a square around a point."""
        self._canvas.box(x - half, y - half, x + half, y + half, fill, radius)

    def dot(self, x: float, y: float, half: float, fill: str) -> None:
        """Fill a disc around a point."""
        self._canvas.box(x - half, y - half, x + half, y + half, fill, half)

    def elbow(self, start: tuple[float, float], end: tuple[float, float], color: str, half: float = 0.75) -> None:
        """Join two points by a line that goes down, across and down."""
        (x0, y0), (x1, y1) = start, end
        middle = (y0 + y1) / 2
        for left, top, right, bottom in ((x0, y0, x0, middle), (min(x0, x1), middle, max(x0, x1), middle)):
            self._canvas.box(left - half, top - half, right + half, bottom + half, color)
        self._canvas.box(x1 - half, middle - half, x1 + half, y1 + half, color)

    def word(self, x: float, y: float, text: str, size: float = 14, color: str = INK, bold: bool = False) -> None:
        """Write one line, centred on a point."""
        self._canvas.text(x, y + size * 0.35, text, Face(size, bold), color, "center")

    def finish(self) -> NDArray[np.uint8]:
        """Return the picture, uint8 (height, width, 3), both even."""
        return self._canvas.finish()


def mix(share: float, ends: Sequence[str] = (FAINT, GOOD)) -> str:
    """Return the colour that lies `share` of the way, in [0, 1], from one "#rrggbb" to another."""
    parts = [[int(color[at : at + 2], 16) for at in (1, 3, 5)] for color in ends]
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in zip(*parts, strict=True))
