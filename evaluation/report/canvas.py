"""Figures without pyplot: a bare Matplotlib figure in, SVG for a page or a PNG file out."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Mapping, Sequence
from html import escape
from itertools import pairwise
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextPath

from ...core.files import write_atomic
from .style import INK, MUTED, RULE

__all__ = ["broken", "make_axes", "save_png", "spread", "text_width", "to_svg"]

FONT = "DejaVu Sans"  # ships with Matplotlib: the same measures everywhere


def make_axes(width: float, height: float, columns: int = 1, **grid: Any) -> tuple[Figure, list[Axes]]:
    """Make a figure of `width` x `height` inches with a row of quiet axes."""
    figure = Figure(figsize=(width, height))
    figure.patch.set_alpha(0.0)
    axes = list(figure.subplots(1, columns, squeeze=False, gridspec_kw=grid)[0])
    for ax in axes:
        ax.patch.set_alpha(0.0)
        for side in ("top", "right", "left"):
            ax.spines[side].set_visible(False)
        ax.spines["bottom"].set_color(MUTED)
        ax.tick_params(colors=MUTED, labelsize=9, length=3, width=0.8)
        ax.tick_params(axis="y", length=0)
        ax.set_axisbelow(True)
    return figure, axes


def to_svg(figure: Figure, name: str, title: str, colours: Mapping[str, str] | None = None) -> str:
    """Render a figure as an inline SVG that follows the page's theme and font.

    Colours become CSS variables with the drawn colour as the fallback, so the same SVG works in a light
    page, in a dark one, and alone. Text stays text. Equal figures give equal bytes.

    Args:
        figure: the figure.
        name: unique in the page; keeps the ids of several figures apart.
        title: what the figure shows, for those who cannot see it.
        colours: colour to the name of its CSS variable, beside ink, muted and rule.
    """
    FigureCanvasSVG(figure)
    buffer = io.StringIO()
    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": name, "font.family": FONT}):
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None}, transparent=True)
    text = buffer.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.S)
    text = re.sub(r'<g id="[^"]*"', "<g", text)
    text = re.sub(r'(font(?:-family)?: [^;"]*?)\'' + FONT + r"'(?:, [^;\"]*)?", r"\1var(--font, sans-serif)", text)
    for colour, variable in {INK: "ink", MUTED: "muted", RULE: "rule", **(colours or {})}.items():
        text = re.sub(rf"(: ?){colour}\b", rf"\1var(--{variable}, {colour})", text)
    head = re.match(r"<svg[^>]*>", text)
    assert head is not None  # savefig wrote it
    box = re.search(r'viewBox="[^"]*"', head.group())
    assert box is not None
    width = float(box.group()[9:-1].split()[2]) * 96 / 72
    start = (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" {box.group()} '
        f'role="img" aria-label="{escape(title)}" style="width:100%;max-width:{1.25 * width:.0f}px">'
    )
    return start + text[head.end() :].strip()


def save_png(figure: Figure, path: str | os.PathLike[str], dpi: int = 200) -> Path:
    """Write a figure as PNG on white, atomically."""
    FigureCanvasAgg(figure)
    buffer = io.BytesIO()
    with matplotlib.rc_context({"font.family": FONT}):
        figure.savefig(buffer, format="png", dpi=dpi, facecolor="white", metadata={"Software": None})
    return write_atomic(path, buffer.getvalue())


def text_width(text: str, size: float, weight: str = "bold") -> float:
    """Measure text in inches, its longest line, in the font that figures are laid out with."""
    font = FontProperties(family=FONT, weight=weight)
    return (
        max(float(TextPath((0, 0), line, size=size, prop=font).get_extents().width) for line in text.split("\n")) / 72
    )


def broken(label: str, size: float, width: float) -> str:
    """Break a label that is wider than `width` inches into lines, where its parts meet."""
    if text_width(label, size) <= width:
        return label
    return label.replace(" + ", "\n+ ").replace(" · ", "\n").replace("(", "\n(")


def spread(places: Sequence[float], sizes: Sequence[float], low: float, high: float) -> list[float]:
    """Move labels apart so that none covers another: order kept, centres inside [low, high] if they fit.

    Args:
        places: where each label's centre should be.
        sizes: how high each label is, in the same unit.
        low: lowest centre.
        high: highest centre.
    """
    order = sorted(range(len(places)), key=lambda i: (places[i], i))
    moved = list(places)

    def gap(i: int, j: int) -> float:
        return (sizes[i] + sizes[j]) / 2

    for below, i in pairwise(order):
        moved[i] = max(moved[i], moved[below] + gap(below, i))
    if order and moved[order[-1]] > high:
        moved[order[-1]] = high
        for above, i in pairwise(order[::-1]):
            moved[i] = min(moved[i], moved[above] - gap(above, i))
    if order and moved[order[0]] < low:
        shift = low - moved[order[0]]
        moved = [place + shift for place in moved]
    return moved
