"""The household engine: one game in progress, true to ALFWorld's rules and sentences byte for byte.

The rules were restated from the behaviour of ALFWorld 0.4.2 (Shridhar et al., "ALFWorld: Aligning Text and
Embodied Environments for Interactive Learning", 2021) and are checked against recorded games of that engine.
Nothing here searches or scores; see `planner` for distances and `env` for the Gymnasium API.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from .sentences import CLEAN, COOL, HELP, HOT, SLICED, TOGGLED, describe, listing, sight
from .world import Operation, View, World, operation

__all__ = ["Game"]

HOLD, PREPARE, GOAL = 1, 2, 4  # milestones, see state.HouseholdState
TREATABLE = {"clean": "cleanable", "heat": "heatable", "cool": "coolable"}
STATE_BIT = {None: 0, "clean": CLEAN, "hot": HOT, "cool": COOL}


class Game:
    """One episode's mutable state. `step` applies a command; everything else reads.

    Attributes:
        choices: the admissible commands in the engine's order (sorted), each with what it does.
        loc: where the agent stands; held: index of the object in its hand, or -1.
        opened: bit mask of open receptacles; contents: receptacle -> tuple of object indices, in order.
        states: object -> bit mask of clean, hot, cool, sliced, toggled.
        won: whether the goal held after the last command. As in ALFWorld it is only checked after commands.
        reached: bit mask of milestones (hold, prepare, goal) reached so far in this episode, see `state`.
        progress: share of the task's milestones reached, in [0, 1]; 1.0 exactly when won.
    """

    __slots__ = (
        "_changed",
        "_local",
        "_seen",
        "choices",
        "contents",
        "held",
        "loc",
        "locs",
        "opened",
        "placement",
        "plan",
        "progress",
        "reached",
        "situations",
        "states",
        "taken",
        "won",
        "world",
    )

    def __init__(self, world: World):
        self.world = world
        self.loc, self.held, self.opened = world.agent_loc, -1, world.opened
        self.contents = world.contents.copy()
        self.states = world.states.copy()
        self.locs = world.locs.copy()
        self.taken: tuple[tuple[int, int], ...] = ()
        self.won, self.reached = False, 0
        self._begin(world.looks.copy(), world.sights.copy())

    def _begin(self, local: dict[int, int], seen: list[str | None]) -> None:
        """Derive from the state what is kept beside it: how places look, sentences, choices, milestones."""
        self._local, self._seen, self._changed = local, seen, True
        self.placement: Any = None  # planner.Placement of this state, once asked for
        self.plan: tuple[int, str | None] | None = None
        self.situations: dict[int, Any] = {}  # planner.Situation by what is in the hand
        self._choose()
        self._score()

    def copy(self) -> Game:
        """Return an independent game in the same state, in the same world."""
        return Game.load(self.world, self.dump())

    def dump(self) -> list:
        """Return the state as plain data, for `load`."""
        locs = [sorted(places) for places in self.locs]
        return [self.loc, self.held, self.opened, self.contents, self.states, locs, self.taken, self.won, self.reached]

    def __reduce__(self) -> tuple:
        return Game.load, (self.world, self.dump())

    @classmethod
    def load(cls, world: World, data: list) -> Game:
        """Rebuild a game of the same world from what `dump` returned."""
        game = object.__new__(cls)
        game.world = world
        game.loc, game.held, game.opened, contents, states, locs, taken, game.won, game.reached = data
        if len(contents) != len(world.rec_names) or len(states) != len(world.obj_names):
            raise ValueError(f"this state belongs to another game than {world.id!r}")
        game.contents, game.states = [tuple(things) for things in contents], list(states)
        game.locs = [frozenset(places) for places in locs]
        game.taken = tuple((o, r) for o, r in taken)
        game._begin({}, [None] * len(contents))
        return game

    # -- commands ---------------------------------------------------------------------------------------

    def step(self, command: str) -> str | None:
        """Apply one command; return the observation, or None if the command is not admissible."""
        choices, text = self.choices, None
        op = choices.away.get(command) or choices.here.get(command)
        if op is None:
            command = command.strip()
            op = choices.away.get(command) or choices.here.get(command)
        if op is not None:
            act, first, second = op
            text = act(self, first, second)
            if act is _GO:
                self.plan = None
                self._choose()
            elif act not in _READING:
                self.plan, self.situations = None, {}
                self._choose()
        if self._changed or self.world.lamps:
            self._check_goal()
        return text

    def _choose(self) -> None:
        """Set `choices` to what is admissible in this state."""
        loc, held, world = self.loc, self.held, self.world
        local = self._local.get(loc)
        if local is None:
            local = self._local[loc] = world.local_id(loc, self.opened, self.contents)
        cuttable: tuple[int, ...] = ()
        if held in world.knives:
            cuttable = tuple(o for o in world.sliceable if loc in self.locs[o])
        key = (local, held, cuttable)
        self.choices = world.views.get(key) or world.remember_view(key, self._build_view(cuttable))

    def _build_view(self, cuttable: tuple[int, ...]) -> View:
        world, loc, held = self.world, self.loc, self.held
        here, names = world.recs_at[loc], world.rec_names
        ops: dict[str, Operation] = {}

        def add(verb: Callable[..., str], pairs: list[tuple[str, int, int]]) -> None:
            for command, first, second in sorted(pairs) if len(pairs) > 1 else pairs:
                ops[command] = operation(verb, first, second)

        shut = [r for r in here if world.openable >> r & 1 and not self.opened >> r & 1]
        opened = [r for r in here if world.openable >> r & 1 and self.opened >> r & 1]
        accessible = [r for r in here if r not in shut] if shut else list(here)
        thing, fits = "", []
        treat: dict[str, list[tuple[str, int, int]]] = {}
        if held >= 0:
            thing = world.obj_names[held]
            fits = [r for r in accessible if r in world.accepts[world.obj_types[held]]]
            treat = {
                verb: [(f"{verb} {thing} with {names[r]}", held, r) for r in here if r in world.appliance[verb]]
                for verb, flag in TREATABLE.items()
                if held in world.flagged[flag]
            }

        # The verbs stand in alphabetical order, so the whole is sorted when each part is.
        add(Game._clean, treat.get("clean", []))
        add(Game._close, [(f"close {names[r]}", r, 0) for r in opened])
        add(Game._cool, treat.get("cool", []))
        examine = [(f"examine {names[r]}", r, -1) for r in here]
        add(Game._examine, [*examine, (f"examine {thing}", -1, held)] if thing else examine)
        before = len(ops)
        add(Game._heat, treat.get("heat", []))
        if world.dialect == "move":
            add(Game._help, [("help", 0, 0)])
        add(Game._inventory, [("inventory", 0, 0)])
        add(Game._look, [("look", 0, 0)])
        if world.dialect == "move":
            add(Game._move, [(f"move {thing} to {names[r]}", held, r) for r in fits])
        add(Game._open, [(f"open {names[r]}", r, 0) for r in shut])
        if world.dialect == "put":
            add(Game._move, [(f"put {thing} in/on {names[r]}", held, r) for r in fits])
        add(Game._slice, [(f"slice {world.obj_names[o]} with {thing}", o, held) for o in cuttable])
        if held < 0:
            takeable = world.flagged["pickupable"]
            things = [(o, r) for r in accessible for o in self.contents[r] if o in takeable]
            add(Game._take, [(f"take {world.obj_names[o]} from {names[r]}", o, r) for o, r in things])
        lamps = {o for r in here for o in self.contents[r] if o in world.flagged["toggleable"]}
        add(Game._use, [(f"use {world.obj_names[o]}", o, 0) for o in lamps])
        away = world.ways.get(loc)
        if away is None:
            away = world.ways[loc] = _ways(world.rec_names, world.rec_locs, loc)
        listed = list(ops)
        return View(ops, away.away, [*listed[:before], *away.listed, *listed[before:]])

    # -- what each command does; two indices in, the sentence out -----------------------------------------

    def _see(self, r: int) -> str:
        text = self._seen[r]
        if text is None:
            world = self.world
            text = self._seen[r] = sight(
                world.rec_names[r],
                bool(world.openable >> r & 1),
                bool(self.opened >> r & 1),
                [world.obj_names[o] for o in self.contents[r]],
            )
        return text

    def _go(self, r: int, _: int) -> str:
        self.loc = self.world.rec_locs[r]
        return self.world.arrivals[r] + self._see(r)

    def _touch(self, r: int) -> None:
        self._seen[r] = None
        self._local.pop(self.world.rec_locs[r], None)

    def _open(self, r: int, _: int) -> str:
        self.opened |= 1 << r
        self._touch(r)
        return f"You open the {self.world.rec_names[r]}. {self._see(r)}"

    def _close(self, r: int, _: int) -> str:
        self.opened &= ~(1 << r)
        self._touch(r)
        return f"You close the {self.world.rec_names[r]}."

    def _take(self, o: int, r: int) -> str:
        self.contents[r] = tuple(x for x in self.contents[r] if x != o)
        self._touch(r)
        self.held = o
        self.locs[o] -= {self.loc}
        if (o, r) not in self.taken:
            self.taken = (*self.taken, (o, r))
        if o in self.world.watched:
            self._changed = True
        return f"You pick up the {self.world.obj_names[o]} from the {self.world.rec_names[r]}."

    def _move(self, o: int, r: int) -> str:
        if o not in self.contents[r]:
            self.contents[r] = tuple(sorted((*self.contents[r], o)))
        self._touch(r)
        self.held = -1
        self.locs[o] |= {self.loc}
        self.taken = tuple(pair for pair in self.taken if pair != (o, r))
        if o in self.world.watched:
            self._changed = True
        thing, place = self.world.obj_names[o], self.world.rec_names[r]
        if self.world.dialect == "put":
            return f"You put the {thing} in/on the {place}."
        return f"You move the {thing} to the {place}."

    def _treat(self, o: int, r: int, word: str, on: int, off: int) -> str:
        self.states[o] = self.states[o] & ~off | on
        if o in self.world.watched:
            self._changed = True
        return f"You {word} the {self.world.obj_names[o]} using the {self.world.rec_names[r]}."

    def _clean(self, o: int, r: int) -> str:
        return self._treat(o, r, "clean", CLEAN, 0)

    def _heat(self, o: int, r: int) -> str:
        return self._treat(o, r, "heat", HOT, COOL)

    def _cool(self, o: int, r: int) -> str:
        return self._treat(o, r, "cool", COOL, HOT)

    def _use(self, o: int, _: int) -> str:
        self.states[o] |= TOGGLED
        if o in self.world.watched:
            self._changed = True
        return f"You turn on the {self.world.obj_names[o]}."

    def _slice(self, o: int, knife: int) -> str:
        self.states[o] |= SLICED
        return f"You sliced the {self.world.obj_names[o]} with the {self.world.obj_names[knife]}."

    def _examine(self, r: int, o: int) -> str:
        if r >= 0:
            return self._see(r)
        world, name = self.world, self.world.obj_names[o]
        if o in world.flagged["container"]:
            return f"This is a normal {name}. In it, you see {listing(world.hidden_in[o])}."
        return describe(name, self.states[o], o in world.flagged["toggleable"])

    def _look(self, *_: int) -> str:
        world, here = self.world, self.world.recs_at[self.loc]
        if not here:
            return "You are in the middle of a room. Looking quickly around you, you see nothing."
        # A leak of the real engine's bookkeeping, kept: what was taken from one receptacle here and put
        # into its neighbour is seen "next to" them.
        strays = sorted(o for o, r in self.taken if r in here and self.loc in self.locs[o])
        facing = listing([world.rec_names[r] for r in here], "")
        return f"You are facing the {facing}. Next to it, you see {listing([world.obj_names[o] for o in strays])}."

    def _inventory(self, *_: int) -> str:
        if self.held < 0:
            return "You are not carrying anything."
        return f"You are carrying: a {self.world.obj_names[self.held]}."

    def _help(self, *_: int) -> str:
        return HELP

    # -- the goal ---------------------------------------------------------------------------------------

    def _check_goal(self) -> None:
        self.won = self.goal_holds()
        if self.won:
            self.plan = None
        if self._changed:
            self.placement = None
            self._changed = False
        self._score()

    def _score(self) -> None:
        """Note the milestones reached and the share of them, 1.0 exactly when the goal is reached."""
        self.reached |= self._milestones()
        if self.won:
            self.reached |= GOAL
        milestones = 2 if self.world.task_id == 1 else 3
        self.progress = 1.0 if self.won else (self.reached & (HOLD | PREPARE)).bit_count() / milestones

    def _milestones(self) -> int:
        world, states, reached = self.world, self.states, 0
        if self.held in world.goal_objects:
            reached |= HOLD
        goal = world.goal
        if goal.toggle_type is not None:
            prepared = any(states[o] & TOGGLED for o in world.lamps)
        elif goal.state is not None:
            prepared = any(states[o] & STATE_BIT[goal.state] for o in world.goal_objects)
        else:
            prepared = goal.count > 1 and self.most_placed() > 0
        return reached | PREPARE if prepared else reached

    def goal_holds(self) -> bool:
        """Return whether the goal's condition holds in this state, asked or not."""
        goal = self.world.goal
        if goal.receptacle_type is None:
            return self.held in self.world.goal_objects and self.loc in self.lit_locations()
        return self.most_placed() >= goal.count

    def lit_locations(self) -> set[int]:
        """Return the locations where a lamp of the goal's type stands that has been turned on."""
        lit = [o for o in self.world.lamps if self.states[o] & TOGGLED]
        return {self.world.rec_locs[r] for o in lit for r, things in enumerate(self.contents) if o in things}

    def most_placed(self) -> int:
        """Return the largest number of finished goal objects (in the wanted state) in one goal receptacle."""
        world, bit = self.world, STATE_BIT[self.world.goal.state]
        goal_objects, states, most = world.goal_objects, self.states, 0
        for r in world.goal_receptacles:
            count = 0
            for o in self.contents[r]:
                if o in goal_objects and states[o] & bit == bit:
                    count += 1
            if count > most:
                most = count
        return most


_GO = Game._go
_READING = frozenset((Game._examine, Game._look, Game._inventory, Game._help))


@lru_cache(maxsize=8192)
def _ways(names: tuple[str, ...], locs: tuple[int, ...], loc: int) -> View:
    """Return the `go to` commands at a location, for all games with these receptacles."""
    away = {f"go to {name}": operation(Game._go, r, 0) for r, name in enumerate(names) if locs[r] != loc}
    return View({}, away, sorted(away))
