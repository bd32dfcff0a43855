"""What terms of the reward language say of recorded episodes, as numbers that a preference model is fitted to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..core.random import derive_seed
from ..core.trajectory import Trajectory
from ..reward_models.programs.candidates import candidate_terms
from ..reward_models.programs.dsl import Program
from ..reward_models.programs.interpreter import evaluate, levels
from ..reward_models.programs.term import Term
from .evidence import Evidence

__all__ = ["TermFeatures", "term_features"]


@dataclass(frozen=True)
class TermFeatures:
    """Differences of features, one column a term, divided by `spread`.

    Attributes:
        terms: K candidate terms of weight 1.
        episodes: (P, K) discounted return of a demonstration, less that of another episode of the same task; and the
            same of `Evidence.better`.
        moments: (Q, K) level of a later moment of a demonstration, less that of an earlier one.
        spread: (K,) root mean square of the two, undivided, weighed alike after each was divided by the number of
            steps that it adds up.
    """

    terms: tuple[Term, ...]
    episodes: np.ndarray
    moments: np.ndarray
    spread: np.ndarray


def term_features(world: str, evidence: Evidence, gates: bool, pairs: int, seed: int) -> TermFeatures:
    """Compute the features of all candidate terms of a world on the evidence.

    Args:
        world: name of the world.
        evidence: the episodes.
        gates: whether gated terms are among the candidates.
        pairs: pairs of moments that are drawn of each demonstration.
        seed: of the draw.
    """
    groups = [evidence.demos, *evidence.others.values()]
    everything = [one for some in groups for one in some]
    lengths = np.array([len(one) for one in everything])
    first = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    before = _stacked([step.state for one in everything for step in one.steps])
    after = _stacked([step.next_state for one in everything for step in one.steps])
    count = len(evidence.demos)
    terms = candidate_terms(world, after, first[:count], first[:count] + lengths[:count] - 1, gates)
    size = int(lengths.sum())
    power = evidence.gamma ** np.concatenate([np.arange(length) for length in lengths])
    returns, heights = np.zeros((len(everything), len(terms))), np.zeros((size, len(terms)))
    for column, term in enumerate(terms):
        alone = Program(world, (term,))
        paid = evaluate(alone, before, after, None, size)[term.name]
        returns[:, column] = np.add.reduceat(paid * power, first)
        heights[:, column] = levels(alone, after, None, size)[term.name]
    episodes = _episode_pairs(evidence, returns) / max(
        1.0, (1 - evidence.gamma ** lengths.max()) / (1 - evidence.gamma)
    )
    moments = _moment_pairs(first[:count], np.array(evidence.ways), heights, pairs, seed)
    # What is paid once counts as much as what is paid in every step: each kind of pair has a spread of its own.
    spread = np.sqrt((episodes**2).mean(axis=0) + (moments**2).mean(axis=0))
    useful = (spread > 1e-9) & _first_of_equals(np.concatenate([episodes, moments]))
    return TermFeatures(
        tuple(term for term, good in zip(terms, useful, strict=True) if good),
        episodes[:, useful] / spread[useful],
        moments[:, useful] / spread[useful],
        spread[useful],
    )


def _first_of_equals(columns: np.ndarray) -> np.ndarray:
    """Return bool (K,), the columns that no earlier one is equal to: what always happens together says the same."""
    _, first = np.unique(columns.round(9), axis=1, return_index=True)
    return np.isin(np.arange(columns.shape[1]), first)


def _stacked(states: list) -> object:
    return type(states[0]).stack(states)


def _episode_pairs(evidence: Evidence, returns: np.ndarray) -> np.ndarray:
    """Return demonstration less other, and better less worse other, for all of the same task."""
    rows = {_key(one): row for row, one in enumerate(evidence.demos)}
    groups, row = {}, len(evidence.demos)
    for name, some in evidence.others.items():
        groups[name] = {_key(one): row + i for i, one in enumerate(some)}
        row += len(some)
    pairs = [(rows, worse) for worse in groups.values()]
    pairs += [(groups[better], groups[worse]) for better, worse in evidence.better if {better, worse} <= set(groups)]
    return np.array(
        [returns[better[key]] - returns[row] for better, worse in pairs for key, row in worse.items() if key in better]
    )


def _key(one: Trajectory) -> tuple[str, int]:
    return one.task_id, one.seed


def _moment_pairs(first: np.ndarray, lengths: np.ndarray, heights: np.ndarray, pairs: int, seed: int) -> np.ndarray:
    """Return later less earlier, for pairs of moments that are drawn within each demonstration."""
    rng = np.random.default_rng(derive_seed(seed, "moments"))
    found = []
    for start, length in zip(first.tolist(), lengths.tolist(), strict=True):
        if length < 2:
            continue
        some = np.sort(np.stack([rng.choice(length, 2, replace=False) for _ in range(pairs)]), axis=1)
        found.append(heights[start + some[:, 1]] - heights[start + some[:, 0]])
    return np.concatenate(found)
