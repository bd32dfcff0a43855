from __future__ import annotations

import json
from pathlib import Path

import pytest

from guerdon.evaluation.writing.checking import ALL, BROKEN, Checker, write_checked
from guerdon.evaluation.writing.eureka import eureka
from guerdon.evaluation.writing.icpl import icpl
from guerdon.evaluation.writing.request import Request
from guerdon.evaluation.writing.search import RewardSearch, SearchResult
from guerdon.evaluation.writing.selection import ProxyHuman
from guerdon.evaluation.writing.writers import LanguageWriter, TemplateWriter
from guerdon.evaluation.writing.written import Library
from guerdon.reward_models.language.cache import CachedBackend
from guerdon.reward_models.language.scripted import ScriptedBackend

from .parts import ENV, FakeTrainer, evidence

GOOD = '{"world": "manipulation", "terms": [{"kind": "near", "a": "gap", "scale": 0.1, "weight": 1.0}]}'
WRONG_NAME = GOOD.replace("gap", "gapp")
WRONG_SIGN = GOOD.replace('"weight": 1.0', '"weight": -1.0')
REQUEST = Request(ENV, "go there")


def score(reward: str) -> float:
    return sum(map(ord, reward)) % 101 / 100


def searched(folder: Path, trainer: FakeTrainer, way: str = "icpl", **more) -> SearchResult:  # type: ignore[no-untyped-def]
    checker = Checker(evidence(), Library(folder))
    writer, options = more.pop("writer", TemplateWriter()), {"samples": 4, "iterations": 3, "folder": folder, **more}
    search: RewardSearch
    if way == "icpl":
        search = icpl(writer, checker, trainer, ProxyHuman(), **options)
    else:
        search = eureka(writer, checker, trainer, **options)
    return search.run(REQUEST)


@pytest.mark.parametrize("way", ["icpl", "eureka"])
def test_best_so_far_never_gets_worse_and_ends_at_the_best_of_all(tmp_path: Path, way: str) -> None:
    result = searched(tmp_path, FakeTrainer(score), way, samples=2, iterations=8)
    scores = [one for one in result.best_scores if one is not None]
    assert len(scores) == 8
    assert any(not one.choice.improved for one in result.rounds)
    assert scores == sorted(scores)
    assert result.task_score == scores[-1] == max(map(score, _asked(result)))
    assert result.queries == (15 if way == "icpl" else 0)


def _asked(result: SearchResult) -> list[str]:
    return [each.written.reward for one in result.rounds for each in one.candidates]


def test_a_search_is_the_same_again_and_other_with_another_seed(tmp_path: Path) -> None:
    texts = []
    for name, seed in (("a", 0), ("b", 0), ("c", 1)):
        searched(tmp_path / name, FakeTrainer(score), seed=seed)
        texts.append((tmp_path / name / "search.json").read_text())
    assert texts[0] == texts[1] != texts[2]
    kept = sorted(path.name for path in (tmp_path / "a" / "programs").iterdir())
    assert kept == sorted(path.name for path in (tmp_path / "b" / "programs").iterdir())


@pytest.mark.parametrize("way", ["icpl", "eureka"])
def test_failed_trainings_are_failed_candidates(tmp_path: Path, way: str) -> None:
    result = searched(tmp_path, FakeTrainer(lambda reward: score(reward) if "near" in reward else None), way)
    assert any(each.score is None for one in result.rounds for each in one.candidates)
    assert result.best is not None
    assert result.best.score is not None
    assert "near" in result.best.written.reward


def test_a_search_in_which_everything_fails_ends_without_a_best(tmp_path: Path) -> None:
    result = searched(tmp_path, FakeTrainer(lambda _: None))
    assert (result.best, result.task_score, result.queries) == (None, None, 0)
    assert "it broke" in result.rounds[0].feedback


def test_an_open_loop_tells_the_writer_nothing(tmp_path: Path) -> None:
    asked: list[Request] = []

    class Spy(TemplateWriter):
        def write(self, request, n, seed):  # type: ignore[no-untyped-def]
            asked.append(request)
            return super().write(request, n, seed)

    searched(tmp_path / "open", FakeTrainer(score), writer=Spy(), open_loop=True)
    assert all((one.best, one.worst, one.past, one.feedback) == (None, None, (), "") for one in asked)
    asked.clear()
    searched(tmp_path / "closed", FakeTrainer(score), writer=Spy())
    assert all(one.best and one.worst and one.feedback for one in asked[1:])
    asked.clear()
    searched(tmp_path / "bare", FakeTrainer(score), writer=Spy(), show_worst=False, keep_past=0)
    assert all(one.best and not one.worst and not one.past for one in asked[1:])


def test_findings_are_sent_back_and_the_mended_reward_counts(tmp_path: Path) -> None:
    backend = ScriptedBackend([WRONG_NAME, WRONG_SIGN, f"Sorry.\n```json\n{GOOD}\n```"])
    checker = Checker(evidence(), Library(tmp_path))
    (one,) = write_checked(LanguageWriter(backend), REQUEST, 1, 0, checker, repairs=2)
    assert one.ok
    assert one.provenance["repairs"] == 2
    second, third = (query.messages[-1].content for query in backend.asked[1:])
    assert "gapp" in second
    assert "'gap'" in second
    assert "ranking" in third
    assert "must earn less than demonstrations" in third
    assert backend.asked[1].messages[-2].content == WRONG_NAME
    kept = [json.loads(path.read_text()) for path in (tmp_path / "programs").glob("*.about.json")]
    assert sorted(one["provenance"]["repairs"] for one in kept) == [0, 1, 2]
    assert all(len(one["provenance"]["prompt_sha256"]) == 64 and one["provenance"]["writer"] for one in kept)


def test_repairs_are_limited_and_the_last_version_is_rejected(tmp_path: Path) -> None:
    backend = ScriptedBackend(lambda _: WRONG_SIGN)
    checker = Checker(evidence(), Library(tmp_path), rejects=ALL)
    (one,) = write_checked(LanguageWriter(backend), REQUEST, 1, 0, checker, repairs=1)
    assert not one.ok
    assert set(one.rejected) >= {"ranking"}
    assert len(backend.asked) == 2
    checker.rejects = BROKEN  # without demonstrations a wrong sign is not seen
    assert write_checked(LanguageWriter(backend), REQUEST, 1, 0, checker)[0].ok


def test_code_is_checked_in_the_sandbox_and_its_line_named(tmp_path: Path) -> None:
    wrong = "```python\ndef reward(state, next_state, action):\n    return {'near': -next_state.gab}\n```"
    right = "Here:\n```python\ndef reward(state, next_state, action):\n    return {'near': -next_state.gap}\n```"
    oracle = wrong.replace("-next_state.gab", "next_state.success")
    backend = ScriptedBackend([oracle, wrong, right])
    checker = Checker(evidence(), Library(tmp_path), rejects=BROKEN)
    (one,) = write_checked(LanguageWriter(backend, "code"), REQUEST, 1, 0, checker)
    assert one.ok
    assert one.reward.startswith("programs/code-v1(path=")
    told = [query.messages[-1].content for query in backend.asked[1:]]
    assert "objective" in told[0]
    assert "'gab'" in told[1]
    assert ":2:" in told[1]


def test_answers_are_replayed_without_the_model(tmp_path: Path) -> None:
    folders = tmp_path / "first", tmp_path / "again"
    file = tmp_path / "answers.jsonl"
    other = GOOD.replace("0.1", "0.2")
    backend = ScriptedBackend(lambda query: GOOD if query.seed % 2 else other)
    writers = (
        LanguageWriter(CachedBackend(backend, file)),
        LanguageWriter(CachedBackend(ScriptedBackend([]), file, "replay")),
    )
    for folder, writer in zip(folders, writers, strict=True):
        searched(folder, FakeTrainer(score), writer=writer, samples=2, iterations=2)
    assert folders[0].joinpath("search.json").read_text() == folders[1].joinpath("search.json").read_text()


def test_the_chat_stays_at_four_messages_and_holds_best_worst_and_past(tmp_path: Path) -> None:
    backend = ScriptedBackend(lambda query: GOOD.replace("0.1", f"0.{query.seed % 89 + 10}"))
    result = searched(tmp_path, FakeTrainer(score), writer=LanguageWriter(backend), samples=3, iterations=3)
    assert max(len(query.messages) for query in backend.asked) == 4
    last = backend.asked[-1].messages
    best = result.rounds[1].best
    assert best is not None
    assert last[2].content == best.written.text
    worst = result.rounds[1].choice.worst
    assert worst is not None
    assert result.rounds[1].candidates[worst].written.shown in last[3].content
