"""What the agent reads: the observation of a game, plain or rich, with or without what went before."""

from __future__ import annotations

import json
from typing import Literal

from .game import PAGES, Game
from .pages import SEPARATOR, Node, join

__all__ = ["ObservationMode", "View"]

ObservationMode = Literal["text", "text_rich"]
START, ITEM, DONE = PAGES.index("start"), PAGES.index("item"), PAGES.index("done")


class View:
    """Writes the observations of one slot.

    Args:
        mode: "text" (one line, pieces joined by " [SEP] ") or "text_rich" (one piece a line, buttons marked).
        num_prev_obs, num_prev_actions: earlier observations and actions that stand before the present one.
    """

    def __init__(self, mode: ObservationMode = "text", num_prev_obs: int = 0, num_prev_actions: int = 0):
        self.mode, self.num_prev_obs, self.num_prev_actions = mode, num_prev_obs, num_prev_actions
        self.observations: list[str] = []
        self.actions: list[str] = []

    def start(self, game: Game) -> str:
        """Begin an episode."""
        bare = self._bare(game)
        if self.num_prev_obs or self.num_prev_actions:
            self.observations, self.actions = [bare], []
        return bare

    def step(self, game: Game, action: str) -> str:
        """Return the observation after an action, history first."""
        bare = self._bare(game)
        if not (self.num_prev_obs or self.num_prev_actions):
            return bare
        self.actions = [*self.actions, action][-max(self.num_prev_actions, 1) :]
        pieces = [bare]
        for i in range(1, 1 + max(self.num_prev_obs, self.num_prev_actions)):
            if i <= min(len(self.actions), self.num_prev_actions):
                pieces.append(self.actions[-i])
            if i <= min(len(self.observations), self.num_prev_obs):
                pieces.append(self.observations[-i])
        self.observations = [*self.observations, bare][-max(self.num_prev_obs, 1) :]
        return SEPARATOR.join(reversed(pieces))

    def _bare(self, game: Game) -> str:
        if self.mode == "text_rich":
            return _rich(game)
        instruction = game.goal.instruction_text.strip()
        if game.page == DONE:
            return game.screen.text
        text = game.screen.text
        if game.page == ITEM and game.chosen and game.shop.compat == "fixed":
            text = join(_marked(game))
        head = f"Instruction:{SEPARATOR}{instruction}{SEPARATOR}{text}"
        return f"WebShop{SEPARATOR}{head}" if game.page == START else head


def _marked(game: Game) -> list[Node]:
    """Return the nodes of a product page with the chosen values marked."""
    nodes: list[Node] = []
    name = ""
    for kind, text in game.screen.nodes:
        if kind == "":
            name = text
        chosen = kind == "option" and game.chosen.get(name) == text
        nodes.append((kind, f"{text} [chosen]" if chosen else text))
    return nodes


def _rich(game: Game) -> str:
    """Write one node a line, not stripped. Whether a value is chosen, the original reads from the page's address."""
    lines: list[str] = []
    if game.page != DONE:
        start = game.page == START
        lines = [
            *(["WebShop"] if start else []),
            "Instruction: " if start else "Instruction:",
            game.goal.instruction_text,
        ]
    address = "+".join(game.query.split(" ")) + json.dumps(game.chosen)
    front, name = [], ""
    for kind, text in game.screen.nodes:
        mark, indent = "button", ""
        if kind == "":
            lines.append(text)
            name = text
            continue
        if kind == "link":
            lines.append("")
            mark = "clicked button" if text.lower() in game.visited else mark
        elif kind == "option":
            indent = "  "
            if game.chosen.get(name) == text if game.shop.compat == "fixed" else f'"{text}"' in address:
                mark = "clicked button"
                front.append(f"You have clicked {text}.")
        lines.append(f"{indent}[{mark}] {text} [{mark}_]")
    return "".join(f"{line}\n" for line in (*reversed(front), *lines))
