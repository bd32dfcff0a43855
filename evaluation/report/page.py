"""One HTML file with a whole comparison: text, tables, figures and videos, and no request to anywhere."""

from __future__ import annotations

import base64
import os
from pathlib import Path
from typing import Any

from ...core.files import write_atomic
from ...core.roles import role_of
from ..comparison import Comparison
from ..results import Row, Video
from .style import Look, headline_set, looks, ranked
from .template import templates_beside
from .words import fixed, interval, lead, number, percent, set_words, unit, verdict

__all__ = ["render_page", "save_page"]

MIMES = {".mp4": "video/mp4", ".webm": "video/webm", ".gif": "image/gif"}
TEMPLATE = "report.html.jinja"


def render_page(
    comparison: Comparison, base: str | os.PathLike[str] = ".", *, max_video_bytes: int = 12_000_000
) -> str:
    """Render a comparison as one self-contained HTML page.

    Args:
        comparison: what to show.
        base: folder that the videos' paths start from (the `root` given to `Comparison.from_runs`).
        max_video_bytes: embed videos up to this much together, before base64; the rest is named by path.

    Returns:
        The page: inline CSS, SVG and video, no script, light and dark.
    """
    env = templates_beside(__file__)
    env.filters |= {"percent": percent, "interval": interval, "number": number, "set_words": set_words}
    embedded, left_out = _videos(comparison, Path(base), max_video_bytes)
    main = headline_set(comparison)
    return env.get_template(TEMPLATE).render(
        c=comparison,
        main=main,
        sets=[main, *(name for name in comparison.sets if name != main)],
        ranked=ranked(comparison),
        looks=looks(comparison),
        verdict=verdict(comparison),
        lead=lead(comparison),
        unit=unit(comparison),
        fixed=fixed(comparison),
        figures=_figures(comparison, main),
        videos=embedded,
        left_out=left_out,
        expert=next(
            (b.sets[main] for b in comparison.baselines if role_of(b.name) == "expert" and main in b.sets), None
        ),
        types=sorted({kind for row in comparison.rows for kind in row.sets[main].success.per_task_type}),
        hours=comparison.provenance.wall_s / 3600,
    )


def save_page(
    comparison: Comparison,
    path: str | os.PathLike[str],
    base: str | os.PathLike[str] = ".",
    *,
    max_video_bytes: int = 12_000_000,
) -> Path:
    """Write the page of `render_page` to a file, atomically."""
    return write_atomic(path, render_page(comparison, base, max_video_bytes=max_video_bytes))


def _figures(comparison: Comparison, main: str) -> dict[str, Any]:
    """Draw every figure as inline SVG; one without data is None, or missing from the term bars."""
    from markupsafe import Markup

    from .bars import final_success, term_bars
    from .canvas import to_svg
    from .curves import paid_lines, solved_lines, training_panel

    colours = {look.colour: look.key for look in looks(comparison).values()}

    def svg(figure: Any, name: str, title: str) -> Markup | None:
        return None if figure is None else Markup(to_svg(figure, name, title, colours))

    def solved(name: str) -> Any:
        return training_panel(comparison, name, solved_lines(comparison, name), references=True)

    paid = training_panel(comparison, main, paid_lines(comparison, main))
    return {
        "reward": svg(paid, "reward", f"Return over training, {main} tasks"),
        "success": svg(solved(main), "success", f"Success over training, {main} tasks"),
        "final": svg(final_success(comparison), "final", "Final success of every policy, with intervals"),
        "others": {
            name: svg(solved(name), f"success-{name}", f"Success over training, {name} tasks")
            for name in comparison.sets
            if name != main
        },
        "terms": [
            drawing
            for i, row in enumerate(ranked(comparison))
            if (drawing := svg(term_bars(comparison, row, main), f"terms-{i}", f"Terms of {row.id}"))
        ],
    }


def _videos(comparison: Comparison, base: Path, budget: int) -> tuple[list[dict[str, Any]], list[str]]:
    """Pick the most telling video of each policy and embed it; return those, and the paths of all others."""
    names, order = looks(comparison), ranked(comparison)
    picked, spare = [], []
    policies = [row.id for row in order]
    policies += sorted({video.policy for video in comparison.videos} - set(policies))
    for policy in policies:
        videos = [video for video in comparison.videos if video.policy == policy]
        row = next((row for row in order if row.id == policy), None)
        videos.sort(key=lambda video: (not _typical(video, row, comparison), video.seed, video.path))
        for i, video in enumerate(videos):
            file = base / video.path
            size = file.stat().st_size if file.is_file() else None
            if i or size is None or size > budget:
                spare.append(video.path)
                continue
            budget -= size
            mime = MIMES[file.suffix]
            data = base64.b64encode(file.read_bytes()).decode()
            look = names.get(policy)
            picked.append(
                {
                    "video": video,
                    "mime": mime,
                    "data": f"data:{mime};base64,{data}",
                    "look": look,
                    "label": _label(policy, look),
                }
            )
    return picked, spare


def _typical(video: Video, row: Row | None, comparison: Comparison) -> bool:
    """Whether the episode ended as most episodes of its policy do."""
    share = 1.0 if row is None else row.sets[headline_set(comparison)].success.mean.value
    return (video.outcome == "success") == (share >= 0.5)


def _label(policy: str, look: Look | None) -> str:
    return policy.replace("scripted/", "scripted ") if look is None else look.label
