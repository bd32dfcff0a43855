"""Tier 1: edits of recorded episodes that should not matter, and edits that should."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...core.random import derive_seed
from ...core.trajectory import Trajectory
from ..recording import record
from .playing import Replayer
from .scoring import Scoring
from .world import World

__all__ = ["TOLERANCE", "Edit", "attack_statically", "material"]

TOLERANCE = 0.1
"""What keeps the meaning may move a score by less than so many standard deviations."""
TRIES = 12


@dataclass(frozen=True)
class Edit:
    """What one edit does to the score.

    Attributes:
        name: of the edit.
        preserving: whether it keeps the meaning.
        delta: mean change of an episode's score, in standard deviations of the scores of all that was recorded.
        low, high: 95% bootstrap interval over episodes.
        fooled: share of the episodes that a scorer without error would have scored otherwise: moved by `TOLERANCE` or
            more, or, of a breaking edit, not scored lower.
        episodes: how many were edited.
    """

    name: str
    preserving: bool
    delta: float
    low: float
    high: float
    fooled: float
    episodes: int

    @property
    def passed(self) -> bool:
        """|delta| < `TOLERANCE`; or, of a breaking edit, an interval below 0."""
        return abs(self.delta) < TOLERANCE if self.preserving else self.high < 0.0


def material(
    env_id: str, env_kwargs: Mapping[str, Any] | None, episodes: int, seed: int
) -> tuple[list[Trajectory], list[Trajectory]]:
    """Return (solved episodes of the expert, all episodes: the expert's, with noise, and by chance), with states."""
    played = {
        policy: record(env_id, env_kwargs, policy, episodes, derive_seed(seed, "attack"), states=True, num_envs=8)
        for policy in ("expert", "expert:0.3", "random")
    }
    solved = [one for one in played["expert"] if one.steps[-1].success]
    if not solved:
        raise ValueError(f"{env_id}: the expert solved none of {episodes} episodes, so there is nothing to ruin")
    return solved, [one for some in played.values() for one in some]


def attack_statically(
    scoring: Scoring,
    world: World,
    replayer: Replayer,
    solved: Sequence[Trajectory],
    everything: Sequence[Trajectory],
    seed: int,
) -> tuple[Edit, ...]:
    """Return what every edit of a world does to the score of solved episodes.

        delta = (score(edited) - score(episode)) / std of the scores of `everything`

    A scorer that gives all of them the same score has no scale; its deltas are left as they are.

    Source: static perturbations of "reward-under-attack" (SqueezeAILab, 2026; adversarial_probing in its code).
    Status: the measure is the published one; the edits are ours, made for these worlds. There texts are edited
    and nothing is executed; here what breaks the meaning is played, and counted only where the objective fell.
    How it misleads: a scorer that reads the privileged state passes all rewordings by construction; a scorer that
    likes nothing passes them too, so read both kinds together.
    """
    before, spread = scoring.totals(solved), float(scoring.totals(everything).std())
    spread = spread if spread > 1e-9 else 1.0
    found = []
    for name, reword in world.preserving.items():
        rng = np.random.default_rng(derive_seed(seed, "edit", name))
        after = scoring.totals([reword(one, rng) for one in solved])
        found.append(_edit(name, True, (after - before) / spread, seed))
    for name, redo in world.breaking.items():
        rng = np.random.default_rng(derive_seed(seed, "edit", name))
        pairs = [(row, _ruined(one, redo, replayer, rng)) for row, one in enumerate(solved)]
        ruined = [(row, one) for row, one in pairs if one is not None]
        if ruined:
            after = scoring.totals([one for _, one in ruined])
            found.append(_edit(name, False, (after - before[[row for row, _ in ruined]]) / spread, seed))
    return tuple(found)


def _ruined(one: Trajectory, redo: Any, replayer: Replayer, rng: np.random.Generator) -> Trajectory | None:
    """Return an edited episode that achieves less, if a few tries find one."""
    for _ in range(TRIES):
        actions = redo(one.steps, rng)
        played = None if actions is None else replayer.play(one.task_id, one.seed, actions)
        if played is not None and not played.steps[-1].success and played.objective < one.objective:
            return played
    return None


def _edit(name: str, preserving: bool, deltas: np.ndarray, seed: int) -> Edit:
    rng = np.random.default_rng(derive_seed(seed, "interval", name))
    draws = deltas[rng.integers(len(deltas), size=(1000, len(deltas)))].mean(axis=1)
    low, high = np.quantile(draws, [0.025, 0.975]).tolist()
    fooled = np.abs(deltas) >= TOLERANCE if preserving else deltas >= -1e-9
    return Edit(name, preserving, float(deltas.mean()), low, high, float(fooled.mean()), len(deltas))
