from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guerdon.evaluation.writing.eureka import eureka_feedback
from guerdon.evaluation.writing.icpl import IcplFeedback
from guerdon.evaluation.writing.reflection import Candidate, open_terms
from guerdon.evaluation.writing.selection import Choice

from .parts import candidate

LINES = ("near[gap, 0.1] + success[]", "near[reach, 0.2] + 2*success[] as won", "progress[gap, 0.1] + success[]")
CHOICE = Choice(0, 2, True, 3)


def round_of(scores: list[float]) -> list[Candidate]:
    return [candidate(line, score) for line, score in zip(LINES, scores, strict=True)]


@settings(max_examples=20)
@given(st.lists(st.floats(0, 1), min_size=4, max_size=4), st.booleans())
def test_no_true_score_in_the_feedback_of_icpl(scores: list[float], improved: bool) -> None:
    """With the same choice, the text is the same whatever the scores (and what success paid) are."""
    before = [candidate("near[gap, 0.4] + success[]", one) for one in (0.0, scores[3])]
    choice = replace(CHOICE, improved=improved)
    texts = [
        IcplFeedback()(round_of(some), choice, old)
        for some, old in zip(([0.0, 0.0, 0.0], scores[:3]), before, strict=True)
    ]
    assert texts[0] == texts[1]
    assert "success:" not in texts[0]
    assert "won:" not in texts[0]
    assert "near_gap: [1.00, 2.00], max 2.00, mean 1.50, min 1.00" in texts[0]


def test_feedback_of_eureka_has_score_and_all_terms() -> None:
    text = eureka_feedback(round_of([0.25, 0.0, 0.0]), CHOICE, None)
    assert "score of the task, in [0, 1]: 0.25" in text
    assert "success: [0.25, 0.50]" in text


def test_feedback_of_icpl_shows_best_worst_and_differences() -> None:
    before = candidate("near[gap, 0.4] + success[]", 0.1)
    these = round_of([0.5, 0.3, 0.0])
    text = IcplFeedback()(these, CHOICE, before)
    assert these[2].written.shown in text
    assert "- manipulation: near[gap, 0.4]" in text
    assert "+ manipulation: near[gap, 0.1]" in text
    assert "near_gap ended at 2.00, before at 2.00." in text
    bare = IcplFeedback(traces=False, changes=False)(these, CHOICE, before)
    assert "max" not in bare
    assert "differs" not in bare


def test_open_terms_leave_out_what_reads_the_outcome() -> None:
    assert open_terms("programs/dsl-v1(program='manipulation: near[gap, 0.1] + success[]')") == {"near_gap"}
    assert open_terms("manipulation/sparse-v1") == frozenset() or "sparse" in open_terms("manipulation/sparse-v1")
    shaping = "programs/dsl-v1(program='manipulation: near[gap, 0.1]', form='shaping')"
    assert open_terms(shaping) == frozenset()


@pytest.mark.parametrize("feedback", [IcplFeedback(), eureka_feedback])
def test_feedback_of_a_round_in_which_all_failed(feedback) -> None:  # type: ignore[no-untyped-def]
    text = feedback([candidate(LINES[0], None)], Choice(None, None, False), None)
    assert LINES[0] in text
