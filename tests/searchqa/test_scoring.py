"""Token F1: SQuAD's, with yes and no right or wrong."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guerdon.envs.searchqa.scoring import f1, tokens

TEXTS = st.lists(st.sampled_from(["Orla", "Venn", "the", "a", "Bral,", "Mills.", "yes", "no"]), max_size=5).map(
    " ".join
)


@pytest.mark.parametrize(
    ("answer", "gold", "worth"),
    [
        ("Orla Venn", "Orla Venn", 1.0),
        ("orla  venn.", "Orla Venn", 1.0),
        ("Tam Venn", "Orla Venn", 0.5),
        ("Venn", "Orla Venn", 2 / 3),
        ("Last Key", "The Last Key", 1.0),
        ("Osk", "Lune, Osk, Tamber", 0.5),
        ("Tamber, Osk, Lune", "Lune, Osk, Tamber", 1.0),
        ("Osk Osk", "Osk", 2 / 3),
        ("Bral Mills", "Velk Foundry", 0.0),
        ("yes", "yes", 1.0),
        ("Yes.", "yes", 1.0),
        ("no", "yes", 0.0),
        ("yes indeed", "yes", 0.0),
        ("no", "No Name", 0.0),
        ("", "Osk", 0.0),
        ("the", "Osk", 0.0),
    ],
)
def test_known_pairs(answer: str, gold: str, worth: float) -> None:
    assert f1(answer, gold) == pytest.approx(worth)


@given(TEXTS, TEXTS)
def test_f1_is_symmetric_and_one_only_for_the_same_words(one: str, two: str) -> None:
    assert f1(one, two) == f1(two, one)
    assert 0.0 <= f1(one, two) <= 1.0
    assert (f1(one, two) == 1.0) == (sorted(tokens(one)) == sorted(tokens(two)))
