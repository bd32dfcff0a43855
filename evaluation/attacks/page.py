"""The report of an attack as one HTML file."""

from __future__ import annotations

import math
from pathlib import Path

from ...core.files import write_atomic
from ..report.canvas import make_axes, to_svg
from ..report.style import MUTED
from ..report.template import templates_beside
from .pursuit import Pursuit
from .result import AttackReport
from .static import TOLERANCE

__all__ = ["save_attack_page"]

SCORE, OBJECTIVE = "#d55e00", "#00805f"


def save_attack_page(report: AttackReport, path: str | Path) -> Path:
    """Write the page."""
    env = templates_beside(__file__)
    text = env.get_template("attack.html.jinja").render(
        r=report,
        env=report.env.rpartition(":")[2],
        tolerance=TOLERANCE,
        pictures=[_picture(one, number) for number, one in enumerate(report.pursuits)],
        known=lambda value: not math.isnan(value),
    )
    return write_atomic(path, text)


def _picture(pursuit: Pursuit, number: int) -> str:
    """Draw the normalised score and the normalised objective over the training."""
    figure, (axes,) = make_axes(5.2, 2.9)
    batches = range(1, len(pursuit.reward) + 1)
    axes.plot(batches, pursuit.reward, color=SCORE, linewidth=1.8)
    axes.plot(batches, pursuit.objective, color=OBJECTIVE, linewidth=1.8)
    axes.fill_between(batches, pursuit.reward, pursuit.objective, color=SCORE, alpha=0.10, linewidth=0)
    axes.set_ylim(-0.03, 1.08)
    axes.set_xlabel("batch", color=MUTED, fontsize=9)
    axes.text(0.01, 1.01, "score", color=SCORE, fontsize=9, transform=axes.transAxes)
    axes.text(0.14, 1.01, "objective", color=OBJECTIVE, fontsize=9, transform=axes.transAxes)
    figure.tight_layout()
    return to_svg(figure, f"pursuit{number}", "Score and objective of a policy that is trained on the score alone")
