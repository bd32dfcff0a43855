from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guerdon.core.random import derive_seed
from guerdon.evaluation.writing.selection import (
    PreferenceSelector,
    ProxyHuman,
    ScoreSelector,
    most_queries,
)

from .parts import candidate


def some(scores: list[float | None]) -> list:
    return [candidate(f"near[gap, {0.1 + i / 100:.3f}]", score) for i, score in enumerate(scores)]


@pytest.mark.parametrize(("samples", "rounds", "count"), [(6, 5, 49), (2, 1, 1), (16, 5, 149)])
def test_query_formula(samples: int, rounds: int, count: int) -> None:
    assert most_queries(samples, rounds) == count


@settings(max_examples=30)
@given(
    st.lists(st.lists(st.floats(0, 1), min_size=2, max_size=9), min_size=1, max_size=5).filter(
        lambda rounds: len({len(one) for one in rounds}) == 1
    )
)
def test_queries_that_are_asked_are_as_many_as_the_formula_says(rounds: list[list[float]]) -> None:
    class Counting(ProxyHuman):
        def compare(self, pairs):  # type: ignore[no-untyped-def]
            asked.extend(pairs)
            return super().compare(pairs)

    asked: list = []
    selector, before, counted = PreferenceSelector(Counting()), None, 0
    for scores in rounds:
        these = some(scores)
        choice = selector.select(these, before)
        assert choice.best is not None
        before = these[choice.best] if choice.improved else before
        counted += choice.queries
    assert len(asked) == counted == most_queries(len(rounds[0]), len(rounds))


@settings(max_examples=30)
@given(st.lists(st.one_of(st.none(), st.floats(0, 1)), min_size=1, max_size=9))
def test_preferences_without_noise_find_the_extremes(scores: list[float | None]) -> None:
    choice = PreferenceSelector(ProxyHuman()).select(some(scores), None)
    known = [one for one in scores if one is not None]
    if not known:
        assert (choice.best, choice.worst, choice.improved, choice.queries) == (None, None, False, 0)
        return
    assert choice.best is not None
    assert scores[choice.best] == max(known)
    if len(known) == 1:
        assert choice.worst is None
    else:
        assert choice.worst is not None
        assert scores[choice.worst] == min(known)
        assert choice.worst != choice.best


def test_a_failed_training_is_below_every_score() -> None:
    choice = ScoreSelector().select(some([None, 0.0, 0.4]), None)
    assert (choice.best, choice.worst) == (2, 1)
    assert ScoreSelector().select(some([None, None]), None).best is None


def test_flips_are_as_frequent_as_they_should_be_and_the_same_again() -> None:
    pairs = [(candidate(f"near[gap, {i + 1}]", 1.0), candidate(f"near[gap, {i + 500}]", 0.0)) for i in range(300)]
    answers = ProxyHuman(0.2, derive_seed(1)).compare(pairs)
    assert 0.12 < 1 - sum(answers) / len(answers) < 0.28
    assert answers == ProxyHuman(0.2, derive_seed(1)).compare(pairs)
    assert all(ProxyHuman().compare(pairs))
    with pytest.raises(ValueError, match=r"0\.7"):
        ProxyHuman(0.7)
