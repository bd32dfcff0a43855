"""Small shops for tests: a few products and goals with plain words, opened in memory or as files of an env."""

from __future__ import annotations

import json
import shutil
import tempfile
import weakref
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from guerdon.envs.webshop.data.compiled import CompiledCatalogue, compile_catalogue
from guerdon.envs.webshop.data.product import Goal, Product
from guerdon.envs.webshop.game import Game
from guerdon.envs.webshop.scoring import Compat
from guerdon.envs.webshop.shop import Shop

__all__ = ["VALUES", "files", "fingerprint", "goal", "open_shop", "options", "product", "walk"]

VALUES: tuple[str, ...] = (
    "red",
    "dark red",
    "black2626",
    "small",
    "extra large",
    "pack of 2",
    "features",
    "rectangular",
    "9 | wide",
    "<b>'s",
)
"""Option values with a quirk in most of them: colours within words, a button's name, a slash, quotes."""


def product(asin: str, title: str = "Plain Mug", **more: Any) -> Product:
    """Return a product called `title`, whose nouns are all of its words."""
    price = more.pop("price", 10.0)
    plain = {
        "category": "garden",
        "query": "mug",
        "product_category": "Home › Kitchen › Mug",
        "description": "",
        "bullets": (),
        "pricing": (price,),
        "price_text": f"${price}",
        "options": {},
        "attributes": (),
        "title_nouns": tuple(title.lower().split()),
        **more,
    }
    return Product(asin=asin, title=title, price=price, **plain)


def goal(target: Product, name: str = "g", **more: Any) -> Goal:
    """Return a goal that was written for `target`; without more it asks for nothing but it."""
    plain = {
        "instruction_text": f"find me a {target.title.lower()}",
        "attributes": (),
        "price_upper": 1e6,
        "goal_options": (),
        "weight": 1.0,
        "name_nouns": target.title_nouns,
        **more,
    }
    mode = "synthetic" if isinstance(plain["goal_options"], Mapping) else "human"
    same = {key: getattr(target, key) for key in ("asin", "category", "query", "product_category")}
    return Goal(id=name, mode=mode, name=target.title, **same, **plain)


def open_shop(
    products: Iterable[Product], goals: Iterable[Goal], compat: Compat = "webshop", show_attrs: bool = False
) -> Shop:
    """Compile a shop into a folder that lives as long as the shop."""
    folder = Path(tempfile.mkdtemp(prefix="small-shop-"))
    compile_catalogue(folder, products, lambda: goals)
    shop = Shop(CompiledCatalogue(folder), compat, show_attrs)
    weakref.finalize(shop, shutil.rmtree, folder, ignore_errors=True)
    return shop


def files(folder: Path, products: Iterable[Product], goals: Iterable[Goal]) -> dict[str, Any]:
    """Write products and goals to files; return the env arguments that open them."""
    paths = {"catalogue": folder / "products.jsonl", "goals": folder / "goals.jsonl"}
    for path, records in zip(paths.values(), (products, goals), strict=True):
        path.write_text("".join(json.dumps(record.to_dict()) + "\n" for record in records), "utf-8")
    return {key: str(path) for key, path in paths.items()}


def fingerprint(game: Game) -> tuple:
    """Return what decides how a game goes on."""
    chosen = tuple(sorted(game.chosen.items()))
    return game.page, game.query, game.page_number, game.item, game.sub, chosen


def walk(game: Game, numbers: Sequence[int], also: Sequence[str] = (), buying: bool = False) -> None:
    """Do one action for each number: of the admissible ones and `also`, the one of that number, wrapped around."""
    for number in numbers:
        actions = [*game.screen.admissible, *also]
        if not buying:
            actions = [action for action in actions if action != "click[buy now]"]
        if game.score is not None:  # bought: the episode is over
            return
        game.step(actions[number % len(actions)])


@st.composite
def options(draw: st.DrawFn, most: int = 3, values: Sequence[str] = VALUES) -> dict[str, tuple[str, ...]]:
    """Draw options of a product. The same value can be in two of them."""
    names = draw(st.lists(st.sampled_from(["color", "size", "style", "fit"]), max_size=most, unique=True))
    one = st.lists(st.sampled_from(values), min_size=1, max_size=3).map(tuple)
    return {name: draw(one) for name in names}
