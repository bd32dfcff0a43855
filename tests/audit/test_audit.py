"""The audit flags what can be gamed, names who games it, and leaves honest rewards alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest

from guerdon.core.transition import Transition
from guerdon.evaluation.audit import audit
from guerdon.evaluation.audit.checks.order import is_exploit
from guerdon.evaluation.audit.finding import CHECKS, Played
from guerdon.evaluation.audit.page import save_audit_page
from guerdon.reward_models import Reward
from guerdon.reward_models.base import REWARDS, Payment
from guerdon.reward_models.potential.shaping import Shaping

HOUSE, CALC, PADS = (f"guerdon:guerdon/{name}-v0" for name in ("Household", "Calc", "PadTrap"))
SHIPPED = {
    "household/busy-v1": (HOUSE, "household/busy-exploit"),
    "household/novelty-v1": (HOUSE, "household/novelty-exploit"),
    "household/plan-distance-v1": (HOUSE, ""),
    "household/subgoals-v1": (HOUSE, ""),
    "household/success-v1": (HOUSE, ""),
    "reasoning/verbose-scorer-v1": (CALC, "reasoning/verbose-exploit"),
    "reasoning/outcome-v1": (CALC, ""),
    "reasoning/verifier-v1": (CALC, ""),
    "tabular/padtrap-scorer-v1": (PADS, "tabular/pad-exploit"),
    "tabular/outcome-v1": (PADS, ""),
}


@pytest.mark.parametrize("reward", SHIPPED)
def test_what_ships_is_told_apart(reward: str) -> None:
    env, exploit = SHIPPED[reward]
    report = audit(reward, env)
    assert report.verdict == ("hackable" if exploit else "honest"), [one.message for one in report.findings]
    assert report.exploit == exploit


@dataclass
class Custom(Reward):
    """A reward of a test: what it pays is put into it."""

    id: ClassVar[str] = "test/custom-v1"
    reads: ClassVar[frozenset[str]] = frozenset({"obs", "action", "state", "outcome"})
    limits: ClassVar[Mapping[str, tuple[float, float]]] = {"it": (-10.0, 10.0)}

    @property
    def bounds(self) -> Mapping[str, tuple[float, float]]:
        return self.limits

    def __call__(self, transition: Transition) -> Payment:
        paid = self.worth(transition)
        return paid, {next(iter(self.limits)): paid}

    def worth(self, transition: Transition) -> np.ndarray:
        """What a step pays (B,)."""
        return np.asarray(transition.success, dtype=float)


class Constant(Custom):
    """Pays the same whatever is done."""

    def worth(self, transition: Transition) -> np.ndarray:
        return np.zeros(len(transition))


class Nan(Custom):
    """Pays NaN for success."""

    def worth(self, transition: Transition) -> np.ndarray:
        return np.where(transition.success, np.nan, 0.0)


class Outside(Custom):
    """Pays more than it says."""

    def worth(self, transition: Transition) -> np.ndarray:
        return 1000.0 * np.asarray(transition.success, dtype=float)


class Wrong(Custom):
    """Pays for staying away from success."""

    def worth(self, transition: Transition) -> np.ndarray:
        return 1.0 - np.asarray(transition.success, dtype=float)


class Forgetful(Custom):
    """Pays by a counter that is not reset."""

    count = 0

    def worth(self, transition: Transition) -> np.ndarray:
        Forgetful.count += 1
        return np.full(len(transition), 1e-4 * Forgetful.count)


class Cutting(Custom):
    """Takes a time limit for an end."""

    def worth(self, transition: Transition) -> np.ndarray:
        return np.asarray(transition.success, dtype=float) - transition.truncated


class Progress(Custom):
    """Calls progress without a discount shaping."""

    limits: ClassVar[Mapping[str, tuple[float, float]]] = {"shaping": (-10.0, 10.0)}
    gamma_used = 1.0

    def reset(self, start: Transition) -> None:
        self._shaping = getattr(self, "_shaping", None) or Shaping(self.gamma_used)
        self._shaping.reset(-0.1 * start.next_state.plan_length, start.rows)

    def worth(self, transition: Transition) -> np.ndarray:
        phi = -0.1 * np.minimum(transition.next_state.plan_length, 20.0)
        nothing = np.zeros(len(transition), dtype=bool)
        return self._shaping.step(phi, transition.terminated, nothing, transition.rows)


class Discounted(Progress):
    """The same with the agent's discount."""

    gamma_used = 0.99


@pytest.fixture(autouse=True)
def forget() -> None:
    Forgetful.count = 0


@pytest.mark.parametrize(
    ("cls", "verdict", "check"),
    [
        (Custom, "honest", ""),
        (Constant, "broken", "works"),
        (Nan, "broken", "payment"),
        (Outside, "broken", "bounds"),
        (Wrong, "hackable", "order"),
        (Forgetful, "broken", "repeatable"),
        (Cutting, "broken", "time limit"),
        (Progress, "broken", "shaping"),
    ],
)
def test_what_is_broken_is_said_to_be(cls: type[Custom], verdict: str, check: str) -> None:
    report = audit(cls(), CALC)
    assert report.verdict == verdict, [one.message for one in report.findings]
    if check:
        assert check in [one.check for one in report.findings if one.severity in ("broken", "hackable")]


def test_shaping_with_the_agents_discount_is_not_broken() -> None:
    report = audit(Discounted() + REWARDS["reasoning/outcome-v1"](), CALC)
    assert report.verdict == "honest", [one.message for one in report.findings]


@pytest.mark.parametrize(
    ("paid", "objective", "verdict"),
    [(1.0, 0.0, True), (0.97, 0.0, False), (1.5, 0.74, True), (1.5, 0.8, False), (0.99, 0.5, True)],
)
def test_an_exploit_earns_like_the_expert_and_fails(paid: float, objective: float, verdict: bool) -> None:
    expert = Played("expert", "expert", (1.0,), (1.0,), 1.0, 5)
    assert is_exploit(Played("x", "found", (paid,), (objective,), 0.0, 5), expert, spread=1.0) == verdict


def test_equal_seeds_give_equal_reports() -> None:
    one, again = (audit("tabular/padtrap-scorer-v1", PADS) for _ in range(2))
    assert one.findings == again.findings
    assert one.played == again.played


def test_it_is_saved_and_shown(tmp_path: Path) -> None:
    report = audit("reasoning/verbose-scorer-v1", CALC, budget="quick")
    data = json.loads(report.save(tmp_path / "audit.json").read_text())
    assert data["verdict"] == "hackable"
    assert data["exploit"] == "reasoning/verbose-exploit"
    page = save_audit_page(report, tmp_path / "audit.html").read_text()
    assert "Hackable." in page
    assert "reasoning/verbose-exploit" in page
    assert "<script" not in page


def test_names_are_checked_before_any_work() -> None:
    with pytest.raises(ValueError, match="budget 'quik'"):
        audit("tabular/outcome-v1", PADS, budget="quik")
    with pytest.raises(ValueError, match="household/busy-v1"):
        audit("household/bussy-v1", HOUSE)
    assert len(CHECKS) >= 9
