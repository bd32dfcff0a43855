"""The rules of CONTRIBUTING.md that a linter does not know."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

import guerdon

from .tree import ROOT, all_files, package_modules, parse

MOST_LINES = 400
# A path that begins at the root of a disk, and so holds on one machine only.
MACHINE_PATH = re.compile(r"(?<![\w.~-])/(?:root|work|tmp|opt|mnt|home/\w+|Users/\w+)/|\b[A-Z]:\\Users")
UNFINISHED = re.compile(r"\b(?:TO[D]O|FIX[M]E)\b")
Documented = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def public_definitions(body: list[ast.stmt], prefix: str = "") -> Iterator[tuple[str, Documented]]:
    """Yield (qualified name, node) of public functions, classes and their public methods."""
    for node in body:
        if isinstance(node, Documented) and not node.name.startswith("_"):
            yield prefix + node.name, node
            if isinstance(node, ast.ClassDef):
                yield from public_definitions(node.body, f"{prefix}{node.name}.")


def text_files() -> Iterator[tuple[str, str]]:
    """Yield (path in the tree, content) of every text file."""
    for path in all_files():
        try:
            yield path.relative_to(ROOT).as_posix(), path.read_text("utf-8")
        except UnicodeDecodeError:
            continue


def test_no_module_is_long() -> None:
    counts = {name: len(text.splitlines()) for name, text in text_files() if name.endswith(".py")}
    assert {name: count for name, count in counts.items() if count > MOST_LINES} == {}


def test_every_module_says_what_it_is() -> None:
    assert [module for path, module in package_modules() if not ast.get_docstring(parse(path))] == []


def test_every_public_module_lists_its_names() -> None:
    missing = []
    for path, module in package_modules():
        if path.stem.startswith("_") or module.startswith("guerdon.scripts."):
            continue
        targets = [t for node in parse(path).body if isinstance(node, ast.Assign) for t in node.targets]
        if not any(isinstance(target, ast.Name) and target.id == "__all__" for target in targets):
            missing.append(module)
    assert missing == []


def test_docstrings_begin_with_a_sentence() -> None:
    found = []
    for path, module in package_modules():
        for name, node in public_definitions(parse(path).body):
            first = (ast.get_docstring(node) or ".").splitlines()[0]
            if not first.endswith("."):
                found.append(f"{module}.{name}: {first!r}")
    assert found == []


@pytest.mark.parametrize("pattern", [MACHINE_PATH, UNFINISHED], ids=["machine path", "unfinished"])
def test_no_file_holds(pattern: re.Pattern[str]) -> None:
    found = [
        f"{name}:{number} {match.group()}"
        for name, text in text_files()
        for number, line in enumerate(text.splitlines(), 1)
        if (match := pattern.search(line))
    ]
    assert found == []


def test_one_version_everywhere() -> None:
    changelog = re.findall(r"^## \[(\d[^\]]*)\]", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    citation = re.findall(r"^version: (\S+)$", (ROOT / "CITATION.cff").read_text("utf-8"), re.MULTILINE)
    assert changelog[0] == guerdon.__version__
    assert citation == [guerdon.__version__]


def test_the_hooks_run_the_pinned_linter() -> None:
    pins = dict(re.findall(r"^(\w+)==(\S+)$", (ROOT / "constraints.txt").read_text("utf-8"), re.MULTILINE))
    hooks = (ROOT / ".pre-commit-config.yaml").read_text("utf-8")
    assert set(re.findall(r"ruff==([\w.]+)", hooks)) == {pins["ruff"]}


def test_ci_runs_what_the_readme_says() -> None:
    command = "python3 scripts/bootstrap.py test"
    assert (ROOT / ".ci" / "run").read_text("utf-8").splitlines()[-1] == command
    assert command in [line.strip() for line in (ROOT / "README.md").read_text("utf-8").splitlines()]
