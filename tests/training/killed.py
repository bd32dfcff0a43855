"""Works on a cell and kills itself with SIGKILL at a chosen place: `killed.py CONFIG ROOT PLACE COUNT`."""

from __future__ import annotations

import json
import os
import signal
import sys
from typing import Any

from guerdon.core.episode_log import EpisodeLog
from guerdon.evaluation.cell import run_cell
from guerdon.evaluation.config import CellConfig
from guerdon.evaluation.store import RunFolder

__all__ = ["PLACES"]

PLACES: dict[str, tuple[Any, str, bool]] = {
    "episode": (EpisodeLog, "add", True),
    "point": (RunFolder, "add_metrics", True),
    "rename": (os, "replace", False),
    "checkpoint": (RunFolder, "save_checkpoint", True),
    "commit": (RunFolder, "commit", False),
}
"""Place to (owner, function, whether to die after it has done its work)."""


def main(config: str, root: str, place: str, count: int) -> None:
    """Run the cell; die with the `count`-th call of the place."""
    owner, name, after = PLACES[place]
    original = getattr(owner, name)
    calls = 0

    def fatal(*args: Any, **kwargs: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == count and not after:
            os.kill(os.getpid(), signal.SIGKILL)
        result = original(*args, **kwargs)
        if calls == count:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(owner, name, fatal)
    run_cell(CellConfig(**json.loads(config)), root)


if __name__ == "__main__":
    main(*sys.argv[1:4], count=int(sys.argv[4]))  # type: ignore[misc]
