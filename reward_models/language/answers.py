"""Reading what a language model answered."""

from __future__ import annotations

import json
from typing import Any

from .backend import Answer, LLMError

__all__ = ["json_of"]


def json_of(answer: Answer) -> dict[str, Any]:
    """Return the JSON object of an answer, which may stand in a fence of backquotes or between words.

    Raises:
        LLMError: there is none, or it was cut off.
    """
    text = answer.text
    start, end = text.find("{"), text.rfind("}")
    try:
        found = json.loads(text[start : end + 1]) if 0 <= start < end else None
    except ValueError:
        found = None
    if not isinstance(found, dict):
        cut = answer.about.get("finish_reason") == "length"
        why = "was cut off by max_tokens" if cut else "has no JSON object"
        raise LLMError(f"the answer {why}: {text.strip()[:120]!r}")
    return found
