"""A reward machine as a picture."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from .machine import RewardMachine

__all__ = ["conditions", "draw_machine"]


def draw_machine(machine: RewardMachine, path: str | Path, title: str = "") -> Path:
    """Draw a machine as a graph, states from left to right by their distance from the first; return the file (PNG).

    An edge says when it is taken and what it pays, unless that is nothing; what stays where it is and pays nothing is
    left out.
    """
    import matplotlib

    matplotlib.use("Agg", force=False)
    from matplotlib.figure import Figure

    places = _places(machine)
    columns, rows = int(places[:, 0].max()) + 1, places[:, 1].max() - places[:, 1].min() + 1
    figure = Figure(figsize=(max(4.0, 2.1 * columns), max(2.6, 2.0 * rows, 0.9 * columns)), dpi=150)
    axes = figure.add_axes((0, 0, 1, 0.9 if title else 1))
    for (one, other), label in _edges(machine).items():
        _draw_edge(axes, places[one], places[other], label, one == other)
    for number, (x, y) in enumerate(places):
        shade = "#e3e3e3" if machine.terminal[number] else "#ffffff"
        ring = "round,pad=0.45,rounding_size=0.5"
        style = {"boxstyle": ring, "facecolor": shade, "edgecolor": "#333333", "linewidth": 2 if number == 0 else 1}
        axes.text(x, y, _name(machine, number), ha="center", va="center", fontsize=9, bbox=style, zorder=3)
    axes.set_xlim(-0.6, columns - 0.4)
    axes.set_ylim(places[:, 1].min() - 0.32 * columns**0.75, places[:, 1].max() + 0.32 * columns**0.75)
    axes.axis("off")
    if title:
        figure.text(0.5, 0.94, title, ha="center", fontsize=11)
    figure.savefig(path)
    return Path(path)


def _name(machine: RewardMachine, number: int) -> str:
    name = machine.states[number]
    if len(name) <= 14:
        return name
    return "start" if number == 0 else f"u{number}"


def _places(machine: RewardMachine) -> np.ndarray:
    """Return a place (x, y) for each state: x is the longest way to it, edges that lead back left out."""
    size = len(machine.states)
    order, open_, back = list[int](), set[int](), set[tuple[int, int]]()

    def visit(one: int) -> None:
        open_.add(one)
        for other in dict.fromkeys(machine.after[one].tolist()):
            if other in open_:
                back.add((one, other))
            elif other not in order:
                visit(other)
        open_.discard(one)
        order.append(one)

    visit(0)
    depth = np.zeros(size, dtype=int)
    for one in reversed(order):
        for other in set(machine.after[one].tolist()):
            if (one, other) not in back:
                depth[other] = max(depth[other], depth[one] + 1)
    places = np.zeros((size, 2))
    for column in range(int(depth.max()) + 1):
        members = np.flatnonzero(depth == column)
        places[members, 0] = column
        places[members, 1] = np.arange(len(members))[::-1] - (len(members) - 1) / 2
    return places


def _edges(machine: RewardMachine) -> dict[tuple[int, int], str]:
    edges: dict[tuple[int, int], list[str]] = {}
    for one in range(len(machine.states)):
        if machine.terminal[one]:
            continue
        moves = sorted(
            {(int(to), float(paid)) for to, paid in zip(machine.after[one], machine.rewards[one], strict=True)}
        )
        for other, paid in moves:
            if other == one and paid == 0:
                continue
            chosen = (machine.after[one] == other) & (machine.rewards[one] == paid)
            worth = f" / {paid:+g}" if paid else ""
            edges.setdefault((one, other), []).append(conditions(machine.propositions, chosen) + worth)
    return {edge: "\n".join(texts) for edge, texts in edges.items()}


def conditions(names: tuple[str, ...], chosen: np.ndarray) -> str:
    """Return a short formula for a set of labels: bool (2 ** P,) to "a & !b | c"."""
    if chosen.all():
        return "always"
    terms = {tuple((code >> bit) & 1 for bit in range(len(names))) for code in np.flatnonzero(chosen).tolist()}
    cubes: set[tuple[int | None, ...]] = set(terms)
    prime: set[tuple[int | None, ...]] = set()
    while cubes:  # Quine and McCluskey: join what differs in one place
        joined, used = set(), set()
        for one in cubes:
            for place in range(len(names)):
                bit = one[place]
                twin = (*one[:place], None if bit is None else 1 - bit, *one[place + 1 :])
                if bit is not None and twin in cubes:
                    joined.add((*one[:place], None, *one[place + 1 :]))
                    used |= {one, twin}
        prime |= cubes - used
        cubes = joined
    kept: list[tuple[int | None, ...]] = []
    left = set(terms)
    while left:  # greedily cover
        best = max(sorted(prime, key=str), key=lambda cube: sum(_covers(cube, term) for term in left))
        kept.append(best)
        left = {term for term in left if not _covers(best, term)}
    texts = [
        " & ".join(name if bit else f"!{name}" for name, bit in zip(names, cube, strict=True) if bit is not None)
        for cube in kept
    ]
    return " | ".join(sorted(texts))


def _covers(cube: tuple[int | None, ...], term: tuple[int, ...]) -> bool:
    return all(want in (None, have) for want, have in zip(cube, term, strict=True))


def _draw_edge(axes, start: np.ndarray, end: np.ndarray, label: str, loop: bool) -> None:
    arrow = {"arrowstyle": "-|>", "color": "#555555", "shrinkA": 20, "shrinkB": 20}
    box = {"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": "none", "alpha": 0.9}
    if loop:
        x, y = start
        bend = {**arrow, "connectionstyle": "arc3,rad=-1.6", "shrinkA": 12, "shrinkB": 12}
        axes.annotate("", (x + 0.12, y + 0.14), (x - 0.12, y + 0.14), arrowprops=bend)
        axes.text(x, y + 0.52, label, ha="center", va="center", fontsize=8, bbox=box)
        return
    back = end[0] <= start[0]
    skipped = abs(end[0] - start[0]) - 1
    bend = (-1) ** int(skipped) * (0.6 * skipped / (skipped + 1) + 0.06) if not back else 0.35
    axes.annotate("", end, start, arrowprops={**arrow, "connectionstyle": f"arc3,rad={bend}"})
    middle = (start + end) / 2
    across = np.array([end[1] - start[1], start[0] - end[0]])
    axes.text(*(middle + bend / 2 * across), label, ha="center", va="center", fontsize=8, bbox=box)
