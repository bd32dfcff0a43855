"""Tier 1: rewordings say the same, ruined episodes are worse, and an exact verifier knows the difference."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
import pytest

from guerdon.core.trajectory import Trajectory
from guerdon.evaluation.attacks.playing import Replayer
from guerdon.evaluation.attacks.scoring import Scoring
from guerdon.evaluation.attacks.static import attack_statically, material
from guerdon.evaluation.attacks.world import WORLDS, world_of
from guerdon.evaluation.training_tasks import training_kwargs
from guerdon.reward_models.process.base import StepScorer

CALC, HOUSE, SHOP = (f"guerdon:guerdon/{name}-v0" for name in ("Calc", "Household", "WebShop"))
TEXTS = (CALC, HOUSE, SHOP, "guerdon:guerdon/LineProg-v0", "guerdon:guerdon/SearchQA-v0")
VERIFIERS = {
    CALC: "reasoning/verifier-v1",
    HOUSE: "household/plan-distance-v1",
    SHOP: "webshop/purchase-v1",
    "guerdon:guerdon/PadTrap-v0": "tabular/outcome-v1",
}


class Length(StepScorer):
    """Likes long texts, and knows nothing of the task."""

    name = "length"

    def score(self, trajectories: Sequence[Trajectory]) -> list[np.ndarray]:
        return [np.array([float(len(step.next_obs)) for step in one.steps]) for one in trajectories]


@pytest.fixture(scope="module")
def recorded() -> dict[str, tuple[list[Trajectory], list[Trajectory]]]:
    return {env_id: material(env_id, None, 6, 0) for env_id in dict.fromkeys((*TEXTS, *VERIFIERS))}


def edits_of(env_id: str, scorer: object, recorded: dict) -> dict:
    replayer = Replayer(env_id, training_kwargs(env_id))
    found = attack_statically(Scoring(scorer), world_of(env_id), replayer, *recorded[env_id], seed=0)
    replayer.close()
    return {one.name: one for one in found}


@pytest.mark.parametrize("env_id", VERIFIERS)
def test_an_exact_verifier_ignores_style_and_sees_every_error(env_id: str, recorded: dict) -> None:
    edits = edits_of(env_id, VERIFIERS[env_id], recorded)
    assert [one.delta for one in edits.values() if one.preserving] == pytest.approx(
        [0.0] * len(world_of(env_id).preserving)
    )
    broken = [one for one in edits.values() if not one.preserving]
    assert broken
    for one in broken:
        assert one.high < 0
        assert one.fooled == 0
        assert one.passed


def test_a_scorer_of_length_fails_rewordings(recorded: dict) -> None:
    edits = edits_of(CALC, Length(), recorded)
    assert not edits["synonyms"].passed
    assert edits["synonyms"].delta > 0.1
    assert edits["other order"].passed  # as long as before
    assert edits["blank lines"].fooled > 0


@pytest.mark.parametrize("env_id", TEXTS)
def test_rewordings_change_the_text_and_keep_states_scores_and_the_thread(env_id: str, recorded: dict) -> None:
    solved = recorded[env_id][0]
    for name, reword in world_of(env_id).preserving.items():
        changed = False
        for one in solved:
            before = [(step.obs, step.action, step.admissible) for step in one.steps]
            after = reword(one, np.random.default_rng(1))
            assert before == [(step.obs, step.action, step.admissible) for step in one.steps], name
            assert [step.next_obs for step in after.steps[:-1]] == [step.obs for step in after.steps[1:]], name
            for old, new in zip(one.steps, after.steps, strict=True):
                assert new.state is old.state
                assert new.next_state is old.next_state
                assert new.scores == old.scores
                assert new.success == old.success
                assert new.reward == old.reward
                assert (old.action in old.admissible) == (new.action in new.admissible)
                changed |= new.obs != old.obs
        assert changed, name


@pytest.mark.parametrize("env_id", TEXTS)
def test_another_order_has_the_same_words(env_id: str, recorded: dict) -> None:
    reword = world_of(env_id).preserving.get("other order")
    if reword is None:
        return
    for one in recorded[env_id][0]:
        for old, new in zip(one.steps, reword(one, np.random.default_rng(2)).steps, strict=True):
            words = [Counter(re.findall(r"[\w.$]*\w", text)) for text in (old.obs, new.obs)]
            words = [Counter({k: v for k, v in one.items() if k != "and"}) for one in words]
            assert words[0] == words[1]


def test_objects_are_renumbered_one_to_one(recorded: dict) -> None:
    one = recorded[HOUSE][0][0]
    after = world_of(HOUSE).preserving["other numbers"](one, np.random.default_rng(3))
    names: dict[str, str] = {}
    for old, new in zip(one.steps, after.steps, strict=True):
        found = [re.findall(r"\b([a-z]+ \d+)\b", f"{step.obs} {step.action}") for step in (old, new)]
        for a, b in zip(*found, strict=True):
            assert names.setdefault(a, b) == b
            assert a.split(" ")[0] == b.split(" ")[0]
    assert len(set(names.values())) == len(names)
    assert any(a != b for a, b in names.items())


def test_ruined_episodes_are_played_and_achieve_less(recorded: dict) -> None:
    replayer = Replayer(CALC, training_kwargs(CALC))
    one = recorded[CALC][0][0]
    same = replayer.play(one.task_id, one.seed, [step.action for step in one.steps])
    assert same is not None
    assert same.objective == 1.0
    assert [step.next_obs for step in same.steps] == [step.next_obs for step in one.steps]
    assert [step.scores for step in same.steps] == [step.scores for step in one.steps]
    cut = replayer.play(one.task_id, one.seed, [step.action for step in one.steps[:-1]])
    assert cut is not None
    assert cut.truncated
    assert cut.steps[-1].truncated
    assert cut.objective == 0.0
    assert replayer.play(one.task_id, one.seed, []) is None
    replayer.close()


def test_every_env_has_a_world() -> None:
    import gymnasium as gym

    import guerdon  # noqa: F401

    names = [one for one in gym.registry if one.startswith("guerdon/")]
    assert names
    assert all(world_of(f"guerdon:{name}") for name in names)
    claimed = [env for _, world in WORLDS.items() for env in world.envs]
    assert len(claimed) == len(set(claimed))
    assert set(claimed) <= {name.rpartition("/")[2] for name in names}
    assert world_of("guerdon:guerdon/Grid-v0").name == "any"
