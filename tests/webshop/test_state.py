"""The privileged state: its numbers by brute force, and one state, many states and stacks of states agree."""

from __future__ import annotations

from itertools import product as combinations
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guerdon.envs.webshop.data.product import Product
from guerdon.envs.webshop.game import DONE, ITEM, Game
from guerdon.envs.webshop.scoring import score
from guerdon.envs.webshop.state import WebShopState

from .small_shop import goal, open_shop, product, walk

PRODUCTS = [
    product("A000000001", options={"color": ("red", "blue"), "size": ("small", "large")}, attributes=("square",)),
    product("A000000002", options={"color": ("red", "green"), "style": ("red", "features")}, price=30.0),
    product("A000000003", "Tall Mug Stand", attributes=("square",)),
    product("A000000004", "Tall Cup", query="cup", product_category="Home › Cups"),
    *(product(f"B{number:09d}", "Other Mug") for number in range(9)),
]
GOALS = [
    goal(PRODUCTS[0], "list", goal_options=("red", "large"), attributes=("square", "round"), price_upper=20.0),
    goal(PRODUCTS[1], "dict", goal_options={"color": "green", "style": "red"}),
    goal(PRODUCTS[2], "plain", name_nouns=("tall", "mug", "stand", "x", "y")),
]
SHOPS = {compat: open_shop(PRODUCTS, GOALS, compat) for compat in ("webshop", "fixed")}
NAMES = [name for name in WebShopState.__dataclass_fields__ if not name.startswith("_")]
ALSO = ("search[mug]", "search[red]", "search[tall]", "search[nothing]", "search[mug search_results]")


@st.composite
def games(draw: st.DrawFn) -> Game:
    """Draw a game at some moment."""
    game = Game(SHOPS[draw(st.sampled_from(["webshop", "fixed"]))], draw(st.integers(0, len(GOALS) - 1)))
    walk(game, draw(st.lists(st.integers(0, 99), max_size=9)), ALSO, buying=draw(st.booleans()))
    if draw(st.booleans()) and game.page == ITEM:
        game.step("click[buy now]")
    return game


def ways(bought: Product, chosen: dict[str, str]) -> list[dict[str, str]]:
    """Return all ways to go on choosing: one value or none for each option that has none."""
    last = {value: name for name, values in bought.options.items() for value in values if value != "features"}
    free = [[None, *(v for v, owner in last.items() if owner == name)] for name in bought.options if name not in chosen]
    names = [name for name in bought.options if name not in chosen]
    found = []
    for values in combinations(*free):
        found.append({**chosen, **{n: v for n, v in zip(names, values, strict=True) if v is not None}})
    return found


def by_hand(game: Game) -> dict[str, Any]:
    """Work the numbers out from what is on the page."""
    asked, compat = game.goal, cast(Any, game.shop.compat)

    def worth(bought: Product, chosen: dict[str, str]) -> float:
        return score(asked, bought, chosen, bought.price, compat).reward

    def ahead(bought: Product, chosen: dict[str, str]) -> float:
        return max(worth(bought, way) for way in ways(bought, chosen))

    zeros: dict[str, Any] = dict.fromkeys(
        ("best_ahead", "now", "kind", "attributes", "options", "affordable", "num_listed", "score"), 0.0
    )
    if game.page == 0:
        return zeros
    if game.page == 1:
        ids = [text for kind, text in game.screen.nodes if kind == "link"]
        listed = [one for one in PRODUCTS if one.asin in ids]
        best = max((ahead(one, {}) for one in listed), default=0.0)
        return {
            **zeros,
            "best_ahead": best,
            "now": max((worth(one, {}) for one in listed), default=0.0),
            "num_listed": len(ids),
        }
    bought = PRODUCTS[game.item]
    parts: Any = score(asked, bought, game.chosen, bought.price, compat).components
    now = worth(bought, game.chosen)
    over = game.page == DONE
    return {
        "best_ahead": now if over else ahead(bought, game.chosen),
        "now": now,
        "kind": parts["r_type"],
        "attributes": parts["r_att"],
        "options": parts.get("r_option", 1.0),
        "affordable": float(bought.price <= asked.price_upper),
        "num_listed": 0,
        "score": now if over else 0.0,
    }


@settings(max_examples=250)
@given(games())
def test_the_numbers_are_those_worked_out_by_hand(game: Game) -> None:
    state = WebShopState.of(game)
    want = by_hand(game)
    assert {name: getattr(state, name) for name in want} == pytest.approx(want, abs=0)
    assert [getattr(state, name) for name in NAMES[:4]] == [
        game.page,
        game.page_number,
        game.num_searches,
        game.num_opened,
    ]
    assert 0 <= state.now <= state.best_ahead <= 1
    assert state.goal is game.goal
    assert (state.product is None) == (game.item < 0)
    assert state.product is None or state.product == PRODUCTS[game.item]
    assert (state.chosen, state.query) == (game.chosen, game.query)


@settings(max_examples=40)
@given(st.lists(games(), min_size=1, max_size=5), st.data())
def test_one_many_and_stacked_agree(several: list[Game], data: st.DataObject) -> None:
    singles = [WebShopState.of(game) for game in several]
    many, stacked = WebShopState.of_many(several), WebShopState.stack(singles)
    rows = np.array(data.draw(st.lists(st.integers(0, len(several) - 1), min_size=1, max_size=4)))
    picked = many.pick(rows)
    for name in NAMES:
        want = [getattr(single, name) for single in singles]
        for made in (many, stacked):
            assert getattr(made, name).shape == (len(several),)
            assert getattr(made, name).tolist() == want
        assert getattr(many, name).dtype.kind == getattr(stacked, name).dtype.kind
        assert getattr(picked, name).tolist() == [want[row] for row in rows]
    with pytest.raises(AttributeError, match=r"env\.state"):
        _ = many.goal


def test_a_state_is_of_its_moment() -> None:
    game = Game(SHOPS["webshop"], 0)
    for action in ("search[small]", "click[a000000001]", "click[red]"):
        game.step(action)
    state = WebShopState.of(game)
    game.step("click[blue]")
    assert state.chosen == {"color": "red"}
    assert WebShopState.of(game).chosen == {"color": "blue"}
    assert (state.options, state.attributes, state.now, state.best_ahead) == (1 / 2, 1 / 2, 3 / 5, 4 / 5)
