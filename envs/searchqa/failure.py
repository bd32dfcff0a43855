"""Why an action did nothing: the reason behind "That cannot be done."."""

from __future__ import annotations

from enum import StrEnum

from .game import VERBS, Game

__all__ = ["Failure", "explain"]


class Failure(StrEnum):
    """The reasons why an action is not admissible, from form to substance."""

    NOT_AN_ACTION = "not_an_action"  # begins with none of search, read, answer; or names nothing
    NOT_EXACT = "not_exact"  # right but for capitals, doubled spaces or a full stop
    NO_RETRIEVALS_LEFT = "no_retrievals_left"  # all look-ups of the episode are used up
    NOT_A_THING = "not_a_thing"  # a year, a trade, goods or a list: they can be answered, not looked up
    NOT_FOUND = "not_found"  # read: this document is not among those that were found last
    NOT_NAMED = "not_named"  # not in the question, nor in what was read, or too long ago


def explain(game: Game, action: str) -> Failure:
    """Return why `action` is not admissible in `game`. Call it only for actions that are not."""
    region, action = game.question.region, action.strip()
    verb, _, name = action.partition(" ")
    plain = " ".join(action.lower().rstrip(".!").split())
    if any(plain == one.lower() for one in game.admissible if one != action):
        return Failure.NOT_EXACT
    if verb not in VERBS or not name:
        return Failure.NOT_AN_ACTION
    node = region.nodes.get(name, -1)
    if verb == "answer" or node < 0:
        return Failure.NOT_NAMED
    if node >= region.num_things:
        return Failure.NOT_A_THING
    if not game.left:
        return Failure.NO_RETRIEVALS_LEFT
    return Failure.NOT_FOUND if verb == "read" else Failure.NOT_NAMED
