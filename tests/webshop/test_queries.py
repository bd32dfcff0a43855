"""Suggested searches: a few, different, made of the instruction's own words, and every one is a valid action."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from guerdon.envs.webshop.game import Game
from guerdon.envs.webshop.queries import FILLER, suggested_queries

from .small_shop import goal, open_shop, product

WORDS = st.sampled_from(
    ["find", "me", "a", "Red", "mug,", "5.5", "inch", "[new]", "i'm", "x-large;", "and", "price", "lower", "than"]
)
PRICE = st.sampled_from(["", ", and price lower than 20.00 dollars", " and price lower than 1000.00 dollars"])
INSTRUCTIONS = st.one_of(
    st.text(max_size=60),
    st.tuples(st.lists(WORDS, max_size=12).map(" ".join), PRICE).map("".join),
)


@given(INSTRUCTIONS)
@example("")
@example("[]")
@example("find me a")
@example("İ ẞ ﬃ")
@example("a\x1cb\u2028c\x85d")
@example("...,;")
def test_they_are_few_different_and_made_of_the_instruction(instruction: str) -> None:
    found = suggested_queries(instruction)
    assert 1 <= len(found) <= 4
    assert len(set(found)) == len(found)
    own = instruction.lower()
    for query in found:
        assert query
        assert query == " ".join(query.split()), "no blanks but single ones between words"
        assert not set("[]") & set(query)
        assert query == query.lower()
        if query != "product":
            assert all(word in own for word in query.split())


@given(INSTRUCTIONS)
def test_the_price_is_left_out(instruction: str) -> None:
    stated = f"{instruction}, and price lower than 40.00 dollars"
    assert suggested_queries(stated) == suggested_queries(instruction) or "price lower than" in instruction.lower()
    assert "40.00 dollars" not in " ".join(suggested_queries(stated))


@given(INSTRUCTIONS)
def test_the_later_ones_leave_filler_out(instruction: str) -> None:
    """All but the first, which is the whole instruction, consist of telling words, in order."""
    whole, *others = suggested_queries(instruction)
    for query in others:
        assert not FILLER & set(query.split())
        words = iter(re.split(r"[\s,;:.!?]+", whole))
        pieces = re.split(r"[\s,;:.!?]+", query)
        assert all(piece in words for piece in pieces), "a part of the whole, in order"


@given(st.lists(st.sampled_from(["red", "mug", "lid", "steel", "tall"]), min_size=2, max_size=9))
def test_the_halves_make_the_whole(words: list[str]) -> None:
    found = suggested_queries(" ".join(words))
    half = (len(words) + 1) // 2
    assert found == tuple(dict.fromkeys([" ".join(words), " ".join(words[:half]), " ".join(words[half:])]))


@pytest.mark.parametrize(
    ("instruction", "queries"),
    [
        (
            "i need a red mug with a lid, and price lower than 20.00 dollars",
            ("i need a red mug with a lid", "red mug lid", "red mug", "lid"),
        ),
        ("Mug", ("mug",)),
        ("find me a 5.5 inch mug.", ("find me a 5.5 inch mug.", "5.5 inch mug", "5.5 inch", "mug")),
        ("find me a mug [Small]", ("find me a mug small", "mug small", "mug", "small")),
        ("for me", ("for me",)),
        ("", ("product",)),
        (" [ ] ", ("product",)),
    ],
)
def test_examples(instruction: str, queries: tuple[str, ...]) -> None:
    assert suggested_queries(instruction) == queries


LAMP = product("A000000001", "Lamp")
SHOP = open_shop([LAMP], [goal(LAMP)])


@given(st.text(max_size=30))
def test_every_one_of_them_searches(instruction: str) -> None:
    """Whatever the instruction, a suggested search is an action that does something, and searches just that."""
    game = Game(SHOP, 0)
    for query in suggested_queries(instruction):
        assert game.step(f"search[{query}]") is None
        assert game.query == query


def test_the_start_page_offers_them() -> None:
    game = Game(SHOP, 0)
    assert game.screen.admissible == ["search[find me a lamp]", "search[lamp]"]
    assert game.screen.clickables == ("search",)
