"""Tier 2: the scorer's own gradient, within a small radius, and as words put at the end of what is seen."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...core.random import derive_seed
from ...core.trajectory import Trajectory
from .differentiable import Differentiable
from .scoring import Scoring

__all__ = ["RADII", "Landscape", "Words", "adversarial_words", "landscape"]

RADII = (0.05, 0.1, 0.25, 0.5, 1.0)
"""Root mean square of the change of a row, per number: in standard deviations where rows are standardised."""
ASCENT = 15
WORD = re.compile(r"[a-z]{3,}")


@dataclass(frozen=True)
class Landscape:
    """The score around recorded steps; all figures in standard deviations of the score over these steps.

    Attributes:
        radii: of the perturbations, see `RADII`.
        random: mean absolute change under a random perturbation of each radius.
        adversarial: mean gain by following the gradient within each radius, each step with a perturbation of its own.
        transferred: mean gain on steps of held-out episodes by one perturbation for all, found on the others.
        width: the least of the radii at which a random perturbation moves the score by half a standard deviation;
            infinite if none does. The smaller, the more ragged the landscape.
    """

    radii: tuple[float, ...]
    random: tuple[float, ...]
    adversarial: tuple[float, ...]
    transferred: tuple[float, ...]
    width: float


@dataclass(frozen=True)
class Words:
    """Words that a scorer likes, at the end of every observation.

    Attributes:
        words: found greedily, the best first.
        gain: change of the mean score of a step of the episodes on which they were found, in its deviations.
        transferred: the same on held-out episodes.
    """

    words: tuple[str, ...]
    gain: float
    transferred: float


def landscape(scorer: Differentiable, trajectories: Sequence[Trajectory], seed: int, steps: int = 200) -> Landscape:
    """Return how the score changes around up to `steps` recorded steps.

        max over |d| <= r sqrt(F) of v(x + d) - v(x), by projected gradient ascent (Madry et al., 1706.06083, 2017)

    The step of the ascent is a quarter of the radius, and there are 15 of them. Rows of words are moved off the
    corners that bags live on: then this says how steep the model is, not what a text can do; see `adversarial_words`.

    Source: landscape width and transfer of "reward-under-attack" (SqueezeAILab, 2026). Status: reconstructed for
    feature rows; there it is a language model's embeddings and Adam with 1000 iterations.
    """
    import torch

    half = max(len(trajectories) // 2, 1)
    rng = np.random.default_rng(derive_seed(seed, "landscape"))
    parts = []
    for some in (trajectories[:half], trajectories[half:] or trajectories):
        rows = np.concatenate(scorer.rows(some))
        parts.append(torch.from_numpy(rows[rng.permutation(len(rows))[:steps]]).float())
    found, held = parts
    with torch.no_grad():
        spread = float(scorer.value(torch.cat(parts)).std()) or 1.0
        base, base_held = scorer.value(found), scorer.value(held)
    figures: list[list[float]] = [[], [], []]
    for radius in RADII:
        reach = radius * found.shape[1] ** 0.5
        noise = torch.from_numpy(rng.standard_normal(tuple(found.shape))).float()
        noise = noise / noise.norm(dim=1, keepdim=True).clamp_min(1e-12) * reach
        with torch.no_grad():
            figures[0].append(float((_cut(scorer, found + noise) - base).abs().mean()) / spread)
        own, shared = _ascend(scorer, found, reach, False), _ascend(scorer, found, reach, True)
        with torch.no_grad():
            figures[1].append(float((_cut(scorer, found + own) - base).mean()) / spread)
            figures[2].append(float((_cut(scorer, held + shared) - base_held).mean()) / spread)
    moved = [radius for radius, change in zip(RADII, figures[0], strict=True) if change >= 0.5]
    random, adversarial, transferred = map(tuple, figures)
    return Landscape(RADII, random, adversarial, transferred, moved[0] if moved else float("inf"))


def _cut(scorer: Differentiable, rows: Any) -> Any:
    return scorer.value(rows.clamp(-scorer.limit, scorer.limit))


def _ascend(scorer: Differentiable, rows: Any, reach: float, shared: bool) -> Any:
    """Return perturbations of norm `reach` at most, (R, F), or (1, F) if all rows share one."""
    import torch

    change = torch.zeros_like(rows[:1] if shared else rows)
    for _ in range(ASCENT):
        change.requires_grad_(True)
        (slope,) = torch.autograd.grad(_cut(scorer, rows + change).sum(), change)
        with torch.no_grad():
            norm = slope.norm(dim=1, keepdim=True)
            change = change + 0.25 * reach * slope / norm.clamp_min(1e-12)
            change = change * (reach / change.norm(dim=1, keepdim=True).clamp_min(1e-12)).clamp(max=1.0)
    return change.detach()


def adversarial_words(
    scoring: Scoring, scorer: Differentiable, trajectories: Sequence[Trajectory], seed: int, count: int = 3
) -> Words:
    """Find words that raise the score at the end of every observation, and try them on episodes that were held out.

    The gradient picks 8 candidates of all words that were recorded, by what each would add at first order; the one
    that truly adds most is kept; and again, `count` times. A word that does not help ends the search.

    Source: HotFlip (Ebrahimi et al., 1712.06751, 2018) for the choice by gradient; that words are added and nothing
    else changes is as in "reward-under-attack" (2026), whose Gumbel-softmax over tokens is left out: in a bag the
    first-order gain of a word is one inner product. Status: reconstructed.
    """
    import torch

    half = max(len(trajectories) // 2, 1)
    found, held = list(trajectories[:half]), list(trajectories[half:] or trajectories)
    texts = {step.next_obs for one in trajectories for step in one.steps}
    vocabulary = sorted({word for text in texts for word in WORD.findall(str(text).lower())})
    base, base_held = (np.concatenate(scoring.steps(some)) for some in (found, held))
    spread = float(np.concatenate([base, base_held]).std()) or 1.0
    rng = np.random.default_rng(derive_seed(seed, "words"))
    probe = dataclasses.replace(found[0], steps=found[0].steps[:1])
    plain = scorer.rows([probe])[0]
    effect = np.concatenate([scorer.rows([_with(probe, (word,))])[0] - plain for word in vocabulary])
    words: tuple[str, ...] = ()
    best = 0.0
    for _ in range(count):
        rows = torch.from_numpy(np.concatenate(scorer.rows([_with(one, words) for one in found]))).float()
        rows = rows[torch.from_numpy(rng.permutation(len(rows))[:200])].requires_grad_(True)
        (slope,) = torch.autograd.grad(scorer.value(rows).mean(), rows)
        first_order = effect @ slope.sum(dim=0).numpy()
        tried = {}
        for at in np.argsort(-first_order, kind="stable")[:8].tolist():
            some = (*words, vocabulary[at])
            after = np.concatenate(scoring.steps([_with(one, some) for one in found]))
            tried[some] = float((after - base).mean()) / spread
        some = max(tried, key=lambda one: tried[one])
        if tried[some] <= best:
            break
        words, best = some, tried[some]
    after = np.concatenate(scoring.steps([_with(one, words) for one in held]))
    return Words(words, best, float((after - base_held).mean()) / spread)


def _with(trajectory: Trajectory, words: Sequence[str]) -> Trajectory:
    """Return a trajectory with words at the end of what is seen after each step."""
    if not words:
        return trajectory
    said = " " + " ".join(words)
    steps = [dataclasses.replace(step, next_obs=f"{step.next_obs}{said}") for step in trajectory.steps]
    return dataclasses.replace(trajectory, steps=steps)
