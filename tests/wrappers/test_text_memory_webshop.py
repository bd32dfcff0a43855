"""The notes of a shopper: pages read back, what fits the wish, and what has been opened, chosen and tried."""

from __future__ import annotations

import gzip
import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guerdon.wrappers.text_encoder import TextEncoder
from guerdon.wrappers.text_memory import MEMORIES, TextMemory
from guerdon.wrappers.text_memory.webshop_page import Listing, read_page
from guerdon.wrappers.text_memory.webshop_wish import fit, is_named, read_wish

RECORDS = Path(__file__).resolve().parents[3] / "shared" / "conformance" / "webshop" / "dev" / "episodes.jsonl.gz"
WebshopMemory = MEMORIES["webshop"]

WISH = "please find me a machine washable red cotton mug rug with size: 10.5, and price lower than 50.00 dollars"
HEAD = f"Instruction: [SEP] {WISH} [SEP] "
START = f"WebShop [SEP] {HEAD}Search"
LISTED = (
    ("B0AAA", "Cotton Mug Rug, Machine Wash, Red", "$60.0"),
    ("B0BBB", "Cotton mug rug", "$19.99 to $70.0"),
    ("B0CCC", "Desk lamp", "$5.0"),
)
RESULTS = f"{HEAD}Back to Search [SEP] Page 1 (Total results: 3) [SEP] Next > [SEP] " + " [SEP] ".join(
    " [SEP] ".join(item) for item in LISTED
)
ON_RESULTS = ["click[back to search]", "click[next >]", *(f"click[{asin.lower()}]" for asin, _, _ in LISTED)]
VALUES = ["red", "dark red", "blue", "10.5", "10", "5"]
ON_ITEM = [f"click[{name}]" for name in ("back to search", "< prev", "description", "features", "reviews", "buy now")]
ON_ITEM += [f"click[{value}]" for value in VALUES]
SUB = f"{HEAD}Back to Search [SEP] < Prev [SEP] "
ON_SUB = ["click[back to search]", "click[< prev]"]


def item(chosen: tuple[str, ...] = (), title: str = LISTED[1][1], price: str = LISTED[1][2]) -> str:
    values = [f"{value} [chosen]" if value in chosen else value for value in VALUES]
    fields = ["color", *values[:3], "size", *values[3:], title, f"Price: {price}", "Rating: N.A.", "Description"]
    return f"{HEAD}Back to Search [SEP] < Prev [SEP] " + " [SEP] ".join([*fields, "Features", "Reviews", "Buy Now"])


def known(memory: TextMemory, action: str) -> dict[str, Any]:
    """Return the flags of an action that are not 0."""
    found = dict(zip(WebshopMemory.FLAGS, memory.flags(action), strict=True))
    return {name: pytest.approx(value) for name, value in found.items() if value}


def on_results() -> TextMemory:
    memory = WebshopMemory(START, ["search[mug rug]"])
    memory.update("search[mug rug]", RESULTS, ON_RESULTS)
    return memory


def on_item() -> TextMemory:
    memory = on_results()
    memory.update("click[b0bbb]", item(), ON_ITEM)
    return memory


def test_pages_are_read_back() -> None:
    assert (read_page(START, []).kind, read_page(START, []).instruction) == ("start", WISH)
    page = read_page(RESULTS, ON_RESULTS)
    assert (page.kind, page.number) == ("results", 1)
    assert page.listings == tuple(Listing(asin.lower(), title, price) for asin, title, price in LISTED)
    page = read_page(item(("dark red",)), ON_ITEM)
    assert (page.kind, page.title, page.price) == ("item", "Cotton mug rug", "$19.99 to $70.0")
    assert page.options == {"color": ("red", "dark red", "blue"), "size": ("10.5", "10", "5")}
    assert page.chosen == {"color": "dark red"}
    page = read_page(f"{SUB}Soft. [SEP] Made of cotton.", ON_SUB)
    assert (page.kind, page.text) == ("sub", "Soft. Made of cotton.")
    assert read_page(SUB.removesuffix(" [SEP] "), ON_SUB).kind == "sub"
    assert read_page("Thank you for shopping with us! [SEP] Your code: [SEP] None", []).kind == "done"
    assert read_page("You see a drawer 1.", []).kind == "other"


def test_of_a_transcript_the_last_page_is_read() -> None:
    assert read_page(f"{START} [SEP] search[mug rug] [SEP] {RESULTS}", ON_RESULTS) == read_page(RESULTS, ON_RESULTS)


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("a mug, and price lower than 50.00 dollars", 50.0),
        ("a mug under $1,250.50", 1250.5),
        ("a mug for less than 20 dollars, price lower than 30 dollars", 30.0),
        ("a mug that weighs under 2 pounds", float("inf")),
    ],
)
def test_the_price_bound_is_read_and_is_no_word_of_the_goal(text: str, bound: float) -> None:
    wish = read_wish(text)
    assert wish.bound == bound
    assert wish.words[:2] == ("a", "mug")
    assert "dollars" not in wish.words


def test_a_range_of_prices_is_judged_by_its_low_end() -> None:
    wish = read_wish("a mug, and price lower than 50.00 dollars")
    prices = ("$50.0", "$50.01", "$49.0 to $70.0", "$51.0 to $70.0", "$1,000.0", "free")
    assert [wish.allows(price) for price in prices] == [True, False, True, False, False, True]


def test_words_are_compared_by_stem_and_filler_does_not_count() -> None:
    found = fit("I need machine washable gloves", "Glove, Machine Wash")
    assert found == (1.0, 1.0, 0.5)
    assert fit("I need machine washable gloves", "Please find: the price")[:2] == (0.0, 0.0)


@pytest.mark.parametrize(
    ("value", "is_there"),
    [("10.5", True), ("10", False), ("5", False), ("50.00", False), ("red", True), ("dark red", False), ("#", False)],
)
def test_a_value_is_named_only_word_for_word_and_not_by_the_price(value: str, is_there: bool) -> None:
    assert is_named(WISH, value) == is_there


def test_the_goal_is_the_instruction() -> None:
    memory = WebshopMemory(START, ["search[mug rug]", "search[lamp]"])
    assert memory.goal[:4] == ("please", "find", "me", "a")
    assert memory.goal[-1] == "10.5"
    assert memory.situation() == ("page:start",)
    assert known(memory, "search[mug rug]") == {"is_search": 1, "match": 2 / 7, "focus": 1, "phrase": 0.5}
    assert known(memory, "search[lamp]") == {"is_search": 1}


def test_a_product_is_told_by_the_fit_of_its_title_and_price() -> None:
    memory = on_results()
    assert memory.describe("click[b0bbb]") == ("item", "$2")
    assert memory.describe("click[b0ccc]") == ("item", "$1")
    assert memory.situation() == ("page:results", "number:1", "best:5")
    too_dear = {"is_item": 1, "match": 6 / 7, "focus": 1, "phrase": 0.75, "early": 1}
    assert known(memory, "click[b0aaa]") == too_dear
    assert known(memory, "click[b0bbb]") == {
        "is_item": 1,
        "match": 3 / 7,
        "focus": 1,
        "phrase": 0.75,
        "price_ok": 1,
        "early": 0.9,
        "best": 1,
    }
    assert known(memory, "click[b0ccc]") == {"is_item": 1, "price_ok": 1, "early": 0.8}
    assert known(memory, "click[next >]") == {"is_next": 1, "early": 1, "seen": 3 / 50}
    assert known(memory, "click[back to search]") == {"is_home": 1, "seen": 3 / 50}


def test_options_are_wanted_until_they_are_chosen() -> None:
    memory = on_item()
    assert memory.describe("click[10.5]") == ("option", "size", "10.5")
    wanted = {"is_option": 1, "match": 1, "phrase": 1, "best": 1, "wanted": 1}
    assert known(memory, "click[red]") == known(memory, "click[10.5]") == wanted
    assert known(memory, "click[dark red]") == {"is_option": 1, "match": 0.5}
    assert known(memory, "click[blue]") == known(memory, "click[5]") == {"is_option": 1}
    assert "unchosen" in known(memory, "click[buy now]")
    memory.update("click[blue]", item(), ON_ITEM)  # the shop may hide what is chosen
    assert memory.held == ("blue",)
    assert known(memory, "click[red]") == {**wanted, "rival_chosen": 1}
    memory.update("click[red]", item(), ON_ITEM)
    memory.update("click[10.5]", item(), ON_ITEM)
    assert memory.held == ("red", "10.5")
    assert "unchosen" not in known(memory, "click[buy now]")
    assert {"chosen", "tried"} < set(known(memory, "click[red]"))
    memory.update("click[description]", f"{SUB}Soft.", ON_SUB)
    memory.update("click[< prev]", item(), ON_ITEM)
    assert memory.held == ("red", "10.5"), "reading changes no choice"
    memory.update("click[< prev]", RESULTS, ON_RESULTS)
    assert memory.held == ()


def test_marked_choices_are_read_too() -> None:
    hidden, marked = on_item(), on_item()
    hidden.update("click[red]", item(), ON_ITEM)
    marked.update("click[red]", item(("red",)), ON_ITEM)
    assert hidden.held == marked.held == ("red",)
    assert [hidden.flags(action) for action in ON_ITEM] == [marked.flags(action) for action in ON_ITEM]
    late = WebshopMemory(item(("red",)), ON_ITEM)
    assert late.held == ("red",)


def test_the_longest_of_several_named_values_is_wanted() -> None:
    text = item().replace(WISH, "a dark red mug")
    memory = WebshopMemory(text, ON_ITEM)
    assert "wanted" in known(memory, "click[dark red]")
    assert known(memory, "click[red]") == {"phrase": 1.0, "match": 1.0, "is_option": 1.0}


def test_reading_adds_to_what_is_covered_and_is_remembered() -> None:
    memory = on_item()
    before = known(memory, "click[buy now]")
    assert before["price_ok"] == 1
    assert known(memory, "click[features]") == {"is_read": 1}
    memory.update("click[features]", f"{SUB}Can be washed in any machine", ON_SUB)
    assert memory.situation() == ("page:sub",)
    memory.update("click[< prev]", item(), ON_ITEM)
    assert known(memory, "click[features]") == {"is_read": 1, "tried": 1, "tried_often": 1 / 3}
    notes = dict(zip(WebshopMemory.FLAGS, memory.flags("click[buy now]"), strict=True))
    assert notes["covered"] == 1.0
    assert before["covered"] != 1.0
    memory.update("click[< prev]", RESULTS, ON_RESULTS)
    opened = known(memory, "click[b0bbb]")
    assert (opened["visited"], opened["covered"], opened["tried"]) == (1, 1, 1)
    memory.update("click[b0ccc]", item(title="Desk lamp", price="$5.0"), ON_ITEM)
    lamp = known(memory, "click[buy now]")
    assert lamp["outdone"] == 1
    assert known(memory, "click[features]") == {"is_read": 1}, "it was another item of which they were read"


def test_what_is_too_dear_outdoes_nothing() -> None:
    memory = on_results()
    memory.update("click[b0aaa]", item(title=LISTED[0][1], price=LISTED[0][2]), ON_ITEM)
    assert "price_ok" not in known(memory, "click[buy now]")
    memory.update("click[< prev]", RESULTS, ON_RESULTS)
    memory.update("click[b0bbb]", item(), ON_ITEM)
    assert not {"outdone", "behind"} & set(known(memory, "click[buy now]"))


def test_a_better_item_that_was_not_opened_is_not_forgotten() -> None:
    memory = on_results()
    memory.update("click[b0ccc]", item(title="Desk lamp", price="$5.0"), ON_ITEM)
    assert known(memory, "click[buy now]")["behind"] == 1


@given(st.lists(st.sampled_from([*ON_RESULTS, *ON_ITEM]), max_size=12))
def test_flags_depend_on_what_was_read_and_done_alone(actions: list[str]) -> None:
    pages = {"click[b0bbb]": (item(), ON_ITEM), "click[features]": (SUB + "Soft", ON_SUB)}
    memories = [on_results(), on_results()]
    for action in actions:
        observation, admissible = pages.get(action, (RESULTS, ON_RESULTS))
        for memory in memories:
            memory.update(action, observation, admissible)
        first, second = ([memory.flags(choice) for choice in admissible] for memory in memories)
        assert first == second
        assert all(0 <= flag <= 1 for flags in first for flag in flags)


def recorded() -> list[Any]:
    if not RECORDS.exists():
        reason = "the recorded pages of the real shop are not beside this repository"
        return [pytest.param({}, id="absent", marks=pytest.mark.skip(reason=reason))]
    episodes = [json.loads(line) for line in gzip.decompress(RECORDS.read_bytes()).splitlines()]
    return [pytest.param(episode, id=f"{episode['id']}-{episode['policy']}") for episode in episodes]


@pytest.mark.parametrize("episode", recorded())
def test_recorded_pages_of_the_real_shop(episode: dict[str, Any]) -> None:
    is_text, memory = episode["observation_mode"] == "text", None
    for step in episode["steps"]:
        avail = step["avail"]
        admissible = [f"click[{text}]" for text in avail["clickables"] if text != "search"]
        if memory is None:
            memory = WebshopMemory(step["obs"], admissible)
        else:
            memory.update(step["action"], step["obs"], admissible)
        flags = {action: known(memory, action) for action in admissible}
        assert all(len(memory.describe(action)) > 0 for action in admissible)
        assert all(0 <= flag <= 1 for action in admissible for flag in memory.flags(action))
        if not is_text:
            continue
        page = read_page(step["obs"], admissible)
        expected = "done"
        if avail["has_search_bar"]:
            expected = "start"
        elif "next >" in avail["clickables"]:
            expected = "results"
        elif "buy now" in avail["clickables"]:
            expected = "item"
        elif avail["clickables"]:
            expected = "sub"
        assert page.kind == expected
        # Every action is of exactly one kind, and what is a product or a value is known as such.
        assert all(sum(name.startswith("is_") for name in found) == 1 for found in flags.values())
        assert len(page.listings) == sum("is_item" in found for found in flags.values())
        values = {value for group in page.options.values() for value in group}
        buttons = {"description", "features", "reviews", "attributes"}
        assert len(values - buttons) == sum("is_option" in found for found in flags.values())


def test_a_step_is_fast() -> None:
    titles = [f"Product number {i} of cotton and wool, machine washable, with a long title" for i in range(10)]
    listed = " [SEP] ".join(f"B{i:09d} [SEP] {title} [SEP] $9.99" for i, title in enumerate(titles))
    text = f"{HEAD}Back to Search [SEP] Page 2 (Total results: 50) [SEP] < Prev [SEP] Next > [SEP] {listed}"
    admissible = ["click[back to search]", "click[< prev]", "click[next >]", *(f"click[b{i:09d}]" for i in range(10))]
    encoder = TextEncoder(1, memory="webshop")
    encoder.start(0, START, ["search[cotton]"])
    times = []
    for _ in range(30):
        begin = time.perf_counter()
        for _ in range(20):
            encoder.step(0, "click[next >]", text, admissible)
        times.append((time.perf_counter() - begin) / 20)
    assert min(times) < 200e-6, "about 25 microseconds on a common machine; this is a bound for a busy one"
