"""The drawn layouts against the statistics of the ALFWorld scenes."""

from __future__ import annotations

from collections import Counter

import pytest

from guerdon.core.names import UnknownNameError
from guerdon.envs.household.games.affordances import accepts, flags_of, is_trap, receptacle_types
from guerdon.envs.household.games.layouts import ROOMS, UNSEEN_SCENES, Layout, layout, scene_numbers

# Receptacles in a room: fewest, mean, most. From 3,827 games of ALFWorld.
SIZES = {"kitchen": (20, 33.1, 54), "living": (6, 15.0, 35), "bedroom": (7, 14.6, 27), "bathroom": (10, 14.3, 21)}
SINGLE = {
    "kitchen": ("fridge", "microwave", "sinkbasin", "coffeemachine", "toaster", "garbagecan"),
    "living": ("garbagecan",),
    "bedroom": ("garbagecan",),
    "bathroom": ("toiletpaperhanger", "garbagecan", "toilet"),
}
MEANS = {
    "kitchen": {"cabinet": 13.3, "drawer": 5.8, "stoveburner": 4.07, "countertop": 2.3, "diningtable": 0.73},
    "living": {"drawer": 4.1, "shelf": 2.4, "sidetable": 1.7, "armchair": 1.3, "sofa": 1.2, "coffeetable": 0.98},
    "bedroom": {"drawer": 5.9, "shelf": 3.1, "bed": 1.15, "sidetable": 0.83, "desk": 0.82, "dresser": 0.51},
    "bathroom": {"drawer": 2.7, "cabinet": 2.0, "sinkbasin": 1.5, "handtowelholder": 1.5, "countertop": 1.0},
}


def layouts(room: str) -> list[Layout]:
    return [layout(scene) for scene in scene_numbers(room)]


@pytest.mark.parametrize("room", ROOMS)
def test_rooms_have_the_receptacles_of_the_real_ones(room):
    fewest, mean, most = SIZES[room]
    sizes = [len(place.receptacles) for place in layouts(room)]
    assert fewest <= min(sizes) <= max(sizes) <= most
    assert sum(sizes) / len(sizes) == pytest.approx(mean, abs=0.5)
    kinds = [Counter(receptacle.type for receptacle in place.receptacles) for place in layouts(room)]
    assert all(count[kind] == 1 for count in kinds for kind in SINGLE[room])
    for kind, expected in MEANS[room].items():
        assert sum(count[kind] for count in kinds) / len(kinds) == pytest.approx(expected, abs=0.06)


def test_doors_are_closed_and_as_frequent_as_in_the_real_rooms():
    everything = [receptacle for room in ROOMS for place in layouts(room) for receptacle in place.receptacles]
    assert not any(receptacle.open for receptacle in everything)
    for kind, share in {"cabinet": 0.82, "drawer": 0.84, "fridge": 1, "microwave": 1, "shelf": 0, "bed": 0}.items():
        opens = [receptacle.openable for receptacle in everything if receptacle.type == kind]
        assert sum(opens) / len(opens) == pytest.approx(share, abs=0.01)


def test_some_receptacles_share_their_location_and_the_agent_starts_apart():
    # Weighted by the games of each room kind, as the measured share is.
    games = {"kitchen": 1841, "living": 505, "bedroom": 786, "bathroom": 695}
    groups = Counter()
    for room in ROOMS:
        for place in layouts(room):
            locs = Counter(receptacle.loc for receptacle in place.receptacles)
            for size in locs.values():
                groups[size] += games[room]
            assert sorted(locs) == list(range(len(locs))), place.scene
            assert place.agent_loc not in locs
    assert set(groups) <= {1, 2, 3, 4, 5}
    assert groups[2] > groups[3] > 0
    shared = sum(size * number for size, number in groups.items() if size > 1)
    assert shared / sum(size * number for size, number in groups.items()) == pytest.approx(0.186, abs=0.01)


def test_names_run_by_type_and_by_number_downwards():
    for room in ROOMS:
        for place in layouts(room):
            names = [receptacle.name for receptacle in place.receptacles]
            assert names == sorted(names, key=lambda name: (name.split()[0], -int(name.split()[1])))
            lowest = {name.split()[0]: int(name.split()[1]) for name in names}
            assert set(lowest.values()) == {1}


def test_there_are_112_layouts_no_two_alike():
    every = [place for room in ROOMS for place in layouts(room)]
    assert len({place.receptacles for place in every}) == len(every) == 112
    assert UNSEEN_SCENES == (28, 228, 328, 428)


def test_an_unknown_scene_is_named_with_the_nearest():
    with pytest.raises(UnknownNameError, match=r"unknown scene 29\. Did you mean '2"):
        layout(29)


def test_affordances_are_those_of_alfred():
    assert flags_of("apple") == {"pickupable", "cleanable", "heatable", "coolable", "sliceable"}
    assert flags_of("mug") == {"pickupable", "cleanable", "heatable", "coolable", "container"}
    assert flags_of("desklamp") == {"toggleable"}
    assert flags_of("television") == frozenset()
    assert accepts("safe") == {"cd", "cellphone", "creditcard", "keychain", "statue", "vase", "watch"}
    assert accepts("sidetable") == accepts("countertop") == accepts("coffeetable") == accepts("diningtable")
    assert accepts("desk") - accepts("dresser") == {"soapbottle"}
    assert accepts("toaster") == frozenset()
    assert len(receptacle_types()) == 29
    placeable = frozenset().union(*map(accepts, receptacle_types()))
    assert placeable - accepts("countertop") == {"pillow", "plunger", "towel"}
    assert [kind for kind in ("papertowelroll", "teddybear", "pillow", "television") if is_trap(kind)] == [
        "papertowelroll",
        "teddybear",
    ]
    with pytest.raises(UnknownNameError, match="'fridge'"):
        accepts("frige")
