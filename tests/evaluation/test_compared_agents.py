"""A comparison in which the agent varies: rows are named by what varies, and every part of the report goes along."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rich.console import Console

from guerdon.evaluation.compare import CompareConfig, compare
from guerdon.evaluation.comparison import Comparison
from guerdon.evaluation.report import headline as headline_module
from guerdon.evaluation.report import headline_pair, print_table, render_page, save_headline
from guerdon.evaluation.report.canvas import text_width
from guerdon.evaluation.report.style import looks
from guerdon.evaluation.report.words import fixed, lead, unit, verdict
from guerdon.evaluation.results import Row

from .synthetic import make_runs

BUSY, PLAN, SUCCESS = "household/busy-v1", "household/plan-distance-v1", "household/success-v1"
RECIPES = ("recipe/rloo", "recipe/pure(scorer='paid')", "recipe/clip-delta")
CALC = "guerdon:guerdon/Calc-v0"


@pytest.fixture(scope="module")
def recipes(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    root = tmp_path_factory.mktemp("recipes")
    return Comparison.from_runs(make_runs(root, num_tasks=24, rewards=(PLAN,), agents=RECIPES), root=root)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    root = tmp_path_factory.mktemp("both")
    folders = make_runs(root, num_tasks=12, rewards=(BUSY, PLAN), agents=("ppo", "recipe/rloo"))
    return Comparison.from_runs(folders, root=root)


def test_rows_are_named_by_what_varies(comparison: Comparison, recipes: Comparison, both: Comparison) -> None:
    assert all(row.id == row.reward for row in comparison.rows)
    assert {row.id for row in recipes.rows} == set(RECIPES)
    assert {row.reward for row in recipes.rows} == {PLAN}
    assert {row.id for row in both.rows} == {f"{a} · {r}" for a in ("ppo", "recipe/rloo") for r in (BUSY, PLAN)}
    assert [unit(one) for one in (comparison, recipes, both)] == ["reward", "recipe", "agent and reward"]
    assert [fixed(one) for one in (comparison, recipes, both)] == [["ppo"], [PLAN], []]
    assert {look.label for look in looks(recipes).values()} == {"rloo", "pure(scorer='paid')", "clip-delta"}
    assert {look.label for look in looks(both).values()} >= {"ppo · busy", "rloo · plan-distance"}


def test_scripted_policies_stand_once_and_every_row_has_a_gap(recipes: Comparison) -> None:
    assert sorted(one.name for one in recipes.baselines) == ["expert", "exploit", "lazy", "random"]
    assert all(set(one.sets["unseen"].paid) == {PLAN} for one in recipes.baselines)
    assert all(row.sets["unseen"].gap is not None for row in recipes.rows)
    assert len([pair for pair in recipes.improvements if pair.set == "unseen"]) == 3


def test_what_a_row_comes_to_does_not_depend_on_the_rows_beside_it(tmp_path: Path, recipes: Comparison) -> None:
    folders = make_runs(tmp_path, num_tasks=24, rewards=(PLAN,), agents=RECIPES)
    alone = [folder for folder in folders if "clip-delta" in folder.as_posix() or "scripted" in folder.as_posix()]
    (row,) = Comparison.from_runs(alone, root=tmp_path).rows
    assert row.id == PLAN
    assert replace(row, id="recipe/clip-delta") == next(one for one in recipes.rows if one.agent == "recipe/clip-delta")


def test_it_is_read_as_it_was_written(recipes: Comparison, both: Comparison) -> None:
    for one in (recipes, both):
        assert Comparison.from_json(json.loads(json.dumps(one.to_json()))) == one


def test_comparisons_of_one_agent_as_they_were_written_before_are_still_read(comparison: Comparison) -> None:
    data = comparison.to_json()
    rows = [{key: value for key, value in row.items() if key not in ("reward", "agent")} for row in data.pop("rows")]
    assert Comparison.from_json(data | {"schema": 1, "agent": "ppo", "rewards": rows}) == comparison


def test_seeds_that_one_agent_lacks_are_told_by_its_name(tmp_path: Path) -> None:
    folders = make_runs(tmp_path, seeds=2, num_tasks=6, rewards=(PLAN,), agents=RECIPES[:2])
    lacking = [folder for folder in folders if not ("rloo" in folder.as_posix() and "/s1-" in folder.as_posix())]
    assert "recipe/rloo has 1 of 2 seeds (missing: 1)." in Comparison.from_runs(lacking, root=tmp_path).notes
    for folder in folders:
        if "rloo" in folder.as_posix():
            info = json.loads((folder / "run.json").read_text())
            (folder / "run.json").write_text(json.dumps(info | {"status": "running"}))
    comparison = Comparison.from_runs(folders, root=tmp_path)
    assert "recipe/rloo has 0 of 2 seeds and is left out." in comparison.notes
    assert [row.id for row in comparison.rows] == [RECIPES[1]], "named as if the other had been finished"


def test_the_report_speaks_of_recipes(recipes: Comparison, both: Comparison) -> None:
    assert verdict(recipes).startswith("rloo solves ")
    assert lead(recipes).startswith("3 recipes were trained under plan-distance for 24,000 steps each, with 3 seeds")
    assert lead(both).startswith("2 agents were trained under 2 rewards for 24,000")
    assert verdict(recipes).endswith("pure(scorer='paid') and clip-delta hack their rewards.")
    one = replace(recipes, rows=tuple(row for row in recipes.rows if row.agent != "recipe/clip-delta"))
    assert "; pure(scorer='paid') hacks its reward: it earns " in verdict(one)
    page = re.sub(r"<[^>]+>", " ", render_page(recipes))
    assert "Recipe" in page
    assert "what each agent is paid by the reward" in page
    assert page.count(recipes.rows[0].hash[:16]) == 1
    for one in (recipes, both):
        out = io.StringIO()
        print_table(one, Console(file=out, width=100))
        assert re.search(rf"^ ?{unit(one).split()[0]}", out.getvalue(), re.MULTILINE)
        assert max(len(line) for line in out.getvalue().splitlines()) <= 100


def perfect(row: Row, speed: float, length: float = 20.0) -> Row:
    """Return the row as if all of its tasks had been solved, learned at some speed."""
    sets = {}
    for name, part in row.sets.items():
        curve, gap = part.curves["success"], part.gap
        assert part.length is not None
        assert gap is not None
        mean = tuple(np.clip(speed * np.array(curve.steps) / curve.steps[-1], 0, 1).tolist())
        sets[name] = replace(
            part,
            success=replace(part.success, mean=replace(part.success.mean, value=1.0, high=1.0)),
            length=replace(part.length, value=length),
            gap=replace(gap, flagged=False),
            curves={**part.curves, "success": replace(curve, mean=mean)},
        )
    return replace(row, sets=sets)


def title_of(comparison: Comparison, path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, float]:
    """Draw the headline; return its title and how wide it is drawn, in inches."""
    from guerdon.evaluation.report import canvas

    drawn = []
    monkeypatch.setattr(canvas, "save_png", lambda figure, path: drawn.append(figure) or path)
    save_headline(comparison, path)
    text = max(drawn[0].texts, key=lambda text: text.get_position()[1])
    return text.get_text(), text_width(text.get_text(), text.get_fontsize())


def test_where_all_solve_all_the_headline_names_the_fastest(
    comparison: Comparison, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = tuple(perfect(row, 1.0 + (row.id == SUCCESS) - 0.5 * (row.id == BUSY)) for row in comparison.rows)
    same = replace(comparison, rows=rows)
    assert [row.id for row in headline_pair(same)] == [SUCCESS, BUSY]
    title, width = title_of(same, tmp_path / "x.png", monkeypatch)
    assert title == "All 5 rewards solve every task; success learns fastest"
    assert width <= headline_module.WIDTH - 0.24
    first, second = looks(same)[SUCCESS], looks(same)[BUSY]
    assert first.colour != second.colour
    equal = replace(same, rows=tuple(perfect(row, 1.0, 10.0 + (row.id != PLAN)) for row in rows[1:3]))
    assert headline_pair(equal)[0].id == PLAN
    title, _ = title_of(equal, tmp_path / "x.png", monkeypatch)
    assert title == "Both rewards solve every task; plan-distance takes the fewest steps"


def test_titles_say_what_was_the_same_and_fit(
    comparison: Comparison, recipes: Comparison, both: Comparison, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for one, start in (
        (comparison, "Same agent, two rewards: one solves "),
        (recipes, "Same reward, two recipes: one solves "),
        (both, "Same agent, two rewards: one solves "),
    ):
        title, width = title_of(one, tmp_path / "x.png", monkeypatch)
        assert title.startswith(start)
        assert width <= headline_module.WIDTH - 0.24


def test_no_two_of_seven_honest_rows_have_one_colour(comparison: Comparison) -> None:
    rows = tuple(replace(perfect(comparison.rows[0], 1.0), id=f"a/x{i}-v1") for i in range(7))
    assert len({look.colour for look in looks(replace(comparison, rows=rows)).values()}) == 7


def test_several_agents_are_compared_under_the_plain_reward() -> None:
    config = CompareConfig(env=CALC, recipes=("pure", "rloo"), seeds=2)
    cells = config.cells()
    trained = [cell for cell in cells if not cell.scripted]
    assert [(cell.agent, cell.seed) for cell in trained] == [
        ("recipe/pure", 0), ("recipe/rloo", 0), ("recipe/pure", 1), ("recipe/rloo", 1)
    ]  # fmt: skip
    assert {cell.reward for cell in cells} == {"reasoning/outcome-v1"}
    scripted = [cell.scripted for cell in cells if cell.scripted]
    assert len(scripted) == len(set(scripted)) >= 3
    assert all(cell.agent_args == {"gamma": 1.0} for cell in cells if cell.scripted)
    one = CompareConfig(env=CALC, recipes=("pure",))
    assert {cell.reward for cell in one.cells()} == set(CompareConfig(env=CALC).resolved().rewards or ())
    mixed = CompareConfig(env=CALC, agent="ppo", recipes=("rloo",), rewards=("reasoning/outcome-v1",)).resolved()
    assert mixed.agent == ("ppo", "recipe/rloo")
    named = CompareConfig(env=CALC, agent="recipe/rloo", rewards=("reasoning/outcome-v1",))
    assert named.cell("reasoning/outcome-v1", 0).hash == next(
        cell.hash for cell in cells if cell.agent == "recipe/rloo" and cell.seed == 0
    )


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"recipes": ("pure", "rlo")}, "unknown recipe 'rlo'. Did you mean 'rloo'"),
        ({"recipes": ("rloo",), "agent_args": {"temperature": 1.0}}, "unknown setting 'temperature' in recipe 'rloo'"),
        ({"recipes": ("rloo", "pure(temperatur=1.0)")}, "Did you mean 'temperature'"),
        ({"recipes": ("rloo", "pure(1.0)")}, "cannot read the constants of the recipe"),
        ({"recipes": ("rloo", "gae"), "rewards": ("reasoning/plan-potential-v1",)}, "depends on the discount"),
    ],
)
def test_mistakes_in_recipes_are_found_before_anything_is_trained(
    changes: dict[str, Any], message: str, tmp_path: Path
) -> None:
    config = CompareConfig(env=CALC, seeds=1, out=tmp_path / "runs", **changes)
    with pytest.raises(ValueError, match=re.escape(message)):
        compare(config, quiet=True)
    assert not (tmp_path / "runs").exists()


def test_constants_in_the_name_go_before_those_for_all() -> None:
    from guerdon.agents.recipe import make_recipe

    config = CompareConfig(env=CALC, recipes=("pure(temperature=0.5)", "pure"), agent_args={"policy": {"width": 32}})
    cells = [cell for cell in config.cells() if cell.recipe and cell.seed == 0]
    made = [make_recipe(str(cell.recipe), {**cell.agent_args, "temperature": 0.2}) for cell in cells]
    assert [one.temperature for one in made] == [0.5, 0.2]  # type: ignore[attr-defined]
    assert all(one.policy == {"width": 32} for one in made)
    assert len({cell.folder("runs") for cell in cells}) == 2
