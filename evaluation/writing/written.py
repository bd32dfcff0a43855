"""A reward that somebody wrote, with where it comes from, and the folder that keeps all of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from ...core.files import write_atomic, write_json
from ...reward_models import Reward, make_reward
from ...reward_models.programs.dsl import Program
from ...reward_models.programs.report import Report

__all__ = ["Form", "Library", "Written"]

Form = Literal["program", "code"]
"""A program of the reward language (`guerdon.reward_models.programs.dsl`), or a file of Python for the sandbox."""
SUFFIX = {"program": ".json", "code": ".py"}


@dataclass(frozen=True)
class Written:
    """A reward that was written, whether it is any good or not.

    Attributes:
        form: what the text is.
        text: JSON or Python; what came back, if it is neither.
        reward: an expression that `make_reward` takes; "" if the text could not be read.
        program: the program, if it is one and valid.
        report: what `validate` says of it.
        provenance: who wrote it (writer), sha256 of the prompt, iteration, sample, repairs, ...
        rejected: kinds of findings for which it is not trained on.
    """

    form: Form
    text: str
    reward: str
    program: Program | None
    report: Report
    provenance: Mapping[str, Any] = field(default_factory=dict)
    rejected: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether it may be trained on."""
        return bool(self.reward) and not self.rejected

    @property
    def key(self) -> str:
        """8 hex digits over the text."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()[:8]

    @property
    def shown(self) -> str:
        """The text as people and language models read it: the line of a program, or the code."""
        return str(self.program) if self.program else self.text.strip()

    def made(self) -> Reward:
        """Return the reward."""
        return make_reward(self.reward)


class Library:
    """Keeps every reward that was written, the bad ones too: `programs/KEY.json` or `.py`, and `KEY.about.json`.

    The second file has provenance, findings, and for a program its one line. Files depend on what was written only, so
    the same search writes the same files.

    Args:
        folder: made if need be.
    """

    def __init__(self, folder: str | Path):
        self.folder = Path(folder)

    def path(self, form: Form, text: str) -> Path:
        """Return where a text is kept; writes it."""
        key = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]
        path = self.folder / "programs" / f"{key}{SUFFIX[form]}"
        data = text.encode("utf-8", "replace")
        if not path.is_file() or path.read_bytes() != data:
            write_atomic(path, data)
        return path

    def add(self, written: Written) -> Path:
        """Keep one with everything that is known of it; return the path of its text."""
        path = self.path(written.form, written.text)
        about = {
            "form": written.form,
            "reward": written.reward,
            "line": str(written.program) if written.program else None,
            "rejected": list(written.rejected),
            "provenance": dict(written.provenance),
            "report": [_finite(one) for one in written.report.plain()],
        }
        write_json(path.with_name(f"{written.key}.about.json"), about)
        return path


def _finite(finding: Mapping[str, Any]) -> dict[str, Any]:
    return json.loads(json.dumps(finding, default=str), parse_constant=lambda _: None)
