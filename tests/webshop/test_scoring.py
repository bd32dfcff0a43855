"""The score of a purchase: bounded, monotone, made of its parts; and the fast comparison of phrases is the slow one."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from guerdon.envs.webshop.colors import COLORS, reduce_color
from guerdon.envs.webshop.data.product import Goal, Product
from guerdon.envs.webshop.fuzzy import THRESHOLD, is_close, token_set_ratio
from guerdon.envs.webshop.scoring import Fit, score

from .small_shop import VALUES, goal, product

ATTRIBUTES = ("easy clean", "long lasting", "Easy Clean", "clean", "bpa free", "")
NOUNS = st.lists(st.sampled_from(["mug", "cup", "lid", "mug", "spoon"]), max_size=14).map(tuple)
PATHS = st.sampled_from(["Home › Kitchen › Mug", "Home › Kitchen", "Home", "Wear › Kitchen", ""])


@st.composite
def purchases(draw: st.DrawFn) -> tuple[Goal, Product, list[str], float]:
    """Draw a goal, a product that may or may not fit, chosen values and a price."""
    some = st.lists(st.sampled_from(ATTRIBUTES), max_size=3).map(tuple)
    values = st.lists(st.sampled_from(VALUES), max_size=3)
    bought = product(
        "A000000001",
        draw(st.sampled_from(["Plain Mug", "Easy clean mug", ""])),
        attributes=draw(some),
        bullets=draw(some),
        query=draw(st.sampled_from(["mug", "cup"])),
        product_category=draw(PATHS),
        title_nouns=draw(NOUNS),
    )
    names = st.dictionaries(st.sampled_from(["color", "size"]), st.sampled_from(VALUES), max_size=2)
    asked = goal(
        product("A000000002", product_category=draw(PATHS)),
        attributes=draw(some),
        goal_options=draw(st.one_of(names, values.map(tuple))),
        price_upper=draw(st.sampled_from([9.99, 10.0, 1e6])),
        name_nouns=draw(NOUNS),
    )
    return asked, bought, draw(values), draw(st.sampled_from([0.0, 9.99, 10.0, 10.01, 2e6]))


@given(purchases(), st.sampled_from(["webshop", "fixed"]))
def test_the_parts_make_up_the_reward(purchase: tuple[Goal, Product, list[str], float], compat: Any) -> None:
    found = score(*purchase, compat)
    parts: dict[str, Any] = {"r_option": 0.0, "w_option": 0.0, **found.components}
    assert 0 <= found.reward <= 1
    assert ("r_option" in found.components) == bool(purchase[0].goal_options)
    assert sum(parts[name] for name in ("w_att", "w_option", "w_price")) == pytest.approx(1)
    weighted = sum(parts[f"r_{name}"] * parts[f"w_{name}"] for name in ("att", "option", "price"))
    assert found.reward == pytest.approx(parts["r_type"] * weighted)
    assert parts["r_type"] in (0.0, 0.1, 0.5, 1.0)
    assert all(0 <= value <= 1 for value in parts.values())


@given(purchases(), st.permutations(VALUES), st.sampled_from(["webshop", "fixed"]))
def test_more_choices_never_lower_it(
    purchase: tuple[Goal, Product, list[str], float], order: list[str], compat: Any
) -> None:
    asked, bought, _, price = purchase
    rewards = [score(asked, bought, order[:count], price, compat).reward for count in range(len(order) + 1)]
    assert rewards == sorted(rewards)


@given(purchases(), st.sampled_from(["webshop", "fixed"]))
def test_a_lower_price_never_lowers_it(purchase: tuple[Goal, Product, list[str], float], compat: Any) -> None:
    asked, bought, chosen, price = purchase
    assert score(asked, bought, chosen, price / 2, compat).reward >= score(asked, bought, chosen, price, compat).reward


@given(purchases(), st.sampled_from(["webshop", "fixed"]))
def test_every_form_of_input_agrees(purchase: tuple[Goal, Product, list[str], float], compat: Any) -> None:
    asked, bought, chosen, price = purchase
    named = {f"option {number}": value for number, value in enumerate(chosen)}
    want = score(asked, bought, chosen, price, compat)
    assert score(asked.to_dict(), bought.to_dict(), named, price, compat) == want
    fit = Fit(asked, bought, compat)
    met = 0
    for value in reversed(chosen):
        met |= fit.mask(value)
    assert fit.score(tuple(chosen), price) == want
    assert fit.reward(met.bit_count(), price <= asked.price_upper) == want.reward


@pytest.mark.parametrize(
    ("own", "wanted", "same", "factor"),
    [
        ("mug", "mug", True, 1.0),
        ("mug", "mug cup lid spoon fork", True, 1.0),  # a fifth, of the same kind
        ("mug", "mug cup lid spoon fork", False, 0.5),  # a fifth is not above a fifth
        ("mug", "mug cup lid spoon", False, 1.0),
        ("mug", "mug " + "x " * 9, False, 0.5),  # exactly a tenth is not below it
        ("mug", "mug " + "x " * 10, True, 0.1),  # below a tenth, whatever the kind
        ("mug", "cup", True, 0.0),
        ("", "cup", True, 0.0),
        ("mug", "", True, 1.0),  # no nouns wanted: counts as a fifth
        ("mug", "", False, 0.5),
        ("mug", "mug mug mug mug mug mug", False, 0.5),  # a set over the length of a list
    ],
)
def test_the_factor_for_the_kind(own: str, wanted: str, same: bool, factor: float) -> None:
    target = product("A000000001", query="q", product_category="A › B", title_nouns=tuple(wanted.split()))
    bought = product("A000000002", query="q" if same else "r", product_category="C", title_nouns=tuple(own.split()))
    found = score(goal(target), bought, {}, 1.0)
    assert (found.components.get("r_type"), found.reward) == (factor, factor)


def test_two_parts_of_the_category_are_the_same_kind() -> None:
    target = product("A000000001", query="q", product_category="A › B › C")
    for path, match in (
        ("B › C", True),
        (" C ›B", True),
        ("A", False),
        ("A › A", False),
        ("a › b", False),
        ("A > B", False),
    ):
        bought = product("A000000002", query="r", product_category=path)
        assert score(goal(target), bought, {}, 1.0).components.get("category_match") == match, path


# What "fixed" mends, one example each.


def test_fixed_compares_wanted_options_as_chosen_ones() -> None:
    mug = product("A000000001")
    asked = goal(mug, goal_options={"color": "black2626"})
    assert score(asked, mug, {"color": "black2626"}, 1.0).reward == 1 / 2
    assert score(asked, mug, {"color": "black2626"}, 1.0, "fixed").reward == 1.0


def test_fixed_does_not_match_the_name_of_an_option() -> None:
    mug = product("A000000001")
    asked = goal(mug, goal_options={"color": "ruby"})
    assert score(asked, mug, ["color"], 1.0).reward == 1.0, "the pair's text is 'color ruby'"
    assert score(asked, mug, ["color"], 1.0, "fixed").reward == 1 / 2


def test_fixed_counts_attributes_of_the_product_only() -> None:
    stuffed = product("A000000001", description="Easy clean, long lasting, bpa free.")
    honest = product("A000000002", attributes=("easy clean",))
    asked = goal(stuffed, attributes=("easy clean",))
    assert [score(asked, bought, {}, 1.0).reward for bought in (stuffed, honest)] == [1.0, 1.0]
    assert [score(asked, bought, {}, 1.0, "fixed").reward for bought in (stuffed, honest)] == [1 / 2, 1.0]


def test_lists_of_options_are_compared_alike_under_both() -> None:
    mug = product("A000000001")
    asked = goal(mug, goal_options=("black2626", "rectangular"))
    for compat in ("webshop", "fixed"):
        assert score(asked, mug, ["black cat", "tan"], 1.0, compat).reward == 1.0  # type: ignore[arg-type]


def test_one_value_can_meet_two_wishes() -> None:
    mug = product("A000000001")
    asked = goal(mug, goal_options=("large", "extra large"))
    assert score(asked, mug, ["extra large"], 1.0).reward == 1.0


def test_unknown_input_is_named() -> None:
    mug = product("A000000001")
    with pytest.raises(ValueError, match="webshop"):
        score(goal(mug), mug, {}, 1.0, "webshp")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="'title'"):
        score(goal(mug), {key: value for key, value in mug.to_dict().items() if key != "title"}, {}, 1.0)


# Colours and phrases.


@given(
    st.one_of(st.sampled_from(VALUES), st.text(max_size=12), st.lists(st.sampled_from(COLORS), max_size=3).map("".join))
)
def test_the_first_colour_within_a_value(value: str) -> None:
    inside = sorted(color for color in COLORS if color in value)
    assert reduce_color(value) == (inside[0] if inside else value)


def test_the_colours_are_in_order() -> None:
    assert list(COLORS) == sorted(set(COLORS))
    assert len(COLORS) == 102


LETTERS = st.text("abce ", min_size=1, max_size=24)
WORDS = st.lists(
    st.sampled_from(["easy", "ease", "clean", "cleaner", "long", "lasting", "last", "9", "|", "é"]), max_size=6
)
PHRASES = st.one_of(LETTERS, WORDS.map(" ".join), st.text(max_size=12))


@st.composite
def near_pairs(draw: st.DrawFn) -> tuple[str, str]:
    """Draw a phrase and the same with a few letters changed, so that ratios around 85 are common."""
    text = draw(st.text("abcdefghij ", min_size=6, max_size=40))
    changed = list(text)
    for _ in range(draw(st.integers(1, 1 + len(text) // 5))):
        changed[draw(st.integers(0, len(text) - 1))] = draw(st.sampled_from("abcxyz "))
    return text, "".join(changed)


@settings(max_examples=400)
@given(st.one_of(st.tuples(PHRASES, PHRASES), near_pairs()))
@example(("", ""))
@example(("é", "é"))
@example(("_", "_"))
@example(("a\x1cb", "b a"))
@example(("ledieblccdjkh", "eclediblcdjkh"))  # 85 exactly, and the same letters
def test_the_fast_comparison_is_the_slow_one(pair: tuple[str, str]) -> None:
    ratio = token_set_ratio(*pair)
    assert 0 <= ratio <= 100
    assert is_close(*pair) == (ratio > THRESHOLD)


@pytest.mark.parametrize("other", [0, 1, 2, 7])
def test_the_fast_comparison_at_the_threshold(other: int) -> None:
    """Two words that share their beginning: the ratio goes through 85 and 86 as the common part grows."""
    found = set()
    for length, common in [(most, least) for most in range(1, 50) for least in range(most + 1)]:
        a = "a" * common + "b" * (length - common)
        b = "a" * common + "c" * (length - common + other)
        found.add(token_set_ratio(a, b))
        assert is_close(a, b) == (token_set_ratio(a, b) > THRESHOLD), (a, b)
    assert {84, 85, 86, 87} <= found


@pytest.mark.parametrize("total", [400, 800, 1200, 2000, 4400])
def test_the_fast_comparison_where_the_ratio_is_exactly_85_and_a_half(total: int) -> None:
    common = total * 171 // 400
    shared = "".join(chr(0x30 + number % 10) for number in range(common))
    a, b = shared + "x" * (total // 2 - common), shared + "y" * (total // 2 - common)
    assert is_close(a, b) == (token_set_ratio(a, b) > THRESHOLD)


@given(PHRASES, PHRASES)
def test_neither_order_nor_repeats_nor_case_matter(a: str, b: str) -> None:
    words = a.split()
    assert token_set_ratio(" ".join([*reversed(words), *words]).upper(), b) == token_set_ratio(" ".join(words), b)


def test_a_phrase_within_another_is_a_full_match() -> None:
    assert token_set_ratio("clean", "easy, CLEAN!") == 100
    assert token_set_ratio("clean", "cleaner") == 83
    assert not is_close("clean", "cleaner")
    assert token_set_ratio("très", "trs") == 100, "letters beyond ASCII are dropped"
    assert token_set_ratio("...", "...") == 0
