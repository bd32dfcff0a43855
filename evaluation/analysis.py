"""From run records to results: one function for each part of a comparison.

Every random draw comes from a seed derived from the reward that is summarised, so a result does not depend on the order
of the run folders or on what else is in the comparison.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from ..core.random import derive_seed
from ..core.roles import role_of
from .hacking import FLOORS, HackingGap, PolicyScore, hacking_gap
from .results import Baseline, BaselineSet, Curve, Improvement, Paid, Row, SetResult, Success
from .run_reader import RunRecord
from .statistics import (
    Estimate,
    bootstrap_interval,
    probability_of_improvement,
    stratum_scores,
    summarise_outcomes,
    summarise_values,
)

__all__ = ["baselines_of", "improvements_of", "row_ids", "row_of"]

Tasks = Mapping[str, Mapping[str, str]]
Floats = NDArray[np.float64]


def row_ids(trained: Sequence[RunRecord]) -> dict[tuple[str, str], str]:
    """Name each (reward, agent) by what varies: the reward, the agent, or both as "agent · reward"."""
    cells = dict.fromkeys((run.reward, run.agent) for run in trained)
    rewards, agents = ({cell[part] for cell in cells} for part in (0, 1))
    if len(agents) == 1:
        return {cell: cell[0] for cell in cells}
    return {cell: cell[1] if len(rewards) == 1 else f"{cell[1]} · {cell[0]}" for cell in cells}


def row_of(
    name: str,
    runs: Sequence[RunRecord],
    baselines: Sequence[Baseline],
    references: Sequence[RunRecord],
    tasks: Tasks,
    seeds: Sequence[int],
    notes: list[str],
) -> Row:
    """Summarise the finished runs of one agent under one reward on every evaluation set.

    Args:
        name: the row's id, as notes name it.
        runs: the agent's runs under the reward, sorted by seed.
        baselines: the scripted policies' results, to name those without a score under this reward.
        references: the scripted policies' runs under the reward, for the hacking gap.
        tasks: task to task type, by evaluation set.
        seeds: all seeds of the comparison, to say which are missing here.
        notes: sentences for the reader are appended here.
    """
    first = runs[0]
    have = tuple(run.seed for run in runs)
    missing = tuple(seed for seed in seeds if seed not in have)
    if missing:
        notes.append(f"{name} has {len(have)} of {len(seeds)} seeds (missing: {_join(missing)}).")
    nan_train = sum(run.episodes["train"].num_nan for run in runs if "train" in run.episodes)
    if nan_train:
        notes.append(f"{name}: {nan_train} training episodes hold a NaN or infinite number.")
    lacking = [b.name for b in baselines if all(first.reward not in part.paid for part in b.sets.values())]
    if lacking:
        notes.append(f"{name}: its reward does not score {_join(lacking)} (the hacking gap does without).")
    sets = {part: _set_result(f"{name} on {part}", part, runs, references, tasks[part], notes) for part in tasks}
    digest = first.info["reward_hash"]
    return Row(name, first.reward, first.agent, digest, len(have), have, missing, nan_train, sets)


def baselines_of(scripted: Sequence[RunRecord], tasks: Tasks, notes: list[str]) -> tuple[Baseline, ...]:
    """Summarise the scripted policies: success, which no reward can change, and what each reward pays."""
    found = []
    for name in sorted({run.scripted for run in scripted if run.scripted is not None}):
        runs = [run for run in scripted if run.scripted == name]
        sets = {}
        for part in tasks:
            here = [run for run in runs if part in run.sets]
            if here:
                sets[part] = _baseline_set(name, part, here, tasks[part], notes)
        found.append(Baseline(name, len({run.seed for run in runs}), sets))
    return tuple(found)


def improvements_of(runs: Mapping[str, Sequence[RunRecord]], tasks: Tasks) -> tuple[Improvement, ...]:
    """Return the probability of improvement of each pair of rows on each set, on success by task type.

    Args:
        runs: the finished runs of each row, by its id.
        tasks: task to task type, by evaluation set.
    """
    found = []
    for name, types in tasks.items():
        scores = {
            row: stratum_scores(_matrix(group, name, "is_success", types), list(types.values()))[1]
            for row, group in runs.items()
        }
        for a, b in combinations(scores, 2):
            rng = _rng("improvement", name, runs[a][0].reward, runs[b][0].reward)
            found.append(Improvement(name, a, b, probability_of_improvement(scores[a], scores[b], rng)))
    return tuple(found)


def _set_result(
    where: str,
    name: str,
    runs: Sequence[RunRecord],
    references: Sequence[RunRecord],
    types: Mapping[str, str],
    notes: list[str],
) -> SetResult:
    reward = runs[0].reward
    num_nan = sum(run.episodes[name].num_nan for run in runs)
    if num_nan:
        total = len(types) * len(runs)
        notes.append(f"{where}: {num_nan} of {total} episodes hold a NaN or infinite number.")
    returns = _matrix(runs, name, "reward", types)
    term_names = dict.fromkeys(term for run in runs for term in run.episodes[name].terms)
    curves = {
        short: curve
        for short in ("success", "reward")
        if (curve := _curve(where, runs, name, short, notes)) is not None
    }
    return SetResult(
        num_tasks=len(types),
        num_nan=num_nan,
        success=_success(runs, name, types, ("success", name, reward)),
        objective=_values(_matrix(runs, name, "objective", types), types, ("objective", name, reward), unit=True),
        reward=_values(returns, types, ("reward", name, reward)),
        length=_values(_matrix(runs, name, "length", types), types, ("length", name, reward)),
        reward_per_seed={str(run.seed): _mean(row) for run, row in zip(runs, returns, strict=True)},
        terms={term: _mean(np.concatenate([_term(run, name, term) for run in runs])) for term in term_names},
        gap=_gap(where, name, runs, references, notes),
        curves=curves,
    )


def _baseline_set(
    policy: str, name: str, runs: Sequence[RunRecord], types: Mapping[str, str], notes: list[str]
) -> BaselineSet:
    """A policy that cannot see the reward does the same under each: equal rows of a seed count once."""
    distinct: dict[tuple[int, bytes], RunRecord] = {}
    for run in runs:
        distinct.setdefault((run.seed, _matrix([run], name, "is_success", types).tobytes()), run)
    if len(distinct) > len({run.seed for run in runs}) and not policy.startswith("exploit"):
        notes.append(f"scripted/{policy} does not solve the same {name} tasks under every reward; all runs count.")
    paid = {}
    for reward in dict.fromkeys(run.reward for run in runs):
        group = [run for run in runs if run.reward == reward]
        names = dict.fromkeys(term for run in group for term in run.episodes[name].terms)
        terms = {term: _mean(np.concatenate([_term(run, name, term) for run in group])) for term in names}
        paid[reward] = Paid(_mean(_matrix(group, name, "reward", types)), terms)
    rows = list(distinct.values())
    return BaselineSet(
        success=_success(rows, name, types, ("baseline", name, policy)),
        objective=_mean(_matrix(rows, name, "objective", types)),
        length=_mean(_matrix(rows, name, "length", types)),
        paid=paid,
    )


def _success(runs: Sequence[RunRecord], name: str, types: Mapping[str, str], key: tuple[str, ...]) -> Success:
    outcomes = _matrix(runs, name, "is_success", types)
    strata = list(types.values())
    mean, iqms = summarise_outcomes(outcomes, strata, _rng(*key))
    labels, cells = stratum_scores(outcomes, strata)
    per_type = {label: float(score) for label, score in zip(labels, cells.mean(axis=0), strict=True)}
    per_seed: dict[str, list[float]] = {}
    for run, row in zip(runs, outcomes, strict=True):
        per_seed.setdefault(str(run.seed), []).append(float(row.mean()))
    return Success(mean, iqms, {seed: float(np.mean(rows)) for seed, rows in per_seed.items()}, per_type)


def _gap(
    where: str, name: str, runs: Sequence[RunRecord], references: Sequence[RunRecord], notes: list[str]
) -> HackingGap | None:
    here = [run for run in references if name in run.sets]
    if not any(role_of(run.scripted or "") in FLOORS for run in here):
        notes.append(f"{where}: no hacking gap, because none of {_join(FLOORS)} was scored by this reward.")
        return None

    def score(column: str, group: Sequence[RunRecord]) -> float:
        return float(np.mean([run.episodes[name].columns[column].mean() for run in group]))

    scores = {}
    for policy in sorted({run.scripted for run in here if run.scripted}):
        group = [run for run in here if run.scripted == policy]
        scores[policy] = PolicyScore(score("reward", group), score("objective", group))
    rewards = [score("reward", [run]) for run in runs]
    objectives = [score("objective", [run]) for run in runs]
    try:
        gap = hacking_gap(rewards, objectives, scores, _rng("gap", name, runs[0].reward))
    except ValueError as error:  # NaN: told, not averaged away
        notes.append(f"{where}: no hacking gap, because {error}.")
        return None
    if gap.note:
        notes.append(f"{where}: the hacking gap says nothing, because {gap.note}.")
    return gap


def _curve(where: str, runs: Sequence[RunRecord], name: str, short: str, notes: list[str]) -> Curve | None:
    """Mean over seeds at the steps that all seeds were evaluated at; None if there is no such step."""
    series = [run.metrics.get(f"eval/{name}/{short}") for run in runs]
    known = [one for one in series if one is not None]
    if len(known) < len(runs):
        if known:
            notes.append(f"{where}: no curve of {short}, {len(runs) - len(known)} seeds lack it.")
        return None
    steps = sorted(set.intersection(*(set(at.tolist()) for at, _ in known)))
    if not steps:
        return None
    if any(len(at) > len(steps) for at, _ in known):
        notes.append(f"{where}: the seeds' curves have only {len(steps)} steps in common.")
    rows = np.array(
        [[value for step, value in zip(at.tolist(), values, strict=True) if step in set(steps)] for at, values in known]
    )
    rng = _rng("curve", name, short, runs[0].reward)
    points = [
        bootstrap_interval(column[:, None], rng, statistic=np.mean, resamples=1000)
        if np.isfinite(column).all()
        else None
        for column in rows.T
    ]
    mean, low, high = (
        tuple(None if point is None else getattr(point, part) for point in points) for part in ("value", "low", "high")
    )
    return Curve(tuple(steps), mean, low, high)


def _matrix(runs: Sequence[RunRecord], name: str, column: str, types: Mapping[str, str]) -> Floats:
    """One column of the final evaluation as `(num_runs, num_tasks)`, the tasks in the order of `types`."""
    rows = []
    for run in runs:
        episodes = run.episodes[name]
        value = dict(zip(episodes.tasks, episodes.columns[column], strict=True))
        rows.append([value[task] for task in types])
    return np.array(rows, dtype=np.float64)


def _term(run: RunRecord, name: str, term: str) -> Floats:
    """A term's episode sums; a run that never met the term has NaN, which shows."""
    episodes = run.episodes[name]
    return episodes.terms.get(term, np.full(len(episodes.tasks), np.nan))


def _values(values: Floats, types: Mapping[str, str], key: tuple[str, ...], unit: bool = False) -> Estimate | None:
    if not np.isfinite(values).all():
        return None
    return summarise_values(values, list(types.values()), _rng(*key), unit=unit)


def _mean(values: Floats) -> float | None:
    return float(values.mean()) if np.isfinite(values).all() else None


def _rng(*parts: str) -> np.random.Generator:
    return np.random.default_rng(derive_seed("compare", *parts))


def _join(things: Sequence[object]) -> str:
    return ", ".join(str(thing) for thing in things)
