"""The oracle: shortest plans to the right answer, exact.

A look-up names things, and what has been named can be looked up next. So the way to the answer is a shortest path in
the graph of what names what, whose lengths the question knows (`Question.far`). That names are forgotten changes
nothing: one look-up names fewer than are kept, so the next step of a path is always at hand.
"""

from __future__ import annotations

from .game import Game

__all__ = ["NO_PLAN", "plan"]

NO_PLAN = -1


def plan(game: Game) -> tuple[int, str | None]:
    """Return the actions on a shortest plan from here, the answer counted, and the first of them.

    0 and None after the right answer; -1 and None if no right answer can be given any more. Among plans of one
    length, the question's own chain goes first.
    """
    if game.plan is None:
        game.plan = _plan(game)
    return game.plan


def _plan(game: Game) -> tuple[int, str | None]:
    if game.answer >= 0:
        return (0, None) if game.won else (NO_PLAN, None)
    question = game.question
    far, region = question.far, question.region
    look_ups = min([far[node] for node in game.listed])
    if look_ups > game.left:
        return NO_PLAN, None
    if not look_ups:
        return 1, region.answer[question.gold]
    near = [node for node in game.listed if far[node] == look_ups]
    best = next((thing for thing in question.chain if thing in near), near[0])
    return look_ups + 1, region.search[best]
