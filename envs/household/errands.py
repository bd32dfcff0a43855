"""Shortest plans as lists of errands: put down what is in the way, fetch an object, treat it, deliver it.

An errand costs one `go to` if its receptacle is elsewhere, one `open` if it must be open and is not, and the command
itself. All places are one `go to` apart, so the shortest plan is the cheapest of a few lists of errands, and no search
over states is needed. Capacity is unlimited and nothing can be lost, so the only dead end is a full hand that nothing
accepts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .game import STATE_BIT, Game
from .sentences import TOGGLED
from .world import VERB_OF_STATE

__all__ = ["NO_PLAN", "Search", "open_spot"]

NO_PLAN = -1

Errand = tuple[int, bool, str, int]
"""Receptacle, whether it must be open, verb ("" for just arriving), object."""

Errands = tuple[Errand, ...]


def open_spot(game: Game) -> int | None:
    """Return a receptacle here that takes what is in the hand without being opened first, or None."""
    world = game.world
    accepting = world.accepts[world.obj_types[game.held]]
    for r in world.recs_at[game.loc]:
        if r in accepting and not _shut(game, r):
            return r
    return None


def _shut(game: Game, r: int) -> bool:
    return bool(game.world.openable >> r & 1 and not game.opened >> r & 1)


class Search:
    """Looks for the cheapest list of errands from one state.

    Args:
        game: the state.
        spots: (receptacle, object) for every listed object of the goal's type and every lamp.
    """

    def __init__(self, game: Game, spots: tuple[tuple[int, int], ...]):
        self.game, self.world, self.spots = game, game.world, spots

    def best(self) -> tuple[int, Errands]:
        """Return the least cost, in commands, and the errands; (NO_PLAN, ()) if the goal cannot be reached."""
        best, chosen = NO_PLAN, ()
        for errands in self._candidates():
            cost = self._cost(errands)
            if best < 0 or cost < best:
                best, chosen = cost, errands
        return best, chosen

    def spell(self, errands: Errands) -> list[str]:
        """Write errands out as commands."""
        world, loc, opened, commands = self.world, self.game.loc, self.game.opened, []
        for r, access, verb, o in errands:
            name = world.rec_names[r]
            if world.rec_locs[r] != loc:
                loc = world.rec_locs[r]
                commands.append(f"go to {name}")
            if access and world.openable >> r & 1 and not opened >> r & 1:
                opened |= 1 << r
                commands.append(f"open {name}")
            if verb:
                commands.append(world.phrase(verb, o, r))
        return commands

    def _cost(self, errands: Errands) -> int:
        locs, openable = self.world.rec_locs, self.world.openable
        loc, opened, cost = self.game.loc, self.game.opened, 0
        for r, access, verb, _ in errands:
            if locs[r] != loc:
                loc = locs[r]
                cost += 1
            if access and openable >> r & 1 and not opened >> r & 1:
                opened |= 1 << r
                cost += 1
            if verb:
                cost += 1
        return cost

    def _candidates(self) -> Iterator[Errands]:
        """Yield lists of errands, each of which reaches the goal, among them a cheapest one."""
        goal = self.world.goal
        if not self.world.goal_objects:
            return iter(())
        if goal.receptacle_type is None:
            return self._light()
        targets = self._worth(self.world.target_order)
        return self._gather(targets) if goal.count == 2 else self._deliver(targets)

    def _deliver(self, targets: list[int]) -> Iterator[Errands]:
        """One object, treated if need be, into a goal receptacle."""
        world, game = self.world, self.game
        state = world.goal.state
        bit = STATE_BIT[state]
        for first, held, source in self._obtain():
            treat: list[Errands] = [()]
            if state is not None and game.states[held] & bit != bit:
                treat = [((r, False, VERB_OF_STATE[state], held),) for r in world.goal_appliances]
            # An object that is listed in two receptacles stays listed in the other one.
            listed = any(o == held and r in world.goal_receptacles and r != source for r, o in self.spots)
            for errand in treat:
                if listed:
                    yield first + errand
                for r in targets:
                    yield (*first, *errand, (r, True, "move", held))

    def _gather(self, targets: list[int]) -> Iterator[Errands]:
        """Two different objects into the same goal receptacle."""
        world, held = self.world, self.game.held
        drops = [] if held < 0 else self._drops()
        for r in targets:
            have = [o for place, o in self.spots if place == r and o in world.goal_objects]
            if held in world.goal_objects and held not in have:
                start: list[Errands] = [((r, True, "move", held),)]
                have.append(held)
            else:
                start = [()] if held < 0 else [(drop,) for drop in drops]
            for first in start:
                if len(have) >= 2:
                    yield first
                    continue
                for o, source in self._fetchable(have):
                    second = (*first, (source, True, "take", o), (r, True, "move", o))
                    if len(have) == 1:
                        yield second
                        continue
                    for other, place in self._fetchable([*have, o]):
                        yield (*second, (place, True, "take", other), (r, True, "move", other))

    def _light(self) -> Iterator[Errands]:
        """One object in the hand, at the place of a lamp that is on."""
        world, game = self.world, self.game
        for first, held, source in self._obtain():
            lamps = [(o, r) for r, o in self.spots if o in world.lamps and (o, r) != (held, source)]
            for r, _, verb, o in first:  # a lamp that was in the hand now stands where it was put down
                if verb == "move" and o in world.lamps:
                    lamps.append((o, r))
            for lamp, r in lamps:
                lit = game.states[lamp] & TOGGLED
                if lit or lamp in world.flagged["toggleable"]:
                    yield (*first, (r, False, "" if lit else "use", lamp))

    def _obtain(self) -> Iterator[tuple[Errands, int, int]]:
        """Yield (errands, goal object then in the hand, receptacle it came from or -1)."""
        held = self.game.held
        if held in self.world.goal_objects:
            yield (), held, -1
        for first in [()] if held < 0 else [(drop,) for drop in self._drops()]:
            for o, r in self._fetchable(()):
                yield (*first, (r, True, "take", o)), o, r

    def _fetchable(self, exclude: Iterable[int]) -> list[tuple[int, int]]:
        """Return (goal object, receptacle) to take it from; one of several alike in a receptacle is enough."""
        takeable = self.world.takeable_goals.difference(exclude, (self.game.held,))
        found: dict[tuple[int, int, int], tuple[int, int]] = {}
        for r, o in self.spots:
            if o in takeable:
                twice = sum(o == other for _, other in self.spots) > 1
                found.setdefault((r, self.game.states[o], o if twice else -1), (o, r))
        return list(found.values())

    def _drops(self) -> list[Errand]:
        """Return the ways to empty the hand that a shortest plan may use."""
        world, held = self.world, self.game.held
        if held not in world.lamps:
            spot = open_spot(self.game)
            if spot is not None:  # one command and nothing moved, so nothing beats it
                return [(spot, True, "move", held)]
        return [(r, True, "move", held) for r in self._worth(world.accept_order[world.obj_types[held]])]

    def _worth(self, places: tuple[int, ...]) -> list[int]:
        """Thin out interchangeable receptacles, in order.

        Two receptacles differ only by their location, by being shut and by whether the hand's content and the goal
        accept them. At places where a plan may stop for another reason all are kept, elsewhere one of each sort.
        """
        world, game = self.world, self.game
        locs, goal = world.rec_locs, world.goal_receptacles
        stops = {game.loc, *[locs[r] for r, _ in self.spots], *[locs[r] for r in world.goal_appliances]}
        drop = world.accepts[world.obj_types[game.held]] if game.held >= 0 else frozenset()
        kept, sorts = [], set()
        for r in places:
            if locs[r] not in stops:
                sort = (_shut(game, r), r in drop, r in goal)
                if sort in sorts:
                    continue
                sorts.add(sort)
            kept.append(r)
        return kept
