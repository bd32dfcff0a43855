"""Exact shortest plans: how many commands the goal still needs, and the first of them.

A household plan is a short list of *errands*: put down what is in the way, fetch an object, treat it at an
appliance, deliver it. An errand costs one `go to` if its receptacle is elsewhere, one `open` if it must be open
and is not, and the command itself. All places are one `go to` apart, so the shortest plan is the cheapest of a
few lists of errands, and no search over states is needed. That it equals breadth-first search over the full
game is a property test (tests/household/test_planner.py).

Capacity is unlimited and nothing can be lost, so the only dead end is a full hand that nothing accepts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from .game import STATE_BIT, Game
from .sentences import TOGGLED
from .world import VERB_OF_STATE, World

__all__ = ["NO_PLAN", "expert_plan", "plan"]

NO_PLAN = -1
MAX_PLANS = 4096  # remembered per world: about 200 B each


class Errand(NamedTuple):
    """One stop of a plan: the receptacle, whether it must be open, the command there ("" for just arriving)."""

    receptacle: int
    access: bool
    command: str


Errands = tuple[Errand, ...]


class Placement(NamedTuple):
    """Where the goal's objects and lamps are, and which receptacles can matter for a plan because of it.

    `spots` holds (receptacle, object) pairs; `mask` and `locs` the receptacles that matter and their
    locations; `number` stands for all of it in the keys of remembered plans.
    """

    spots: tuple[tuple[int, int], ...]
    mask: int
    locs: frozenset[int]
    number: int


def plan(game: Game) -> tuple[int, str | None]:
    """Return (number of commands to the goal, first command of a shortest plan).

    (0, None) once the goal holds, (NO_PLAN, None) at a dead end. Answers are remembered in the world by the
    part of the state that matters, which makes the amortised cost far smaller than the first one.
    """
    if game.plan is not None:
        return game.plan
    if game.won:
        game.plan = 0, None
        return game.plan
    world, held = game.world, game.held
    if held >= 0 and held not in world.watched:
        spot = _open_spot(game)
        if spot is not None:  # put it down here: one command and nothing moved, so nothing beats it
            length, _ = _remembered(game, -1)
            game.plan = (NO_PLAN, None) if length < 0 else (length + 1, _put(world, held, spot).command)
            return game.plan
    game.plan = _remembered(game, held)
    return game.plan


def _remembered(game: Game, held: int) -> tuple[int, str | None]:
    """Return the plan of the game, or of the same game with an empty hand if `held` is -1, solving it once."""
    world = game.world
    placement: Placement = game.placement or _look_around(game)
    mask, locs, who = placement.mask, placement.locs, held
    if held >= 0 and held not in world.goal_objects:
        kind = world.obj_types[held]
        mask, locs = mask | world.accept_mask[kind], locs | world.accept_locs[kind]
        if held not in world.lamps:
            who = -2 - world.type_numbers[kind]
    key = (placement.number, who, game.loc if game.loc in locs else -1, game.opened & mask)
    found = world.plans.get(key)
    if found is None:
        if len(world.plans) >= MAX_PLANS:
            world.plans.clear()
        if held != game.held:
            game = game.copy()
            game.held, game.placement = held, placement
        found = world.plans[key] = _solve(game)
    return found


def _open_spot(game: Game) -> int | None:
    """Return a receptacle here that takes what is in the hand without being opened first, or None."""
    world = game.world
    for r in world.recs_at[game.loc]:
        if r in world.accepts[world.obj_types[game.held]] and not _shut(world, game.opened, r):
            return r
    return None


def expert_plan(game: Game) -> list[str]:
    """Return one whole shortest plan from here; empty if the goal holds or cannot be reached."""
    length, command = plan(game)
    world, loc, opened = game.world, game.loc, game.opened
    commands: list[str] = []
    if length <= 0:
        return commands
    if game.goal_holds():
        return ["look"]
    for receptacle, access, verb in _best(game)[1]:
        name = world.rec_names[receptacle]
        if world.rec_locs[receptacle] != loc:
            loc = world.rec_locs[receptacle]
            commands.append(f"go to {name}")
        if access and _shut(world, opened, receptacle):
            opened |= 1 << receptacle
            commands.append(f"open {name}")
        if verb:
            commands.append(verb)
    assert commands[0] == command
    return commands


def _look_around(game: Game) -> Placement:
    """Return where the goal's things are, the same object for equal situations."""
    world, watched = game.world, game.world.watched
    spots = tuple([(r, o) for r, things in enumerate(game.contents) for o in things if o in watched])
    key = (spots, tuple([game.states[o] for o in world.watched_in_order]))
    found = world.placements.get(key)
    if found is None:
        if len(world.placements) >= MAX_PLANS:
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


def _solve(game: Game) -> tuple[int, str | None]:
    if game.goal_holds():  # it held from the start, and is only noticed after a command
        return 1, "look"
    cost, errands = _best(game)
    if cost < 0:
        return NO_PLAN, None
    world = game.world
    for receptacle, access, command in errands:
        if world.rec_locs[receptacle] != game.loc:
            return cost, f"go to {world.rec_names[receptacle]}"
        if access and _shut(world, game.opened, receptacle):
            return cost, f"open {world.rec_names[receptacle]}"
        if command:
            return cost, command
    raise AssertionError("a plan without a command was not noticed as reached")


def _best(game: Game) -> tuple[int, Errands]:
    """Return the cost of the cheapest list of errands and the list; (NO_PLAN, ()) if there is none."""
    best, chosen = NO_PLAN, ()
    for errands in _candidates(game):
        cost = _cost(game, errands)
        if best < 0 or cost < best:
            best, chosen = cost, errands
    return best, chosen


def _cost(game: Game, errands: Errands) -> int:
    world, loc, opened, cost = game.world, game.loc, game.opened, 0
    for receptacle, access, command in errands:
        if world.rec_locs[receptacle] != loc:
            loc = world.rec_locs[receptacle]
            cost += 1
        if access and world.openable >> receptacle & 1 and not opened >> receptacle & 1:
            opened |= 1 << receptacle
            cost += 1
        if command:
            cost += 1
    return cost


def _candidates(game: Game) -> Iterator[Errands]:
    """Yield lists of errands, each of which reaches the goal, among them a cheapest one."""
    goal = game.world.scene.goal
    if goal.receptacle_type is None:
        yield from _light(game)
    elif goal.count == 2:
        yield from _gather(game)
    else:
        yield from _deliver(game)


def _deliver(game: Game) -> Iterator[Errands]:
    """One object, treated if need be, into a goal receptacle."""
    world, goal = game.world, game.world.scene.goal
    bit = STATE_BIT[goal.state]
    for first, held, source in _obtain(game):
        treat: list[Errands] = [()]
        if game.states[held] & bit != bit:
            assert goal.state is not None
            verb = VERB_OF_STATE[goal.state]
            treat = [
                (Errand(r, False, f"{verb} {world.obj_names[held]} with {world.rec_names[r]}"),)
                for r in world.appliance[verb]
            ]
        listed = {r for r in world.goal_receptacles if held in game.contents[r]} - {source}
        targets = world.goal_receptacles & world.accepts[world.obj_types[held]]
        for errand in treat:
            if listed:  # an object listed in two receptacles stays listed in the other one
                yield (*first, *errand)
            for r in _worth(game, targets):
                yield (*first, *errand, _put(world, held, r))


def _gather(game: Game) -> Iterator[Errands]:
    """Two different objects into the same goal receptacle."""
    world, held = game.world, game.held
    if not world.goal_objects:
        return
    targets = world.goal_receptacles & world.accepts[world.scene.goal.object_type]
    for r in _worth(game, targets):
        inside = [o for o in game.contents[r] if o in world.goal_objects]
        if held in world.goal_objects and held not in inside:
            start: list[Errands] = [(_put(world, held, r),)]
            have = [*inside, held]
        else:
            start = [()] if held < 0 else [(drop,) for drop in _drops(game)]
            have = inside
        for first in start:
            if len(have) >= 2:
                yield first
                continue
            for o, source in _fetchable(game, exclude=have, put_down=held):
                second = (*first, _take(world, o, source), _put(world, o, r))
                if len(have) == 1:
                    yield second
                    continue
                for other, place in _fetchable(game, exclude=[*have, o], put_down=held):
                    yield (*second, _take(world, other, place), _put(world, other, r))


def _light(game: Game) -> Iterator[Errands]:
    """One object in the hand, at the place of a lamp that is on."""
    world = game.world
    for first, held, source in _obtain(game):
        spots = [(lamp, r) for r, lamp in _spots(game) if lamp in world.lamps and (lamp, r) != (held, source)]
        for errand in first:  # a lamp that was in the hand now stands where it was put down
            if game.held in world.lamps and errand.command == _put(world, game.held, errand.receptacle).command:
                spots.append((game.held, errand.receptacle))
        for lamp, r in spots:
            lit = game.states[lamp] & TOGGLED
            if lit or lamp in world.flagged["toggleable"]:
                yield (*first, Errand(r, False, "" if lit else f"use {world.obj_names[lamp]}"))


def _obtain(game: Game) -> Iterator[tuple[Errands, int, int]]:
    """Yield (errands, goal object then in the hand, receptacle it came from or -1)."""
    world, held = game.world, game.held
    if held in world.goal_objects:
        yield (), held, -1
    for first in [()] if held < 0 else [(drop,) for drop in _drops(game)]:
        for o, r in _fetchable(game, exclude=(), put_down=held):
            yield (*first, _take(world, o, r)), o, r


def _fetchable(game: Game, exclude: Iterable[int], put_down: int) -> Iterator[tuple[int, int]]:
    """Yield (goal object, receptacle) to take it from; one of several alike in a receptacle is enough."""
    world = game.world
    takeable = world.takeable_goals.difference(exclude, (put_down,))
    seen: set[tuple[int, int]] = set()
    for r, o in _spots(game):
        if o in takeable:
            alike = (r, game.states[o])
            if alike not in seen or _twice(game, o):
                seen.add(alike)
                yield o, r


def _spots(game: Game) -> tuple[tuple[int, int], ...]:
    return (game.placement or _look_around(game)).spots


def _twice(game: Game, o: int) -> bool:
    return sum(o == other for _, other in _spots(game)) > 1


def _drops(game: Game) -> list[Errand]:
    """Return the ways to empty the hand that a shortest plan may use."""
    world, held = game.world, game.held
    if held not in world.lamps:
        spot = _open_spot(game)
        if spot is not None:
            return [_put(world, held, spot)]
    return [_put(world, held, r) for r in _worth(game, world.accepts[world.obj_types[held]])]


def _worth(game: Game, places: Iterable[int]) -> list[int]:
    """Thin out interchangeable receptacles.

    Two receptacles differ only by their location, by being shut and by whether the hand's content and the
    goal accept them. At places where a plan may stop for another reason all are kept, elsewhere one of each
    sort.
    """
    world = game.world
    stops = {game.loc, *(world.rec_locs[r] for r, _ in _spots(game))}
    stops.update(world.rec_locs[r] for r in world.goal_appliances)
    drop = world.accepts[world.obj_types[game.held]] if game.held >= 0 else frozenset()
    kept, sorts = [], set()
    for r in sorted(places):
        if world.rec_locs[r] in stops:
            kept.append(r)
            continue
        sort = (_shut(world, game.opened, r), r in drop, r in world.goal_receptacles)
        if sort not in sorts:
            sorts.add(sort)
            kept.append(r)
    return kept


def _shut(world: World, opened: int, r: int) -> bool:
    return bool(world.openable >> r & 1 and not opened >> r & 1)


def _take(world: World, o: int, r: int) -> Errand:
    return Errand(r, True, f"take {world.obj_names[o]} from {world.rec_names[r]}")


def _put(world: World, o: int, r: int) -> Errand:
    verb = "move {} to {}" if world.dialect == "move" else "put {} in/on {}"
    return Errand(r, True, verb.format(world.obj_names[o], world.rec_names[r]))
