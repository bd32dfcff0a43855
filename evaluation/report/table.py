"""The comparison in the terminal: one row for what is compared, then the scripted policies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ..comparison import Comparison
from .style import headline_set, looks, ranked
from .words import fixed, interval, number, percent, unit, verdict

if TYPE_CHECKING:
    from ..statistics import Estimate

__all__ = ["comparison_table", "print_table"]


def comparison_table(comparison: Comparison) -> Table:
    """Build the table: success on each set with intervals, return, hacking gap, seeds; best row first."""
    main = headline_set(comparison)
    sets = [main, *(name for name in comparison.sets if name != main)]
    names = looks(comparison)
    table = Table(
        title=", ".join([comparison.env.rpartition(":")[2], *fixed(comparison), f"{comparison.steps:,} steps"]),
        caption=f"success: tasks solved, mean and 95% interval. return, gap: on {main}. "
        "gap: normalised return minus normalised objective. Below: scripted policies.",
        title_justify="left",
        caption_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
    )
    table.add_column(unit(comparison), overflow="fold", min_width=14)
    for name in sets:
        table.add_column(f"success {name}", justify="right", no_wrap=True)
    table.add_column("return", justify="right", no_wrap=True)
    table.add_column("gap", no_wrap=True)
    table.add_column("seeds", justify="right", no_wrap=True)
    for row in ranked(comparison):
        part, gap = row.sets[main], row.sets[main].gap
        flag = " [bold red]HACKED[/]" if gap is not None and gap.flagged else ""
        missing = len(row.missing_seeds)
        table.add_row(
            f"[bold]{escape(names[row.id].label)}[/]",
            *(_share(row.sets[name].success.mean) for name in sets),
            number(None if part.reward is None else part.reward.value),
            "n/a" if gap is None else f"{gap.value:+.2f}{flag}",
            f"[yellow]{row.num_seeds} of {row.num_seeds + missing}[/]" if missing else str(row.num_seeds),
        )
    table.add_section()
    for baseline in comparison.baselines:
        cells = ["n/a" if name not in baseline.sets else _share(baseline.sets[name].success.mean) for name in sets]
        table.add_row(baseline.name, *cells, "", "", str(baseline.num_seeds), style="dim")
    return table


def print_table(comparison: Comparison, console: Console | None = None) -> None:
    """Print the verdict, the table and the notes (missing seeds, NaN episodes)."""
    console = console or Console()
    console.print(comparison_table(comparison))
    console.print(f"\n[bold]{escape(verdict(comparison))}[/]")
    for note in comparison.notes:
        console.print(f"[yellow]note:[/] {escape(note)}", soft_wrap=True)


def _share(estimate: Estimate) -> str:
    return f"{percent(estimate.value)} [dim]{interval(estimate).replace(' to ', '–').replace('%', ''):>6}[/]"
