"""webshop: results in another order, other words on the page; another product, another option, no option at all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from ....core.trajectory import Step, Trajectory
from ..redoing import dropped_step, other_action
from ..world import World, register_world, reworded

__all__ = ["WEBSHOP"]

CODE = re.compile(r"b[a-z0-9]{9}", re.IGNORECASE)
SEPARATOR = " [SEP] "
SYNONYMS = {
    "Rating:": "Stars:",
    "Price:": "Costs:",
    "Instruction:": "Task:",
    "Thank you for shopping": "Thanks for buying",
}
MENU = ("back to search", "next >", "< prev", "description", "features", "reviews", "attributes", "buy now")


def _order(trajectory: Trajectory, rng: np.random.Generator) -> Trajectory:
    """List the results of a page (code, title, price) in another order, the same in every step that sees it."""
    said: dict[str, str] = {}

    def page(text: str) -> str:
        parts = text.split(SEPARATOR)
        begins = [at for at, part in enumerate(parts) if CODE.fullmatch(part)]
        if len(begins) < 2 or "Page " not in text:
            return text
        ends = [*begins[1:], min(begins[-1] + 3, len(parts))]
        blocks = [parts[begin:end] for begin, end in zip(begins, ends, strict=True)]
        shuffled = [part for at in rng.permutation(len(blocks)).tolist() for part in blocks[at]]
        return SEPARATOR.join([*parts[: begins[0]], *shuffled, *parts[ends[-1] :]])

    return reworded(trajectory, lambda text: said.setdefault(text, page(text)))


def _synonyms(trajectory: Trajectory, rng: np.random.Generator) -> Trajectory:
    def say(text: str) -> str:
        parts = text.split(SEPARATOR)
        if len(parts) == 1:
            return text  # an action
        for words, others in SYNONYMS.items():
            parts = [others + part.removeprefix(words) if part.startswith(words) else part for part in parts]
        return SEPARATOR.join(parts)

    return reworded(trajectory, say)


def _product(taken: Any, other: Any) -> bool:
    return all(CODE.fullmatch(_target(one)) for one in (taken, other))


def _option(taken: Any, other: Any) -> bool:
    return all(_is_option(one) for one in (taken, other))


def _is_option(action: Any) -> bool:
    target = _target(action)
    return bool(target) and target not in MENU and not CODE.fullmatch(target)


def _target(action: Any) -> str:
    text = str(action)
    return text[len("click[") : -1] if text.startswith("click[") else ""


def _no_options(steps: Sequence[Step], rng: np.random.Generator) -> list[Any] | None:
    """Buy without choosing anything."""
    left = [step.action for step in steps if not _is_option(step.action)]
    return left if len(left) < len(steps) else None


WEBSHOP = register_world(
    World(
        "webshop",
        ("WebShop-v0",),
        preserving={"other order": _order, "synonyms": _synonyms},
        breaking={
            "other product": other_action(_product),
            "other option": other_action(_option),
            "no options": _no_options,
            "dropped step": dropped_step,
        },
    )
)
