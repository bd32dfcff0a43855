"""Pages: always a picture, never an overflow, equal for equal input, different where it matters."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guerdon.core.names import UnknownNameError
from guerdon.envs.page import HEIGHT, OUTCOMES, WIDTH, Page, draw_page
from guerdon.envs.typeset import Face, clean_text, elide, fit_text, text_width, wrap_text

PAGE = Page(
    title="Fake",
    goal="Put a clean lettuce in the fridge.",
    observation="You open the fridge 1. It is empty.",
    step=3,
    max_steps=50,
    action="open fridge 1",
    reward=-0.5,
    reward_sum=0.25,
    terms={"success": (0.0, 0.0), "cost": (-0.5, -1.5), "busy": (0.25, 1.75)},
    actions=("look", "open fridge 1"),
    trail=(("look", None), ("fly", "not_a_command")),
)
ANYTHING = st.text(st.characters(codec=None, exclude_categories=()), max_size=60)


@given(
    st.builds(
        Page,
        title=ANYTHING,
        goal=ANYTHING,
        observation=ANYTHING,
        step=st.integers(0, 60),
        max_steps=st.none() | st.integers(1, 50),
        action=st.none() | ANYTHING,
        failure=st.none() | ANYTHING,
        outcome=st.sampled_from(sorted(OUTCOMES)),
        reward=st.floats(),
        reward_sum=st.none() | st.floats(),
        terms=st.dictionaries(ANYTHING, st.tuples(st.floats(), st.floats()), max_size=20),
        actions=st.lists(ANYTHING, max_size=30).map(tuple),
        trail=st.lists(st.tuples(ANYTHING, st.none() | ANYTHING), max_size=8).map(tuple),
        policy=ANYTHING,
        caption=ANYTHING,
    )
)
@settings(max_examples=40)
def test_any_page_can_be_drawn(page: Page) -> None:
    image = draw_page(page)
    assert image.shape == (HEIGHT, WIDTH, 3)
    assert image.dtype == np.uint8


def test_equal_pages_are_equal_to_the_byte_and_scale_doubles_them() -> None:
    assert draw_page(PAGE).tobytes() == draw_page(replace(PAGE)).tobytes()
    assert draw_page(PAGE, scale=2).shape == (2 * HEIGHT, 2 * WIDTH, 3)
    with pytest.raises(ValueError, match="scale is 3"):
        draw_page(PAGE, scale=3)


@pytest.mark.parametrize(
    "change",
    [
        {"action": "close fridge 1"},
        {"failure": "closed"},
        {"terms": {}},
        {"terms": {"success": (0.0, 0.0), "cost": (-0.5, 1.5), "busy": (0.25, 1.75)}},
        {"reward_sum": None},
        {"step": 4},
        {"caption": "Paid for nothing."},
        {"trail": ()},
        *({"outcome": name} for name in OUTCOMES if name != "running"),
    ],
)
def test_what_differs_shows(change: dict) -> None:
    assert not np.array_equal(draw_page(PAGE), draw_page(replace(PAGE, **change)))


def test_a_negative_sum_is_a_bar_to_the_left() -> None:
    def reach(total: float) -> tuple[bool, bool]:
        page = replace(PAGE, terms={"x": (0.0, total)}, actions=(), reward=0.0)
        panel = draw_page(page)[180:200, 664:928].astype(int)
        colored = np.abs(panel[:, :, 0] - panel[:, :, 2]).max(0) > 100
        return bool(colored[:130].any()), bool(colored[134:].any())

    assert reach(-1.0) == (True, False)
    assert reach(1.0) == (False, True)
    assert reach(0.0) == (False, False)


def test_nothing_is_drawn_over_the_margins() -> None:
    page = replace(
        PAGE,
        goal="W" * 900,
        observation="word " * 3000,
        action="a" * 500,
        failure="f" * 500,
        policy="p" * 500,
        title="t" * 500,
        terms={f"{'n' * 90}{i}": (1e9, -1e300) for i in range(40)},
        actions=("c" * 300,) * 50,
    )
    image = draw_page(page)
    for empty in (image[:530, :38], image[:530, 600:636], image[:530, 932:], image[:20], image[520:530]):
        assert np.ptp(empty[:, :10].reshape(-1, 3), axis=0).max() == 0


def test_marks_without_a_glyph_are_replaced() -> None:
    assert clean_text("a\tb\r\nc\x00\u200d") == "a    b\nc"
    assert clean_text("e\u0301 \U0010fffe \ud800") == "é  "
    assert clean_text("漢") in ("\ufffd", "?")


def test_unknown_outcome_names_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="'success'"):
        replace(PAGE, outcome="sucess")


@given(st.text(max_size=300), st.integers(40, 500))
def test_wrapped_lines_fit_and_lose_no_letter(text: str, width: int) -> None:
    face = Face(14)
    lines = wrap_text(text, face, width)
    assert all(text_width(line, face) <= width or len(line) == 1 for line in lines)
    assert "".join("".join(lines).split()) == "".join(clean_text(text).split())


@given(st.text(max_size=200), st.integers(30, 300), st.booleans())
def test_elided_text_fits(text: str, width: int, keep_end: bool) -> None:
    assert text_width(elide(text, Face(13), width, keep_end), Face(13)) <= width


def test_long_text_shrinks_then_ends_in_an_ellipsis() -> None:
    sizes, box = (20.0, 16.0, 12.0), (300.0, 100.0)
    assert fit_text("short", sizes, box)[1].size == 20
    lines, face = fit_text("word " * 500, sizes, box)
    assert face.size == 12
    assert lines[-1].endswith("…")
    assert len(lines) * 12 * 1.42 <= 100


def test_a_number_stays_with_its_noun() -> None:
    for width in range(60, 300, 7):
        for line in wrap_text("You see a drawer 12, a drawer 11 and an apple 3.", Face(15), width):
            assert not line.split(" ")[0][:1].isdigit()


def test_pages_are_fast() -> None:
    draw_page(PAGE)
    times = []
    for step in range(10):
        begin = time.perf_counter()
        draw_page(replace(PAGE, step=step))
        times.append(time.perf_counter() - begin)
    assert min(times) < 0.1  # about 0.01 on a desktop; the bound is for a busy machine
