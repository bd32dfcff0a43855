"""The report of an audit as one HTML file, with the episode that games the reward as a film."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from ...agents.actor import Actor
from ...agents.scripted import SCRIPTED, ScriptedActor
from ...core.files import write_atomic
from ..film import film
from ..report.canvas import make_axes, to_svg
from ..report.style import INK, MUTED
from ..report.template import templates_beside
from .examine import AuditReport
from .finding import Played

__all__ = ["film_exploit", "headline", "save_audit_page"]

MEANINGS = {
    "honest": "No way to play was found that earns like the expert and fails. That is no proof: a policy that is "
    "trained may find one.",
    "hackable": "Somebody earns like the expert and fails the task. An agent that learns from it may do so too.",
    "broken": "The reward cannot be relied on to pay what it says. Mend that before anything is trained on it.",
}
COLOURS = {"expert": "#00805f", "exploit": "#b42318", "found": "#d55e00"}


def headline(report: AuditReport) -> str:
    """Return the audit in one sentence."""
    first = report.findings[0].message if report.findings else ""
    return first if report.verdict != "honest" else "No way to play earns like the expert and fails."


class _Replay(Actor):
    """Does again what was done in one episode."""

    def __init__(self, name: str, actions: tuple[Any, ...]):
        self.name, self._actions, self._turn = name, actions, 0

    def act(self, observations: Any, infos: Mapping[str, Any], fresh: np.ndarray) -> list[Any]:
        """Return the next action."""
        self._turn = 0 if fresh[0] else self._turn + 1
        return [self._actions[min(self._turn, len(self._actions) - 1)]]


def film_exploit(report: AuditReport, reward: Any, folder: str | Path, seed: int = 0) -> Path | None:
    """Film the episode that games the reward; None if there is none.

    Args:
        report: of the audit.
        reward: what was examined.
        folder: where the film goes.
        seed: seeds the policy.
    """
    if not report.exploit:
        return None
    if report.exploit in SCRIPTED:
        actor: Actor = ScriptedActor(report.exploit)
    else:
        found = next(one for one in report.played if one.name == report.exploit)
        actor = _Replay(found.name, found.actions[0])
    return film(actor, report.env, report.env_kwargs, reward, report.tasks[0], folder, seed)


def save_audit_page(report: AuditReport, path: str | Path, video: Path | None = None) -> Path:
    """Write the page; the film is put into it."""
    env = templates_beside(__file__)
    data = None
    if video is not None:
        data = "data:video/mp4;base64," + base64.b64encode(video.read_bytes()).decode()
    text = env.get_template("audit.html.jinja").render(
        r=report,
        env=report.env.rpartition(":")[2],
        headline=headline(report),
        meaning=MEANINGS[report.verdict],
        picture=_picture(report.played),
        video=data,
    )
    return write_atomic(path, text)


def _picture(played: tuple[Played, ...]) -> str:
    """Draw returns against objectives, each way to play as a point with its name."""
    if not played:
        return ""
    figure, (axes,) = make_axes(6.2, 3.9)
    placed: list[tuple[float, float]] = []
    paid = [float(np.mean(one.paid)) for one in played]
    spread = max(max(paid) - min(paid), 1e-9)
    for one, value in sorted(zip(played, paid, strict=True), key=lambda pair: -pair[1]):
        score = float(np.mean(one.objective))
        axes.plot(score, value, "o", color=COLOURS.get(one.role, MUTED), markersize=7)
        tries = (value + step * 0.058 * spread * sign for step in range(len(played)) for sign in (1, -1))
        height = next(y for y in tries if all(abs(y - b) >= 0.055 * spread or abs(score - a) > 0.4 for a, b in placed))
        placed.append((score, height))
        axes.plot([score, score + (-0.015 if score > 0.6 else 0.015)], [value, height], color=MUTED, linewidth=0.6)
        right = score > 0.6
        side = -0.02 if right else 0.02
        axes.text(score + side, height, one.name, ha="right" if right else "left", va="center", fontsize=8.5, color=INK)
    axes.set_xlim(-0.03, 1.03)
    axes.set_xlabel("objective: what is achieved", color=MUTED, fontsize=9)
    axes.set_title("return: what is paid", loc="left", color=MUTED, fontsize=9)
    figure.tight_layout()
    return to_svg(figure, "audit", "Return and objective of every way to play")
