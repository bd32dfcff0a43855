"""The generated documentation is fresh, whole and leads somewhere."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from guerdon.core.names import UnknownNameError
from guerdon.envs.registration import env_ids
from guerdon.evaluation.comparison import Comparison
from guerdon.reward_models import REWARDS
from guerdon.scripts import gen_docs
from guerdon.scripts.cli import verbs
from guerdon.scripts.doc_blocks import anchor, table
from guerdon.scripts.doc_pages import pages, result_name, world_name

from ..evaluation.synthetic import make_runs
from .tree import ROOT, all_files

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)|(?:src|href|srcset)=\"([^\"]+)\"")
CODE = re.compile(r"^```.*?^```$|`[^`\n]*`", re.MULTILINE | re.DOTALL)
PAGES = [path for path in all_files() if path.suffix == ".md"]


def test_generated_files_are_fresh() -> None:
    assert gen_docs.main(["--check"], ROOT) == 0, "run: python scripts/gen_docs.py"


def test_the_check_names_what_is_stale(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "setup.py").write_text("FOLDERS = []\n")
    assert gen_docs.main(["--check"], tmp_path) == 1
    assert "stale: docs/rewards.md" in capsys.readouterr().out
    assert [path.name for path in tmp_path.iterdir()] == ["setup.py"]
    assert gen_docs.main([], tmp_path) == 0
    (tmp_path / "docs" / "cli.md").unlink()
    readme = tmp_path / "README.md"
    readme.write_text("Prose.\n" + readme.read_text("utf-8").replace("busy", "lazy") + "More prose.\n")
    capsys.readouterr()
    assert gen_docs.main(["--check"], tmp_path) == 1
    assert re.findall("stale: (.*)", capsys.readouterr().out) == ["docs/cli.md", "README.md"]
    assert gen_docs.main([], tmp_path) == 0
    assert gen_docs.main(["--check"], tmp_path) == 0
    assert readme.read_text("utf-8").startswith("Prose.\n# guerdon\n")
    assert readme.read_text("utf-8").endswith("<!-- /gen -->\nMore prose.\n")


def test_an_install_of_another_tree_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "setup.py").write_text('FOLDERS = ["core"]\n')
    (tmp_path / "core").mkdir()
    (tmp_path / "core" / "names.py").write_text("")
    assert gen_docs.main([], tmp_path) == 2
    assert "core/names.py differs" in capsys.readouterr().err


@pytest.mark.parametrize("path", PAGES, ids=[path.relative_to(ROOT).as_posix() for path in PAGES])
def test_links_lead_somewhere(path: Path) -> None:
    text = path.read_text("utf-8")
    lost = []
    for match in LINK.finditer(CODE.sub("code", text)):
        target, _, name = (match[1] or match[2]).partition("#")
        if re.match(r"[a-z]+:", target):
            continue
        found = (path.parent / target).resolve() if target else path
        if not found.exists() or not found.is_relative_to(ROOT):
            lost.append(f"{match[0]}: no such file")
        elif name and name not in anchors(found):
            lost.append(f"{match[0]}: no such heading")
    assert lost == []


def anchors(path: Path) -> set[str]:
    headings = re.findall(r"^#+ (.*)$", re.sub(r"^```.*?^```$", "", path.read_text("utf-8"), flags=re.M | re.S), re.M)
    return {anchor(heading) for heading in headings}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<!-- gen:a -->\n", "'a' is not closed"),
        ("x\n<!-- /gen -->\n", "README.md:2: <!-- /gen --> opens nothing"),
        ("<!-- gen:a -->\n<!-- gen:b -->\n<!-- /gen -->\n", "README.md:2: <!-- gen:b --> before the last"),
    ],
)
def test_markers_without_a_counterpart_are_errors(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        gen_docs.fill(text, {"a": "A", "b": "B"})


def test_filling_touches_nothing_outside_and_is_done_once() -> None:
    text = "one\n<!-- gen:a -->\nold\n<!-- /gen -->\ntwo <!-- gen:a --> in a line\n<!-- gen:b -->\n<!-- /gen -->"
    filled = gen_docs.fill(text, {"a": "A", "b": ""})
    assert filled == (
        "one\n<!-- gen:a -->\n\nA\n\n<!-- /gen -->\ntwo <!-- gen:a --> in a line\n<!-- gen:b -->\n<!-- /gen -->"
    )
    assert gen_docs.fill(filled, {"a": "A", "b": ""}) == filled
    with pytest.raises(UnknownNameError, match="Did you mean 'rewards'"):
        gen_docs.fill("<!-- gen:reward -->\n<!-- /gen -->", {"rewards": ""})


def test_tables_survive_what_is_in_their_cells() -> None:
    assert table(["a", "b"], [["x | y", "line\nbreak"]]).splitlines()[-1] == r"| x \| y | line break |"
    assert anchor("household/busy-v1") == "householdbusy-v1"


def test_every_reward_says_how_it_is_gamed() -> None:
    sections = dict(re.findall(r"^## (\S+)$(.*?)(?=^## |\Z)", pages()["docs/rewards.md"], re.M | re.S))
    assert set(sections) == set(REWARDS)
    for name, text in sections.items():
        for label in ("Wants", "Gamed by", "Source", "Version history"):
            assert f"\n\n**{label}:** " in text, name
        assert REWARDS[name]().hash in text


@pytest.mark.parametrize("verb", verbs())
def test_the_page_names_the_options_that_the_command_has(verb: str) -> None:
    code = f"from guerdon.scripts.cli import main; main([{verb!r}, '--help'])"
    wide = {**os.environ, "COLUMNS": "200", "PYTHONIOENCODING": "utf-8"}
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", env=wide)
    section = pages()["docs/cli.md"].partition(f"\n## guerdon {verb}\n")[2].partition("\n## ")[0]
    options = set(re.findall(r"^\| `(--[\w-]+)`", section, re.M))
    assert options == set(re.findall(r"^[^\w-]+(?:-\w, )?(--[\w-]+)", run.stdout, re.M)) - {"--help"}


@pytest.mark.parametrize("env_id", env_ids())
def test_results_and_speed_come_from_the_recorded_files_of_each_env(env_id: str, tmp_path: Path) -> None:
    name, world = result_name(env_id), world_name(env_id)
    names = [f"results:{name}", f"results-all:{name}", f"speed:{world}"]
    assert [gen_docs.regions(tmp_path)[region] for region in names] == ["", "", ""]
    comparison = Comparison.from_runs(make_runs(tmp_path / "runs", num_tasks=12), root=tmp_path)
    folder = tmp_path / gen_docs.RESULTS
    comparison.save(folder / f"{name}.json")
    figure = {"name": "gym.make, warm", "median": 81234.5, "unit": "steps/CPU-s", "target": ">= 80,000"}
    other = {"name": "something else", "median": 1.0, "unit": "µs", "target": None}
    recorded = {"name": "ALFWorld", "value": 22, "unit": "steps/CPU-s"}
    data = {"figures": [figure, other], "recorded": recorded, "cpu": "abacus", "python": "3.11.1"}
    (folder / f"bench_{world}.json").write_text(json.dumps(data))
    made = gen_docs.regions(tmp_path)
    assert [region for region, text in made.items() if ":" in region and text] == [names[0], names[2]]
    results, everything, speed = (made[region] for region in names)
    for row in comparison.rows:
        assert f"| `{row.id}` |" in results
    assert "**hacked**" in results
    assert "scripted: expert" in results
    assert f"(docs/results/{name}.json)" in results
    assert everything == ""
    assert "| gym.make, warm | 81,234 steps/CPU-s | >= 80,000 |" in speed
    assert "something else" not in speed
    assert "abacus" in speed
    assert f"(docs/results/bench_{world}.json)" in speed
    comparison.save(folder / f"{name}_all.json")
    assert f"(docs/results/{name}_all.json)" in gen_docs.regions(tmp_path)[names[1]]


def test_the_code_in_the_readme_runs(capsys: pytest.CaptureFixture[str]) -> None:
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    assert blocks
    for block in blocks:
        exec(compile(block, "README.md", "exec"), {})
    assert "shaping" in capsys.readouterr().out
