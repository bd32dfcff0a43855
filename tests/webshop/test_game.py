"""The rules of the shop, page by page: what every button does, what does nothing and why."""

from __future__ import annotations

from typing import Any

import gymnasium as gym
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guerdon.envs.webshop.failure import MAX_QUERY, Failure
from guerdon.envs.webshop.game import DONE, PAGES, Game

from .small_shop import files, fingerprint, goal, open_shop, product, walk

# All alike, so that every search finds them in the order of their ids.
OPTIONS = {"color": ("red", "blue"), "size": ("small", "blue"), "style": ("features", "9 | wide")}
MUGS = [
    product(
        f"A{number:09d}",
        options=OPTIONS,
        category="garden" if number % 2 else "grocery",
        query="mug" if number < 13 else "cup",
    )
    for number in range(23)
]
SHOP = {compat: open_shop(MUGS, [goal(MUGS[1])], compat) for compat in ("webshop", "fixed")}
WITH_ATTRIBUTES = open_shop(MUGS, [goal(MUGS[1])], show_attrs=True)
ITEM = ("search[mug]", "click[a000000001]")


def played(*actions: str, compat: str = "webshop") -> Game:
    """Play actions that all do something."""
    game = Game(SHOP[compat], 0)
    for action in actions:
        assert game.step(action) is None, action
    return game


def where(game: Game) -> tuple[str, int, int]:
    """Return the kind of page, the page of the results and the product at hand."""
    return PAGES[game.page], game.page_number, game.item


@pytest.mark.parametrize(
    ("actions", "place"),
    [
        ((), ("start", 0, -1)),
        (("search[mug]",), ("results", 1, -1)),
        (("search[nothing there]",), ("results", 1, -1)),
        (("search[ ]",), ("results", 1, -1)),
        (("search[mug]", "click[next >]"), ("results", 2, -1)),
        (("search[mug]", "click[next >]", "click[< prev]"), ("results", 1, -1)),
        (("search[mug]", *["click[Next >]"] * 7), ("results", 8, -1)),
        (("search[mug]", "click[next >]", "search[mug]"), ("results", 1, -1)),
        (("search[mug]", "click[back to search]"), ("start", 0, -1)),
        (ITEM, ("item", 1, 1)),
        ((*ITEM, "click[red]"), ("item", 1, 1)),
        ((*ITEM, "click[< prev]"), ("results", 1, -1)),
        (("search[mug]", "click[next >]", "click[a000000012]", "click[< prev]"), ("results", 2, -1)),
        ((*ITEM, "click[back to search]"), ("start", 0, -1)),
        ((*ITEM, "search[mug]"), ("results", 1, -1)),
        ((*ITEM, "click[description]"), ("sub_page", 1, 1)),
        ((*ITEM, "click[Features]"), ("sub_page", 1, 1)),
        ((*ITEM, "click[reviews]", "click[< prev]"), ("item", 1, 1)),
        ((*ITEM, "click[reviews]", "click[back to search]"), ("start", 0, -1)),
        ((*ITEM, "click[reviews]", "search[cup]"), ("results", 1, -1)),
        ((*ITEM, "click[BUY NOW]"), ("done", 1, 1)),
    ],
    ids=str,
)
@pytest.mark.parametrize("compat", ["webshop", "fixed"])
def test_where_actions_lead(actions: tuple[str, ...], place: tuple[str, int, int], compat: str) -> None:
    assert where(played(*actions, compat=compat)) == place


@pytest.mark.parametrize(
    ("query", "actions", "place"),
    [
        ("mug search_results", ["click[< prev]"], ("results", 0, -1)),
        ("mug search_results", ["click[reviews]", "click[< prev]"], ("results", 0, -1)),
        ("mug search_results", ["click[< prev]", "click[next >]"], ("results", 1, -1)),
        ("mug the_search_results_page", ["click[< prev]"], ("results", 0, -1)),
        ("mug item_page", ["click[< prev]"], ("results", 1, -1)),
        ("mug item_page", ["click[reviews]", "click[< prev]"], ("results", 1, -1)),
        ("mug item_page search_results", ["click[reviews]", "click[< prev]"], ("results", 0, -1)),
        ("mug item_sub_page done", ["click[reviews]", "click[< prev]"], ("item", 1, 1)),
        ("mug item_sub_page done", ["click[< prev]"], ("results", 1, -1)),
        ("mug search results", ["click[< prev]"], ("results", 1, -1)),
        ("mug item page", ["click[reviews]", "click[< prev]"], ("item", 1, 1)),
    ],
)
def test_words_in_the_query_mislead(query: str, actions: list[str], place: tuple[str, int, int]) -> None:
    game = played(f"search[{query}]", "click[a000000001]", *actions)
    assert where(game) == place
    if place[1] == 0:
        assert (game.links, game.screen.clickables) == ({}, ("back to search", "next >"))
    sensible = played(
        f"search[{query}]", "click[a000000001]", "click[red]", "click[reviews]", "click[< prev]", compat="fixed"
    )
    assert (where(sensible), sensible.chosen) == (("item", 1, 1), {"color": "red"})
    sensible.step("click[< prev]")
    assert where(sensible) == ("results", 1, -1)


def test_results_have_ten_products_a_page_and_fifty_at_most() -> None:
    game = played("search[mug]")
    assert list(game.links) == [f"a{number:09d}" for number in range(10)]
    assert game.screen.clickables == ("back to search", "next >", *game.links)
    game.step("click[next >]")
    assert game.screen.clickables == (
        "back to search",
        "< prev",
        "next >",
        *(f"a{number:09d}" for number in range(10, 20)),
    )
    game.step("click[next >]")
    assert list(game.links) == ["a000000020", "a000000021", "a000000022"]
    assert "Page 3 (Total results: 23)" in game.screen.text
    game.step("click[next >]")
    assert game.screen.clickables == ("back to search", "< prev", "next >"), "behind the last one: empty"
    many = open_shop([product(f"A{number:09d}") for number in range(61)], [goal(product("A000000000"))])
    big = Game(many, 0)
    big.step("search[mug]")
    assert "(Total results: 50)" in big.screen.text
    assert many.search("mug") == tuple(range(50))


def test_a_product_page_lists_buttons_before_values() -> None:
    game = played(*ITEM)
    buttons = ("back to search", "< prev", "description", "features", "reviews", "buy now")
    assert game.screen.clickables == (*buttons, "red", "blue", "small", "9 | wide")
    shown = Game(WITH_ATTRIBUTES, 0)
    for action in ITEM:
        shown.step(action)
    assert shown.screen.clickables[2:6] == ("description", "features", "reviews", "attributes")
    assert shown.step("click[attributes]") is None
    assert (where(shown), shown.sub) == (("sub_page", 1, 1), "attributes")
    assert shown.screen.clickables == ("back to search", "< prev")
    assert game.step("click[attributes]") == Failure.NOT_ON_THIS_PAGE


def test_choosing() -> None:
    game = played(*ITEM, "click[red]", "click[small]")
    assert game.chosen == {"color": "red", "size": "small"}
    game.step("click[Blue]")
    assert game.chosen == {"color": "red", "size": "blue"}, "of two equal values the later option's is set"
    game.step("click[red]")
    assert game.chosen == {"color": "red", "size": "blue"}, "there is no taking back"
    game.step("click[features]")
    assert (where(game), game.sub) == (("sub_page", 1, 1), "features"), "a value called like a button is the button"
    assert "style" not in game.chosen
    game.step("click[< prev]")
    assert game.chosen == {"color": "red", "size": "blue"}, "sub pages keep what is chosen"


@pytest.mark.parametrize("away", ["click[< prev]", "click[back to search]", "search[mug]"])
@pytest.mark.parametrize("on_sub_page", [False, True])
def test_what_clears_the_choice(away: str, on_sub_page: bool) -> None:
    game = played(*ITEM, "click[red]", *(["click[description]"] if on_sub_page else []), away)
    if on_sub_page and away == "click[< prev]":
        assert (game.chosen, game.item) == ({"color": "red"}, 1)
    else:
        assert (game.chosen, game.item, game.sub) == ({}, -1, "")


def test_visited_lasts_until_back_to_search() -> None:
    game = played(*ITEM, "click[< prev]", "click[a000000003]")
    assert game.visited == {"a000000001", "a000000003"}
    game.step("search[cup]")
    assert game.visited == {"a000000001", "a000000003"}
    game.step("click[back to search]")
    assert (game.visited, game.query, game.page_number) == (set(), "", 0)


def test_counts() -> None:
    back = ["click[< prev]"]
    there = ["search[mug]", "click[next >]", *back, "click[a000000001]", "click[red]", "click[reviews]", *back, *back]
    game = played(*there, "click[a000000001]", "click[back to search]", "search[mug]")
    assert (game.num_searches, game.num_opened) == (2, 2)
    game.step("click[nonsense]")
    assert (game.num_searches, game.num_opened) == (2, 2)


NOTHING = [
    ("", Failure.NOT_AN_ACTION),
    ("look", Failure.NOT_AN_ACTION),
    ("search", Failure.NOT_AN_ACTION),
    ("search[]", Failure.NOT_AN_ACTION),
    ("click[]", Failure.NOT_AN_ACTION),
    ("click[next >", Failure.NOT_AN_ACTION),
    ("think[mug]", Failure.NOT_AN_ACTION),
    ("search[a [b] c]", Failure.NOT_AN_ACTION),
    ("search[a\nb]", Failure.NOT_AN_ACTION),
    (" click[next >]", Failure.NOT_AN_ACTION),
    ("please search[mug]", Failure.NOT_AN_ACTION),
    ("CLICK[back to search]", Failure.WRONG_CASE),
    ("Search[mug]", Failure.WRONG_CASE),
    ("search[" + "m" * (MAX_QUERY + 1) + "]", Failure.QUERY_TOO_LONG),
    ("click[foo]", Failure.NOT_ON_THIS_PAGE),
    ("click[back to search ]", Failure.NOT_ON_THIS_PAGE),
    ("click[a000000099]", Failure.NOT_ON_THIS_PAGE),
    ("click[plain mug]", Failure.NOT_ON_THIS_PAGE),
]
PLACES = {
    "start": (),
    "results": ("search[mug]",),
    "item": ITEM,
    "sub page": (*ITEM, "click[red]", "click[description]"),
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(("action", "why"), NOTHING, ids=[action[:20] for action, _ in NOTHING])
def test_what_does_nothing_says_why(place: str, action: str, why: Failure) -> None:
    game = played(*PLACES[place])
    before, screen = game.dump(), game.screen
    assert game.step(action) is why
    assert (game.dump(), game.screen) == (before, screen)


@pytest.mark.parametrize("place", PLACES)
def test_every_button_belongs_to_its_page(place: str) -> None:
    everywhere = {
        "search",
        "buy now",
        "next >",
        "< prev",
        "description",
        "attributes",
        "red",
        "a000000001",
        "back to search",
    }
    for button in everywhere:
        game = played(*PLACES[place])
        works = button in game.screen.clickables and button != "search"
        why = Failure.SEARCH_NEEDS_WORDS if (place, button) == ("start", "search") else Failure.NOT_ON_THIS_PAGE
        assert game.step(f"click[{button}]") == (None if works else why)


@pytest.mark.parametrize("place", PLACES)
def test_search_works_everywhere(place: str) -> None:
    for action in ("search[mug]", "search[MUG] and more", "search[mug]]", "search[" + "m" * MAX_QUERY + "]"):
        game = played(*PLACES[place])
        assert game.step(action) is None
        assert where(game) == ("results", 1, -1)
        assert game.query == action[len("search[") : action.rindex("]")].lower()


def test_nothing_can_be_clicked_after_the_purchase() -> None:
    game = played(*ITEM, "click[buy now]")
    assert game.screen.clickables == ()
    assert game.screen.admissible == game.shop.start(game.number).admissible, "the original would still search"
    assert game.reward == 1
    assert game.score is not None
    assert game.score.reward == 1


def test_debug_searches_are_the_originals_only() -> None:
    garden = [number for number, mug in enumerate(MUGS) if mug.category == "garden"]
    shop, fixed = SHOP["webshop"], SHOP["fixed"]
    assert list(shop.search("<c> garden")) == garden
    assert list(shop.search("<q> cup")) == list(range(13, 23))
    assert shop.search("<c> nowhere") == shop.search("<a> mug") == shop.search("<c>") == ()
    assert sorted(shop.search("<r> whatever")) == list(range(23))
    assert shop.search("<r>") == shop.search("<r> whatever"), "the same ones every time"
    assert fixed.search("<c> garden") == fixed.search("<q> cup") == fixed.search("<r>") == ()
    assert fixed.search("<c> mug") == fixed.search("mug") == tuple(range(23))
    everything = open_shop([product(f"A{number:09d}") for number in range(61)], [goal(product("A000000000"))])
    assert len(everything.search("<c> garden")) == 61, "not cut at 50"


ACTIONS = (
    "search[mug]",
    "search[mug item_page]",
    "search[x search_results]",
    "search[<c> garden]",
    "click[foo]",
    "search[]",
)


@settings(max_examples=60)
@given(st.lists(st.integers(0, 999), max_size=25), st.sampled_from(["webshop", "fixed"]), st.booleans())
def test_games_copy_and_admissible_actions_do_something(numbers: list[int], compat: str, buying: bool) -> None:
    game = Game(SHOP[compat], 0)
    walk(game, numbers, ACTIONS, buying=buying)
    copy = Game.load(game.shop, 0, game.dump())
    names = [name for name in Game.__slots__ if name != "shop"]
    assert [getattr(copy, name) for name in names] == [getattr(game, name) for name in names]
    assert len(set(game.screen.admissible)) == len(game.screen.admissible)
    assert set(game.screen.admissible) <= {f"click[{text}]" for text in game.screen.clickables} or game.page in (
        0,
        DONE,
    )
    for action in game.screen.admissible:
        after = Game.load(game.shop, 0, game.dump())
        assert after.step(action) is None
    assert game.screen.admissible
    assert (game.page == DONE) == (not game.screen.clickables)
    assert fingerprint(copy) == fingerprint(game)


def test_the_env_plays_the_files_it_is_given(tmp_path: Any) -> None:
    """The whole way: files, catalogue, env, rewards, reasons and objective."""
    env = gym.make("guerdon:guerdon/WebShop-v0", **files(tmp_path, MUGS, [goal(MUGS[1]), goal(MUGS[0], "other")]))
    obs, info = env.reset(seed=3, options={"task": "other"})
    assert obs.startswith("WebShop [SEP] Instruction: [SEP] find me a plain mug [SEP] Search")
    assert (info["task"], info["task_type"], info["plan_length"]) == ("other", "grocery", 3)
    obs, reward, terminated, truncated, info = env.step("Click[search]")
    assert (reward, terminated, truncated, info["failure"]) == (0.0, False, False, Failure.WRONG_CASE)
    rewards = []
    while not terminated:
        _, reward, terminated, truncated, info = env.step(info["expert_action"])
        rewards.append(reward)
    assert rewards == [0.0, 0.0, 1.0]
    assert (info["is_success"], info["objective"], info["plan_length"], info["expert_action"]) == (True, 1.0, 0, None)
    assert (info["dead_end"], info["clickables"]) == (False, [])
    assert info["admissible_actions"][0] == "search[find me a plain mug]"
    with pytest.raises(gym.error.ResetNeeded):
        env.unwrapped.step("search[mug]")
    env.reset()
    with pytest.raises(TypeError, match="string"):
        env.unwrapped.step(3)  # type: ignore[arg-type]
