"""Captions of the web shop: what was clicked, in a sentence; words of the instruction have a star.

Pages are long, so what a step did is told by its action and by the title of the product at hand: "You search for ...",
"You open TITLE.", "You choose OPTION.", "You buy TITLE.", "You press BUTTON.".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from ....core.transition import Transition
from .base import CAPTIONS, LENGTH, Captions, starred

__all__ = ["WEBSHOP"]

PART = " [SEP] "
ACTION = re.compile(r"(search|click)\[(.*)\]$", re.DOTALL)
SHORT = 4
"""Words of an instruction shorter than this ("me", "for") get no star."""


def _task(first: str) -> str:
    parts = first.split(PART)
    return parts[parts.index("Instruction:") + 1] if "Instruction:" in parts[:-1] else ""


@lru_cache(maxsize=4096)
def _words(task: str) -> frozenset[str]:
    wanted = task.lower().partition(", and price")[0]
    return frozenset(word for word in re.findall(r"[a-z]+", wanted) if len(word) >= SHORT)


def _title(page: str) -> str:
    """Return the title on a product's page: what stands before its price."""
    parts = page.split(PART)
    return next((parts[i] for i in range(len(parts) - 1) if parts[i + 1].startswith("Price:")), "")


def _caption(before: str, action: str, after: str, task: str) -> str:
    found = ACTION.match(action)
    if found is None:
        return ""
    kind, what = found.groups()
    was, now = _title(before), _title(after)
    if kind == "search":
        said = f"You search for {what}."
    elif what == "buy now":
        said = f"You buy {was}."
    elif now and now != was and what not in ("< prev", "back to search"):
        said = f"You open {now}."
    elif now and now == was:
        said = f"You choose {what}."
    else:
        said = f"You press {what}."
    return starred(said, _words(task))[:LENGTH]


def _tell(step: Transition, tasks: Sequence[str]) -> list[str]:
    return [
        _caption(before, str(action), after, task)
        for before, action, after, task in zip(step.obs, step.action, step.next_obs, tasks, strict=True)
    ]


WEBSHOP = CAPTIONS.add(
    "webshop",
    Captions(
        "webshop",
        frozenset({"obs", "action"}),
        "An agent shops for what an instruction asks for: it searches, opens a product, chooses its options and buys. "
        "Words of the instruction are marked with a star.",
        _tell,
        _task,
        lambda first: "Instruction:" in first.split(PART),
        r"^You (open|buy) .*\*.*\*|^You choose .*\*",
    ),
)
