"""guerdon label: say which of two clips is better, in your browser, to learn a reward from.

Example:
    guerdon label data/reach-pairs
"""

from __future__ import annotations

import threading
import webbrowser
from dataclasses import dataclass

import tyro

from guerdon.scripts.options import run

__all__ = ["Label", "main"]


@dataclass
class Label:
    """Compare the pairs that `guerdon prefer --teacher none` has recorded: two clips side by side, one key an answer.

    The page runs on this machine only. Every answer is on the disk at once; the same command goes on where you left.

    Example: guerdon label data/reach-pairs
    """

    data: tyro.conf.Positional[str] = "data/preferences"
    """Folder of `guerdon prefer`."""
    port: int = 0
    """Port of the page; 0 takes one that is free."""
    open: bool = True
    """Open the browser."""
    all: bool = False
    """Ask also about pairs that a teacher has labelled."""


def main(args: Label) -> int:
    """Serve the page until Ctrl-C, then print how many pairs are labelled."""
    from guerdon.evaluation.labelling.server import LabelServer
    from guerdon.evaluation.labelling.session import LabelSession

    session = LabelSession(args.data, args.all)
    try:
        with LabelServer(session, args.port) as server:
            print(f"{session.summary}\npage      {server.url}\nCtrl-C ends", flush=True)
            if args.open:
                threading.Thread(target=webbrowser.open, args=(server.url,), daemon=True).start()
            try:
                server.serve_forever()
            except KeyboardInterrupt:
                print(f"\n{session.summary}; the same command goes on from here", flush=True)
    finally:
        session.close()
    return 0


if __name__ == "__main__":
    run(Label, main)
