"""webshop/rule: searches the instruction, opens the first hit, chooses the options that are named, buys."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .base import ScriptedPolicy, register

__all__ = ["WebShopRule"]

PRODUCT = re.compile(r"click\[[a-z0-9]{10}\]")
PIECES = re.compile(r" \[SEP\] |\n")


@register
class WebShopRule(ScriptedPolicy):
    """The baseline that learning has to beat; it reads nothing but the instruction and the buttons.

    Option values are chosen if they stand in the instruction, word for word.
    """

    name = "webshop/rule"
    worlds = ("WebShop",)

    def reset(self, observation: Any, info: Mapping[str, Any]) -> None:
        """Read the instruction."""
        pieces = [piece.strip() for piece in PIECES.split(observation)]
        asked = pieces[pieces.index("Instruction:") + 1] if "Instruction:" in pieces else observation
        self._asked = asked.lower()
        self._chosen: set[str] = set()

    def act(self, observation: Any, info: Mapping[str, Any]) -> Any:
        """Return the next action of the rule."""
        actions = info["admissible_actions"]
        if actions[0].startswith("search["):
            return actions[0]
        if "click[buy now]" not in actions:
            products = [action for action in actions if PRODUCT.fullmatch(action)]
            return products[0] if products else actions[0]
        for action in actions[actions.index("click[buy now]") + 1 :]:
            value = action[len("click[") : -1]
            if action not in self._chosen and re.search(rf"(?<!\w){re.escape(value)}(?!\w)", self._asked):
                self._chosen.add(action)
                return action
        return "click[buy now]"
