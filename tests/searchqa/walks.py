"""Walks through question games: to any moment, and by brute force to the answer."""

from __future__ import annotations

from collections.abc import Sequence

from guerdon.envs.searchqa.catalogue import open_catalogue
from guerdon.envs.searchqa.game import Game
from guerdon.envs.searchqa.questions import Question

__all__ = ["TASKS", "at", "copy_of", "question_of", "shortest"]

TASKS = tuple(open_catalogue("valid").tasks[:90]) + tuple(open_catalogue("test").tasks[:30])
"""Ids of questions of all kinds."""


def question_of(task: str) -> Question:
    """Return a question by its id, whatever its split."""
    return open_catalogue(task.partition("-")[0]).question(task)


def at(task: str, picks: Sequence[int], answering: bool = False) -> Game:
    """Return a game after the actions with these indices, taken modulo their number; it answers only if it may."""
    game = Game(question_of(task))
    for pick in picks:
        choices = game.admissible if answering else [a for a in game.admissible if not a.startswith("answer ")]
        if not choices or game.answer >= 0:
            break
        game.step(choices[pick % len(choices)])
    return game


def copy_of(game: Game) -> Game:
    """Return another game at the same moment."""
    return Game.load(game.question, game.dump())


def shortest(game: Game, most: int) -> int:
    """Try all that can be done, breadth first; return the actions to success, or -1 if more than `most` are needed."""
    if game.answer >= 0:
        return 0 if game.won else -1
    moments = [game]
    for length in range(1, most + 1):
        after, seen = [], set[tuple]()
        for moment in moments:
            for action in moment.admissible:
                one = copy_of(moment)
                one.step(action)
                if one.won:
                    return length
                key = (tuple(sorted(one.listed)), one.titles)
                if one.answer < 0 and key not in seen:
                    seen.add(key)
                    after.append(one)
        moments = after
    return -1
