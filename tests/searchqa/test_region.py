"""The invented world: names, facts, what is read of them, and how far things lie apart."""

from __future__ import annotations

import itertools
import subprocess
import sys
from collections import Counter, deque

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guerdon.envs.searchqa.names import FIRST, KINDS, name_of
from guerdon.envs.searchqa.region import FAR, NUM_REGIONS, Region, open_region
from guerdon.envs.searchqa.relations import RELATIONS
from guerdon.envs.searchqa.scoring import tokens
from guerdon.envs.searchqa.texts import document_text, search_text

SOME = (0, 31, NUM_REGIONS - 1)
DIGEST = """
import hashlib
from guerdon.envs.searchqa.questions import open_question
from guerdon.envs.searchqa.region import open_region
from guerdon.envs.searchqa.texts import document_text, search_text
region = open_region(7)
read = [f(region, thing) for f in (search_text, document_text) for thing in range(region.num_things)]
asked = [(q.text, q.gold, q.shelf) for q in (open_question(7, number) for number in range(60))]
print(hashlib.sha256(repr((read, asked)).encode()).hexdigest())
"""


@pytest.mark.parametrize("kind", list(KINDS))
def test_two_numbers_give_two_names(kind: str) -> None:
    names = [name_of(kind, number) for number in range(1600)]
    assert len(set(names)) == len(names)
    with pytest.raises(ValueError, match=rf"names of the kind '{kind}'; 999999"):
        name_of(kind, 999_999)


def test_no_two_things_anywhere_have_the_same_words() -> None:
    assert len(set(FIRST)) == len(FIRST)
    names = [
        name for number in range(NUM_REGIONS) for name in open_region(number).names[: open_region(number).num_things]
    ]
    found = Counter(tuple(sorted(tokens(name))) for name in names)
    assert [words for words, count in found.items() if count > 1] == []


@pytest.mark.parametrize("number", SOME)
def test_no_two_answers_of_a_region_have_the_same_words(number: int) -> None:
    region = open_region(number)
    found = Counter(tuple(sorted(tokens(name))) for name in region.names)
    assert [words for words, count in found.items() if count > 1] == []
    assert {name: node for node, name in enumerate(region.names)} == region.nodes


@pytest.mark.parametrize("number", SOME)
def test_facts_agree_with_each_other(number: int) -> None:
    region = open_region(number)
    for thing, facts in enumerate(region.facts):
        assert facts, "everything has facts"
        for label, nodes in facts.items():
            assert RELATIONS[label].of == region.kinds[thing]
            assert nodes == tuple(sorted(set(nodes)))
            assert thing not in nodes
            if RELATIONS[label].phrases:
                assert len(nodes) == 1, "what can be gone on from is one thing"
                assert nodes[0] < region.num_things
        if "country" in facts:
            (country,), (river,) = facts["country"], facts["river"]
            assert river in region.facts[country]["rivers"]
            assert thing in region.facts[river]["flows through"]
        if "capital" in facts:
            assert region.facts[facts["capital"][0]]["country"] == (thing,)
        if "married to" in facts:
            assert region.facts[facts["married to"][0]]["married to"] == (thing,)
        for book in facts.get("wrote", ()):
            assert region.facts[book]["written by"] == (thing,)


@pytest.mark.parametrize("number", SOME)
def test_distances_are_shortest_paths(number: int) -> None:
    region = open_region(number)
    for start in range(0, region.num_things, 7):
        found, queue = {start: 0}, deque([start])
        while queue:
            at = queue.popleft()
            for node in region.shown[at] if at < region.num_things else ():
                if node not in found:
                    found[node] = found[at] + 1
                    queue.append(node)
        assert region.distances[start].tolist() == [found.get(node, FAR) for node in range(len(region.names))]


@pytest.mark.parametrize("number", SOME)
def test_a_look_up_shows_what_it_is_said_to_name_and_nothing_else(number: int) -> None:
    region = open_region(number)
    for thing in range(region.num_things):
        found = search_text(region, thing)
        *triples, documents = found.split("\n")
        named = {part for line in triples for part in (line.split(" | ")[0], line.split(" | ")[2])}
        named |= {part for line in triples for part in line.split(" | ")[2].split(", ")}
        named |= set(documents.removeprefix("Documents: ").split("; "))
        assert named == {region.names[node] for node in region.shown[thing]}
        title, _, body = document_text(region, thing).partition("\n")
        assert title == region.names[thing]
        told = {node for nodes in region.facts[thing].values() for node in nodes}
        assert all(region.names[node] in body for node in told)
        elsewhere = [name for node, name in enumerate(region.names[: region.num_things]) if node not in {thing, *told}]
        assert not [name for name in elsewhere if f" {name} " in f" {body.replace(',', ' ').replace('.', ' ')} "]


@given(st.integers(0, NUM_REGIONS - 1))
def test_a_region_is_the_same_whenever_it_is_made(number: int) -> None:
    one, two = Region(number), open_region(number)
    assert one.names[: one.num_things] == two.names[: two.num_things]
    assert one.shown == two.shown
    assert (one.distances == two.distances).all()


def test_another_process_makes_the_same_world() -> None:
    runs = [
        subprocess.run([sys.executable, "-c", DIGEST], capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    ]
    assert runs[0] == runs[1] != ""


def test_there_is_no_region_beyond_the_last() -> None:
    for number in (-1, NUM_REGIONS):
        with pytest.raises(ValueError, match=rf"{NUM_REGIONS} regions; {number} is none"):
            open_region(number)


def test_relations_are_asked_for_and_told_in_words_of_their_own() -> None:
    said = {label: {*one.phrases, *one.asked, *one.told} for label, one in RELATIONS.items()}
    assert all(len(one.asked) > 1 and len(one.told) > 1 for one in RELATIONS.values())
    for one, two in itertools.combinations(said, 2):
        assert not said[one] & said[two], (one, two)
