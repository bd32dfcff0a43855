"""What is read: the result of a search, a document, the first page."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from ...core.random import derive_seed
from .region import NUM_REGIONS, Region
from .relations import NOISE, RELATIONS

__all__ = ["document_text", "first_text", "search_text"]


def first_text(question: str, shelf: Sequence[str]) -> str:
    """Return what an episode begins with: the question, and the titles that lie open."""
    return f"Question: {question}\nDocuments: {'; '.join(shelf)}"


@lru_cache(maxsize=200 * NUM_REGIONS)
def search_text(region: Region, thing: int) -> str:
    """Return what a search for a thing finds: its triples, and the titles of documents about it."""
    name, names = region.names[thing], region.names
    lines = [
        f"{name} | {label} | {', '.join(names[node] for node in nodes)}" for label, nodes in region.facts[thing].items()
    ]
    return "\n".join([*lines, f"Documents: {'; '.join(names[title] for title in region.documents[thing])}"])


@lru_cache(maxsize=200 * NUM_REGIONS)
def document_text(region: Region, thing: int) -> str:
    """Return the document about a thing: a title, then its facts in sentences and one that states nothing."""
    rng = np.random.default_rng(derive_seed("searchqa document", region.number, thing))
    name, names = region.names[thing], region.names
    sentences = []
    for label, nodes in region.facts[thing].items():
        told = RELATIONS[label].told
        objects = [names[node] for node in nodes]
        listed = objects[0] if len(objects) == 1 else f"{', '.join(objects[:-1])} and {objects[-1]}"
        sentences.append(told[int(rng.integers(len(told)))].format(x=name, y=listed))
    noise = NOISE[region.kinds[thing]]
    sentences.append(noise[int(rng.integers(len(noise)))])
    return f"{name}\n{' '.join(sentences[i] for i in rng.permutation(len(sentences)))}"
