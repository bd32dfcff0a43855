"""The search for programs: it finds what a task is about, sees no objective, and is the same every time."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from guerdon.evaluation.evidence import Evidence
from guerdon.evaluation.features import term_features
from guerdon.evaluation.made_up import aims_of, better_made_up, way_of
from guerdon.evaluation.synthesis import SynthesisConfig, _minimise, search_programs
from guerdon.reward_models.programs.validation import validate

from .episodes import ARM, HOUSE, evidence

QUICK = SynthesisConfig(most_terms=2, beam=4, keep=3, gates=False)


def test_it_finds_that_the_drawer_is_to_be_shut() -> None:
    found = search_programs(evidence(ARM), QUICK)
    assert len(found) == 3
    for one in found:
        reads = {name for term in one.program.terms for name in term.reads}
        assert "gap" in reads or {"object", "target"} <= reads, str(one.program)
        assert one.report.ok
        assert one.figures["ranking"] > 0.95
        assert one.figures["order"] > 0.9
        assert one.program.terms[-1].kind == "success"
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)


def test_it_finds_the_milestone_of_pick_and_place_and_pays_it_once() -> None:
    (best, *_) = search_programs(evidence(HOUSE), QUICK)
    assert str(best.program) == "household: 0.25*gain[hold, 1] + success[]", "what household/subgoals-v1 pays there"


def test_programs_without_a_success_term_sum_to_one() -> None:
    (best, *_) = search_programs(evidence(ARM), dataclasses.replace(QUICK, success=False, keep=1))
    assert best.program.reads == {"state"}
    assert sum(term.weight for term in best.program.terms) == pytest.approx(1.0, abs=0.01)


def test_equal_seeds_give_equal_programs_and_terms_are_saved() -> None:
    one, again = (search_programs(evidence(HOUSE), QUICK) for _ in range(2))
    assert [(str(f.program), f.score) for f in one] == [(str(f.program), f.score) for f in again]
    (single,) = search_programs(evidence(ARM), dataclasses.replace(QUICK, per_term=1.0, keep=1))
    assert len(single.program.terms) == 2, "one term, and success"


class Refusing:
    """Stands for a state and refuses to show what only an oracle knows."""

    def __init__(self, state: Any, oracle: frozenset[str]):
        self._state, self._oracle = state, oracle

    def __getattr__(self, name: str) -> Any:
        assert name not in self._oracle, f"the search read {name}"
        return getattr(self._state, name)


@pytest.mark.parametrize("env_id", [ARM, HOUSE])
def test_the_search_sees_no_objective(env_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Success, objective and the env's reward are turned round; what the search finds without a success term stays."""
    shown = evidence(env_id)
    config = dataclasses.replace(QUICK, success=False)
    expected = [str(one.program) for one in search_programs(shown, config)]

    def turned(some: list[Any]) -> list[Any]:
        steps = [
            [dataclasses.replace(step, success=not step.success, reward=-1.0) for step in one.steps] for one in some
        ]
        return [dataclasses.replace(one, steps=new, objective=0.5) for one, new in zip(some, steps, strict=True)]

    blind = dataclasses.replace(
        shown, demos=turned(shown.demos), others={name: turned(some) for name, some in shown.others.items()}
    )
    assert [str(one.program) for one in search_programs(blind, config)] == expected
    from guerdon.evaluation import features

    stacked = features._stacked
    monkeypatch.setattr(features, "_stacked", lambda states: Refusing(stacked(states), type(states[0]).ORACLE))
    term_features("household" if env_id == HOUSE else "manipulation", shown, True, 10, 0)


def test_labels_matter() -> None:
    """With demonstrations and lazy episodes exchanged, shutting the drawer is not found."""
    shown = evidence(ARM)
    swapped = Evidence(shown.env, shown.others["lazy"], {"expert": shown.demos}, shown.ways, shown.gamma)
    try:
        found = search_programs(swapped, QUICK)
    except ValueError:
        return
    for one in found:
        dense = dataclasses.replace(one.program, terms=one.program.terms[:-1])
        assert not validate(dense, shown.demos, shown.played, shown.gamma).ok


def test_nothing_that_passes_is_said() -> None:
    shown = evidence(HOUSE)
    same = Evidence(shown.env, shown.demos, {"the same": shown.demos}, shown.ways, shown.gamma)
    with pytest.raises(ValueError, match="no program passes validation"):
        search_programs(same, QUICK)


def test_the_fit_is_the_minimum_of_what_is_written() -> None:
    rng = np.random.default_rng(0)
    rows = [rng.normal(0.3, 1.0, (40, 3)), rng.normal(0.1, 1.0, (60, 3))]
    least, weights = _minimise(rows, 0.02)

    def loss(w: np.ndarray) -> float:
        return float(sum(np.mean(np.log1p(np.exp(-some @ w))) for some in rows) + 0.02 * w @ w)

    assert least == pytest.approx(loss(weights))
    for axis in range(3):
        for size in (-1e-3, 1e-3):
            moved = weights.copy()
            moved[axis] += size
            assert loss(moved) > least


def test_features_are_differences_of_discounted_returns() -> None:
    """One feature, by hand: progress of the gap in the first pair of episodes."""
    shown = evidence(ARM)
    features = term_features("manipulation", shown, False, 10, 0)
    column = next(i for i, term in enumerate(features.terms) if (term.kind, term.a) == ("progress", "gap"))
    term = features.terms[column]

    def value(one: Any) -> float:
        drops = [np.clip((step.state.gap - step.next_state.gap) / term.scale, -1, 1) for step in one.steps]
        return float(sum(shown.gamma**t * drop for t, drop in enumerate(drops)))

    most = max(len(one) for some in (shown.demos, *shown.others.values()) for one in some)
    steps = (1 - shown.gamma**most) / (1 - shown.gamma)
    expected = (value(shown.demos[0]) - value(next(iter(shown.others.values()))[0])) / steps
    assert features.episodes[0, column] * features.spread[column] == pytest.approx(expected)


def test_aims_and_ways_are_read_from_the_states() -> None:
    shown = evidence(ARM)
    aims = aims_of(shown.demos, "manipulation")
    assert "target" in aims
    assert "start" not in aims, "it is where the handle was, not what is asked for"
    assert aims_of(evidence(HOUSE).demos, "household") == []
    for demo, way in zip(shown.demos, shown.ways, strict=True):
        assert way == way_of(demo, "manipulation") < len(demo)
        gaps = [float(step.next_state.gap) for step in demo.steps]
        assert gaps[way - 1] < 0.2 * gaps[0]
    assert all(way == len(demo) for demo, way in zip(evidence(HOUSE).demos, evidence(HOUSE).ways, strict=True))


def test_those_who_stall_begin_like_the_expert() -> None:
    shown = evidence(HOUSE)
    for demo, other in zip(shown.demos, shown.others["stalling 1"], strict=True):
        assert (demo.task_id, demo.steps[0].action) == (other.task_id, other.steps[0].action)
        assert other.truncated


def test_things_left_behind_are_told_from_the_hand() -> None:
    shown = evidence(ARM)
    assert {"left behind: object", "left behind: tcp"} <= set(shown.others)
    assert "left behind: target" not in shown.others
    assert shown.better == (("waiting 0.5", "left behind: object"), ("waiting 0.75", "left behind: object"))
    assert better_made_up(shown.demos, shown.demos, "manipulation") == [], "what always moves is no thing"
    for demo, other in zip(shown.demos, shown.others["left behind: object"], strict=True):
        for step, left in zip(demo.steps, other.steps, strict=True):
            np.testing.assert_array_equal(left.next_state.object, demo.steps[0].state.object)
            np.testing.assert_array_equal(left.next_state.tcp, step.next_state.tcp)
        assert not any(step.success for step in other.steps)
    assert evidence(HOUSE).better == ()
