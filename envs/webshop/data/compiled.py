"""A catalogue compiled into a folder: products, goals and the search index, each read from memory-mapped files."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from ....core.files import write_json
from ..search.index import SearchIndex, build_index, indexed_text
from .product import Goal, Product
from .records import RecordStore, write_records

__all__ = ["CompiledCatalogue", "compile_catalogue"]

FORMAT = 1
Progress = Callable[[str, int], None]
"""Called with what is being done and how many products are done."""


def compile_catalogue(
    folder: Path, products: Iterable[Product], goals: Callable[[], Iterable[Goal]], progress: Progress | None = None
) -> None:
    """Write a catalogue to `folder`; memory stays bounded by the list of ids.

    Args:
        folder: an empty folder.
        products: the products; read once.
        goals: called when all products have been read.
        progress: see `Progress`.

    Raises:
        ValueError: there is no product, an id comes twice, or a goal's target is not among the products.
    """
    report = progress or (lambda *_: None)
    asins: list[str] = []
    groups: dict[str, dict[str, int]] = {"category": {}, "query": {}}
    codes: dict[str, list[int]] = {name: [] for name in groups}

    def noted() -> Iterator[dict[str, Any]]:
        for product in products:
            asins.append(product.asin)
            for name, numbers in groups.items():
                codes[name].append(numbers.setdefault(getattr(product, name), len(numbers)))
            if len(asins) % 1000 == 0:
                report("products", len(asins))
            yield product.to_dict()

    write_records(folder / "products.jsonl", noted())
    if not asins:
        raise ValueError("there is not a single product in the catalogue")
    names = np.array([asin.encode() for asin in asins])
    order = np.argsort(names, kind="stable")
    twice = np.flatnonzero(names[order][1:] == names[order][:-1])
    if len(twice):
        raise ValueError(f"two products are called {asins[order[twice[0]]]!r}")
    np.save(folder / "asins.npy", names)
    np.save(folder / "asin_order.npy", order.astype(np.int32))
    for name, numbers in groups.items():
        np.save(folder / f"{name}.npy", np.array(codes[name], dtype=np.int32))
        write_json(folder / f"{name}.json", list(numbers))
    products_read = RecordStore(folder / "products.jsonl", Product.from_dict, keep=1)
    texts = (indexed_text(p.title, p.description, p.bullets, p.options) for p in products_read)
    build_index(texts, asins, folder / "index", lambda count: report("search index", count))
    known = set(asins)
    index: list[tuple[str, str, str, float]] = []

    def listed() -> Iterator[dict[str, Any]]:
        for goal in goals():
            if goal.asin not in known:
                raise ValueError(f"goal {goal.id!r} asks for {goal.asin!r}, which is not in the catalogue")
            index.append((goal.id, goal.mode, goal.split, goal.weight))
            yield goal.to_dict()

    write_records(folder / "goals.jsonl", listed())
    if not index:
        raise ValueError("there is not a single goal for this catalogue")
    write_json(folder / "goals.json", index)
    write_json(folder / "catalogue.json", {"format": FORMAT, "products": len(asins), "goals": len(index)})


class CompiledCatalogue:
    """An opened catalogue folder.

    Attributes:
        products, goals: by number.
        search: the search index over the products.
        goal_list: (id, mode, split, weight) of every goal.

    Raises:
        ValueError: the folder is not whole, or of another format.
    """

    def __init__(self, folder: Path):
        self.folder = folder
        try:
            about = json.loads((folder / "catalogue.json").read_text())
            if about["format"] != FORMAT:
                raise ValueError(f"{folder} has format {about['format']}, not {FORMAT}")
            self.products = RecordStore(folder / "products.jsonl", Product.from_dict)
            self.goals = RecordStore(folder / "goals.jsonl", Goal.from_dict)
            self.search = SearchIndex(folder / "index")
            self._asins = np.load(folder / "asins.npy", mmap_mode="r")
            self._order = np.load(folder / "asin_order.npy", mmap_mode="r")
            self.goal_list: list[tuple[str, str, str, float]] = [
                (name, mode, split, weight)
                for name, mode, split, weight in json.loads((folder / "goals.json").read_text())
            ]
        except (OSError, KeyError, TypeError, json.JSONDecodeError) as error:
            raise ValueError(f"{folder} is not a whole catalogue: {error}") from error
        sizes = {len(self.products), len(self._asins), len(self._order), about["products"], self.search.num_products}
        if len(sizes) > 1 or len(self.goals) != len(self.goal_list):
            raise ValueError(f"{folder}: the files tell of different numbers of products or goals: {sorted(sizes)}")

    def number_of(self, asin: str) -> int:
        """Return a product's number; `KeyError` if there is none of this id."""
        name = asin.encode()
        at = int(np.searchsorted(self._asins, name, sorter=self._order))
        if at < len(self._order) and self._asins[number := int(self._order[at])] == name:
            return number
        raise KeyError(asin)

    def filed_under(self, what: str, name: str) -> list[int]:
        """Return the numbers of all products of a "category" or "query", in catalogue order."""
        names = json.loads((self.folder / f"{what}.json").read_text())
        if name not in names:
            return []
        return np.flatnonzero(np.load(self.folder / f"{what}.npy", mmap_mode="r") == names.index(name)).tolist()
