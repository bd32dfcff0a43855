"""The argument in one picture: what two of the agents are paid, and what they achieve."""

from __future__ import annotations

import os
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from ..comparison import Comparison
from ..results import Row
from .style import INK, MUTED, headline_set, looks, ranked
from .words import agent_words, percent, unit

__all__ = ["headline_pair", "save_headline"]

WIDTH, HEIGHT, SIZE = 9.0, 4.0, 11.5
TICKS = 0.62  # inches for the numbers left of an axis
TITLE = 15.5
LABEL = 1.25  # inches; longer labels are broken where their parts meet
SOLVED = 0.98
"""Share of the tasks from which on a difference in success is not worth a headline."""


def headline_pair(comparison: Comparison) -> tuple[Row, Row]:
    """Return the two rows that tell most, the better one first.

    If a reward was hacked these are the best row and the one with the largest hacking gap. If none was: the row that
    solves most and the one that solves least, or where all solve (nearly) everything, the first and the last that
    learns it.

    Raises:
        ValueError: fewer than two rows have a hacking gap and curves of return and success.
    """
    main = headline_set(comparison)
    usable = [row for row in ranked(comparison) if _is_usable(row, main)]
    if len(usable) < 2:
        raise ValueError(
            f"a headline needs two {unit(comparison).replace(' and ', 's and ')}s with curves and a hacking gap on "
            f"{main!r}; there are {len(usable)}"
        )
    hacked = max(usable, key=lambda row: _gap(row, main))
    if all((gap := row.sets[main].gap) is None or not gap.flagged for row in usable):
        hacked = usable[-1]
        if _all_solve(usable, main):
            usable = sorted(usable, key=lambda row: (-_area(row, main), _length(row, main)))
            hacked = usable[-1]
    return next(row for row in usable if row is not hacked), hacked


def save_headline(comparison: Comparison, path: str | os.PathLike[str]) -> Path:
    """Save the picture for a README: the two rows of `headline_pair`, pay and success side by side.

    All is of the evaluation set that the verdict is about. The file is 1800 px wide, to be shown at 900.

    Raises:
        ValueError: as `headline_pair`.
    """
    from .canvas import broken, make_axes, save_png, text_width
    from .curves import draw_lines, paid_lines, solved_lines

    main, pair = headline_set(comparison), headline_pair(comparison)
    paid = {line.row: line for line in paid_lines(comparison, main)}
    solved = {line.row: line for line in solved_lines(comparison, main)}
    left_lines, right_lines = (
        [replace(line, label=broken(line.label, SIZE, LABEL)) for line in (lines[row.id] for row in pair)]
        for lines in (paid, solved)
    )

    figure, (left, right) = make_axes(WIDTH, HEIGHT, 2)
    labels = [max(text_width(line.label, SIZE) for line in lines) + 0.25 for lines in (left_lines, right_lines)]
    span = (WIDTH - 2 * TICKS - sum(labels)) / 2
    for ax, lines, start, title in (
        (left, left_lines, TICKS, "What the agent is paid"),
        (right, right_lines, 2 * TICKS + span + labels[0], "What the agent achieves"),
    ):
        ax.set_position((start / WIDTH, 0.225, span / WIDTH, 0.5))
        draw_lines(ax, lines, size=SIZE)
        ax.tick_params(labelsize=10.5)
        figure.text((start - 0.5) / WIDTH, 0.79, title, color=INK, fontsize=12.5, fontweight="bold")
    title = _title(comparison, pair)
    size = min(TITLE, TITLE * (WIDTH - 0.24) / text_width(title, TITLE))
    figure.text(0.12 / WIDTH, 0.905, title, color=INK, fontsize=size, fontweight="bold")
    seeds = sorted({row.num_seeds for row in pair})
    who = f"{agent_words(comparison.agents[0])}, " if len(comparison.agents) == 1 else ""
    foot = (
        f"Paid: return, share of the best known. Achieved: {main} tasks solved (curves: part of them). "
        f"{who}{' or '.join(map(str, seeds))} seeds, mean and 95% interval."
    )
    figure.text(0.12 / WIDTH, 0.025, foot, color=MUTED, fontsize=8.8)
    return save_png(figure, path)


def _title(comparison: Comparison, pair: tuple[Row, Row]) -> str:
    main, kind, names = headline_set(comparison), unit(comparison), looks(comparison)
    better, other = pair
    rows = [row for row in comparison.rows if _is_usable(row, main)]
    if _all_solve(rows, main):
        lowest = min(row.sets[main].success.mean.value for row in rows)
        what = "every task" if lowest == 1 else f"{percent(lowest)} of the tasks or more"
        who = f"{'Both' if len(rows) == 2 else f'All {len(rows)}'}{'' if ' ' in kind else f' {kind}s'}"
        best = "learns fastest" if _area(better, main) > _area(other, main) else "takes the fewest steps"
        return f"{who} solve {what}; {names[better.id].label} {best}"
    shares = [percent(row.sets[main].success.mean.value) for row in pair]
    agents = "same agent" if better.agent == other.agent else f"two {kind.partition(' ')[0]}s"
    rewards = "same reward" if better.reward == other.reward else "two rewards"
    who = f"{agents}, {rewards}" if better.agent == other.agent else f"{rewards}, {agents}"
    return f"{who.capitalize()}: one solves {shares[0]} of the tasks, the other {shares[1]}"


def _is_usable(row: Row, name: str) -> bool:
    gap, curves = row.sets[name].gap, row.sets[name].curves
    has_scale = gap is not None and gap.reward_range[0] < gap.reward_range[1]
    return has_scale and "reward" in curves and "success" in curves


def _all_solve(rows: list[Row], name: str) -> bool:
    return all(row.sets[name].success.mean.value >= SOLVED for row in rows)


def _area(row: Row, name: str) -> float:
    """Mean of the success curve over training: the larger, the earlier it was learned."""
    curve = row.sets[name].curves["success"]
    points = [(step, value) for step, value in zip(curve.steps, curve.mean, strict=True) if value is not None]
    area = sum((b - a) * (x + y) / 2 for (a, x), (b, y) in pairwise(points))
    return area / max(curve.steps[-1], 1)


def _length(row: Row, name: str) -> float:
    length = row.sets[name].length
    return float("inf") if length is None else length.value


def _gap(row: Row, name: str) -> float:
    gap = row.sets[name].gap
    return -2.0 if gap is None else gap.value
