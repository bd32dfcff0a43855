"""LTLf against its definition: what the progression and the machine of a formula say of random words."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guerdon.reward_models.formal.ltl import Formula, holds, parse, progress, propositions
from guerdon.reward_models.formal.machine import compile_formula

NAMES = ("a", "b")
letters = st.frozensets(st.sampled_from(NAMES))
words = st.lists(letters, min_size=1, max_size=6)


def _made(kind: str, *parts: Formula) -> Formula:
    return Formula(kind, parts)


formulas = st.recursive(
    st.builds(lambda kind, name: Formula(kind, (), name), st.sampled_from(("is", "not")), st.sampled_from(NAMES)),
    lambda inner: (
        st.builds(_made, st.sampled_from(("X", "WX", "F", "G")), inner)
        | st.builds(_made, st.sampled_from(("and", "or", "U", "R")), inner, inner)
    ),
    max_leaves=4,
)


@settings(max_examples=300)
@given(formula=formulas, word=words)
def test_progression_is_what_is_left(formula: Formula, word: list[frozenset[str]]) -> None:
    assert holds(progress(formula, word[0]), word[1:]) == holds(formula, word)


@settings(max_examples=300)
@given(formula=formulas, word=words)
def test_the_machine_pays_for_what_the_formula_says(formula: Formula, word: list[frozenset[str]]) -> None:
    machine = compile_formula(formula)
    _, paid = machine.run(word)
    assert sum(paid) == float(holds(formula, word)) - float(holds(formula, []))


@settings(max_examples=150)
@given(formula=formulas, word=words)
def test_nothing_changes_after_a_terminal_state(formula: Formula, word: list[frozenset[str]]) -> None:
    machine = compile_formula(formula)
    states, _ = machine.run(word)
    if machine.terminal[states[-1]]:
        verdicts = {
            holds(formula, [*word, *rest]) for rest in itertools.product([frozenset(), frozenset("ab")], repeat=2)
        }
        assert verdicts == {holds(formula, word)}


@settings(max_examples=150)
@given(formula=formulas, word=words)
def test_a_printed_formula_reads_the_same(formula: Formula, word: list[frozenset[str]]) -> None:
    assert holds(parse(str(formula)), word) == holds(formula, word)


@settings(max_examples=150)
@given(formula=formulas, word=words)
def test_negation_is_negation(formula: Formula, word: list[frozenset[str]]) -> None:
    assert holds(parse(f"!({formula})"), word) != holds(formula, word)


@pytest.mark.parametrize(
    ("text", "word", "verdict"),
    [
        ("F (a & X b)", "a.b", True),
        ("F (a & X b)", "ab.", False),
        ("G (a -> F b)", "a..b", True),
        ("G (a -> F b)", "a.b.a", False),
        ("a U b", "a.a.b", True),
        ("a U b", "a.a", False),
        ("a W b", "a.a", True),
        ("b R a", "a.a", True),
        ("b R a", "a.ab.", True),
        ("b R a", "a..ab", False),
        ("X true", "a", False),
        ("WX false", "a", True),
    ],
)
def test_it_means_what_it_should(text: str, word: str, verdict: bool) -> None:
    assert holds(parse(text), [frozenset(letter) for letter in word.split(".")]) == verdict


@pytest.mark.parametrize("text", ["F (a", "a &", "", "F F", "a b", "(a))", "A"])
def test_what_is_no_formula_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="cannot read the formula"):
        parse(text)


def test_machines_are_as_small_as_they_can_be() -> None:
    assert len(compile_formula("F a").states) == 2
    assert len(compile_formula("F a | F a").states) == 2
    assert len(compile_formula("F (a & F b)").states) == 3
    assert len(compile_formula("G !a").states) == 2
    assert propositions(parse("F (b & F a)")) == ("a", "b")
