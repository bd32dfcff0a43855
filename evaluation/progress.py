"""Showing how far a comparison is: bars in a terminal, lines in a log."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from .config import CellConfig

__all__ = ["CellBoard", "WaitBar"]

PATIENCE_S = 2.0


class CellBoard:
    """One bar for the whole comparison and one for each cell that is being trained.

    Args:
        cells: all cells; done: how many were finished before.
        quiet: show nothing.
    """

    def __init__(self, cells: Sequence[CellConfig], done: int = 0, quiet: bool = False):
        self.console = Console(stderr=True, quiet=quiet)
        self._total, self._done = len(cells), done
        self._bars: dict[str, TaskID] = {}
        self._lock = threading.Lock()
        self._progress = Progress(
            TextColumn("{task.description}", table_column=None),
            BarColumn(bar_width=28),
            MofNCompleteColumn(),
            TextColumn("{task.fields[note]}"),
            TimeElapsedColumn(),
            console=self.console,
            disable=quiet or not self.console.is_terminal,
            transient=False,
        )

    def __enter__(self) -> CellBoard:
        self._progress.start()
        self._whole = self._progress.add_task("[bold]cells", total=self._total, completed=self._done, note="")
        if self._done:
            self.console.print(f"{self._done} of {self._total} cells were done before and are kept.")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def update(self, cell: CellConfig, done: int, total: int, figures: dict[str, float]) -> None:
        """Move a cell's bar."""
        note = f"reward {figures['reward']:.2f}  success {figures['success']:.0%}" if "success" in figures else ""
        with self._lock:
            if _name(cell) not in self._bars:
                self._bars[_name(cell)] = self._progress.add_task(_name(cell), total=total, note=note)
            self._progress.update(self._bars[_name(cell)], completed=done, total=total, note=note)

    def finish(self, cell: CellConfig, error: str | None = None) -> None:
        """Count a cell as finished and take its bar away."""
        with self._lock:
            self._done += 1
            self._progress.update(self._whole, completed=self._done)
            bar = self._bars.pop(_name(cell), None)
            if bar is not None:
                self._progress.remove_task(bar)
        if error is not None:
            self.console.print(f"[red]failed[/red] {_name(cell)}: {error}", highlight=False)
        elif not self.console.is_terminal:
            self.console.print(f"[{self._done}/{self._total}] {_name(cell)}", markup=False, highlight=False)


class WaitBar:
    """One bar for one thing that may take long; it appears after two seconds, in a terminal only.

    Args:
        what: that is being done.
        total: how many parts it has; None if nobody knows.
    """

    def __init__(self, what: str, total: int | None = None):
        self.console = Console(stderr=True)
        columns = (BarColumn(bar_width=28), *(() if total is None else (MofNCompleteColumn(),)), TimeElapsedColumn())
        shown = self.console.is_terminal
        self._progress = Progress(
            TextColumn("{task.description}"), *columns, console=self.console, disable=not shown, transient=True
        )
        self._task = self._progress.add_task(what, total=total)
        self._timer = threading.Timer(PATIENCE_S, self._progress.start)
        self._timer.daemon = True

    def __enter__(self) -> WaitBar:
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        self._timer.join()
        self._progress.stop()

    def advance(self, *_: object) -> None:
        """Count one part as done, whatever it is told; fits as `on_episode`."""
        self._progress.advance(self._task)


def _name(cell: CellConfig) -> str:
    return f"{cell.reward}  {cell.agent}  seed {cell.seed}"
