"""One look for each row, the same in every figure, table and page: label, colour, marker."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..comparison import Comparison
from ..results import Row

__all__ = ["INK", "MUTED", "RULE", "Look", "headline_set", "looks", "ranked", "short_labels"]

INK, MUTED, RULE = "#1c2127", "#5f6873", "#dfe3e8"

# After Okabe and Ito (2008), told apart by people with any colour vision; darkened where text in the
# colour must be read on white. Each pair is (on white, on black).
COOL = (("#0072b2", "#5cb8f0"), ("#00805f", "#3fcf9f"), ("#5a54a8", "#a9a6f5"), ("#3a7d8c", "#8fd0dc"))
COOL += (("#5d7a00", "#b4d24a"), ("#8a3fa0", "#d99bf0"), ("#1d3f86", "#8fadf2"))
WARM = (("#d55e00", "#ff9248"), ("#b5477f", "#f193c4"), ("#a87900", "#f0c04d"))
MARKERS = "osD^vPX*"


@dataclass(frozen=True)
class Look:
    """How one row is drawn.

    Attributes:
        label: its short name.
        colour: for a white ground.
        dark: for a black ground.
        marker: Matplotlib marker.
        key: name of the CSS variable that holds the colour.
    """

    label: str
    colour: str
    dark: str
    marker: str
    key: str


def looks(comparison: Comparison) -> dict[str, Look]:
    """Give every row its look. Hacked ones get the warm colours, all others the cool ones.

    The order of the comparison decides, so the same comparison always looks the same.
    """
    main = headline_set(comparison)
    labels = short_labels([row.id for row in comparison.rows])
    used = {True: 0, False: 0}
    found = {}
    for number, row in enumerate(comparison.rows):
        gap = row.sets[main].gap
        hacked = gap is not None and gap.flagged
        colours = WARM if hacked else COOL
        colour, dark = colours[used[hacked] % len(colours)]
        used[hacked] += 1
        found[row.id] = Look(labels[row.id], colour, dark, MARKERS[number % len(MARKERS)], f"c{number}")
    return found


def short_labels(ids: list[str]) -> dict[str, str]:
    """Shorten ids for people: "household/busy-v1" is "busy", unless two would share a label."""
    for pattern in (r"[\w.]+/|-v\d+\b", r"[\w.]+/"):
        labels = {name: re.sub(pattern, "", name).replace(" * ", " × ") for name in ids}
        if len(set(labels.values())) == len(set(ids)):
            return labels
    return {name: name for name in ids}


def headline_set(comparison: Comparison) -> str:
    """Name the evaluation set that a verdict is about: "unseen" where it exists, else the last one."""
    return "unseen" if "unseen" in comparison.sets else comparison.sets[-1]


def ranked(comparison: Comparison) -> list[Row]:
    """Return the rows, most tasks solved first."""
    main = headline_set(comparison)
    return sorted(comparison.rows, key=lambda row: (-row.sets[main].success.mean.value, row.id))
