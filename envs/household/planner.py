"""Exact shortest plans, remembered: how many commands the goal still needs, and the first of them.

`errands` finds a plan; here it is looked up by the part of the state that matters, which makes the amortised cost far
smaller than the first one. That the distance equals breadth-first search over the full game is a property test.
"""

from __future__ import annotations

from typing import NamedTuple

from .errands import NO_PLAN, Search, open_spot
from .game import Game

__all__ = ["NO_PLAN", "expert_plan", "plan"]

MAX_SITUATIONS = 2048  # remembered per world: about 1 kB each


class Placement(NamedTuple):
    """Where the goal's objects and lamps are, and which receptacles can matter for a plan because of it.

    `spots` holds (receptacle, object) pairs; `mask` and `locs` the receptacles that matter and their locations;
    `number` stands for all of it in the keys of remembered plans.
    """

    spots: tuple[tuple[int, int], ...]
    mask: int
    locs: frozenset[int]
    number: int


class Situation(NamedTuple):
    """The plans from everywhere in one situation: by location, or by -1 for all locations not in `locs`."""

    locs: frozenset[int]
    plans: dict[int, tuple[int, str | None]]


def plan(game: Game) -> tuple[int, str | None]:
    """Return (number of commands to the goal, first command of a shortest plan).

    (0, None) once the goal holds, (NO_PLAN, None) at a dead end.
    """
    if game.plan is not None:
        return game.plan
    world, held = game.world, game.held
    if game.won:
        game.plan = 0, None
        return game.plan
    if held >= 0 and held not in world.watched:
        spot = open_spot(game)
        if spot is not None:  # put it down here: one command and nothing moved, so nothing beats it
            length, _ = _remembered(game, -1)
            game.plan = (NO_PLAN, None) if length < 0 else (length + 1, world.phrase("move", held, spot))
            return game.plan
    game.plan = _remembered(game, held)
    return game.plan


def expert_plan(game: Game) -> list[str]:
    """Return one whole shortest plan from here; empty if the goal holds or cannot be reached."""
    if game.won:
        return []
    if game.goal_holds():  # it held from the start, and is only noticed after a command
        return ["look"]
    search = Search(game, _placement(game).spots)
    return search.spell(search.best()[1])


def _remembered(game: Game, held: int) -> tuple[int, str | None]:
    """Return the plan of the game, or of the same game with an empty hand if `held` is -1, solving it once."""
    situation: Situation | None = game.situations.get(held)
    if situation is None:
        situation = game.situations[held] = _situate(game, held)
    loc = game.loc if game.loc in situation.locs else -1
    found = situation.plans.get(loc)
    if found is None:
        if held != game.held:
            placement, game = _placement(game), game.copy()
            game.held, game.placement = held, placement
        found = situation.plans[loc] = _solve(game)
    return found


def _solve(game: Game) -> tuple[int, str | None]:
    if game.goal_holds():
        return 1, "look"
    search = Search(game, _placement(game).spots)
    length, errands = search.best()
    return (NO_PLAN, None) if length < 0 else (length, search.spell(errands)[0])


def _situate(game: Game, held: int) -> Situation:
    """Return all that a plan depends on but the agent's place, the same object for equal situations."""
    world, placement = game.world, _placement(game)
    mask, locs, who = placement.mask, placement.locs, held
    if held >= 0 and held not in world.goal_objects:
        kind = world.obj_types[held]
        mask, locs = mask | world.accept_mask[kind], locs | world.accept_locs[kind]
        if held not in world.lamps:
            who = -2 - world.type_numbers[kind]
    key = (placement.number, who, game.opened & mask)
    found = world.situations.get(key)
    if found is None:
        if len(world.situations) >= MAX_SITUATIONS:
            world.situations.clear()
        found = world.situations[key] = Situation(locs, {})
    return found


def _placement(game: Game) -> Placement:
    """Return where the goal's things are, the same object for equal situations."""
    if game.placement is not None:
        return game.placement
    world, watched = game.world, game.world.watched
    spots = tuple([(r, o) for r, things in enumerate(game.contents) for o in things if o in watched])
    key = (spots, tuple([game.states[o] for o in world.watched_in_order]))
    found = world.placements.get(key)
    if found is None:
        if len(world.placements) >= MAX_SITUATIONS:
            world.placements.clear()
        matter = {r for r, _ in spots} | world.goal_receptacles | world.goal_appliances
        found = world.placements[key] = Placement(
            spots,
            sum(1 << r for r in matter),
            frozenset(world.rec_locs[r] for r in matter),
            next(world.numbers),
        )
    game.placement = found
    return found
