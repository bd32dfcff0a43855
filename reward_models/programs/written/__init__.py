"""Recorded answers: rewards that a language model wrote for tasks of the suite, with where they come from.

One JSON file an answer: env, goal, role ("zero-shot"; "planted", a misspecification made on purpose; "revision", the
answer to what somebody said of the planted one), form ("program" or "code"), said (for a revision), text (a list of
lines), and provenance. They are kept as they were written. The author was a large language model that had also read
this suite's hand-written rewards, so they show that the machinery works, not how good an outsider's first try is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

__all__ = ["RecordedAnswer", "recorded_answers"]


@dataclass(frozen=True)
class RecordedAnswer:
    """One file; see the module.

    Attributes:
        name: of the file.
        env, goal: what was asked for.
        role: what the answer is.
        form: what the text is.
        text: the answer.
        said: what a person said of the reward before it; "" but for revisions.
        provenance: author, date, sha256 of the prompt, whether it was edited.
    """

    name: str
    env: str
    goal: str
    role: Literal["zero-shot", "planted", "revision"]
    form: Literal["program", "code"]
    text: str
    said: str
    provenance: Mapping[str, Any]


def recorded_answers() -> list[RecordedAnswer]:
    """Return all recorded answers, by name."""
    found = []
    for path in sorted(Path(__file__).parent.glob("*.json")):
        data = json.loads(path.read_text("utf-8"))
        text = "\n".join(data.pop("text"))
        found.append(RecordedAnswer(path.stem, text=text, **data))
    return found
