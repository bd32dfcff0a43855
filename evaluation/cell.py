"""Running one cell from beginning to end: train, measure on the way, evaluate, commit."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from ..agents.actor import Actor
from ..agents.scripted import ScriptedActor
from ..core.episode_log import EpisodeLog, EpisodeRow, read_episodes
from ..core.random import derive_seed
from ..reward_models import Reward
from .config import CellConfig, check_world
from .evaluate import evaluate, task_list
from .film import film
from .load import save_reward
from .store import RunFolder, is_done

__all__ = ["Progress", "evaluation_tasks", "run_cell"]

Progress = Callable[[int, int, dict[str, float]], None]
"""Called with (steps done, steps to do, latest figures) as a cell goes on."""


def run_cell(config: CellConfig, root: str | Path, progress: Progress | None = None) -> Path:
    """Run a cell unless it is done, going on from its checkpoint if there is one; return its folder.

    The result does not depend on whether the run was killed in between: a checkpoint holds the weights, the
    optimiser, the envs in mid-episode and all random generators.

    Args:
        config: the cell.
        root: folder of the run store.
        progress: told how far it is; see `Progress`.

    Raises:
        ValueError: the cell cannot be run (unknown names, a discount that does not fit, tasks that are both
            trained on and evaluated); before any work is done.
    """
    report = progress or (lambda *_: None)
    folder = config.folder(root)
    if is_done(folder):
        report(config.steps, config.steps, {})
        return folder
    reward = config.made_reward()
    check_world(reward, config.env)
    tasks = evaluation_tasks(config)
    with RunFolder(config, root) as run:
        if is_done(folder):  # by another process, since it was looked at
            return folder
        try:
            _run(config, reward, tasks, run, report)
        except Exception as error:
            run.fail(f"{type(error).__name__}: {error}")
            raise
    return folder


def _run(config: CellConfig, reward: Reward, tasks: dict[str, list[str]], run: RunFolder, report: Progress) -> None:
    began = time.perf_counter()
    if config.scripted:
        run.begin()
        actor: Actor = ScriptedActor(config.scripted, config.seed)
        with EpisodeLog(run.path / "episodes.csv", list(reward.bounds)) as log:
            _evaluate_all(config, reward, actor, tasks, log, 0)
        run.commit(time.perf_counter() - began)
        return
    actor, reward, steps, earlier = _train(config, tasks, run, report, began)
    with EpisodeLog(run.path / "episodes.csv", list(reward.bounds), resume=True) as log:
        last = _evaluate_all(config, reward, actor, tasks, log, steps)
    if config.points:
        run.add_metrics(steps, last)
    if config.video:
        _film_typical(config, reward, actor, run.path)
    run.commit(earlier + time.perf_counter() - began)


def _train(
    config: CellConfig, tasks: dict[str, list[str]], run: RunFolder, report: Progress, began: float
) -> tuple[Actor, Reward, int, float]:
    """Train in stretches between the points of the curve, each followed by a checkpoint."""
    reward = config.made_reward()
    learner = _learner(config, reward)
    unit = learner.steps_per_update
    total = -(-config.steps // unit) * unit
    parts = max(config.points, 1)
    marks = sorted({-(-total * i // parts // unit) * unit for i in range(1, parts + 1)})
    saved = run.checkpoint
    earlier = 0.0
    if saved is None:
        run.begin()
    else:
        learner.resume(saved["learner"])
        earlier = saved["wall_s"]
    log = EpisodeLog(run.path / "episodes.csv", list(reward.bounds), resume=saved is not None)
    recent: list[dict[str, float]] = [] if saved is None else saved["recent"]
    behind = 0 if saved is None else saved["mark"]
    count = 0 if saved is None else saved["episodes"]

    def note(info: dict[str, Any]) -> None:
        nonlocal count
        log.add(_train_row(info, count))
        count += 1
        recent.append(_figures(info))
        del recent[:-200]

    with log:
        if saved is None and config.points:
            run.add_metrics(0, _point(config, _shown(reward, learner), learner.actor(), tasks, 0))
        for mark in marks:
            while learner.steps < mark:
                learner.learn(min(unit * max(1, 4096 // unit), mark - learner.steps), note, total)
                report(learner.steps, total, _means(recent))
            if mark > behind:
                point = {f"train/{name}": value for name, value in _means(recent).items()}
                point |= {f"train/figure/{name}": value for name, value in getattr(learner, "figures", {}).items()}
                if config.points and mark < total:  # the last point is the final evaluation
                    point |= _point(config, _shown(reward, learner), learner.actor(), tasks, mark)
                run.add_metrics(mark, point)
                run.save_checkpoint(
                    learner=learner.checkpoint(),
                    mark=mark,
                    episodes=count,
                    recent=recent,
                    wall_s=earlier + time.perf_counter() - began,
                )
    learner.save(run.path / "checkpoints")
    shown = _shown(reward, learner)
    if reward.learns:
        save_reward(shown, run.path / "checkpoints")
    return learner.actor(), shown, learner.steps, earlier


def _shown(reward: Reward, learner: Any) -> Reward:
    """Return the reward that evaluations show: one that learns as it has become, and as it stays during them."""
    return learner.paying().frozen() if reward.learns else reward


def _learner(config: CellConfig, reward: Reward) -> Any:
    """Return who learns: a recipe of our own or an algorithm of Stable-Baselines3."""
    if config.recipe is not None:
        from ..agents.recipe_learner import RecipeLearner

        return RecipeLearner(config.recipe, config.env, config.env_kwargs, reward, config.seed, config.agent_args)
    from ..agents.sb3 import Sb3Learner

    return Sb3Learner(config.agent, config.env, config.env_kwargs, reward, config.seed, config.agent_args)


def _kwargs(config: CellConfig, name: str) -> dict[str, Any]:
    return {**config.env_kwargs, **config.sets[name]}


def evaluation_tasks(config: CellConfig) -> dict[str, list[str]]:
    """Return the fixed task list of each set, and refuse tasks that are also trained on."""
    trained = set(task_list(config.env, config.env_kwargs))
    found = {}
    for name in config.sets:
        found[name] = task_list(config.env, _kwargs(config, name), config.episodes)
        both = trained.intersection(found[name])
        if both and config.sets[name] and not config.scripted:
            raise ValueError(f"the evaluation set {name!r} holds {len(both)} tasks that are trained on: {min(both)!r}")
    return found


def _evaluate_all(
    config: CellConfig, reward: Reward, actor: Actor, tasks: dict[str, list[str]], log: EpisodeLog, step: int
) -> dict[str, float]:
    """Play all tasks of all sets, log the episodes, and return the last point of the learning curve from them."""
    figures: dict[str, float] = {}
    for name, names in tasks.items():
        seed = derive_seed(config.seed, "evaluation", name)
        rows = evaluate(actor, config.env, _kwargs(config, name), reward, names, seed, name, step)
        some = set(_curve_tasks(config, names))
        figures |= _set_figures(name, [row for row in rows if row.task in some])
        for row in rows:
            log.add(row)
    return figures


def _point(
    config: CellConfig, reward: Reward, actor: Actor, tasks: dict[str, list[str]], step: int
) -> dict[str, float]:
    """Measure one point of the learning curve on part of each set."""
    figures: dict[str, float] = {}
    for name, names in tasks.items():
        some = _curve_tasks(config, names)
        seed = derive_seed(config.seed, "curve", name, step)
        rows = evaluate(actor, config.env, _kwargs(config, name), reward, some, seed, name, step)
        figures |= _set_figures(name, rows)
    return figures


def _curve_tasks(config: CellConfig, names: list[str]) -> list[str]:
    """Return the tasks of a set that every point of the curve is measured on, spread evenly over the list."""
    count = min(config.curve_episodes, len(names))
    return [names[i * len(names) // count] for i in range(count)]


def _set_figures(name: str, rows: list[EpisodeRow]) -> dict[str, float]:
    figures = {f"eval/{name}/success": float(np.mean([row.is_success for row in rows]))}
    for what in ("objective", "reward", "length"):
        figures[f"eval/{name}/{what}"] = float(np.mean([getattr(row, what) for row in rows]))
    return figures


def _train_row(info: dict[str, Any], episode: int) -> EpisodeRow:
    return EpisodeRow(
        phase="train",
        step=info["step"],
        episode=episode,
        task=info["task"],
        task_type=info["task_type"],
        seed=None,
        length=info["episode"]["l"],
        is_success=info["is_success"],
        objective=info["objective"],
        reward=info["episode"]["r"],
        terms=info["terms"],
    )


def _figures(info: dict[str, Any]) -> dict[str, float]:
    return {
        "success": float(info["is_success"]),
        "objective": info["objective"],
        "reward": info["episode"]["r"],
        "length": float(info["episode"]["l"]),
        **{f"term/{name}": value for name, value in info["terms"].items()},
    }


def _means(recent: list[dict[str, float]]) -> dict[str, float]:
    return {name: float(np.mean([one[name] for one in recent])) for name in recent[0]} if recent else {}


def _film_typical(config: CellConfig, reward: Reward, actor: Actor, folder: Path) -> None:
    """Film an episode of the last set that ends the way most of them did."""
    name = list(config.sets)[-1]
    rows = [row for row in read_episodes(folder / "episodes.csv") if row.phase == name]
    usual = sum(row.is_success for row in rows) * 2 >= len(rows)
    alike = sorted((row.length, row.task) for row in rows if row.is_success == usual)
    task, kwargs = alike[len(alike) // 2][1], _kwargs(config, name)
    seed = config.seed
    for attempt in range(10):  # the policy draws its actions, so the same task may end in another way
        seed = derive_seed(config.seed, "film", attempt)
        (row,) = evaluate(actor, config.env, kwargs, reward, [task], seed)
        if row.is_success == usual:
            break
    try:
        film(actor, config.env, kwargs, reward, task, folder / "videos", seed)
    except RuntimeError as error:  # no OpenGL: the training stands all the same
        warnings.warn(f"{folder}: no video: {error}", stacklevel=2)
