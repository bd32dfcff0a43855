"""A user's own files of the original WebShop: found in a folder, read as a stream, checked item by item."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from ....core.names import check_name
from .json_stream import ShopFileError, stream_array, stream_object
from .nouns import NounFinder
from .original_goals import Draws, Instruction, goals_in_session_order
from .original_item import product_of, string_list
from .product import Goal, Product

__all__ = ["OriginalFiles", "OriginalShop", "find_original"]

_ITEMS, _ATTRIBUTES, _HUMAN = "items_shuffle", "items_ins_v2", "items_human_ins.json"
_BATCH = 512  # titles given to the tagger at once, and items between two reports of progress
_NO_ATTRIBUTES = ("DUMMY_ATTR",)


@dataclass(frozen=True)
class OriginalFiles:
    """Where the original's files lie.

    Attributes:
        items: `items_shuffle*.json`, a JSON array of products.
        attributes: `items_ins_v2*.json`: asin to attributes and, for some, a synthetic instruction.
        human: `items_human_ins.json`: asin to human instructions; None if it is not there.
    """

    items: Path
    attributes: Path
    human: Path | None


def find_original(path: Path) -> OriginalFiles | None:
    """Return the original's files in the folder `path`, or beside the items file `path`; None if it is neither.

    `items_shuffle_1000.json` goes with `items_ins_v2_1000.json`, and so on; if that is absent, with the only
    `items_ins_v2*.json` there is.

    Raises:
        ShopFileError: the folder holds several items files, or no attributes file goes with the items.
    """
    if path.is_dir():
        found = sorted(path.glob(f"{_ITEMS}*.json"))
        if len(found) > 1:
            names = ", ".join(file.name for file in found)
            raise ShopFileError(f"{path}: it holds {names}; give the path of the one to load")
        if not found:
            return None
        items = found[0]
    elif path.is_file() and path.name.startswith(_ITEMS) and path.suffix == ".json":
        items = path
    else:
        return None
    attributes = items.with_name(items.name.replace(_ITEMS, _ATTRIBUTES, 1))
    if not attributes.is_file():
        others = sorted(items.parent.glob(f"{_ATTRIBUTES}*.json"))
        if len(others) != 1:
            raise ShopFileError(f"{items}: the file of its attributes, {attributes.name}, is not beside it")
        attributes = others[0]
    human = items.with_name(_HUMAN)
    return OriginalFiles(items, attributes, human if human.is_file() else None)


class OriginalShop:
    """The products and goals of the original's files, by its rules.

    Products come as a stream; what stays in memory is one item, the attributes of all (a few hundred bytes each) and
    the products that have an instruction, without their long texts. An item is dropped if its id is "nan", longer
    than 10 characters or that of an earlier item.

    Args:
        files: from `find_original`.
        goals: "human" or "synthetic". Synthetic goals are one for every combination of a product's options.
        seed: of the prices drawn from ranges and of the price bounds.
        reproducible: how they are drawn, see `Draws`: False for the order of draws of the original.
        progress: called now and then with (bytes read, bytes in all) of the items file.

    Raises:
        ShopFileError: here, if there is no file of human instructions and goals are "human"; when reading, if a file
            is cut short, is not JSON or holds a value of the wrong kind. The message names the file, the item (from
            1) or asin, and the byte (from 0) at which it begins or, for broken JSON, at which reading stopped.
    """

    def __init__(
        self,
        files: OriginalFiles,
        goals: str = "human",
        seed: int = 233,
        reproducible: bool = True,
        progress: Callable[[int, int], None] | None = None,
    ):
        self.mode = check_name("kind of goals", goals, ("human", "synthetic"))
        if goals == "human" and files.human is None:
            beside = files.items.with_name(_HUMAN)
            raise ShopFileError(f"{beside}: there is no such file, so there are no human goals; take goals='synthetic'")
        self.files = files
        self._seed = seed
        self._reproducible = reproducible
        self._progress = progress or (lambda done, total: None)
        self._goals: list[Goal] | None = None

    def products(self) -> Iterator[Product]:
        """Yield the products in the order of the file. Each call reads the files anew and draws the same prices."""
        draws = Draws(self._seed, self._reproducible)
        attributes, instructions = self._read_attributes()
        if self.mode == "human":
            instructions = self._read_human()
        instructed = []
        for product in self._with_nouns(self._read_items(attributes, draws)):
            if product.asin in instructions:
                instructed.append((replace(product, description="", bullets=()), instructions[product.asin]))
            yield product
        self._goals = goals_in_session_order(self.mode, instructed, draws)

    def goals(self) -> list[Goal]:
        """Return the goals by session number. They follow from all products: these are read if they were not yet."""
        if self._goals is None:
            for _ in self.products():
                pass
        return list(self._goals or ())

    def _read_items(self, attributes: dict[str, tuple[str, ...]], draws: Draws) -> Iterator[tuple[Product, bool]]:
        """Yield the products that are not dropped, each with whether it brings its nouns along."""
        path, size = self.files.items, self.files.items.stat().st_size
        seen: set[str] = set()
        for number, (offset, item) in enumerate(stream_array(path), start=1):
            if number % _BATCH == 0:
                self._progress(offset, size)
            where = f"{path}: item {number}, byte {offset}"
            if not isinstance(item, dict):
                raise ShopFileError(f"{where}: it is not an object")
            asin = item.get("asin")
            if not isinstance(asin, str) or not asin:
                raise ShopFileError(f"{where}: its 'asin' is {asin!r}; every item needs an id")
            if asin == "nan" or len(asin) > 10 or asin in seen:
                continue
            seen.add(asin)
            try:
                product = product_of(item, attributes.get(asin, _NO_ATTRIBUTES), partial(draws.price, asin))
            except ValueError as error:
                raise ShopFileError(f"{where}, asin {asin}: {error}") from error
            yield product, "title_nouns" in item
        if not seen:
            raise ShopFileError(f"{path}: the file has no item that can be sold")
        self._progress(size, size)

    def _with_nouns(self, products: Iterator[tuple[Product, bool]]) -> Iterator[Product]:
        """Give the products that bring no nouns those that are found in their titles."""
        find = NounFinder()
        batch: list[tuple[Product, bool]] = []

        def done() -> Iterator[Product]:
            without = [product.title for product, has_nouns in batch if not has_nouns]
            found = iter(find(without) if without else ())
            for product, has_nouns in batch:
                yield product if has_nouns else replace(product, title_nouns=next(found))
            batch.clear()

        for entry in products:
            batch.append(entry)
            if len(batch) == _BATCH:
                yield from done()
        yield from done()

    def _read_attributes(self) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[Instruction, ...]]]:
        """Return the attributes by asin, and the synthetic instructions if they are wanted."""
        attributes: dict[str, tuple[str, ...]] = {}
        instructions: dict[str, tuple[Instruction, ...]] = {}
        shared: dict[str, str] = {}  # the same few thousand phrases come a million times
        path = self.files.attributes
        for offset, asin, entry in stream_object(path):
            try:
                entry = _object(entry)
                if "attributes" in entry:
                    phrases = string_list("attributes", entry["attributes"])
                    attributes[asin] = tuple(shared.setdefault(phrase, phrase) for phrase in phrases)
                if self.mode == "synthetic" and entry.get("instruction") is not None:
                    instructions[asin] = (_synthetic(entry),)
            except ValueError as error:
                raise ShopFileError(f"{path}: asin {asin}, byte {offset}: {error}") from error
        return attributes, instructions

    def _read_human(self) -> dict[str, tuple[Instruction, ...]]:
        path = self.files.human
        assert path is not None, "checked when the shop was made"
        instructions: dict[str, tuple[Instruction, ...]] = {}
        for offset, asin, entries in stream_object(path):
            try:
                if not isinstance(entries, list):
                    raise ValueError("its instructions are not a list")
                read = [_human(_object(entry)) for entry in entries]
            except ValueError as error:
                raise ShopFileError(f"{path}: asin {asin}, byte {offset}: {error}") from error
            instructions[asin] = tuple(instruction for instruction in read if instruction.attributes)
        return instructions


def _object(entry: Any) -> dict[str, Any]:
    if not isinstance(entry, dict):
        raise ValueError(f"{str(entry)[:60]!r} is not an object")
    return entry


def _synthetic(entry: dict[str, Any]) -> Instruction:
    attributes = string_list("instruction_attributes", entry.get("instruction_attributes"))
    if not attributes:
        raise ValueError("'instruction_attributes' is empty, so that its goals have no weight")
    return Instruction(_wording(entry), attributes, None)


def _human(entry: dict[str, Any]) -> Instruction:
    """Return a human instruction; one without attributes is never played, so the rest of it is not looked at."""
    attributes = string_list("instruction_attributes", entry.get("instruction_attributes"))
    if not attributes:
        return Instruction("", (), ())
    options = string_list("instruction_options", entry.get("instruction_options"))
    return Instruction(_wording(entry).strip("."), attributes, options)


def _wording(entry: dict[str, Any]) -> str:
    text = entry.get("instruction")
    if not isinstance(text, str):
        raise ValueError(f"'instruction' is {text!r}, not a string")
    return text
