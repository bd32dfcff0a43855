"""Many small records in one file, read one by one from memory-mapped bytes: shared by envs and by processes."""

from __future__ import annotations

import json
import mmap
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Generic, TypeVar

import numpy as np

__all__ = ["RecordStore", "write_records"]

T = TypeVar("T")


def write_records(path: Path, records: Iterable[Mapping[str, Any]]) -> int:
    """Write records as JSON lines to `path`, and where each begins to `path` + ".npy"; return how many."""
    starts = [0]
    with path.open("wb") as file:
        for record in records:
            starts.append(starts[-1] + file.write(json.dumps(record, ensure_ascii=False).encode() + b"\n"))
    np.save(f"{path}.npy", np.array(starts, dtype=np.int64))
    return len(starts) - 1


class RecordStore(Generic[T]):
    """A sequence of N records that are decoded when they are asked for; the latest ones are kept.

    Args:
        path: what `write_records` wrote.
        decode: plain form -> record.
        keep: records kept decoded.

    Raises:
        ValueError: the file is shorter or longer than its list of beginnings says.
    """

    def __init__(self, path: Path, decode: Callable[[Mapping[str, Any]], T], keep: int = 4096):
        self.path, self.keep = path, keep
        self._decode = decode
        self._starts = np.load(f"{path}.npy", mmap_mode="r")
        size = path.stat().st_size
        if not len(self._starts) or int(self._starts[-1]) != size:
            raise ValueError(f"{path} has {size} bytes, not what its index says")
        self._bytes: Any = b""
        if size:
            with path.open("rb") as file:
                self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._kept: dict[int, T] = {}

    def __len__(self) -> int:
        return len(self._starts) - 1

    def __getitem__(self, i: int) -> T:
        record = self._kept.get(i)
        if record is None:
            if not 0 <= i < len(self):
                raise IndexError(f"record {i} of {len(self)} in {self.path}")
            begin, end = self._starts[i : i + 2].tolist()
            record = self._decode(json.loads(self._bytes[begin:end]))
            if len(self._kept) >= self.keep:
                self._kept.pop(next(iter(self._kept)))
            self._kept[i] = record
        return record

    def __iter__(self) -> Iterator[T]:
        return (self[i] for i in range(len(self)))
