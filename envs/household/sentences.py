"""The game's sentences that are not tied to one command, word for word those of ALFWorld 0.4.2."""

from __future__ import annotations

__all__ = ["HELP", "NOTHING", "describe", "listing", "sight"]

NOTHING = "Nothing happens."
CLEAN, HOT, COOL, SLICED, TOGGLED = (1 << i for i in range(5))  # in the order of scene.STATES

HELP = """Available commands:
  look:                             look around your current location
  inventory:                        check your current inventory
  go to (receptacle):               move to a receptacle
  open (receptacle):                open a receptacle
  close (receptacle):               close a receptacle
  take (object) from (receptacle):  take an object from a receptacle
  move (object) to (receptacle):  place an object in or on a receptacle
  examine (something):              examine a receptacle or an object
  use (object):                     use an object
  heat (object) with (receptacle):  heat an object using a receptacle
  clean (object) with (receptacle): clean an object using a receptacle
  cool (object) with (receptacle):  cool an object using a receptacle
  slice (object) with (object):     slice an object using a sharp object
"""

# What `examine` says of a held object, first match wins: (state bits, word).
CONDITIONS = (
    (HOT | CLEAN | SLICED, "a hot and clean sliced "),
    (COOL | CLEAN | SLICED, "a cool and clean sliced "),
    (CLEAN | SLICED, "a clean sliced "),
    (HOT | SLICED, "a hot sliced "),
    (COOL | SLICED, "a cool sliced "),
    (HOT | CLEAN, "a hot and clean "),
    (COOL | CLEAN, "a cool and clean "),
    (HOT, "a hot "),
    (CLEAN, "a clean "),
    (COOL, "a cold "),
)


def listing(names: list[str], article: str = "a ") -> str:
    """Join names the way the game does: "nothing", "a x", "a x, and a y", "a x, a y, and a z"."""
    if not names:
        return "nothing"
    if len(names) == 1:
        return article + names[0]
    return ", ".join(article + name for name in names[:-1]) + f", and {article}{names[-1]}"


def sight(name: str, openable: bool, opened: bool, things: list[str]) -> str:
    """Say what is seen of a receptacle and in it."""
    if not openable:
        return f"On the {name}, you see {listing(things)}."
    return f"The {name} is open. In it, you see {listing(things)}." if opened else f"The {name} is closed."


def describe(name: str, state: int, lamp: bool) -> str:
    """Say what `examine` says of a held object that is no container, from its state bits."""
    for bits, words in CONDITIONS:
        if state & bits == bits:
            return f"This is {words}{name}."
    if lamp and state & TOGGLED:
        return f"This {name} is on."
    if state & SLICED:
        return f"This is a sliced {name}."
    return f"There's nothing special about {name}."
