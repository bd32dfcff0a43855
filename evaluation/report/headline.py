"""The argument in one picture: both agents are paid more and more; only one of them achieves anything."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from ..comparison import Comparison
from ..results import RewardResult
from .style import INK, MUTED, headline_set, ranked
from .words import percent

if TYPE_CHECKING:
    pass

__all__ = ["save_headline"]

WIDTH, HEIGHT, SIZE = 9.0, 4.0, 11.5
TICKS = 0.62  # inches for the numbers left of an axis


def save_headline(comparison: Comparison, path: str | os.PathLike[str]) -> Path:
    """Save the picture for a README: an honest and a hacked reward, pay and success side by side.

    Drawn are the reward with the largest hacking gap, flagged or not, and of the others the one that solves
    most, on the evaluation set that the verdict is about. The file is 1800 px wide, to be shown at 900.

    Raises:
        ValueError: fewer than two rewards have a hacking gap and curves of return and success.
    """
    from .canvas import make_axes, save_png, text_width
    from .curves import draw_lines, paid_lines, solved_lines

    main = headline_set(comparison)
    paid = {line.reward: line for line in paid_lines(comparison, main)}
    solved = {line.reward: line for line in solved_lines(comparison, main)}
    usable = [reward for reward in ranked(comparison) if reward.id in paid and reward.id in solved]
    if len(usable) < 2:
        raise ValueError(
            f"a headline needs two rewards with curves and a hacking gap on {main!r}; there are {len(usable)}"
        )
    hacked = max(usable, key=lambda reward: _gap(reward, main))
    honest = next(reward for reward in usable if reward is not hacked)
    pair = [honest, hacked]
    left_lines = [paid[reward.id] for reward in pair]
    right_lines = [solved[reward.id] for reward in pair]

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
    shares = [percent(reward.sets[main].success.mean.value) for reward in pair]
    title = f"Same agent, two rewards: one solves {shares[0]} of the tasks, the other {shares[1]}"
    figure.text(0.12 / WIDTH, 0.905, title, color=INK, fontsize=15.5, fontweight="bold")
    seeds = sorted({reward.num_seeds for reward in pair})
    foot = (
        f"Paid: return, share of the best known. Achieved: {main} tasks solved (curves: part of them). "
        f"{comparison.agent.upper()}, {' or '.join(map(str, seeds))} seeds, mean and 95% interval."
    )
    figure.text(0.12 / WIDTH, 0.025, foot, color=MUTED, fontsize=8.8)
    return save_png(figure, path)


def _gap(reward: RewardResult, name: str) -> float:
    gap = reward.sets[name].gap
    return -2.0 if gap is None else gap.value
