"""What installs: the wheel holds the tree and nothing else, and `import guerdon` stays light."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import guerdon
from guerdon.scripts.bootstrap import stage

from .tree import FOLDERS, LAYERS, ROOT, package_files

HEAVY = ("torch", "stable_baselines3", "sb3_contrib", "matplotlib", "mujoco", "jinja2", "PIL", "imageio", "rich")
BUILD = "import sys; from setuptools import build_meta; build_meta.build_wheel(sys.argv[1])"
LOADED = """
import json, sys
import gymnasium
before = sorted(sys.modules)
import guerdon
print(json.dumps([before, sorted(sys.modules)]))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tree, out = tmp_path_factory.mktemp("tree"), tmp_path_factory.mktemp("wheel")
    stage(ROOT, tree)
    built = subprocess.run([sys.executable, "-c", BUILD, str(out)], cwd=tree, capture_output=True, text=True)
    assert built.returncode == 0, built.stdout + built.stderr
    (path,) = out.glob("*.whl")
    return path


def test_the_wheel_holds_the_tree_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    expected = {name for _, name in package_files()}
    assert sorted(expected - names) == [], "in the tree, not in the wheel: is an __init__.py or a data suffix missing?"
    assert sorted(names - expected) == [], "in the wheel, not in the tree"


def test_the_wheel_has_data_and_one_top_level_name(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    version = guerdon.__version__
    assert wheel.name == f"guerdon-{version}-py3-none-any.whl"
    assert {name.partition("/")[0] for name in names} == {"guerdon", f"guerdon-{version}.dist-info"}
    assert "guerdon/py.typed" in names
    assert {Path(name).suffix for name in names} >= {".json", ".jinja", ".py"}
    assert f"guerdon-{version}.dist-info/licenses/LICENSE" in names


def test_import_guerdon_loads_nothing_heavy(tmp_path: Path) -> None:
    command = [sys.executable, "-c", LOADED]
    before, after = json.loads(subprocess.run(command, cwd=tmp_path, capture_output=True, check=True).stdout)
    known = {name.partition(".")[0] for name in before} | sys.stdlib_module_names
    assert {name.partition(".")[0] for name in after} - known == {"guerdon"}
    assert [name for name in HEAVY if name in after and name not in before] == []
    above = LAYERS[LAYERS.index("__init__") + 1 :]
    assert [name for name in after if name.startswith(tuple(f"guerdon.{layer}" for layer in above))] == []


def test_layers_name_every_folder() -> None:
    assert sorted(FOLDERS) == sorted(set(LAYERS) - {"_version", "__init__"})


def test_scripts_hide_no_module_of_the_standard_library() -> None:
    # A script that is run by path has its own folder first on sys.path.
    names = {path.stem for path in (ROOT / "scripts").glob("*.py")}
    assert names & (sys.stdlib_module_names | {"numpy", "torch", "gymnasium", "rich", "tyro", "guerdon"}) == set()
