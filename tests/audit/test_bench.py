"""The test-bench of the audit: pairs are told apart, and other tools are given what really happened."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from guerdon.evaluation.audit import audit
from guerdon.reward_models import REWARDS, make_reward
from guerdon.scripts.audit_cases import case_of
from guerdon.scripts.audit_pairs import PAIRS
from guerdon.scripts.peers import run_peer

TABULAR = [pair for pair in PAIRS if "Grid" in pair.env_id]
HACKS = "guerdon:guerdon/Hacks-v0"


def test_there_are_eight_pairs_in_four_worlds() -> None:
    assert len(PAIRS) == 8
    assert len({make_reward(pair.benign).id.split("/")[0] for pair in PAIRS}) == 4
    assert all(make_reward(pair.benign).id in REWARDS for pair in PAIRS)


@pytest.mark.parametrize("pair", TABULAR, ids=lambda pair: pair.name)
def test_quick_pairs_are_told_apart(pair: Any) -> None:
    assert audit(pair.benign, pair.env_id, pair.env_kwargs).verdict == "honest"
    assert audit(pair.broken, pair.env_id, pair.env_kwargs).verdict != "honest"


def test_a_case_is_what_happened_and_what_the_tables_say() -> None:
    kwargs = {"hack": "cobra", "split": "test"}
    report = audit("tabular/proxy-v1", HACKS, kwargs)
    case = json.loads(json.dumps(case_of(report, "tabular/proxy-v1", kwargs, 3)))
    tables, best = case["tables"], max(report.played, key=lambda one: np.mean(one.paid))
    for name in ("random", "best"):
        for episode in case["episodes"][name]:
            here = episode["start"]
            for step in episode["steps"]:
                assert not tables["terminal"][here]
                assert step["obs"] == tables["next"][here][step["action"]]
                assert step["reward"] == pytest.approx(tables["rewards"][here][step["action"]])
                assert sum(step["terms"].values()) == pytest.approx(step["reward"])
                assert step["terminated"] == tables["terminal"][step["obs"]]
                here = step["obs"]
            assert episode["steps"][-1]["terminated"] or episode["steps"][-1]["truncated"]
    assert sum(step["reward"] for step in case["episodes"]["best"][0]["steps"]) == pytest.approx(best.paid[0])
    assert tables["intended"] == ["1", "1", "1"]  # kill all three
    env = run_peer.replay_env(case, ["best"])()
    start, _ = env.reset()
    assert start == case["episodes"]["best"][0]["start"]
    assert env.P[0][1] == [(1.0, tables["next"][0][1], tables["rewards"][0][1], False)]
    assert env.step(env.next_action())[0] == case["episodes"]["best"][0]["steps"][0]["obs"]


def test_a_time_limit_does_not_reach_into_the_tables() -> None:
    (pair,) = [pair for pair in TABULAR if "time limit" in pair.name]
    made = [make_reward(one, gamma=0.99) for one in (pair.benign, pair.broken)]
    cases = [case_of(audit(one, pair.env_id, pair.env_kwargs), one, pair.env_kwargs, 1) for one in made]
    assert cases[0]["tables"]["rewards"] == cases[1]["tables"]["rewards"]


def test_a_tool_that_is_not_there_is_reported(tmp_path: Path) -> None:
    cases = tmp_path / "cases.json"
    cases.write_text("{}", "utf-8")
    command = [sys.executable, str(Path(run_peer.__file__)), "goodhart", str(cases), str(tmp_path / "out.json")]
    run = subprocess.run(command, capture_output=True, text=True)
    assert run.returncode == 3
    assert "goodhart is not installed" in run.stderr
