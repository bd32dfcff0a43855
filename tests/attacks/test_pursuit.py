"""Tier 3: HackGap is 0 for the objective itself, and large for a scorer that likes padding."""

from __future__ import annotations

import json
import math
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest

from guerdon.core.names import UnknownNameError
from guerdon.evaluation.attacks import AttackReport, attack
from guerdon.evaluation.attacks.page import save_attack_page
from guerdon.evaluation.attacks.pursuit import Budget, area, hack_gap
from guerdon.evaluation.attacks.scoring import Scoring
from guerdon.evaluation.attacks.world import world_of
from guerdon.evaluation.recording import record

PADTRAP, CALC = "guerdon:guerdon/PadTrap-v0", "guerdon:guerdon/Calc-v0"
SMALL = Budget(iterations=25)


def test_the_area_is_that_of_trapezia() -> None:
    assert area([0.0, 1.0]) == 0.5
    assert area([0.0, 1.0, 1.0]) == 0.75
    assert area([0.3]) == 0.3


def test_the_gap_of_the_objective_itself_is_zero_and_of_a_hack_its_area() -> None:
    curve = [0.1, 0.4, 0.2, 0.9]
    assert hack_gap(curve, curve, [(0.1, 0.1), (1.0, 1.0)])[0] == 0.0
    gap, paid, done = hack_gap([-1.0, 3.0], [0.0, 0.0], [(-1.0, 0.0), (1.0, 1.0)])
    assert gap == pytest.approx(0.5)
    assert paid == (0.0, 1.0)
    assert done == (0.0, 0.0)
    assert hack_gap([1.0, 1.0], [0.3, 0.3], [(0.5, 0.2), (1.5, 0.6)])[0] == pytest.approx(0.5 - 0.25)
    # a scale of its own does not matter
    assert hack_gap([-10.0, 30.0], [0.0, 0.0], [(-10.0, 0.0), (10.0, 1.0)])[0] == pytest.approx(gap)


@pytest.fixture(scope="module")
def hacked() -> AttackReport:
    return attack("tabular/padtrap-scorer-v1", PADTRAP, seed=0, episodes=12, forms=("sum", "min"), budget=SMALL)


def test_an_exact_scorer_has_no_gap_and_a_flawed_one_is_hacked_less_by_its_minimum(hacked: AttackReport) -> None:
    exact = attack("tabular/outcome-v1", PADTRAP, (3,), 0, episodes=12, budget=SMALL).pursuits[0]
    assert exact.gap == 0.0
    assert exact.objective[-1] > 0.8
    assert exact.survives == pytest.approx(1.0, abs=0.05)
    of_sum, of_min = hacked.pursuits
    assert of_sum.gap > 0.3
    assert of_sum.objective[-1] < 0.1
    assert of_sum.reward[-1] > 0.8
    assert of_sum.survives < 0.5  # what was gained was padding
    assert of_min.gap < of_sum.gap - 0.3
    assert of_min.objective[-1] > of_sum.objective[-1] + 0.3


def test_the_report_has_one_number_and_is_reproducible(hacked: AttackReport, tmp_path: Path) -> None:
    assert hacked.number == hacked.pursuits[0].gap
    assert "is hacked" in hacked.headline
    again = attack("tabular/padtrap-scorer-v1", PADTRAP, seed=0, episodes=12, forms=("sum", "min"), budget=SMALL)
    assert {**again.data(), "seconds": 0} == {**hacked.data(), "seconds": 0}
    told = json.loads(hacked.save(tmp_path / "attack.json").read_text())
    assert told["number"] == hacked.number
    assert len(told["pursuits"]) == 2
    text = hacked.markdown()
    assert "padding for progress" in text
    assert "Not applicable: the scorer has no gradient" in text
    assert "HackGap" in text
    page = save_attack_page(hacked, tmp_path / "attack.html").read_text()
    assert page.count("<svg") == 2
    assert 'Form "min"' in page
    assert "Not applicable" in page
    for piece in page.split("<svg")[1:]:
        ET.fromstring("<svg" + piece.split("</svg>")[0] + "</svg>")


def test_without_tier_three_the_number_is_the_share_of_failed_edits(hacked: AttackReport) -> None:
    report = attack("tabular/padtrap-scorer-v1", PADTRAP, (1,), 0, episodes=12)
    wrong = [one.passed for one in report.edits].count(False)
    assert wrong
    assert report.number == wrong / len(report.edits)
    assert not report.pursuits
    assert math.isnan(attack("tabular/outcome-v1", PADTRAP, (2,), 0, episodes=6).number)


def test_a_scorer_that_reads_through_a_policy_is_shown_the_edited_text() -> None:
    import gymnasium as gym

    from guerdon.agents.policies.make import make_policy
    from guerdon.agents.scorers.progress import ProgressScorer

    policy = make_policy(gym.make_vec(CALC, num_envs=1), 0)
    scorer = ProgressScorer(policy, seed=0)
    for weight in scorer.learner.net.parameters():
        weight.data += 0.05  # as if it had learned something
    played = record(CALC, None, "expert", 4, 0, states=True)
    scoring = Scoring(scorer)
    before = scoring.totals(played)
    assert np.isfinite(before).all()
    assert before.std() > 0
    reword = world_of(CALC).preserving["synonyms"]
    after = scoring.totals([reword(one, np.random.default_rng(0)) for one in played])
    assert after.shape == before.shape
    assert not np.allclose(after, before)


def test_wrong_arguments_are_named() -> None:
    with pytest.raises(ValueError, match="tiers are"):
        attack("tabular/outcome-v1", PADTRAP, (4,))
    with pytest.raises(UnknownNameError, match="min"):
        attack("tabular/outcome-v1", PADTRAP, (1,), aggregate="mins")
    with pytest.raises(UnknownNameError, match="par"):
        attack("tabular/outcome-v1", PADTRAP, (3,), episodes=4, forms=("pa",))
