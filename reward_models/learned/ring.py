"""The latest rows of some columns, for learning from what has just been seen."""

from __future__ import annotations

import numpy as np

__all__ = ["Ring"]


class Ring:
    """Keeps the last `size` rows of named columns.

    Args:
        size: rows that are kept.
    """

    def __init__(self, size: int):
        self.size, self.count = size, 0
        self._columns: dict[str, np.ndarray] = {}

    def __len__(self) -> int:
        return min(self.count, self.size)

    def add(self, **columns: np.ndarray) -> None:
        """Append B rows; every column is (B, ...), the same columns each time."""
        rows = len(next(iter(columns.values())))
        places = np.arange(self.count, self.count + rows)[-self.size :] % self.size
        for name, values in columns.items():
            if name not in self._columns:
                self._columns[name] = np.zeros((self.size, *np.shape(values)[1:]), dtype=np.asarray(values).dtype)
            self._columns[name][places] = values[-self.size :]
        self.count += rows

    def draw(self, rng: np.random.Generator, rows: int) -> dict[str, np.ndarray]:
        """Return `rows` rows, drawn with replacement."""
        chosen = rng.integers(len(self), size=rows)
        return {name: values[chosen] for name, values in self._columns.items()}

    def column(self, name: str) -> np.ndarray:
        """Return what a column holds, in no particular order."""
        return self._columns[name][: len(self)] if name in self._columns else np.zeros(0)
