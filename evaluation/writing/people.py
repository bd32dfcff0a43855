"""A person as the judge of ICPL: clips of two trained agents, compared with `guerdon label`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from ...core.preferences import PreferenceSet
from ...core.random import derive_seed, stable_hash
from ..datasets import record, save_preferences
from ..preference_store import preferences_origin, read_answers
from ..training_tasks import training_kwargs
from ..trajectory_store import Origin
from .reflection import Candidate

__all__ = ["AnswersNeededError", "PersonJudge"]


class AnswersNeededError(RuntimeError):
    """A person has to answer before the search can go on."""


@dataclass(frozen=True)
class PersonJudge:
    """Asks a person through folders of preferences: one folder for the comparisons that can be shown together.

    A folder holds one pair of episodes for each comparison, on the same task; skipping counts as "as good". While
    answers are missing the search stops with an error that names the folder; started again, it reads them.

    Args:
        folder: where the folders of pairs are made.
        env: the env, and its arguments.
        env_kwargs: arguments of the env.
        seed: of the tasks that are shown.
    """

    folder: Path
    env: str
    env_kwargs: Mapping[str, Any] = field(default_factory=dict)
    seed: int = 0
    reads: ClassVar[frozenset[str]] = frozenset()

    def compare(self, pairs: Sequence[tuple[Candidate, Candidate]]) -> list[bool]:
        """Return what was answered.

        Raises:
            AnswersNeededError: it was not answered yet.
        """
        keys = " ".join(f"{one.written.key}-{other.written.key}" for one, other in pairs)
        folder = self.folder / f"{stable_hash(keys, 32):08x}"
        if not folder.is_dir():
            self._make(folder, pairs)
        preferences_origin(folder)
        answers = read_answers(folder)
        missing = [number for number in range(len(pairs)) if number not in answers]
        if missing:
            raise AnswersNeededError(
                f"{len(missing)} comparisons wait for you: run `guerdon label {folder}`, then the same command again"
            )
        return [answers[number] is None or float(answers[number] or 0.0) >= 0.5 for number in range(len(pairs))]

    def _make(self, folder: Path, pairs: Sequence[tuple[Candidate, Candidate]]) -> None:
        episodes, places = [], []
        for number, pair in enumerate(pairs):
            place = []
            for one in pair:
                seed = derive_seed(self.seed, "shown", number)
                (shown,) = record(self.env, self.env_kwargs, Path(one.trained.folder), 1, seed)
                place.append((len(episodes), 0, len(shown)))
                episodes.append(shown)
            places.append(place)
        origin = Origin(self.env, training_kwargs(self.env, self.env_kwargs))
        save_preferences(folder, PreferenceSet(episodes, np.array(places), np.full(len(pairs), np.nan), "none"), origin)
