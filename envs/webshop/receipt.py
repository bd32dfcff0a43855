"""The page after the purchase."""

from __future__ import annotations

import json
from collections.abc import Mapping

from .pages import Node, Screen
from .scoring import Compat, Score

__all__ = ["receipt_screen"]

ESCAPES = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "'": "\\u0027"})
UNKNOWN = ("attrs", "category", "query", "product category")
TARGET = ("Target", "asin", "options", "attrs", "price upper", "instuction text", "category", "product category",
          "query")  # fmt: skip


def receipt_screen(asin: str, chosen: Mapping[str, str], score: Score, compat: Compat, admissible: list[str]) -> Screen:
    """Return the last page. The original prints the score on it; under "fixed" it does not.

    There is nothing to click; `admissible` are the searches that the original would accept here too.
    """
    nodes: list[Node] = [("", "Thank you for shopping with us!")]
    if compat == "webshop":
        nodes += [("", "Your code: "), ("", "None"), ("", " (Paste it in your MTurk interface.)")]
    options = json.dumps(dict(chosen), sort_keys=True).translate(ESCAPES)
    nodes += [("", text) for text in ("Purchased", "asin", asin, "options", options)]
    if compat == "webshop":
        nodes += [("", text) for name in UNKNOWN for text in (name, "None")]
        nodes += [("", text) for text in (*TARGET, "Goal ", "None", "Reward", "Your score (min 0.0, max 1.0)")]
        nodes += [("", repr(score.reward)), ("", "Reward Details "), ("", "None")]
    return Screen(tuple(nodes), admissible=admissible)
