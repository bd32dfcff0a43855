"""The plan is a shortest one: equal to breadth-first search, and following it buys the goal's product for 1.0."""

from __future__ import annotations

from collections import deque
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guerdon.envs.webshop.data.product import Goal, Product
from guerdon.envs.webshop.game import Game
from guerdon.envs.webshop.planner import plan
from guerdon.envs.webshop.shop import Shop

from .small_shop import fingerprint, goal, open_shop, options, product, walk

DONE = 4
OTHERS = ("search[mug]", "search[nothing there]", "search[<q> mug]")


def succeeds(game: Game) -> bool:
    return game.page == DONE and game.reward == 1 and game.item == game.shop.target(game.number)


def breadth_first(game: Game, also: tuple[str, ...] = (), last_page: int = 5) -> int:
    """Search the pages, one admissible action a move (and on the start page those of `also`), for the purchase."""
    if succeeds(game):
        return 0
    queue, seen = deque([(game.dump(), 0)]), {fingerprint(game)}
    while queue:
        data, depth = queue.popleft()
        here = Game.load(game.shop, game.number, data)
        actions = [*here.screen.admissible, *(also if here.page == 0 else ())]
        for action in actions:
            there = Game.load(game.shop, game.number, data)
            assert there.step(action) is None, f"{action} is admissible, but does nothing"
            if succeeds(there):
                return depth + 1
            if there.page != DONE and there.page_number <= last_page and fingerprint(there) not in seen:
                seen.add(fingerprint(there))
                queue.append((there.dump(), depth + 1))
    return -1


def follow(game: Game) -> None:
    """Follow the plan to the purchase, which comes nearer by one with every action."""
    told = fingerprint(game)
    for left in range(plan(game)[0], 0, -1):
        length, action = plan(game)
        assert length == left, (told, fingerprint(game))
        assert game.step(str(action)) is None
    assert succeeds(game)
    assert plan(game) == (0, None)


@st.composite
def shops(draw: st.DrawFn, most: int) -> Shop:
    """Draw a shop in which one search finds several pages, with goals for products near and far."""
    extra = st.sampled_from(["", "blue", "tall", "tall blue", "blue blue mug"])
    products = [
        product(
            f"A{number:09d}", f"plain mug {draw(extra)}".strip(), options=draw(options(2)) if number % 4 == 0 else {}
        )
        for number in range(draw(st.integers(1, most)))
    ]
    goals = []
    for number in range(2):
        target = draw(st.sampled_from(products))
        values = [value for option in target.options.values() for value in option] or ["red"]
        wish = st.one_of(
            st.just(()),
            st.lists(st.sampled_from(values), max_size=2).map(tuple),
            st.fixed_dictionaries({"color": st.sampled_from(values)}),
        )
        asked = draw(
            st.sampled_from(["find me a mug", "a tall mug", "something blue", "for me please", "a plain mug, blue"])
        )
        bound = draw(st.sampled_from([1e6, 1e6, 1e6, 5.0]))
        goals.append(goal(target, f"g{number}", goal_options=draw(wish), instruction_text=asked, price_upper=bound))
    return open_shop(products, goals, draw(st.sampled_from(["webshop", "fixed"])))  # type: ignore[arg-type]


def by_title(game: Game) -> tuple[str, ...]:
    """Return the search for the target's title, if none of the suggested searches finds the target."""
    target = game.shop.target(game.number)
    start = Game(game.shop, game.number)
    if any(target in game.shop.search(action[len("search[") : -1]) for action in start.screen.admissible):
        return ()
    return (f"search[{game.goal.name}]",)


@settings(max_examples=25)
@given(shops(22), st.lists(st.lists(st.integers(0, 99), max_size=5), min_size=2, max_size=2))
def test_the_length_equals_breadth_first_search(shop: Shop, walks: list[list[int]]) -> None:
    for number, numbers in enumerate(walks):
        game = Game(shop, number)
        walk(game, numbers, OTHERS)
        length, first = plan(game)
        assert length == breadth_first(game, by_title(game)), (fingerprint(game), first)


@settings(max_examples=30)
@given(shops(22), st.lists(st.lists(st.integers(0, 99), max_size=8), min_size=8, max_size=8))
def test_following_the_plan_buys_the_product_in_time(shop: Shop, walks: list[list[int]]) -> None:
    for number, numbers in enumerate(walks):
        game = Game(shop, number % 2)
        walk(game, numbers, OTHERS)
        length, action = plan(game)
        if length < 0:
            assert action is None
        else:
            follow(game)


@settings(max_examples=20)
@given(shops(12), st.lists(st.lists(st.integers(0, 99), min_size=1, max_size=12), min_size=4, max_size=4))
def test_no_action_shortens_it_by_more_than_one(shop: Shop, walks: list[list[int]]) -> None:
    for number, numbers in enumerate(walks):
        game = Game(shop, number % 2)
        before = plan(game)[0]
        for one in numbers:
            walk(game, [one], (), buying=True)
            after = plan(game)[0]
            if game.page == DONE:
                assert after == (0 if game.reward == 1 else -1)
                break
            assert (after == -1) == (before == -1), "as long as nothing is bought, nothing is lost"
            assert after >= before - 1
            before = after


def dead_ends() -> list[tuple[str, Product, Goal]]:
    mug = product("A000000001", options={"color": ("red", "black2626")}, price=20.0)
    return [
        ("too dear", mug, goal(mug, price_upper=19.99)),
        ("an attribute that it lacks", mug, goal(mug, attributes=("square",))),
        ("a value that it lacks", mug, goal(mug, goal_options=("green",))),
        ("the quirk of pairs", mug, goal(mug, goal_options={"color": "black2626"})),
        ("nouns counted twice", mug, goal(mug, name_nouns=("mug", *["handle"] * 12))),
        ("no search finds it", unfindable := product("A000000002", "The Of", title_nouns=("of",)), goal(unfindable)),
    ]


@pytest.mark.parametrize(
    ("why", "target", "asked"), dead_ends(), ids=lambda value: value if isinstance(value, str) else ""
)
def test_there_is_no_plan(why: str, target: Product, asked: Goal) -> None:
    game = Game(open_shop([target, product("A000000003", "Cup")], [asked]), 0)
    assert plan(game) == (-1, None)
    for action in ("search[mug cup]", "click[a000000003]", "click[buy now]"):
        assert game.step(action) is None
        assert plan(game) == (-1, None)


def test_buying_the_wrong_thing_ends_in_a_dead_end() -> None:
    products = [product("A000000001", options={"color": ("red", "blue")}), product("A000000002")]
    game = Game(open_shop(products, [goal(products[0], goal_options=("red",))]), 0)
    lengths = []
    for action in ("search[mug]", "click[a000000001]", "click[blue]", "click[red]", "click[blue]", "click[buy now]"):
        lengths.append(plan(game)[0])
        game.step(action)
    assert lengths == [4, 3, 2, 2, 1, 2]
    assert plan(game) == (-1, None)


def test_an_equally_good_other_product_is_a_success_but_no_plan() -> None:
    """The plan knows one product; the score knows all. Buying another for 1.0 succeeds as well."""
    products = [product("A000000001"), product("A000000002")]
    game = Game(open_shop(products, [goal(products[1])]), 0)
    for action in ("search[mug]", "click[a000000001]", "click[buy now]"):
        game.step(action)
    assert game.reward == 1
    assert plan(game) == (0, None)


def test_the_title_is_searched_if_nothing_else_helps() -> None:
    target = product("A000000001", "Zorvik [Set] Bowl")
    game = Game(open_shop([target], [goal(target, instruction_text="something round")]), 0)
    assert plan(game) == (3, "search[zorvik set bowl]")
    while plan(game)[1]:
        game.step(str(plan(game)[1]))
    assert game.reward == 1


def test_pages_are_turned_towards_the_product() -> None:
    products = [product(f"A{number:09d}") for number in range(45)]
    game = Game(open_shop(products, [goal(products[22], instruction_text="mug")]), 0)
    for action, length, first in (
        ("search[mug]", 4, "click[next >]"),
        ("click[next >]", 3, "click[next >]"),
        ("click[next >]", 2, "click[a000000022]"),
        ("click[next >]", 3, "click[< prev]"),
        ("click[a000000030]", 4, "click[< prev]"),
        ("click[description]", 5, "click[< prev]"),
        ("search[nothing]", 6, "click[back to search]"),
        ("search[mug]", 4, "click[next >]"),
    ):
        game.step(action)
        assert plan(game) == (length, first), action


@pytest.mark.parametrize(
    "actions",
    [
        ("search[mug search_results]", "click[next >]", "click[next >]", "click[a000000021]"),
        ("search[mug search_results]", "click[next >]", "click[next >]", "click[a000000022]", "click[description]"),
        ("search[mug search_results]", "click[a000000001]"),
        ("search[mug search_results]", "click[a000000001]", "click[< prev]"),
        ("search[item_page mug]", "click[next >]", "click[next >]", "click[a000000021]", "click[reviews]"),
        ("search[item_page mug]", "click[next >]", "click[next >]", "click[a000000022]", "click[reviews]"),
        ("search[item_page mug search_results]", "click[next >]", "click[a000000011]", "click[reviews]"),
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("compat", ["webshop", "fixed"])
def test_words_that_mislead_are_known_to_the_plan(actions: tuple[str, ...], compat: Any) -> None:
    """With "search_results" in the query "< Prev" leads one page too far back; with "item_page" past the product."""
    products = [product(f"A{number:09d}") for number in range(25)]
    game = Game(open_shop(products, [goal(products[22], instruction_text="mug")], compat), 0)
    for action in actions:
        assert game.step(action) is None
    assert plan(game)[0] == breadth_first(game)
    follow(game)
