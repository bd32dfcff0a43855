"""Setting text and flat shapes into a picture: a small canvas on top of Pillow, with one typeface.

Everything is drawn at twice its size and halved at the end. That gives even letter spacing and smooth round
corners, and a picture for high-resolution screens comes for free. The face is the one embedded in Pillow
(Aileron); characters it lacks come from DejaVu Sans where matplotlib has put it on disk, and what that lacks
too becomes a replacement mark. Text is laid out by Pillow's basic engine, so equal input gives equal bytes
whether or not the machine has a shaping library.
"""

from __future__ import annotations

import functools
import importlib.util
import re
import unicodedata
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

__all__ = ["Canvas", "Face", "clean_text", "elide", "fit_text", "text_width", "wrap_text"]

DRAWN = 2  # drawn size over page size
SPACE_EM = 0.27  # Aileron's own word space is too tight for running text on a screen
TOGETHER = re.compile(r"(?<=\b[Aa]) (?=\w)|(?<=\b[Aa]n) (?=\w)|(?<=\w) (?=\d+\b)")
DASHES = dict.fromkeys("−–—‐‑", "-")
INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Mn", "Me"}


class Face(NamedTuple):
    """How text is set: `size` in page pixels, bold or not."""

    size: float
    bold: bool = False

    @property
    def strikes(self) -> int:
        """How often a glyph is struck, each a drawn pixel further right: the face has only one weight."""
        return 1 + self.bold * max(1, round(self.size / 13))


@functools.cache
def _fonts(size: float) -> tuple[ImageFont.FreeTypeFont, ...]:
    """Return the faces to try, in order. The second is a little smaller, so that both look equally large."""
    basic = ImageFont.Layout.BASIC
    face = ImageFont.load_default(size * DRAWN)
    if not isinstance(face, ImageFont.FreeTypeFont):
        raise RuntimeError("pages need a Pillow built with FreeType, as its wheels on PyPI are")
    faces = [face.font_variant(layout_engine=basic)]
    spec = importlib.util.find_spec("matplotlib")  # finds the folder, does not import
    for root in (spec and spec.submodule_search_locations) or ():
        path = Path(root, "mpl-data", "fonts", "ttf", "DejaVuSans.ttf")
        if path.is_file():
            faces.append(ImageFont.truetype(str(path), size * DRAWN * 0.92, layout_engine=basic))
    return tuple(faces)


def _drawn(char: str, level: int) -> bytes:
    image = Image.new("L", (64, 64))
    ImageDraw.Draw(image).text((16, 40), char, font=_fonts(16)[level], fill=255, anchor="ls")
    return image.tobytes()


@functools.cache
def _missing(level: int) -> bytes:
    return _drawn("\U0010fffd", level)


@functools.cache
def _level(char: str) -> int | None:
    """Return which face has a glyph for `char`, or None. Pillow cannot tell, so drawn boxes are compared."""
    for level in range(len(_fonts(16))):
        if _drawn(char, level) != _missing(level):
            return level
    return None


@functools.lru_cache(maxsize=8192)
def clean_text(text: str) -> str:
    """Return `text` with only drawable characters: composed, no control marks, unknown glyphs replaced."""
    text = text.replace("\t", "    ").replace("\r\n", "\n")
    if text.isascii() and text.replace("\n", "").isprintable():
        return text
    kept = []
    for char in unicodedata.normalize("NFC", text):
        if char == "\n" or char.isspace():
            kept.append("\n" if char == "\n" else " ")
        elif unicodedata.category(char) not in INVISIBLE:
            plain = unicodedata.normalize("NFKD", DASHES.get(char, char))[0]
            kept.append(next((one for one in (char, plain, "\ufffd") if _level(one) is not None), "?"))
    return "".join(kept)


@functools.lru_cache(maxsize=16384)
def _runs(word: str, size: float) -> tuple[tuple[str, ImageFont.FreeTypeFont, float], ...]:
    """Split a word into (text, font, drawn width) by the face that has its glyphs."""
    fonts = _fonts(size)
    levels = [_level(char) or 0 for char in word]
    runs, start = [], 0
    for end in range(1, len(word) + 1):
        if end == len(word) or levels[end] != levels[start]:
            part, font = word[start:end], fonts[levels[start]]
            runs.append((part, font, font.getlength(part)))
            start = end
    return tuple(runs)


@functools.lru_cache(maxsize=16384)
def _word_width(word: str, face: Face) -> float:
    return (sum(run[2] for run in _runs(word, face.size)) + face.strikes - 1) / DRAWN


def text_width(text: str, face: Face) -> float:
    """Return the width of one cleaned line in page pixels."""
    words = text.replace("\u00a0", " ").split(" ")
    return sum(_word_width(word, face) for word in words) + (len(words) - 1) * SPACE_EM * face.size


def elide(text: str, face: Face, width: float, keep_end: bool = False) -> str:
    """Return `text` as one line of at most `width` pixels, cut by an ellipsis at the end or in the middle."""
    text = clean_text(text).replace("\n", " ")
    if text_width(text, face) <= width:
        return text

    def cut(length: int) -> str:
        tail = length // 2 if keep_end else 0
        return text[: length - tail].rstrip(" \u00a0,.;:") + "…" + text[len(text) - tail :]

    low, high = 0, len(text)
    while low < high:  # the most characters that fit
        middle = (low + high + 1) // 2
        low, high = (middle, high) if text_width(cut(middle), face) <= width else (low, middle - 1)
    return cut(low)


def wrap_text(text: str, face: Face, width: float) -> list[str]:
    """Break `text` into lines of at most `width` pixels.

    Line breaks in the text stay, articles and numbers stay with their noun ("a drawer 12"), and a word wider
    than the line is broken anywhere.
    """
    lines: list[str] = []
    space = SPACE_EM * face.size
    for paragraph in clean_text(text).split("\n"):
        line, used = "", 0.0
        for word in TOGETHER.sub("\u00a0", paragraph).split(" "):
            if line and used + space + text_width(word, face) > width:
                lines.append(line)
                line, used = "", 0.0
            while text_width(word, face) > width:
                cut = max(1, len(elide(word, face, width)) - 1)
                lines.append(word[:cut])
                word = word[cut:]
            used += text_width(word, face) + (space if line else 0)
            line = f"{line} {word}" if line else word
        lines.append(line)
    return lines


def fit_text(
    text: str, sizes: tuple[float, ...], box: tuple[float, float], bold: bool = False, leading: float = 1.42
) -> tuple[list[str], Face]:
    """Set `text` in the largest of `sizes` that fits into `box`; at the smallest, cut it with an ellipsis.

    Args:
        text: any text; its line breaks are kept.
        sizes: page pixels, descending.
        box: width and height in page pixels.
        bold: whether to set it bold.
        leading: baseline distance over size.
    """
    width, height = box
    lines: list[str] = []
    face = Face(sizes[0], bold)
    length = text_width(clean_text(text).replace("\n", " "), Face(sizes[-1], bold)) / sizes[-1]
    for size in sizes:
        face = Face(size, bold)
        if size != sizes[-1] and length * size // width * size * leading > height:
            continue  # cannot fit even without a ragged edge
        lines = wrap_text(text, face, width)
        if len(lines) * size * leading <= height:
            return lines, face
    keep = max(1, int(height // (face.size * leading)))
    last = lines[keep - 1]
    while last and text_width(last + " …", face) > width:
        last = last.rpartition(" ")[0] or last[:-1]
    return [*lines[: keep - 1], last + " …"], face


class Canvas:
    """A page being drawn. All coordinates are page pixels from the top left; colours are "#rrggbb"."""

    def __init__(self, width: int, height: int, background: str):
        self.image = Image.new("RGB", (width * DRAWN, height * DRAWN), background)
        self._draw = ImageDraw.Draw(self.image)

    def text(self, x: float, y: float, text: str, face: Face, color: str, align: str = "left") -> float:
        """Write one cleaned line, baseline at `y`; `align` says which end `x` is. Return its width."""
        width = text_width(text, face)
        x -= {"left": 0.0, "center": width / 2, "right": width}[align]
        for word in text.replace("\u00a0", " ").split(" "):
            at = x * DRAWN
            for part, font, advance in _runs(word, face.size):
                for strike in range(face.strikes):
                    place = (round(at) + strike, round(y * DRAWN))
                    self._draw.text(place, part, font=font, fill=color, anchor="ls")
                at += advance
            x += _word_width(word, face) + SPACE_EM * face.size
        return width

    def box(self, left: float, top: float, right: float, bottom: float, fill: str, radius: float = 0) -> None:
        """Fill a rectangle with round corners. Empty boxes draw nothing."""
        x0, y0, x1, y1 = (round(value * DRAWN) for value in (left, top, right, bottom))
        if x1 > x0 and y1 > y0:  # Pillow includes the last pixel
            most = min(x1 - x0, y1 - y0) / 2
            self._draw.rounded_rectangle((x0, y0, x1 - 1, y1 - 1), min(radius * DRAWN, most), fill)

    def chip(
        self,
        left: float,
        base: float,
        text: str,
        face: Face,
        room: float,
        fill: str,
        ink: str,
        pad: float = 11,
    ) -> float:
        """Write `text` on a rounded ground, baseline at `base`, cut to `room` pixels. Return the width."""
        text = elide(text, face, room - 2 * pad)
        width = text_width(text, face) + 2 * pad
        middle, half = base - face.size * 0.35, face.size * 0.5 + pad * 0.52
        self.box(left, middle - half, left + width, middle + half, fill, 7)
        self.text(left + pad, base, text, face, ink)
        return width

    def picture(self, left: float, top: float, right: float, bottom: float, pixels: NDArray[np.uint8]) -> None:
        """Put a picture (height, width, 3) into a rectangle: scaled to fit, uncut, in the middle, corners rounded."""
        height, width = pixels.shape[:2]
        room = (right - left) * DRAWN, (bottom - top) * DRAWN
        zoom = min(room[0] / width, room[1] / height)
        size = max(1, round(width * zoom)), max(1, round(height * zoom))
        image = Image.fromarray(pixels).resize(size, Image.Resampling.LANCZOS)
        mask = Image.new("L", size, 0)
        ImageDraw.Draw(mask).rounded_rectangle((0, 0, size[0] - 1, size[1] - 1), min(6 * DRAWN, min(size) / 2), 255)
        place = (left + right) * DRAWN / 2 - size[0] / 2, (top + bottom) * DRAWN / 2 - size[1] / 2
        self.image.paste(image, (round(place[0]), round(place[1])), mask)

    def finish(self, scale: int = 1) -> NDArray[np.uint8]:
        """Return the page as (height * scale, width * scale, 3) bytes; `scale` is 1 or 2."""
        image: Any = self.image if scale == DRAWN else self.image.reduce(DRAWN)
        return np.array(image)
