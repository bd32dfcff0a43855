"""Why an action did nothing: the shop itself stays silent."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

__all__ = ["MAX_QUERY", "Failure", "explain"]

MAX_QUERY = 10_000
"""Characters that a search may have; more are refused, where the original would go on to search."""


class Failure(StrEnum):
    """The reasons, from form to substance."""

    NOT_AN_ACTION = "not_an_action"  # neither search[...] nor click[...]; an empty argument too
    WRONG_CASE = "wrong_case"  # "Click[...]": the name of an action is lower-case
    QUERY_TOO_LONG = "query_too_long"
    SEARCH_NEEDS_WORDS = "search_needs_words"  # click[search]: write search[words]
    NOT_ON_THIS_PAGE = "not_on_this_page"  # nothing on this page is called so


def explain(name: str | None, argument: str, clickables: Collection[str]) -> Failure:
    """Return why an action with this name and (lower-case) argument did nothing; call it only if it did nothing."""
    if name not in ("search", "click"):
        is_case = name is not None and name.lower() in ("search", "click")
        return Failure.WRONG_CASE if is_case else Failure.NOT_AN_ACTION
    if name == "search":
        return Failure.QUERY_TOO_LONG
    return Failure.SEARCH_NEEDS_WORDS if argument == "search" in clickables else Failure.NOT_ON_THIS_PAGE
