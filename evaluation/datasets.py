"""Demonstrations and preferences in one call each, in memory or on disk: what rewards are learned from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from ..core.preferences import Labeler, PreferenceSet
from ..core.random import derive_seed
from ..core.trajectory import Trajectory
from .pairs import sample_pairs
from .preference_store import add_answer, load_preferences, preferences_origin, read_answers, save_preferences
from .recording import record, replay
from .training_tasks import training_kwargs
from .trajectory_store import Origin, load_trajectories, read_origin, save_trajectories

__all__ = [
    "MIXTURE",
    "Origin",
    "add_answer",
    "demonstrate",
    "load_preferences",
    "load_trajectories",
    "prefer",
    "preferences_origin",
    "read_answers",
    "read_origin",
    "record",
    "replay",
    "sample_pairs",
    "save_preferences",
    "save_trajectories",
    "training_kwargs",
]

MIXTURE = ("expert", "expert:0.3", "random")
"""Who plays what is compared, by default: good, middling and bad behaviour."""
ROUNDS = 4


def demonstrate(
    env_id: str,
    env_kwargs: Mapping[str, Any] | None = None,
    policy: str = "expert",
    episodes: int = 50,
    seed: int = 0,
    solved: bool = False,
    on_episode: Callable[[Trajectory], None] | None = None,
    **more: Any,
) -> list[Trajectory]:
    """Return `episodes` episodes of a policy, as `record` does; with `solved`, only such as reached the goal.

    Args:
        env_id: as in `record`, and so are env_kwargs, policy, seed and on_episode.
        env_kwargs: the env's arguments.
        policy: who plays.
        episodes: how many are returned.
        seed: of everything.
        solved: whether to leave out failures; up to four times as many episodes are played to find enough.
        on_episode: told of each episode that was played.
        more: further arguments of `record`.

    Raises:
        RuntimeError: the policy does not solve enough of them.
    """
    found: list[Trajectory] = []
    for turn in range(ROUNDS if solved else 1):
        own = derive_seed(seed, "again", turn) if turn else seed
        played = record(env_id, env_kwargs, policy, episodes, own, on_episode=on_episode, **more)
        found += [one for one in played if one.steps[-1].success or not solved]
        if len(found) >= episodes:
            return found[:episodes]
    raise RuntimeError(f"{policy} solved {len(found)} of {ROUNDS * episodes} episodes of {env_id}, not {episodes}")


def prefer(
    env_id: str,
    env_kwargs: Mapping[str, Any] | None = None,
    teacher: Labeler | None = None,
    pairs: int = 500,
    policies: Sequence[str] = MIXTURE,
    episodes: int = 150,
    seed: int = 0,
    columns: Sequence[str] = (),
    shortest: int = 1,
    longest: int = 25,
    same_task: bool = False,
    source: str = "",
    on_episode: Callable[[Trajectory], None] | None = None,
) -> PreferenceSet:
    """Play episodes of a mixture of policies, draw pairs of segments, and have a teacher compare them.

    Args:
        env_id: as in `record`, and so are env_kwargs and on_episode.
        env_kwargs: the env's arguments.
        teacher: who compares; None leaves all pairs without a label, for people to answer.
        pairs: how many.
        policies: who plays, in equal shares and on the same tasks.
        episodes: of all policies together.
        columns: figures that the teacher reads and that are to be kept with the episodes, as in `record`.
        seed: of episodes and pairs.
        shortest: as in `sample_pairs`, and so are longest and same_task.
        longest: steps of a segment, at most.
        same_task: whether both are of the same task.
        source: who labelled, for the record; by default what the teacher is printed as.
        on_episode: told of each episode that was played.
    """
    if not policies:
        raise ValueError("prefer: no policies to play what is compared")
    found: list[Trajectory] = []
    for number, policy in enumerate(policies):
        share = episodes // len(policies) + (number < episodes % len(policies))
        if share:
            found += record(env_id, env_kwargs, policy, share, seed, columns=columns, on_episode=on_episode)
    drawn = sample_pairs(found, pairs, derive_seed(seed, "pairs"), shortest, longest, same_task)
    labels = np.full(pairs, np.nan) if teacher is None else np.asarray(teacher.label(found, drawn), dtype=float)
    return PreferenceSet(found, drawn, labels, source or ("none" if teacher is None else str(teacher)))
