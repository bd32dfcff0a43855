"""One step of an env as a picture: what was asked, done, seen and paid, on a page that reads at a glance.

The left column holds the goal, the action taken and the observation, or the goal and what a camera sees; the right
panel holds the clock, the reward with one bar a term, and the choices there were, or the action as numbers. A page is
a pure function of a `Page`: equal input gives equal bytes.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ..core.names import check_name
from .typeset import Canvas, Face, clean_text, elide, fit_text, text_width

__all__ = ["HEIGHT", "OUTCOMES", "PICTURE_SIZE", "WIDTH", "Page", "draw_page"]

WIDTH, HEIGHT = 960, 540
"""Size of a page in pixels; both even, as H.264 wants them."""
PICTURE_SIZE = 556, 372
"""Width and height of the place of a camera's picture on a page."""

PAPER, PANEL, INK, MUTED, FAINT = "#fbfaf7", "#f1eee7", "#1c2126", "#6b6f76", "#dcd7cc"
GAIN, LOSS, CHIP, WARN = "#1f6feb", "#d9480f", "#e3ecfb", "#b42318"
LABEL, WARN_CHIP, CHIP_INK = "#e6e2d9", "#fdeae6", "#0b4db0"
OUTCOMES = {
    "running": ("", PANEL, INK),
    "success": ("SUCCESS", "#e2f1e5", "#18794e"),
    "failure": ("FAILED", "#fae5e1", "#b42318"),
    "dead_end": ("DEAD END", "#faeed3", "#8a5a00"),
    "out_of_time": ("OUT OF TIME", "#fae5e1", "#b42318"),
}
"""How an episode can stand: name to (badge, panel colour, badge colour)."""

LEFT, TEXT_WIDTH, PICTURE_TOP = 40, PICTURE_SIZE[0], 102
PANEL_LEFT, INNER_LEFT, INNER_RIGHT = 636, 664, 928
FOOT = 508  # lowest baseline


@dataclass(frozen=True, slots=True)
class Page:
    """What one page shows.

    Args:
        title: the small line on top, such as the env and the task type.
        goal: what the agent was asked to do.
        observation: what the env answered; any length, line breaks are kept.
        step: actions taken so far; 0 is the page of a reset.
        max_steps: the time limit, or None.
        action: the action taken, or None after a reset.
        failure: why the action did nothing, or None.
        outcome: one of `OUTCOMES`; "dead_end" is an episode that runs but can no longer succeed.
        reward: what this step paid.
        reward_sum: what the episode has paid so far, or None to show no reward.
        terms: reward term to (value in this step, sum over the episode).
        actions: the admissible actions that `action` was chosen from (after a reset: those there are).
        trail: the steps just before this one, oldest first, as (action, failure or None).
        policy: who acts, such as "expert"; empty to show nothing.
        caption: a sentence for the foot of the page; empty to show nothing.
        picture: what a camera sees, uint8 (height, width, 3), or None for a page of text. It takes the place of the
            observation and the trail, and is scaled to fit; `==` on pages does not look at it.
    """

    title: str
    goal: str
    observation: str
    step: int = 0
    max_steps: int | None = None
    action: str | None = None
    failure: str | None = None
    outcome: str = "running"
    reward: float = 0.0
    reward_sum: float | None = None
    terms: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    actions: tuple[str, ...] = ()
    trail: tuple[tuple[str, str | None], ...] = ()
    policy: str = ""
    caption: str = ""
    picture: NDArray[np.uint8] | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        check_name("outcome", self.outcome, OUTCOMES, "Page")
        seen = self.picture
        if seen is not None and (seen.dtype != np.uint8 or seen.ndim != 3 or seen.shape[2] != 3 or not seen.size):
            raise ValueError(f"Page: picture is {seen.dtype} {seen.shape}, not uint8 (height, width, 3)")


def draw_page(page: Page, scale: int = 1) -> NDArray[np.uint8]:
    """Draw `page` as an array of shape (540 * scale, 960 * scale, 3), uint8; `scale` is 1 or 2."""
    if scale not in (1, 2):
        raise ValueError(f"draw_page: scale is {scale!r}, not 1 or 2")
    canvas = Canvas(WIDTH, HEIGHT, PAPER)
    canvas.box(PANEL_LEFT, 0, WIDTH, HEIGHT, OUTCOMES[page.outcome][1])
    _draw_title(canvas, page)
    if page.picture is None:
        _draw_story(canvas, page)
    else:
        _draw_picture(canvas, page, page.picture)
    _draw_clock(canvas, page)
    top = _draw_reward(canvas, page) if page.reward_sum is not None else 92.0
    if page.picture is None:
        _draw_actions(canvas, page, top)
    else:
        _draw_numbers(canvas, page, top)
    return canvas.finish(scale)


def _draw_title(canvas: Canvas, page: Page) -> None:
    """What every page has in the left column: title and policy on top, the caption at the foot."""
    small, policy = Face(13), page.policy
    used = canvas.text(LEFT, 46, elide(page.title, small, TEXT_WIDTH * 0.6), small, MUTED)
    if policy:
        canvas.chip(LEFT + used + 14, 46, policy, Face(12, True), TEXT_WIDTH - used - 14, LABEL, INK, 9)
    if page.caption:
        canvas.box(LEFT, FOOT - 15, LEFT + 3, FOOT + 5, GAIN)
        face = Face(15, bold=True)
        canvas.text(LEFT + 14, FOOT, elide(page.caption, face, TEXT_WIDTH - 14), face, INK)


def _draw_picture(canvas: Canvas, page: Page, picture: NDArray[np.uint8]) -> None:
    """The left column of a camera's env: the goal in one line, the picture, why the action did nothing."""
    lines, face = fit_text(page.goal, (27, 24, 21, 19, 17, 15), (TEXT_WIDTH, 35), bold=True, leading=1.28)
    canvas.text(LEFT, 84, lines[0], face, INK)
    width, height = PICTURE_SIZE
    canvas.picture(LEFT, PICTURE_TOP, LEFT + width, PICTURE_TOP + height, picture)
    if page.failure:
        reason = page.failure.replace("_", " ")
        canvas.chip(LEFT + 12, PICTURE_TOP + height - 20, reason, Face(15, bold=True), width - 24, WARN_CHIP, WARN)


def _draw_story(canvas: Canvas, page: Page) -> None:
    """The left column of a text env: goal, action, observation, trail."""
    lines, face = fit_text(page.goal, (27, 24, 21, 19), (TEXT_WIDTH, 104), bold=True, leading=1.28)
    y = 86.0
    for line in lines:
        canvas.text(LEFT, y, line, face, INK)
        y += face.size * 1.28

    y += 18
    chip = Face(16, bold=True)
    if page.action is None:
        canvas.text(LEFT, y, "The episode begins.", Face(16), MUTED)
    else:
        colors = (WARN_CHIP, WARN) if page.failure else (CHIP, CHIP_INK)
        room = TEXT_WIDTH * (0.62 if page.failure else 1)
        used = canvas.chip(LEFT, y, page.action, chip, room, *colors)
        if page.failure:
            reason = elide(str(page.failure).replace("_", " "), Face(15), TEXT_WIDTH - used - 14)
            canvas.text(LEFT + used + 14, y, reason, Face(15), WARN)

    foot = FOOT - 40 if page.caption else FOOT
    y += 48
    lines, face = fit_text(page.observation, (21, 19, 18, 17, 16, 15, 14), (TEXT_WIDTH, foot - y + 22))
    for line in lines:
        canvas.text(LEFT, y, line, face, INK)
        y += face.size * 1.42
    _draw_trail(canvas, page, y, foot)


def _draw_trail(canvas: Canvas, page: Page, top: float, foot: float) -> None:
    """The latest earlier actions where the observation left room, newest last, refused ones in red."""
    line, face = 22.0, Face(14)
    count = min(len(page.trail), 6, int((foot - top - 14) // line) - 1)
    if count < 1:
        return
    y = foot - count * line
    canvas.text(LEFT, y, "Before", Face(13), MUTED)
    for number, (action, failure) in enumerate(page.trail[-count:], start=page.step - count):
        y += line
        canvas.text(LEFT + 20, y, str(number), Face(13), MUTED, "right")
        canvas.text(LEFT + 32, y, elide(action, face, TEXT_WIDTH - 32), face, WARN if failure else MUTED)


def _draw_clock(canvas: Canvas, page: Page) -> None:
    """The step count and the badge on top of the panel, the progress bar along the foot of the page."""
    badge, _, color = OUTCOMES[page.outcome]
    number = Face(20, bold=True)
    used = canvas.text(INNER_LEFT, 46, "Step", Face(13), MUTED) + 7
    used += canvas.text(INNER_LEFT + used, 46, str(page.step), number, INK)
    if page.max_steps:
        canvas.text(INNER_LEFT + used + 6, 46, f"of {page.max_steps}", Face(13), MUTED)
    if badge:
        face = Face(13, bold=True)
        left = INNER_RIGHT - text_width(badge, face) - 24
        canvas.box(left, 27, INNER_RIGHT, 55, color, radius=14)
        canvas.text(left + 12, 45.5, badge, face, "#ffffff")
    if page.max_steps:
        canvas.box(0, HEIGHT - 6, WIDTH, HEIGHT, FAINT)
        part = min(1.0, max(0.0, page.step / page.max_steps))
        canvas.box(0, HEIGHT - 6, WIDTH * part, HEIGHT, GAIN if page.outcome == "running" else color)


def _draw_reward(canvas: Canvas, page: Page) -> float:
    """The reward so far and a bar for each term. Return where the panel is free again."""
    assert page.reward_sum is not None
    canvas.text(INNER_LEFT, 88, "Reward so far", Face(13), MUTED)
    canvas.text(INNER_LEFT, 124, _number(page.reward_sum), Face(34, bold=True), INK)
    if page.step:
        step = f"{_number(page.reward)} this step"
        canvas.text(INNER_RIGHT, 124, step, Face(14, bold=True), _sign_color(page.reward), "right")
    if not page.terms:
        return 160.0

    scale = _bar_scale([value for pair in page.terms.values() for value in (pair[1], pair[1] - pair[0])])
    canvas.text(INNER_LEFT, 154, f"Terms, bars to ±{scale:g}", Face(12), MUTED)
    canvas.text(INNER_RIGHT - 66, 154, "step", Face(12), MUTED, "right")
    canvas.text(INNER_RIGHT, 154, "sum", Face(12), MUTED, "right")
    room = FOOT - 162.0
    row = 38.0 if len(page.terms) * 38 <= room else 24.0
    shown = list(page.terms.items())
    if len(shown) * row > room:
        keep = int(room // row) - 1
        shown = sorted(shown, key=lambda term: -_size(term[1][1]))[:keep]
    y = 162.0
    for name, (value, total) in shown:
        _draw_term(canvas, y, row, name, value, total, scale)
        y += row
    if len(shown) < len(page.terms):
        canvas.text(INNER_LEFT, y + 16, f"and {len(page.terms) - len(shown)} smaller terms", Face(13), MUTED)
        y += row
    return y + 26


def _draw_term(canvas: Canvas, y: float, row: float, name: str, value: float, total: float, scale: float) -> None:
    """One term: its name, the value in this step, the sum, and the sum as a bar from the middle."""
    face, base = Face(13.5), y + 17
    canvas.text(INNER_LEFT, base, elide(name, face, 146, keep_end=True), face, INK)
    color = _sign_color(value)
    canvas.text(INNER_RIGHT - 66, base, _number(value), Face(13.5, bold=bool(value)), color, "right")
    canvas.text(INNER_RIGHT, base, _number(total), Face(13.5, bold=True), INK, "right")
    if row < 30:
        canvas.box(INNER_LEFT, y + 21.5, INNER_RIGHT, y + 23.5, FAINT)
        top, bottom = y + 21, y + 24
    else:
        top, bottom = y + 23, y + 31
        canvas.box(INNER_LEFT, top, INNER_RIGHT, bottom, FAINT, radius=4)
    middle, reach = (INNER_LEFT + INNER_RIGHT) / 2, (INNER_RIGHT - INNER_LEFT) / 2
    if math.isfinite(total):
        end = middle + reach * max(-1.0, min(1.0, total / scale))
        canvas.box(min(middle, end), top, max(middle, end), bottom, GAIN if total > 0 else LOSS, radius=2)
    canvas.box(middle - 0.5, top - 2, middle + 0.5, bottom + 2, INK)


def _draw_actions(canvas: Canvas, page: Page, top: float) -> None:
    """The admissible actions, as many as there is room for, the chosen one marked and always among them."""
    line = 22.0
    room = int((FOOT + 8 - top - 6) // line)
    if room < 3 or not page.actions:
        return
    canvas.text(INNER_LEFT, top, f"Admissible actions ({len(page.actions)})", Face(13), MUTED)
    first, shown = 0, page.actions
    if len(shown) > room:
        room -= 1
        at = shown.index(page.action) if page.action in shown else 0
        first = min(max(0, at - room // 2), len(shown) - room)
        shown = shown[first : first + room]
    y = top + line + 2
    for action in shown:
        if action == page.action:
            width = INNER_RIGHT - INNER_LEFT
            canvas.chip(INNER_LEFT, y, action, Face(14, True), width, CHIP, CHIP_INK, pad=8)
        else:
            face = Face(14)
            canvas.text(INNER_LEFT + 8, y, elide(action, face, INNER_RIGHT - INNER_LEFT - 8), face, INK)
        y += line
    if len(shown) < len(page.actions):
        rest = len(page.actions) - len(shown)
        canvas.text(INNER_LEFT + 8, y, f"and {rest} more", Face(13), MUTED)


def _draw_numbers(canvas: Canvas, page: Page, top: float) -> None:
    """The numbers of an action below the reward, four a line, as many as there is room for."""
    words = [clean_text(word.replace("-", "−")) for word in (page.action or "").split()]
    line, wide, face = 24.0, 44.0, Face(15)
    column = (INNER_RIGHT - INNER_LEFT - wide) / 3
    room = 4 * int((FOOT - top) // line)
    if not words or room < 4:
        return
    canvas.text(INNER_LEFT, top, "Action", Face(13), MUTED)
    if len(words) > room:
        words = [*words[: room - 1], "…"]
    for number, word in enumerate(words):
        x, y = INNER_LEFT + wide + column * (number % 4), top + line * (number // 4 + 1)
        canvas.text(x, y, elide(word, face, wide), face, INK, "right")


def _number(value: float) -> str:
    """Write a signed number in at most eight characters, with a true minus sign where the face has one."""
    if not math.isfinite(value):
        return str(value)
    size = abs(value)
    if size == 0:
        return "0"
    if 0.01 <= size < 1000:
        shape = "+.2f"
    elif 1000 <= size < 1e6:
        shape = "+.0f"
    else:
        shape = "+.3f" if 0.0005 <= size < 0.01 else "+.0e"
    return clean_text(format(value, shape).replace("-", "−"))


def _sign_color(value: float) -> str:
    return GAIN if value > 0 else LOSS if value < 0 else MUTED


def _size(value: float) -> float:
    return abs(value) if math.isfinite(value) else math.inf


def _bar_scale(values: list[float]) -> float:
    """Return the smallest of 1, 2, 5, 10, ... that holds all finite values: it changes seldom in a video."""
    most = max((abs(value) for value in values if math.isfinite(value)), default=0.0)
    for power in range(300):
        for step in (1, 2, 5):
            if most <= step * 10.0**power:
                return step * 10.0**power
    return most
