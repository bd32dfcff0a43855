"""One part of the world: its things, what holds between them, and how many look-ups lie between any two.

Regions share no thing and no fact, so questions about different regions are about different worlds.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from ...core.random import derive_seed
from .names import couple_names, name_of
from .relations import RELATIONS

__all__ = ["COUNTS", "FAR", "NUM_REGIONS", "Region", "open_region"]

COUNTS = {"country": 4, "town": 18, "river": 10, "company": 16, "person": 40, "book": 20}
"""Kind of thing to how many of it a region has."""
NUM_REGIONS = 58
"""Regions whose names are all different."""
FAR = 255
"""Stands for a distance where there is no way."""
MOST_LINKS = 2
TRADES = (
    *("baker", "botanist", "carpenter", "chemist", "cobbler", "dentist", "engraver", "farmer", "glazier", "jurist"),
    *("mason", "miller", "nurse", "optician", "painter", "pilot", "potter", "saddler", "teacher", "weaver"),
)
GOODS = (
    *("barrels", "bells", "bicycles", "bricks", "brushes", "buttons", "candles", "carpets", "cheese", "clocks"),
    *("gloves", "honey", "kites", "lenses", "matches", "mustard", "needles", "pencils", "pianos", "ropes"),
    *("saddles", "scissors", "soap", "stoves", "tea", "thermometers", "tiles", "toys", "umbrellas", "wool"),
)


class Region:
    """A knowledge graph.

    Everything that can be an answer is a node: first the things, which can be looked up, then values (years, goods),
    then lists of things, then "yes" and "no".

    Args:
        number: which region, below `NUM_REGIONS`.

    Attributes:
        names: node to text.
        nodes: text to node.
        num_things: how many nodes are things.
        kinds: thing to kind.
        facts: thing to {label: nodes}, in the order of the table of relations.
        documents: thing to the titles (as nodes) of the documents about it: its own, and some that mention it.
        shown: thing to the nodes that a look-up of it names, in the order of naming.
        distances: look-ups after which a node has been named, when another has been: uint8 array (things, nodes);
            0 to itself, `FAR` if never.
    """

    def __init__(self, number: int):
        if not 0 <= number < NUM_REGIONS:
            raise ValueError(f"SearchQA-v0: there are {NUM_REGIONS} regions; {number} is none of them")
        self.number = number
        self.rng = np.random.default_rng(derive_seed("searchqa region", number))
        self._name()
        self.num_things = len(self.names)
        self.nodes = {name: node for node, name in enumerate(self.names)}
        self.facts: list[dict[str, tuple[int, ...]]] = [{} for _ in self.names]
        self._relate()
        self._link()
        self.yes, self.no = self._node("yes"), self._node("no")
        self._measure()
        self.search, self.read, self.answer = (
            [f"{verb} {name}" for name in self.names] for verb in ("search", "read", "answer")
        )

    def __reduce__(self) -> tuple:
        return open_region, (self.number,)

    def _name(self) -> None:
        """Give every thing its name and kind."""
        self.names: list[str] = []
        self.kinds: list[str] = []
        self.of: dict[str, range] = {}
        for kind, count in COUNTS.items():
            start, first = len(self.names), self.number * count
            if kind == "person":
                for couple in range(first // 2, (first + count) // 2):
                    self.names += couple_names(couple, self.rng.choice(48, 2, replace=False).tolist())
            else:
                self.names += [name_of(kind, first + i) for i in range(count)]
            self.kinds += [kind] * count
            self.of[kind] = range(start, start + count)

    def _node(self, text: str) -> int:
        """Return the node of a value or list, a new one if there is none."""
        if text not in self.nodes:
            self.nodes[text] = len(self.names)
            self.names.append(text)
        return self.nodes[text]

    def _some(self, kind: str, count: int) -> list[int]:
        """Return different things of a kind."""
        return (self.of[kind].start + self.rng.permutation(len(self.of[kind]))[:count]).tolist()

    def _any(self, kind: str) -> int:
        return int(self.rng.integers(self.of[kind].start, self.of[kind].stop))

    def _value(self, values: tuple[str, ...]) -> int:
        return self._node(values[int(self.rng.integers(len(values)))])

    def _add(self, thing: int, **labels: int | list[int]) -> None:
        for label, found in labels.items():
            nodes = tuple(sorted(found)) if isinstance(found, list) else (found,)
            if nodes:
                self.facts[thing][label.replace("_", " ")] = nodes

    def _relate(self) -> None:
        """Draw the facts."""
        of, rng = self.of, self.rng
        seas = [name_of("sea", 3 * self.number + i) for i in range(3)]
        heads = self._some("person", len(of["country"]) + len(of["town"]))
        countries, towns, rivers = self._some("country", 99), self._some("town", 99), self._some("river", 99)
        for i, country in enumerate(countries):
            own, streams = towns[i :: len(countries)], rivers[i :: len(countries)]
            language = self._node(name_of("language", 4 * self.number + i))
            self._add(country, capital=own[0], head_of_state=heads.pop(), official_language=language, rivers=streams)
            for j, town in enumerate(own):
                river = streams[j % len(streams)]
                self._add(town, country=country, mayor=heads.pop(), river=river, known_for=self._value(GOODS))
            for j, river in enumerate(streams):
                self._add(river, flows_through=own[j :: len(streams)], sea=self._node(seas[int(rng.integers(3))]))
        for company, founder in zip(of["company"], self._some("person", 99), strict=False):
            year = self._node(str(rng.integers(1820, 1960)))
            self._add(company, founded_by=founder, head_office=self._any("town"), opened_in=year)
            self._add(company, makes=self._value(GOODS))
        books, authors, presses = self._some("book", 99), self._some("person", 9), self._some("company", 6)
        written = {author: sorted(books[i :: len(authors)]) for i, author in enumerate(authors)}
        for person in of["person"]:
            spouse = person + 1 - 2 * ((person - of["person"].start) % 2)
            self._add(person, born_in=self._any("town"), works_for=self._any("company"), married_to=spouse)
            self._add(person, profession=self._value(TRADES), age=self._node(str(rng.integers(21, 96))))
            self._add(person, wrote=written.get(person, []))
        for author, works in written.items():
            for book in works:
                year = self._node(str(rng.integers(1820, 1960)))
                press = presses[int(rng.integers(len(presses)))]
                self._add(book, written_by=author, set_in=self._any("town"), published_by=press, appeared_in=year)
        for thing, facts in enumerate(self.facts):
            self.facts[thing] = {label: facts[label] for label in RELATIONS if label in facts}

    def _link(self) -> None:
        """Say which documents are about a thing, and what a look-up of it names."""
        mentions: list[list[int]] = [[] for _ in range(self.num_things)]
        for thing, facts in enumerate(self.facts):
            for node in sorted({node for nodes in facts.values() for node in nodes if node < self.num_things}):
                mentions[node].append(thing)
        self.documents = [
            (thing, *sorted(self.rng.permutation(found)[:MOST_LINKS].tolist())) for thing, found in enumerate(mentions)
        ]
        self.shown = []
        for thing, facts in enumerate(self.facts):
            named: list[int] = [thing]
            for nodes in facts.values():
                named += nodes
                if len(nodes) > 1:
                    named.append(self.list_node(nodes))
            self.shown.append(tuple(dict.fromkeys([*named, *self.documents[thing]])))

    def list_node(self, nodes: tuple[int, ...]) -> int:
        """Return the node of an answer that names several."""
        return self._node(", ".join(self.names[node] for node in nodes))

    def _measure(self) -> None:
        """Count look-ups: breadth first from all things at once."""
        things, size = self.num_things, len(self.names)
        step = np.zeros((things, size), dtype=np.float32)
        for thing, named in enumerate(self.shown):
            step[thing, list(named)] = 1.0
        self.distances = np.full((things, size), FAR, dtype=np.uint8)
        reached = np.eye(things, size, dtype=np.float32)
        self.distances[reached > 0] = 0
        for look_ups in range(1, things):
            reached = reached[:, :things] @ step
            new = (reached > 0) & (self.distances == FAR)
            if not new.any():
                break
            self.distances[new] = look_ups
            reached = (self.distances < FAR).astype(np.float32)


@lru_cache(maxsize=NUM_REGIONS)
def open_region(number: int) -> Region:
    """Return a region, the same one for all who ask in this process."""
    return Region(number)
