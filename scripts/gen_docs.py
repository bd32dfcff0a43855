"""Makes the generated pages of docs/ and the generated regions of README.md, or checks that they are fresh.

    python scripts/gen_docs.py [--check]

A region of README.md stands between `<!-- gen:NAME -->` and `<!-- /gen -->`, each on a line of its own; NAME is envs,
rewards, agents or recipes, or for any world results:WORLD, results-all:WORLD, learning:WORLD or speed:WORLD, which show
WORLD.json, WORLD_all.json, WORLD_learning.json and bench_WORLD.json of docs/results/. Nothing outside the regions is
touched. `--check` writes nothing, names what is not fresh and exits with 1. The pages are made from the *installed*
package, which must be this tree.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import guerdon
from guerdon.core.files import write_atomic
from guerdon.core.names import check_name
from guerdon.envs.registration import env_ids
from guerdon.scripts.bootstrap import package_folders
from guerdon.scripts.doc_blocks import anchor, table
from guerdon.scripts.doc_pages import NOTE, pages, result_name, world_name
from guerdon.scripts.learning_table import learning_table
from guerdon.scripts.list import listing
from guerdon.scripts.study_page import study_page

__all__ = ["expected", "fill", "main", "regions", "stale"]

ROOT = Path(__file__).resolve().parents[1]
MARKERS = re.compile(r"^<!-- (?:gen:(?P<name>[^\s>]*)|/gen) -->$", re.MULTILINE)
RESULTS = "docs/results"
ACROSS = ("training", "process_worlds", "audit", "sandbox")
"""What is measured of several worlds at once."""
SHOWN = ("gym.make, cold", "vector env of 64, warm", "Meta-World, pick-place-v3")
"""Figures without a target that are shown among those of the benchmarks that have one."""
ENDS = (", pairs told apart", ", hacks caught")
"""What the names of more of them end with."""


def regions(root: Path) -> dict[str, str]:
    """Return the content of each region of README.md; "" where there is no result to show."""
    made, folder = {what: _things(what) for what in ("envs", "rewards", "agents", "recipes")}, root / RESULTS
    for name in sorted({result_name(env_id) for env_id in env_ids()}):
        made[f"results:{name}"] = _results(folder / f"{name}.json")
        made[f"results-all:{name}"] = _results(folder / f"{name}_all.json")
    for what in (*sorted({world_name(env_id) for env_id in env_ids()}), *ACROSS):
        made[f"speed:{what}"] = _speed(folder / f"bench_{what}.json")
        made[f"learning:{what}"] = learning_table(folder / f"{what}_learning.json")
    return made


def fill(text: str, contents: Mapping[str, str], where: str = "README.md") -> str:
    """Return the text with new contents in its regions.

    Raises:
        ValueError: a marker has no counterpart, or a region is not known; the message names file and line.
    """
    parts, at, name = [], 0, ""
    for marker in MARKERS.finditer(text):
        line = f"{where}:{text.count(chr(10), 0, marker.start()) + 1}"
        opens = marker["name"] is not None
        if opens == bool(name):
            raise ValueError(
                f"{line}: {marker[0]} " + ("before the last region was closed" if opens else "opens nothing")
            )
        if opens:
            name = check_name("region", marker["name"], contents, line)
            parts.append(text[at : marker.end()])
        else:
            parts.append("\n" + (f"\n{contents[name]}\n\n" if contents[name] else ""))
            name = ""
        at = marker.end() if opens else marker.start()
    if name:
        raise ValueError(f"{where}: the region {name!r} is not closed by <!-- /gen -->")
    return "".join(parts) + text[at:]


def expected(root: Path) -> dict[str, str]:
    """Return what every generated file should hold, by its path from the root."""
    readme, contents = root / "README.md", regions(root)
    empty = "".join(f"\n<!-- gen:{name} -->\n<!-- /gen -->\n" for name in contents)
    text = readme.read_text("utf-8") if readme.exists() else f"# guerdon\n{empty}"
    measured = learning_table(root / RESULTS / "recipes_learning.json", "results")
    made = {**pages(), "README.md": fill(text, contents)}
    made["docs/recipes_measured.md"] = f"{NOTE}\n\n# Recipes, measured\n\n{measured}\n"
    made["docs/studies.md"] = f"{NOTE}\n\n" + "\n\n".join(study_page(root / RESULTS / "studies")) + "\n"
    return made


def stale(root: Path) -> dict[str, str]:
    """Return what the generated files that are missing or not fresh should hold, by their paths from the root."""
    return {
        path: text
        for path, text in expected(root).items()
        if not (root / path).exists() or (root / path).read_text("utf-8") != text
    }


def _things(what: str) -> str:
    rows = []
    for name, about in listing(what).items():
        heading = name.removeprefix("guerdon:").removeprefix("scripted/")
        rows.append([f"[`{name}`](docs/{what}.md#{anchor(heading)})", about])
    return table(["id", "what"], rows)


def _results(path: Path) -> str:
    if not path.exists():
        return ""
    from guerdon.evaluation.comparison import Comparison
    from guerdon.evaluation.report.style import headline_set, ranked
    from guerdon.evaluation.report.words import fixed, interval, number, percent, unit, verdict

    comparison = Comparison.load(path)
    main = headline_set(comparison)
    sets = [main, *(name for name in comparison.sets if name != main)]

    def solved(some: Mapping) -> list[str]:
        means = [some[name].success.mean if name in some else None for name in sets]
        return ["n/a" if mean is None else f"{percent(mean.value)} ({interval(mean)})" for mean in means]

    def score(some: Mapping) -> str:
        found = some[main].objective if main in some else None
        return "n/a" if found is None else f"{getattr(found, 'value', found):.2f}"

    rows = []
    for row in ranked(comparison):
        part, gap = row.sets[main], row.sets[main].gap
        said = "n/a" if gap is None else f"{gap.value:+.2f}" + (", **hacked**" if gap.flagged else "")
        paid = number(None if part.reward is None else part.reward.value)
        rows.append([f"`{row.id}`", *solved(row.sets), score(row.sets), paid, said, row.num_seeds])
    rows += [
        [f"scripted: {one.name}", *solved(one.sets), score(one.sets), "", "", one.num_seeds]
        for one in comparison.baselines
    ]
    header = [unit(comparison), *(f"solved, {name}" for name in sets), f"score, {main}", f"return, {main}"]
    header += ["hacking gap", "seeds"]
    about = (
        f"{', '.join([comparison.env.rpartition(':')[2], *fixed(comparison)])}, {comparison.steps:,} steps a run. "
        "Solved: share of tasks, with 95% interval. Score: mean objective. Hacking gap: normalised return minus "
        "normalised objective."
    )
    return f"{verdict(comparison)}\n\n{table(header, rows)}\n\n{about} Numbers: [{path.name}]({RESULTS}/{path.name})."


def _speed(path: Path) -> str:
    if not path.exists():
        return ""
    data = json.loads(path.read_text("utf-8"))
    recorded = data["recorded"]
    rows = [
        [name, f"{_number(figure['median'])} {figure['unit']}", figure["target"] or ""]
        for name, figure in _shown(data["figures"]).items()
    ]
    if recorded:
        rows.append([f"*{recorded['name']}*", f"*{recorded['value']} {recorded['unit']}*", ""])
    about = f"Medians, CPU time of one thread, {data['cpu']}, Python {data['python']}"
    return f"{table(['', 'measured', 'target'], rows)}\n\n{about}. All figures: [{path.name}]({RESULTS}/{path.name})."


def _shown(figures: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Return the figures that have a target or are named in SHOWN; of those that every task has, the lowest."""
    found: dict[str, Mapping[str, Any]] = {}
    for figure in figures:
        if figure["target"] or figure["name"] in SHOWN or figure["name"].endswith(ENDS):
            of_task = re.fullmatch(r"\w+, (\w+: .+)", figure["name"])
            name = f"lowest of the tasks, {of_task[1]}" if of_task else figure["name"]
            if name not in found or figure["median"] < found[name]["median"]:
                found[name] = figure
    return found


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def _check_installed(root: Path) -> None:
    for folder in package_folders(root):
        for path in sorted((root / folder).rglob("*.py")):
            twin = Path(guerdon.__path__[0]) / path.relative_to(root)
            if not twin.exists() or twin.read_bytes() != path.read_bytes():
                name = path.relative_to(root).as_posix()
                raise ValueError(f"the installed guerdon is not this tree: {name} differs; install it again first")


def main(argv: Sequence[str] | None = None, root: Path = ROOT) -> int:
    """Make the pages, or check them."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 if a file is not fresh")
    args = parser.parse_args(argv)
    try:
        _check_installed(root)
        found = stale(root)
        for name, text in found.items():
            print(f"{'stale' if args.check else 'written'}: {name}")
            if not args.check:
                write_atomic(root / name, text)
    except ValueError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    if args.check and found:
        print("to make them again: python scripts/gen_docs.py")
    return int(args.check and bool(found))


if __name__ == "__main__":
    sys.exit(main())
