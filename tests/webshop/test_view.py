"""What the agent reads: history before the page, the rich layout, and what "fixed" shows and hides."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guerdon.envs.webshop.game import Game
from guerdon.envs.webshop.view import View

from .small_shop import goal, open_shop, product, walk

LAMP = product(
    "A000000001",
    "Desk Lamp",
    options={"color": ("red", "blue"), "size": ("blue", "x-large", "features")},
    description=" Lights up. ",
    bullets=("warm & bright", "", "no cable"),
    attributes=("easy clean",),
)
GOAL = goal(LAMP, instruction_text=" a lamp\tplease ")
SHOPS = {compat: open_shop([LAMP], [GOAL], compat, show_attrs=True) for compat in ("webshop", "fixed")}
ALSO = ("search[lamp]", "click[nonsense]")
HEAD = "Instruction: [SEP] a lamp\tplease [SEP] Back to Search [SEP] "


def read(*actions: str, compat: str = "webshop", mode: str = "text") -> str:
    """Return what is read after some actions."""
    game, view = Game(SHOPS[compat], 0), View(mode)  # type: ignore[arg-type]
    text = view.start(game)
    for action in actions:
        game.step(action)
        text = view.step(game, action)
    return text


def history(pages: list[str], actions: list[str], num_obs: int, num_actions: int) -> str:
    """Return the last page with what went before: the two kinds alternate, the newest nearest to the page."""
    before = []
    for back in range(max(num_obs, num_actions), 0, -1):
        if back <= min(num_obs, len(pages) - 1):
            before.append(pages[-1 - back])
        if back <= min(num_actions, len(actions)):
            before.append(actions[-back])
    return " [SEP] ".join([*before, pages[-1]])


@settings(max_examples=100)
@given(
    st.lists(st.integers(0, 99), max_size=8),
    st.integers(0, 4),
    st.integers(0, 4),
    st.sampled_from(["text", "text_rich"]),
    st.sampled_from(["webshop", "fixed"]),
)
def test_history_stands_before_the_page(
    numbers: list[int], num_obs: int, num_actions: int, mode: str, compat: str
) -> None:
    game, bare, view = Game(SHOPS[compat], 0), View(mode), View(mode, num_obs, num_actions)  # type: ignore[arg-type]
    pages, actions = [bare.start(game)], []
    assert view.start(game) == pages[0]
    for number in numbers:
        choices = [*game.screen.admissible, *ALSO]
        action = choices[number % len(choices)]
        if game.score is not None:
            break
        game.step(action)
        pages.append(bare.step(game, action))
        actions.append(action)
        assert view.step(game, action) == history(pages, actions, num_obs, num_actions)
    assert view.start(game) == bare.start(game), "a new episode has no history"


def test_history_in_words() -> None:
    game, view = Game(SHOPS["webshop"], 0), View("text", 1, 2)
    pages, texts = [view.start(game)], []
    for action in ("search[lamp]", "nonsense", "click[back to search]"):
        game.step(action)
        pages.append(View().start(game))
        texts.append(view.step(game, action))
    assert texts[0] == f"{pages[0]} [SEP] search[lamp] [SEP] {pages[1]}"
    assert texts[1] == f"search[lamp] [SEP] {pages[1]} [SEP] nonsense [SEP] {pages[1]}"
    assert texts[2] == f"nonsense [SEP] {pages[1]} [SEP] click[back to search] [SEP] {pages[0]}"


def test_text_is_stripped_and_joined() -> None:
    assert read() == "WebShop [SEP] Instruction: [SEP] a lamp\tplease [SEP] Search"
    item = "< Prev [SEP] color [SEP] red [SEP] blue [SEP] size [SEP] blue [SEP] x-large [SEP] features [SEP] Desk Lamp"
    item += " [SEP] Price: $10.0 [SEP] Rating: N.A. [SEP] Description [SEP] Features [SEP] Reviews [SEP] Attributes"
    item += " [SEP] Buy Now"
    opened = ("search[lamp]", "click[a000000001]")
    assert read(*opened) == HEAD + item
    assert read(*opened, "click[red]", "click[x-large]") == HEAD + item, "what is chosen cannot be seen"
    assert read(*opened, "click[features]") == HEAD + "< Prev [SEP] warm & bright [SEP]  [SEP] no cable"
    assert read(*opened, "click[description]") == HEAD + "< Prev [SEP] Lights up."
    assert read(*opened, "click[reviews]") == HEAD + "< Prev"
    assert (
        read(*opened, "click[attributes]")
        == HEAD + "< Prev [SEP] easy clean [SEP] garden [SEP] mug [SEP] Home › Kitchen › Mug"
    )


def test_fixed_marks_what_is_chosen() -> None:
    opened = ("search[lamp]", "click[a000000001]")
    plain = read(*opened, compat="fixed")
    assert plain == read(*opened)
    chosen = read(*opened, "click[blue]", "click[red]", compat="fixed")
    assert "color [SEP] red [chosen] [SEP] blue [SEP] size [SEP] blue [chosen] [SEP] x-large" in chosen
    assert chosen.replace(" [chosen]", "") == plain
    assert "[chosen]" not in read(*opened, "click[red]", "click[features]", compat="fixed"), "not on sub pages"
    assert "[chosen]" not in read(*opened, "click[red]", "click[< prev]", "click[a000000001]", compat="fixed")
    assert "x-large [chosen]" in read(*opened, "click[x-large]", "click[reviews]", "click[< prev]", compat="fixed")


def test_fixed_does_not_print_the_score() -> None:
    bought = ("search[lamp]", "click[a000000001]", "click[x-large]", "click[red]", "click[buy now]")
    theirs, ours = read(*bought), read(*bought, compat="fixed")
    options = '{"color": "red", "size": "x-large"}'
    assert (
        ours
        == f"Thank you for shopping with us! [SEP] Purchased [SEP] asin [SEP] A000000001 [SEP] options [SEP] {options}"
    )
    assert theirs.endswith("Reward [SEP] Your score (min 0.0, max 1.0) [SEP] 1.0 [SEP] Reward Details [SEP] None")
    assert theirs.startswith(
        "Thank you for shopping with us! [SEP] Your code: [SEP] None [SEP] (Paste it in your MTurk interface.)"
    )
    assert f"asin [SEP] A000000001 [SEP] options [SEP] {options} [SEP] attrs [SEP] None" in theirs


def rich(*actions: str, compat: str = "webshop") -> list[str]:
    text = read(*actions, compat=compat, mode="text_rich")
    assert text.endswith("\n")
    return text[:-1].split("\n")


def test_rich_text_is_a_piece_a_line() -> None:
    assert rich() == ["WebShop", "Instruction: ", " a lamp\tplease ", "[button] Search [button_]"]
    found = ["Instruction:", " a lamp\tplease ", "[button] Back to Search [button_]", "Page 1 (Total results: 1)"]
    found += ["[button] Next > [button_]", "", "[button] A000000001 [button_]", "Desk Lamp", "$10.0"]
    assert rich("search[lamp]") == found
    seen = rich("search[lamp]", "click[a000000001]", "click[< prev]")
    assert seen == [
        line.replace("[button] A000000001 [button_]", "[clicked button] A000000001 [clicked button_]") for line in found
    ]
    assert rich("search[lamp]", "click[a000000001]", "click[back to search]", "search[lamp]") == found
    sub = rich("search[lamp]", "click[a000000001]", "click[features]")
    assert sub[3:] == ["[button] < Prev [button_]", " warm & bright", " ", " no cable"], "a blank before each"
    assert rich("search[lamp]", "click[a000000001]", "click[description]")[4:] == [" Lights up. "]


@pytest.mark.parametrize("compat", ["webshop", "fixed"])
def test_rich_text_shows_what_is_chosen(compat: str) -> None:
    opened = ("search[lamp]", "click[a000000001]")
    lines = rich(*opened, "click[x-large]", "click[red]", compat=compat)
    assert lines[:3] == ["You have clicked x-large.", "You have clicked red.", "Instruction:"], "the last in front"
    assert "  [clicked button] red [clicked button_]" in lines
    assert "  [clicked button] x-large [clicked button_]" in lines
    assert lines.count("  [button] blue [button_]") == 2


def test_the_original_marks_both_of_two_equal_values_and_fixed_the_one_that_is_set() -> None:
    actions = ("search[lamp]", "click[a000000001]", "click[blue]")
    theirs, ours = rich(*actions), rich(*actions, compat="fixed")
    mark = "  [clicked button] blue [clicked button_]"
    assert (theirs.count("You have clicked blue."), theirs.count(mark)) == (2, 2)
    assert (ours.count("You have clicked blue."), ours.count(mark)) == (1, 1)
    assert ours.index(mark) > ours.index("size")


@given(st.lists(st.integers(0, 99), max_size=12), st.sampled_from(["webshop", "fixed"]))
def test_both_layouts_say_the_same(numbers: list[int], compat: str) -> None:
    """The rich page without its marks is the plain page, piece by piece."""
    game = Game(SHOPS[compat], 0)
    walk(game, numbers, ALSO, buying=True)
    plain = [piece.removesuffix(" [chosen]") for piece in View().start(game).split(" [SEP] ")]
    pieces = []
    for line in View("text_rich").start(game)[:-1].split("\n"):
        if line and not line.startswith("You have clicked"):  # an empty line stands before each product of the results
            pieces.append(re.sub(r"^\[(clicked )?button\] (.*) \[(clicked )?button_\]$", r"\2", line.strip()))
    assert pieces == plain
