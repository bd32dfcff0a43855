"""Why a command did nothing: the reason behind "Nothing happens."."""

from __future__ import annotations

import re
from enum import StrEnum

from .game import Game

__all__ = ["Failure", "explain"]


class Failure(StrEnum):
    """The reasons why a command is not admissible, from form to substance."""

    NOT_A_COMMAND = "not_a_command"  # no verb of the game, or words where none belong
    NOT_EXACT = "not_exact"  # right but for capitals, doubled spaces or a full stop
    OTHER_DIALECT = "other_dialect"  # "put ... in/on" where the game says "move ... to", or the reverse
    NO_SUCH_THING = "no_such_thing"  # names something that is not in this room
    ALREADY_HERE = "already_here"  # go to a receptacle that stands where the agent stands
    NOT_HERE = "not_here"  # the receptacle is elsewhere, or the object is not in it
    CLOSED = "closed"  # the receptacle must be opened first
    NOT_OPENABLE = "not_openable"
    ALREADY_OPEN = "already_open"
    ALREADY_CLOSED = "already_closed"
    HAND_FULL = "hand_full"  # the agent carries one object at a time
    NOT_HOLDING = "not_holding"
    FIXED = "fixed"  # the object cannot be picked up
    DOES_NOT_FIT = "does_not_fit"  # this type of receptacle does not accept this type of object
    WRONG_APPLIANCE = "wrong_appliance"  # heat needs a microwave, cool a fridge, clean a sinkbasin
    NOT_POSSIBLE = "not_possible"  # the object cannot be heated, cooled, cleaned, sliced or switched on


FORMS = {
    "go": r"go to (?P<r>.+)",
    "open": r"open (?P<r>.+)",
    "close": r"close (?P<r>.+)",
    "take": r"take (?P<o>.+) from (?P<r>.+)",
    "move": r"move (?P<o>.+) to (?P<r>.+)",
    "put": r"put (?P<o>.+) in/on (?P<r>.+)",
    "heat": r"heat (?P<o>.+) with (?P<r>.+)",
    "cool": r"cool (?P<o>.+) with (?P<r>.+)",
    "clean": r"clean (?P<o>.+) with (?P<r>.+)",
    "slice": r"slice (?P<o>.+) with (?P<k>.+)",
    "use": r"use (?P<o>.+)",
    "examine": r"examine (?P<x>.+)",
}
PATTERNS = {verb: re.compile(form) for verb, form in FORMS.items()}


def explain(game: Game, command: str) -> Failure:
    """Return why `command` is not admissible in `game`. Call it only for commands that are not."""
    command = command.strip()
    plain = " ".join(command.lower().rstrip(".!").split())
    if plain != command and plain in game.choices:
        return Failure.NOT_EXACT
    verb = command.split(" ", 1)[0]
    match = PATTERNS[verb].fullmatch(command) if verb in PATTERNS else None
    if match is None:
        return Failure.NOT_A_COMMAND
    world, names = game.world, match.groupdict()
    if verb in ("move", "put") and verb != world.dialect:
        return Failure.OTHER_DIALECT
    receptacles = {name: i for i, name in enumerate(world.rec_names)}
    objects = {name: i for i, name in enumerate(world.obj_names)}
    known = {"r": receptacles, "o": objects, "k": objects, "x": receptacles | objects}
    if any(name not in known[part] for part, name in names.items()):
        return Failure.NO_SUCH_THING
    r = receptacles[names["r"]] if "r" in names else -1
    if verb == "examine":
        return Failure.NOT_HERE if names["x"] in receptacles else Failure.NOT_HOLDING
    if verb == "go":
        return Failure.ALREADY_HERE
    if r >= 0 and world.rec_locs[r] != game.loc:
        return Failure.NOT_HERE
    if verb in ("open", "close"):
        if not world.openable >> r & 1:
            return Failure.NOT_OPENABLE
        return Failure.ALREADY_OPEN if verb == "open" else Failure.ALREADY_CLOSED
    return _explain_object(game, verb, objects[names["o"]], r, objects.get(names.get("k", ""), -1))


def _explain_object(game: Game, verb: str, o: int, r: int, knife: int) -> Failure:
    world = game.world
    shut = r >= 0 and world.openable >> r & 1 and not game.opened >> r & 1
    if verb == "take":
        if game.held >= 0:
            return Failure.HAND_FULL
        if shut:
            return Failure.CLOSED
        return Failure.NOT_HERE if o not in game.contents[r] else Failure.FIXED
    if verb == "use":
        return Failure.NOT_HERE if o in world.flagged["toggleable"] else Failure.NOT_POSSIBLE
    if verb == "slice":
        if game.held != knife:
            return Failure.NOT_HOLDING
        if knife not in world.knives or o not in world.flagged["sliceable"]:
            return Failure.NOT_POSSIBLE
        return Failure.NOT_HERE
    if game.held != o:
        return Failure.NOT_HOLDING
    if verb in ("move", "put"):
        return Failure.CLOSED if shut else Failure.DOES_NOT_FIT
    if r not in world.appliance[verb]:
        return Failure.WRONG_APPLIANCE
    return Failure.NOT_POSSIBLE
