"""Learning curves: what the agents are paid, and what they achieve, over env steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from ...core.roles import role_of
from ..comparison import Comparison
from ..results import Curve
from .canvas import broken, make_axes, spread, text_width
from .style import MUTED, RULE, Look, looks, ranked

__all__ = ["Line", "draw_lines", "paid_lines", "solved_lines", "training_panel"]

WIDTH, HEIGHT, SIZE = 4.4, 3.0, 9.5
LABEL = 1.25  # inches; longer labels are broken where their parts meet


@dataclass(frozen=True)
class Line:
    """A curve in [0, 1], the look of its row, and what is written at its end."""

    row: str
    look: Look
    curve: Curve
    label: str


def solved_lines(comparison: Comparison, name: str) -> list[Line]:
    """Return the share of tasks of one set solved, over training; best row first."""
    found = []
    for row in ranked(comparison):
        curve = row.sets[name].curves.get("success")
        if curve is not None:
            look = looks(comparison)[row.id]
            found.append(Line(row.id, look, curve, look.label))
    return found


def paid_lines(comparison: Comparison, name: str) -> list[Line]:
    """Return the return on one set over training, as a share of the range of returns known under each reward.

    The range is that of the hacking gap; a row without a gap, or whose returns are all the same, has no
    such share and is left out.
    """
    found = []
    for row in ranked(comparison):
        gap, curve = row.sets[name].gap, row.sets[name].curves.get("reward")
        if gap is None or curve is None or gap.reward_range[0] >= gap.reward_range[1]:
            continue
        low, high = gap.reward_range

        def share(values: tuple[float | None, ...], low: float = low, high: float = high):
            return tuple(None if v is None else min(max((v - low) / (high - low), 0.0), 1.0) for v in values)

        scaled = replace(curve, mean=share(curve.mean), low=share(curve.low), high=share(curve.high))
        look = looks(comparison)[row.id]
        found.append(Line(row.id, look, scaled, look.label))
    return found


def training_panel(
    comparison: Comparison, name: str, lines: Sequence[Line], *, references: bool = False
) -> Figure | None:
    """Draw one panel of curves, or return None if there are none.

    Args:
        comparison: where the reference levels come from.
        name: the evaluation set.
        lines: the curves.
        references: also draw the success of the scripted expert and of the random policy.
    """
    if not lines:
        return None
    figure, (ax,) = make_axes(WIDTH, HEIGHT)
    lines = [replace(line, label=broken(line.label, SIZE, LABEL)) for line in lines]
    labels = max(text_width(line.label, SIZE) for line in lines)
    figure.subplots_adjust(left=0.115, right=1 - (labels + 0.2) / WIDTH, top=0.96, bottom=0.17)
    draw_lines(ax, lines, size=SIZE)
    for baseline in comparison.baselines if references else ():
        role = role_of(baseline.name)
        if role in ("expert", "random") and name in baseline.sets:
            level = baseline.sets[name].success.mean.value
            place = 0.01 if role == "expert" else 0.62  # clear of the curves, which start low
            ax.axhline(level, color=MUTED, linewidth=1.0, linestyle=(0, (4, 3)), zorder=0)
            ax.annotate(
                role,
                (place, level),
                xycoords=ax.get_yaxis_transform(),
                xytext=(0, 2.5),
                textcoords="offset points",
                color=MUTED,
                fontsize=8,
            )
    return figure


def draw_lines(ax: Axes, lines: Sequence[Line], *, size: float) -> None:
    """Draw curves with their intervals, each named at its end instead of in a legend."""
    last = max(line.curve.steps[-1] for line in lines)
    for line in lines:
        steps = line.curve.steps
        mean, low, high = (
            [float("nan") if value is None else value for value in part]
            for part in (line.curve.mean, line.curve.low, line.curve.high)
        )
        colour = line.look.colour
        ax.fill_between(steps, low, high, color=colour, alpha=0.16, linewidth=0)
        ax.plot(
            steps,
            mean,
            color=colour,
            linewidth=0.21 * size,
            marker=line.look.marker,
            markersize=0.47 * size,
            clip_on=False,
        )
    ends = [next((v for v in reversed(line.curve.mean) if v is not None), 0.0) for line in lines]
    height = ax.get_position().height * ax.get_figure(root=True).get_size_inches()[1]  # type: ignore[union-attr]
    sizes = [1.06 * 1.25 * size / 72 / height * len(line.label.split("\n")) for line in lines]
    for line, place in zip(lines, spread(ends, sizes, 0.0, 1.03), strict=True):
        ax.annotate(
            line.label,
            (last, place),
            xytext=(9, 0),
            textcoords="offset points",
            color=line.look.colour,
            fontsize=size,
            fontweight="bold",
            va="center",
            annotation_clip=False,
        )
    ax.set_xlim(0, last)
    ax.set_ylim(-0.02, 1.04)
    ax.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0%", "", "50%", "", "100%"])
    ax.grid(axis="y", color=RULE, linewidth=0.8)
    ax.xaxis.set_major_locator(MaxNLocator(4, integer=True))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda step, _: _steps(step)))
    ax.set_xlabel("environment steps", color=MUTED, fontsize=size)


def _steps(step: float) -> str:
    """Write a number of steps: "0", "6k", "1.5M"."""
    if step < 1000:
        return f"{step:g}"
    return f"{step / 1000:g}k" if step < 1_000_000 else f"{step / 1_000_000:g}M"
