"""Many situations of a text world as a few arrays, in which each different action stands once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..ranges import ranges
from .text_reader import TextInputs

__all__ = ["Bags", "TextPack"]


@dataclass
class Bags:
    """Bags of words, one after the other: ids of all words (T,), and where each bag begins and the last one ends."""

    words: np.ndarray
    starts: np.ndarray

    @classmethod
    def of(cls, padded: np.ndarray, sizes: Sequence[int]) -> Bags:
        """Return the bags in rows of ids padded with 0; each row holds bags of at most these sizes, in turn."""
        there = padded != 0
        counts = np.add.reduceat(there, np.cumsum([0, *sizes[:-1]]), axis=1, dtype=np.int64)
        return cls(padded[there].astype(np.int64), np.concatenate(([0], np.cumsum(counts))))

    def pick(self, rows: np.ndarray, each: int = 1) -> Bags:
        """Return some rows of bags, `each` of them a row."""
        bags = rows if each == 1 else (rows[:, None] * each + np.arange(each)).ravel()
        starts, index = ranges(self.starts, bags)
        return Bags(self.words[index], starts)

    def __add__(self, other: Bags) -> Bags:
        starts = np.concatenate((self.starts, other.starts[1:] + self.starts[-1]))
        return Bags(np.concatenate((self.words, other.words)), starts)


@dataclass
class TextPack:
    """B situations in which actions of M looks are admissible, counted in each situation for itself; P looks in all.

    Attributes:
        situations: `parts` bags of words for each situation.
        starts: where the looks of each situation begin, (B + 1,).
        which: of P, (M,).
        log_counts: logarithm of how many actions of a situation have the look, float32 (M,).
        looks: the words of each look, P bags.
        flags: float32 (P, F).
        choices: which of its looks was chosen in each situation, (B,).
        tags: which tag, (B,).
        hints: tag and plan of the step before, (B, 1 + D), or None.
    """

    situations: Bags
    parts: int
    starts: np.ndarray
    which: np.ndarray
    log_counts: np.ndarray
    looks: Bags
    flags: np.ndarray
    choices: np.ndarray
    tags: np.ndarray
    hints: np.ndarray | None

    @classmethod
    def of(
        cls,
        inputs: Sequence[TextInputs],
        sizes: Sequence[int],
        choices: Sequence[int] | None = None,
        tags: np.ndarray | None = None,
        hints: np.ndarray | None = None,
        with_last: bool = False,
    ) -> TextPack:
        """Pack situations.

        Args:
            inputs: B situations.
            sizes: of the bags in `TextInputs.words`.
            choices: the actions that were chosen, indices among the admissible ones.
            tags: see the attributes.
            hints: see the attributes.
            with_last: whether the action before is a bag of each situation too, the last one.

        Raises:
            ValueError: no action is admissible in one of them.
        """
        counts = [len(one.keys) for one in inputs]
        if 0 in counts:
            raise ValueError(f"no action is admissible in situation {counts.index(0)} of {len(counts)}")
        starts = np.concatenate(([0], np.cumsum(counts)))
        _, first, which = np.unique(
            np.concatenate([one.keys for one in inputs]), return_index=True, return_inverse=True
        )
        offered = np.concatenate([one.which for one in inputs]).astype(np.int64)
        offered += np.repeat(starts[:-1], [len(one.which) for one in inputs])
        words = np.concatenate([one.words for one in inputs]).reshape(len(inputs), -1)
        if with_last:
            last = np.concatenate([one.last for one in inputs]).reshape(len(inputs), -1)
            words, sizes = np.concatenate((words, last), axis=1), (*sizes, last.shape[1])
        actions = np.concatenate([one.actions for one in inputs])[first]
        none = chosen = np.zeros(len(inputs), dtype=int)
        if choices is not None:
            chosen = np.array([one.which[i] for one, i in zip(inputs, choices, strict=True)], dtype=int)
        return cls(
            situations=Bags.of(words, sizes),
            parts=len(sizes),
            starts=starts,
            which=which,
            log_counts=np.log(np.bincount(offered, minlength=starts[-1])).astype(np.float32),
            looks=Bags.of(actions, (actions.shape[1],)),
            flags=np.concatenate([one.flags for one in inputs])[first],
            choices=chosen,
            tags=none if tags is None else tags,
            hints=hints,
        )

    def pick(self, rows: np.ndarray) -> TextPack:
        """Return the situations `rows`."""
        starts, index = ranges(self.starts, rows)
        which = self.which[index]
        used = np.zeros(len(self.flags), dtype=bool)
        used[which] = True
        looks = np.flatnonzero(used)
        return TextPack(
            situations=self.situations.pick(rows, self.parts),
            parts=self.parts,
            starts=starts,
            which=(np.cumsum(used) - 1)[which],
            log_counts=self.log_counts[index],
            looks=self.looks.pick(looks),
            flags=self.flags[looks],
            choices=self.choices[rows],
            tags=self.tags[rows],
            hints=None if self.hints is None else self.hints[rows],
        )
