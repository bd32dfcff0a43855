"""Who may import whom: one name for every module, and imports that run downward only."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from .tree import FOLDERS, LAYERS, ROOT, all_files, package_modules, parse


def imports(path: Path, module: str = "") -> Iterator[tuple[int, str, bool]]:
    """Yield (line, absolute dotted name, is relative) of every import, at whatever depth it stands.

    `module` is the dotted name of the file; without it relative imports are left out. `from guerdon import core`
    is reported as "guerdon.core".
    """
    package = module.split(".") if path.name == "__init__.py" else module.split(".")[:-1]
    for node in ast.walk(parse(path)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name, False
        elif isinstance(node, ast.ImportFrom) and (module or not node.level):
            base = package[: len(package) - node.level + 1] if node.level else []
            target = ".".join([*base, *([node.module] if node.module else [])])
            for alias in node.names:
                yield node.lineno, f"{target}.{alias.name}", bool(node.level)


def layer(name: str) -> str:
    """Return the layer that a dotted name below `guerdon` belongs to."""
    second = [*name.split("."), "__init__"][1]
    return second if second in LAYERS else "__init__"


# Ruff's banned-api rule (TID251) cannot do this: it resolves `from ..core import x` to the bare name `core` too.
def test_no_module_goes_by_its_bare_name() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line} imports {name}, which installs as guerdon.{name}"
        for path in all_files()
        if path.suffix == ".py"
        for line, name, _ in imports(path)
        if name.partition(".")[0] in FOLDERS
    ]
    assert found == []


def test_imports_run_downward() -> None:
    found = []
    for path, module in package_modules():
        own = LAYERS.index(layer(module))
        for line, name, _ in imports(path, module):
            if name.partition(".")[0] == "guerdon" and LAYERS.index(layer(name)) > own:
                found.append(f"{path.relative_to(ROOT)}:{line} in {LAYERS[own]} imports {name} from above")
    assert found == []


def test_the_package_imports_itself_relatively() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line} imports {name} by its absolute name"
        for path, module in package_modules()
        if layer(module) != "scripts"  # which also run by path
        for line, name, is_relative in imports(path, module)
        if name.partition(".")[0] == "guerdon" and not is_relative
    ]
    assert found == []
