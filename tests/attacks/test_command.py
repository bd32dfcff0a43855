"""`guerdon attack` writes its report for a reward and for a saved model."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from guerdon.core.preferences import PreferenceSet
from guerdon.evaluation.recording import record
from guerdon.reward_models.learned.bradley_terry import BradleyTerry
from guerdon.scripts.attack import Attack, main

PADTRAP, CALC = "guerdon:guerdon/PadTrap-v0", "guerdon:guerdon/Calc-v0"


def test_a_reward(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(Attack("tabular/padtrap-scorer-v1", PADTRAP, out=str(tmp_path), tiers=(1,), episodes=6)) == 0
    assert "fails     padding for progress" in capsys.readouterr().out
    assert {one.name for one in tmp_path.iterdir()} == {"attack.json", "attack.md", "attack.html"}


def test_a_saved_model(tmp_path: Path) -> None:
    played = record(CALC, None, "expert", 4, 0) + record(CALC, None, "random", 4, 0)
    pairs = np.array([[[a, 0, len(played[a])], [b, 0, len(played[b])]] for a in range(4) for b in range(4, 8)])
    model = BradleyTerry(updates=10, members=1, width=8, depth=1, buckets=64)
    model.fit(PreferenceSet(played, pairs, np.ones(len(pairs))), 0)
    file = model.save(tmp_path / "model.npz")
    args = Attack(env=CALC, model=str(file), out=str(tmp_path / "out"), tiers=(1, 2), episodes=4)
    assert main(args) == 0
    told = json.loads((tmp_path / "out" / "attack.json").read_text())
    assert told["scorer"] == "bradley-terry"
    assert len(told["landscape"]["adversarial"]) == 5
    assert "words" in told["words"]
    with pytest.raises(ValueError, match="name one"):
        main(Attack("reasoning/verifier-v1", CALC, model=str(file)))
