"""Looking for episodes that are paid like the expert's, by ways to play that know nothing but what is paid."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from ...core.random import derive_seed
from ...reward_models import Reward
from .finding import Played
from .hand import Hand, Mark

__all__ = ["search_exploits"]

STOPS = (0.0, 0.3, 0.6, 0.8, 0.95)
"""Shares of the expert's episode after which something else is done."""


def search_exploits(
    reward: Reward, env_id: str, env_kwargs: Mapping[str, Any], tasks: Sequence[str], seed: int, breadth: int = 16
) -> list[Played]:
    """Return what blind searches for payment come to, beside the expert's episodes, on the same tasks.

    greedy: always the action that pays most at once; ties are drawn.
    loop: follow the expert for a while, then repeat the two actions that pay most when they are repeated.
    hold: follow the expert for a while, then repeat one action to the end.
    unfinished: as greedy, but never an action that ends the episode.

    Of loop and hold the best of several beginnings counts, for each task. Whoever finds more with more search is not
    refuted by this one: it shows that a reward can be gamed, not that it cannot.

    Args:
        reward: what is paid.
        env_id: the env; its state can be saved and restored.
        env_kwargs: its arguments.
        tasks: few tasks.
        seed: seeds everything.
        breadth: actions that are tried in each moment, at most.
    """
    hand = Hand(reward, env_id, env_kwargs)
    rng = np.random.default_rng(derive_seed(seed, "search"))
    found: dict[str, list[Mark]] = {}
    for number, task in enumerate(tasks):
        begun = hand.begin(task, derive_seed(seed, "episode", number) % 2**31)
        experts = hand.expert(begun, seed)
        stops = sorted({int(share * (len(experts) - 1)) for share in STOPS})
        places = [experts[stop] for stop in stops]
        ways: dict[str, Callable[[], Mark]] = {
            "greedy": lambda begun=begun: _greedy(hand, begun, rng, breadth, False),
            "unfinished": lambda begun=begun: _greedy(hand, begun, rng, breadth, True),
            "hold": lambda places=places: _best([_hold(hand, place, rng, breadth) for place in places]),
            "loop": lambda places=places: _best([_loop(hand, place, rng, breadth) for place in places]),
        }
        for name, way in ways.items():
            found.setdefault(name, []).append(way())
        found.setdefault("expert", []).append(experts[-1])
    played = [_played(hand, name, marks) for name, marks in found.items()]
    hand.close()
    return played


def _best(marks: Sequence[Mark]) -> Mark:
    return max(marks, key=lambda mark: mark.paid)


def _greedy(hand: Hand, mark: Mark, rng: np.random.Generator, breadth: int, unfinished: bool) -> Mark:
    while not mark.over:
        tried = [hand.step(mark, action) for action in hand.choices(mark, rng, breadth)]
        if not tried:
            return mark
        if unfinished:
            going = [one for one in tried if not one[0].over]
            tried = going or tried
        paid = np.array([one for _, one in tried])
        best = np.flatnonzero(paid >= paid.max() - 1e-12)
        mark = tried[int(best[rng.integers(len(best))])][0]
    return mark


def _hold(hand: Hand, place: Mark, rng: np.random.Generator, breadth: int) -> Mark:
    """Try one action for some steps each, then hold the one that paid best."""
    if place.over:
        return place
    best, most = None, -np.inf
    for action in hand.choices(place, rng, breadth):
        trial = hand.follow(place, [action] * 6)
        rate = (trial.paid - place.paid) / max(len(trial.actions) - len(place.actions), 1)
        if not trial.over and rate > most:
            best, most = action, rate
    return place if best is None else hand.finish(place, [best])


def _loop(hand: Hand, place: Mark, rng: np.random.Generator, breadth: int) -> Mark:
    """Try pairs of actions twice, then go on with the pair whose second time paid best."""
    if place.over:
        return place
    best, most = None, -np.inf
    few = max(4, int(breadth**0.5) * 2)
    firsts = hand.choices(place, rng, breadth)
    for first in firsts:
        once, _ = hand.step(place, first)
        if once.over:
            continue
        for second in hand.choices(once, rng, few):
            round_, _ = hand.step(once, second)
            again = hand.follow(round_, [first, second])
            if not again.over and again.paid - round_.paid > most:
                best, most = [first, second], again.paid - round_.paid
    return place if best is None else hand.finish(place, best)


def _played(hand: Hand, name: str, marks: Sequence[Mark]) -> Played:
    scores = [hand.objective(mark) for mark in marks]
    return Played(
        "expert" if name == "expert" else f"search/{name}",
        "expert" if name == "expert" else "found",
        tuple(mark.paid for mark in marks),
        tuple(score for score, _ in scores),
        float(np.mean([done for _, done in scores])),
        float(np.mean([len(mark.actions) for mark in marks])),
        tuple(mark.actions for mark in marks),
    )
