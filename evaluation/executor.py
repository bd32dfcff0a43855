"""Runs cells in processes of their own, those that are not done yet, and shows how far they are."""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import Any

from .cell import run_cell
from .config import CellConfig
from .progress import CellBoard
from .store import is_done

__all__ = ["run_cells"]


def run_cells(cells: Sequence[CellConfig], root: Path, jobs: int, quiet: bool = False) -> dict[str, str]:
    """Run the cells that are not done, in `jobs` processes; return the errors by run folder.

    One that fails does not stop the others; one that was killed goes on where it was.
    """
    todo = [cell for cell in cells if not is_done(cell.folder(root))]
    errors: dict[str, str] = {}
    context = multiprocessing.get_context("spawn")
    if not todo:
        return errors
    news = context.Queue()
    with (
        CellBoard(cells, len(cells) - len(todo), quiet) as board,
        ProcessPoolExecutor(
            min(jobs, len(todo)), mp_context=context, initializer=_initialise, initargs=(os.getpid(), news)
        ) as pool,
    ):
        futures: dict[Future[str], CellConfig] = {
            pool.submit(_work, cell, str(root), number): cell for number, cell in enumerate(todo)
        }
        listener = threading.Thread(target=_listen, args=(news, todo, board), daemon=True)
        listener.start()
        try:
            for future in as_completed(futures):
                cell = futures[future]
                error = future.exception()
                if error is not None:
                    errors[str(cell.folder(root))] = f"{type(error).__name__}: {error}"
                board.finish(cell, None if error is None else str(error))
        except KeyboardInterrupt:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
        finally:
            news.put(None)
            listener.join()
    return errors


def _listen(news: Any, todo: Sequence[CellConfig], board: CellBoard) -> None:
    while (item := news.get()) is not None:
        number, done, total, figures = item
        board.update(todo[number], done, total, figures)


_news: Any = None  # in a worker: the queue that it reports to


def _work(cell: CellConfig, root: str, number: int) -> str:
    def report(done: int, total: int, figures: dict[str, float]) -> None:
        _news.put((number, done, total, figures))

    return str(run_cell(cell, root, report))


def _initialise(parent: int, news: Any) -> None:
    """Tell a worker where to report, keep it to one thread, and let it die with its parent."""
    import torch

    global _news
    _news = news

    torch.set_num_threads(1)

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1.0)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
