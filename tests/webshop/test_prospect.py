"""What can still become of a product: equal to trying every combination of its options."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from itertools import product as combinations
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from guerdon.envs.webshop.data.product import Goal, Product
from guerdon.envs.webshop.pages import BUTTONS, item_screen
from guerdon.envs.webshop.prospect import Prospect
from guerdon.envs.webshop.scoring import Compat, Fit, score

from .small_shop import VALUES, goal, options, product

COMPATS: Any = st.sampled_from(["webshop", "fixed"])
WISHES = st.one_of(
    st.lists(st.sampled_from(VALUES), max_size=4).map(tuple),
    st.dictionaries(st.sampled_from(["color", "size", "style"]), st.sampled_from(VALUES), max_size=3),
)


def buttons(bought: Product) -> dict[str, list[str]]:
    """Return option name -> values that a click sets: buttons of the page win, then the later of two options."""
    last = {value: name for name, values in bought.options.items() for value in values}
    found: dict[str, list[str]] = {}
    for name, values in bought.options.items():
        found[name] = [value for value in dict.fromkeys(values) if last[value] == name and value not in BUTTONS]
    return {name: values for name, values in found.items() if values}


@st.composite
def moments(draw: st.DrawFn) -> tuple[Goal, Product, Compat, dict[str, str]]:
    """Draw a goal, a product, the rules, and what has been chosen by some clicks."""
    bought = product("A000000001", options=draw(options()), price=draw(st.sampled_from([10.0, 20.0])))
    asked = goal(
        bought,
        goal_options=draw(WISHES),
        attributes=draw(st.sampled_from([(), ("mug",), ("dear",)])),
        price_upper=draw(st.sampled_from([15.0, 1e6])),
        name_nouns=draw(st.sampled_from([("plain", "mug"), ("mug", *"abcdefghijkl"), ("cup",)])),
    )
    clickable = [(name, value) for name, values in buttons(bought).items() for value in values]
    clicks = draw(st.lists(st.sampled_from(clickable), max_size=4)) if clickable else []
    return asked, bought, draw(COMPATS), dict(clicks)


def prospect_of(asked: Goal, bought: Product, compat: Compat) -> Prospect:
    return Prospect(Fit(asked, bought, compat), item_screen(bought, False).choices, bought.price)


def worth(asked: Goal, bought: Product, compat: Compat, chosen: Mapping[str, str]) -> float:
    return score(asked, bought, chosen, bought.price, compat).reward


def best_ahead(asked: Goal, bought: Product, compat: Compat, chosen: dict[str, str]) -> float:
    """Return the best score over all ways to choose, or not to choose, values of the options that have none yet."""
    free = [
        [(name, value) for value in (None, *values)] for name, values in buttons(bought).items() if name not in chosen
    ]
    ways = ({**chosen, **{name: value for name, value in way if value is not None}} for way in combinations(*free))
    return max(worth(asked, bought, compat, way) for way in ways)


def fewest_clicks(asked: Goal, bought: Product, compat: Compat, chosen: dict[str, str]) -> int | None:
    """Search breadth-first for the fewest clicks after which buying scores 1.0."""
    clickable = [(name, value) for name, values in buttons(bought).items() for value in values]
    queue, seen = deque([(chosen, 0)]), {tuple(sorted(chosen.items()))}
    while queue:
        here, depth = queue.popleft()
        if worth(asked, bought, compat, here) == 1:
            return depth
        for name, value in clickable:
            there = {**here, name: value}
            key = tuple(sorted(there.items()))
            if key not in seen:
                seen.add(key)
                queue.append((there, depth + 1))
    return None


@given(moments())
def test_now_is_what_buying_scores(moment: tuple[Goal, Product, Compat, dict[str, str]]) -> None:
    assert prospect_of(*moment[:3]).now(moment[3]) == worth(*moment)


@settings(max_examples=200)
@given(moments())
def test_ahead_is_the_best_of_all_combinations(moment: tuple[Goal, Product, Compat, dict[str, str]]) -> None:
    asked, bought, compat, chosen = moment
    prospect = prospect_of(asked, bought, compat)
    assert prospect.ahead(chosen) == best_ahead(*moment)
    assert prospect.ahead(chosen) == best_ahead(*moment), "the remembered answer is the same"
    assert prospect.now(chosen) <= prospect.ahead(chosen) <= prospect.ahead({})


@settings(max_examples=300)
@given(moments())
def test_clicks_are_the_fewest(moment: tuple[Goal, Product, Compat, dict[str, str]]) -> None:
    asked, bought, compat, chosen = moment
    clicks = prospect_of(asked, bought, compat).clicks(chosen)
    fewest = fewest_clicks(*moment)
    assert (None if clicks is None else len(clicks)) == fewest
    if clicks is None:
        return
    screen = item_screen(bought, False)
    after = {**chosen, **{screen.choices[value]: value for value in clicks}}
    assert worth(asked, bought, compat, after) == 1
    names = list(bought.options)
    places = [
        (names.index(screen.choices[value]), bought.options[screen.choices[value]].index(value)) for value in clicks
    ]
    assert places == sorted(places), "in the order of the options"


def test_one_value_for_two_wishes_is_one_click() -> None:
    mug = product("A000000001", options={"size": ("soft", "soft pack of 2"), "fit": ("pack of 2",)})
    prospect = prospect_of(goal(mug, goal_options=("soft pack", "pack of 2")), mug, "webshop")
    assert prospect.clicks({}) == ("soft pack of 2",)
    assert prospect.clicks({"size": "soft"}) == ("pack of 2",)
    assert prospect.clicks({"fit": "pack of 2"}) == ("soft",)
    assert prospect.clicks({"size": "soft pack of 2"}) == ()


def test_clicks_are_in_the_order_of_the_options() -> None:
    """Also where a value stands in two options, so that the page's first value sets the later one."""
    mug = product("A000000001", options={"color": ("soft", "red"), "fit": ("soft",)})
    assert prospect_of(goal(mug, goal_options=("soft", "red")), mug, "webshop").clicks({}) == ("red", "soft")


def test_a_value_that_no_button_sets_cannot_be_chosen() -> None:
    mug = product("A000000001", options={"style": ("features", "plain")})
    prospect = prospect_of(goal(mug, goal_options=("features",)), mug, "webshop")
    assert prospect.clicks({}) is None
    assert prospect.ahead({}) == 1 / 2


def test_a_wrong_choice_lowers_what_is_ahead_but_can_be_put_right() -> None:
    mug = product("A000000001", options={"color": ("red", "blue")})
    prospect = prospect_of(goal(mug, goal_options=("red",)), mug, "webshop")
    assert [prospect.ahead(chosen) for chosen in ({}, {"color": "red"}, {"color": "blue"})] == [1.0, 1.0, 1 / 2]
    assert [prospect.clicks(chosen) for chosen in ({}, {"color": "red"}, {"color": "blue"})] == [("red",), (), ("red",)]
