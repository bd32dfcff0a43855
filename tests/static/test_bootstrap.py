"""The bootstrap script: runs on any Python far enough to say what is wrong, and copies only what a build needs."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from guerdon.scripts import bootstrap

from .tree import ROOT

SCRIPT = ROOT / "scripts" / "bootstrap.py"


def test_an_old_python_can_read_it_and_is_told() -> None:
    tree = ast.parse(SCRIPT.read_text("utf-8"), feature_version=(3, 6))
    kinds = [type(node) for node in tree.body]
    first_definition = min(kinds.index(kind) for kind in (ast.FunctionDef, ast.ClassDef))
    assert kinds.index(ast.If) < first_definition
    assert not any(isinstance(n, ast.ImportFrom) and n.module == "__future__" for n in tree.body)


def test_it_needs_only_the_standard_library() -> None:
    names = set()
    for node in ast.walk(ast.parse(SCRIPT.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or "").partition(".")[0])
    assert names <= sys.stdlib_module_names


def test_without_a_command_the_usage_is_printed() -> None:
    run = subprocess.run([sys.executable, str(SCRIPT)], capture_output=True, text=True)
    assert run.returncode == 2
    assert "bootstrap.py compare" in run.stdout


def test_staging_leaves_old_builds_behind(tmp_path: Path) -> None:
    root, target = tmp_path / "root", tmp_path / "target"
    for name in ("build/lib/guerdon/old.py", "core/a.py", "core/__pycache__/a.pyc", "src/guerdon.egg-info/SOURCES.txt"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("")
    (root / "setup.py").write_text('FOLDERS = ["core"]\n')
    target.mkdir()
    bootstrap.stage(root, target)
    assert sorted(p.relative_to(target).as_posix() for p in target.rglob("*") if p.is_file()) == [
        "core/a.py",
        "setup.py",
    ]


@pytest.fixture
def venv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / ".venv"
    monkeypatch.setattr(bootstrap, "VENV", folder)
    monkeypatch.setattr(bootstrap, "STAMP", folder / bootstrap.STAMP.name)
    monkeypatch.setattr(bootstrap, "PYTHON", folder / "bin" / "python")
    return folder


def test_a_venv_of_someone_else_is_left_alone(venv: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (venv / "bin").mkdir(parents=True)
    assert bootstrap.main(["compare"]) == 1
    assert "was not made by this script" in capsys.readouterr().err
    assert list(venv.iterdir()) == [venv / "bin"]


def test_a_python_without_venv_is_told_which_package_has_it(
    venv: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bootstrap.importlib.util, "find_spec", lambda name: None)
    assert bootstrap.main(["test"]) == 1
    error = capsys.readouterr().err
    assert f"apt install python3.{sys.version_info[1]}-venv" in error
    assert error.count("\n") == 1
    assert not venv.exists()


def test_one_failed_check_fails_the_run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(bootstrap, "PYTHON", Path(sys.executable))
    ok, bad = ["-c", ""], ["-c", "raise SystemExit(3)"]
    assert bootstrap.run_checks({"first": bad, "second": ok}) == 1
    last = capsys.readouterr().out.splitlines()[-1]
    assert "first FAILED (3)" in last
    assert "second ok" in last
    assert bootstrap.run_checks({"second": ok}) == 0
