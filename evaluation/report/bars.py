"""Figures of the final evaluation: success with intervals, and what each term of a reward paid."""

from __future__ import annotations

from matplotlib.figure import Figure

from ...core.roles import role_of
from ..comparison import Comparison
from ..results import Row
from .canvas import broken, make_axes, text_width
from .style import INK, MUTED, RULE, looks, ranked

__all__ = ["final_success", "term_bars"]

WIDTH, SIZE = 4.4, 9.5
LABEL = 1.8  # inches; longer labels are broken where their parts meet
TERM_WIDTH = 3.3


def final_success(comparison: Comparison) -> Figure:
    """Draw final success: a row a policy, its interval as a line, its seeds as ticks.

    The last evaluation set is filled, the others are hollow; scripted policies stand below, in grey.
    """
    names = looks(comparison)
    rows = [(broken(names[r.id].label, SIZE, LABEL), names[r.id].colour, r.sets) for r in ranked(comparison)]
    scripted = sorted(
        (baseline for baseline in comparison.baselines if baseline.sets),
        key=lambda baseline: -max(part.success.mean.value for part in baseline.sets.values()),
    )
    rows += [(baseline.name, MUTED, baseline.sets) for baseline in scripted]
    lines = max(label.count("\n") + 1 for label, _, _ in rows)
    height = 0.75 + max(0.36, 0.17 * lines) * len(rows)
    figure, (ax,) = make_axes(WIDTH, height)
    labels = max(text_width(label, SIZE) for label, _, _ in rows)
    figure.subplots_adjust(left=(labels + 0.25) / WIDTH, right=0.95, top=0.97, bottom=0.52 / height)
    for i, (label, colour, sets) in enumerate(rows):
        shown = [name for name in comparison.sets if name in sets]
        for j, name in enumerate(shown):
            success, y = sets[name].success, i + 0.32 * (j - (len(shown) - 1) / 2)
            filled = name == comparison.sets[-1]
            ends, width = [success.mean.low, success.mean.high], 2.2 if filled else 1.2
            seeds = list(success.per_seed.values())
            face = colour if filled else "none"
            style = {"color": colour, "clip_on": False}
            ax.plot(ends, [y, y], linewidth=width, solid_capstyle="butt", **style)
            ax.plot(seeds, [y] * len(seeds), "|", markersize=6.5, **style)
            ax.plot(
                [success.mean.value],
                [y],
                "o",
                markersize=6.5,
                markerfacecolor=face,
                markeredgewidth=1.4,
                **style,
            )
        ax.annotate(
            label,
            (0, i),
            xytext=(-10, 0),
            textcoords="offset points",
            ha="right",
            va="center",
            color=colour,
            fontsize=SIZE,
            fontweight="normal" if colour == MUTED else "bold",
            annotation_clip=False,
        )
    if scripted:
        ax.axhline(len(rows) - len(scripted) - 0.5, color=RULE, linewidth=0.8)
    ax.set_ylim(len(rows) - 0.5, -0.5)
    ax.set_xlim(0, 1)
    ax.set_yticks([])
    ax.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0%", "25%", "50%", "75%", "100%"])
    ax.grid(axis="x", color=RULE, linewidth=0.8)
    ax.set_xlabel("tasks solved", color=MUTED, fontsize=SIZE)
    return figure


def term_bars(comparison: Comparison, row: Row, name: str) -> Figure | None:
    """Draw each term's mean sum per episode, filled for the agent and hollow for the expert.

    Terms that were NaN are left out here; the page counts them. Returns None for a reward without terms.
    """
    terms = {term: value for term, value in row.sets[name].terms.items() if value is not None}
    if not terms:
        return None
    look = looks(comparison)[row.id]
    experts = [b for b in comparison.baselines if role_of(b.name) == "expert" and name in b.sets]
    parts = [b.sets[name].paid.get(row.reward) for b in experts]
    expert = parts[0].terms if parts and parts[0] is not None else {}
    height = 0.36 + 0.44 * len(terms)
    figure, (ax,) = make_axes(TERM_WIDTH, height)
    labels = max(text_width(term, 9) for term in terms)
    left = (labels + 0.12) / TERM_WIDTH
    figure.subplots_adjust(left=left, right=0.85, top=1 - 0.28 / height, bottom=0.02)
    for i, (term, agent) in enumerate(terms.items()):
        bars = [(i - 0.18, agent, 0.32, look.colour, look.colour, INK)]
        if (paid := expert.get(term)) is not None:
            bars.append((i + 0.17, paid, 0.26, "none", MUTED, MUTED))
        for y, value, thick, face, edge, ink in bars:
            ax.barh(y, value, thick, facecolor=face, edgecolor=edge, linewidth=1.0)
            ax.annotate(
                f"{value:.2g}",
                (max(value, 0), y),
                xytext=(4, 0),
                textcoords="offset points",
                va="center",
                color=ink,
                fontsize=8.5,
                annotation_clip=False,
            )
    ax.set_yticks(range(len(terms)), list(terms), color=INK, fontsize=9)
    ax.set_ylim(len(terms) - 0.5, -0.5)
    ax.axvline(0, color=MUTED, linewidth=0.8)
    ax.spines["bottom"].set_visible(False)
    ax.set_xticks([])
    figure.text(0.0, 1 - 0.16 / height, look.label, color=look.colour, fontsize=10, fontweight="bold")
    return figure
