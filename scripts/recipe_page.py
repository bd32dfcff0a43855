"""Makes docs/recipes.md from the docstrings and constants of the recipes."""

from __future__ import annotations

import dataclasses
import re
import textwrap
from collections.abc import Iterable, Mapping
from typing import Any

from guerdon.agents.recipe import RECIPES, Recipe
from guerdon.scripts.doc_blocks import anchor, body_of, codes, first, source_of, split, table

__all__ = ["recipe_arguments", "recipe_page"]


def recipe_arguments(cls: type) -> dict[str, str]:
    """Return the meanings of a recipe's constants, its own first, by name: "alpha", or "low, high" for several."""
    found: dict[str, str] = {}
    known = set[str]()
    for base in filter(dataclasses.is_dataclass, cls.__mro__):
        for text, meaning in split(base.__doc__)[1].items():
            names = [name for name in text.split(", ") if name not in known]
            known.update(names)
            if names:
                found[", ".join(names)] = meaning
    return found


def recipe_page() -> Iterable[str]:
    """Yield the blocks of the page."""
    yield "# Recipes"
    yield (
        "A recipe is a published way to train a policy, put together from parts: step scorers, a reward transform, an "
        "advantage, a loss. `guerdon train --recipe NAME` trains one; `guerdon compare --recipe NAME NAME` compares "
        "some under one reward, three seeds each. Constants are set by `--agent-arg KEY=VALUE` for all of them, or in "
        'the name for one: `--recipe rloo "pure(temperature=0.5)"`. *Confirmed* means that the equation was read in '
        "the paper or its code, *reconstructed* that its form is ours."
    )
    yield table(
        ["recipe", "what", "source"],
        [[f"[`{name}`](#{anchor(name)})", first(cls.__doc__), cls.source] for name, cls in RECIPES.items()],
    )
    common = {one.name: _default(one) for one in dataclasses.fields(Recipe)}
    for name, cls in RECIPES.items():
        # A recipe may say in a sentence what it should be compared with.
        prose = split(cls.__doc__)[0].replace(". Compare with: ", ".\nCompare with: ")
        yield f"## {name}"
        yield first(prose)
        yield body_of(_equations(prose))
        yield f"**Source:** {cls.source}. **Status:** {cls.status}."
        path, _, function = cls.checked.partition("::")
        yield f"**Checked by:** `{function}` in [{path}](../{path}). {source_of(cls)}"
        own = {one.name: _default(one) for one in dataclasses.fields(cls)}
        new = {key: value for key, value in own.items() if common.get(key) != value}
        if new:
            yield table(["constant", "default", "meaning"], _meanings(cls, new))
    yield "## Constants of all recipes"
    yield "With these defaults where the recipe's own table does not say otherwise."
    yield table(["constant", "default", "meaning"], _meanings(Recipe, common))


def _meanings(cls: type, defaults: Mapping[str, str]) -> Iterable[list[str]]:
    """Yield the rows for the constants of a recipe that have one of these defaults."""
    for text, meaning in recipe_arguments(cls).items():
        names = [name for name in text.split(", ") if name in defaults]
        if names:
            yield [codes(names), ", ".join(defaults[name] for name in names), meaning]


def _default(one: dataclasses.Field[Any]) -> str:
    value = one.default if one.default_factory is dataclasses.MISSING else one.default_factory()
    return f"`{value!r}`"


def _equations(text: str) -> str:
    """Return the text with its indented blocks, which are equations, fenced."""
    return re.sub(
        r"(?:^    .*\n?)+",
        lambda block: f"```text\n{textwrap.dedent(block[0]).rstrip()}\n```\n",
        text,
        flags=re.MULTILINE,
    )
