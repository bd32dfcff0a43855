"""A made-up game in the form of the ALFWorld data: three rooms' worth of invented coordinates, no real game."""

from __future__ import annotations

import json
from pathlib import Path

GRAMMAR = """grammar :: \\"\\"\\"
    {
        "intro": [{"rhs": "-= Welcome to TextWorld, ALFRED! =-"}],
        "task": [
            {
                "rhs": "Your task is to: %s."
            }
        ]
    }
"""

OBJECTS = """
    agent1 - agent
    Mug - object
    MugType - otype
    FridgeType - rtype
    Mug_bar__minus_01_dot_50_bar__plus_00_dot_90_bar__plus_02_dot_25 - object
    Mug_bar__plus_01_dot_50_bar__plus_00_dot_90_bar__plus_02_dot_25 - object
    Mug_bar__plus_03_dot_00_bar__plus_00_dot_90_bar__plus_02_dot_25 - object
    Spoon_bar__plus_01_dot_51_bar__plus_00_dot_91_bar__plus_02_dot_25 - object
    Sink_bar__plus_00_dot_00_bar__plus_00_dot_80_bar__minus_01_dot_00 - object
    DeskLamp_bar__plus_00_dot_10_bar__plus_00_dot_80_bar__minus_01_dot_00 - object
    Fridge_bar__minus_01_dot_50_bar__plus_00_dot_00_bar__plus_02_dot_30 - receptacle
    Cabinet_bar__plus_00_dot_50_bar__plus_01_dot_90_bar__plus_02_dot_30 - receptacle
    Cabinet_bar__plus_01_dot_50_bar__plus_01_dot_90_bar__plus_02_dot_30 - receptacle
    CounterTop_bar__plus_01_dot_50_bar__plus_00_dot_80_bar__plus_02_dot_30 - receptacle
    Sink_bar__plus_00_dot_00_bar__plus_00_dot_80_bar__minus_01_dot_00_bar_SinkBasin - receptacle
    loc_bar_1_bar_2_bar_0_bar_60 - location
    loc_bar_4_bar_2_bar_1_bar_45 - location
    loc_bar__minus_3_bar_2_bar_0_bar_30 - location
    loc_bar_9_bar_9_bar_0_bar_0 - location
"""

INIT = """
    (= (total-cost) 0)
    (receptacleType Fridge_bar__minus_01_dot_50_bar__plus_00_dot_00_bar__plus_02_dot_30 FridgeType)
    (receptacleType Cabinet_bar__plus_00_dot_50_bar__plus_01_dot_90_bar__plus_02_dot_30 CabinetType)
    (receptacleType Cabinet_bar__plus_01_dot_50_bar__plus_01_dot_90_bar__plus_02_dot_30 CabinetType)
    (receptacleType CounterTop_bar__plus_01_dot_50_bar__plus_00_dot_80_bar__plus_02_dot_30 CounterTopType)
    (receptacleType Sink_bar__plus_00_dot_00_bar__plus_00_dot_80_bar__minus_01_dot_00_bar_SinkBasin SinkBasinType)
    (objectType Mug_bar__minus_01_dot_50_bar__plus_00_dot_90_bar__plus_02_dot_25 MugType)
    (objectType Mug_bar__plus_01_dot_50_bar__plus_00_dot_90_bar__plus_02_dot_25 MugType)
    (objectType Mug_bar__plus_03_dot_00_bar__plus_00_dot_90_bar__plus_02_dot_25 MugType)
    (objectType Spoon_bar__plus_01_dot_51_bar__plus_00_dot_91_bar__plus_02_dot_25 SpoonType)
    (objectType Sink_bar__plus_00_dot_00_bar__plus_00_dot_80_bar__minus_01_dot_00 SinkType)
    (objectType DeskLamp_bar__plus_00_dot_10_bar__plus_00_dot_80_bar__minus_01_dot_00 DeskLampType)
    (canContain FridgeType MugType)
    (canContain CounterTopType MugType)   ; facts may come twice
    (canContain CounterTopType MugType)
    (canContain CounterTopType SpoonType)
    (canContain SinkBasinType MugType)
    (pickupable Mug_bar__minus_01_dot_50_bar__plus_00_dot_90_bar__plus_02_dot_25)
    (pickupable Mug_bar__plus_01_dot_50_bar__plus_00_dot_90_bar__plus_02_dot_25)
    (pickupable Mug_bar__plus_03_dot_00_bar__plus_00_dot_90_bar__plus_02_dot_25)
    (pickupable Spoon_bar__plus_01_dot_51_bar__plus_00_dot_91_bar__plus_02_dot_25)
    (cleanable Mug_bar__plus_01_dot_50_bar__plus_00_dot_90_bar__plus_02_dot_25)
    (coolable Mug_bar__plus_01_dot_50_bar__plus_00_dot_90_bar__plus_02_dot_25)
    (isReceptacleObject Mug_bar__plus_01_dot_50_bar__plus_00_dot_90_bar__plus_02_dot_25)
    (toggleable DeskLamp_bar__plus_00_dot_10_bar__plus_00_dot_80_bar__minus_01_dot_00)
    (isCool Mug_bar__minus_01_dot_50_bar__plus_00_dot_90_bar__plus_02_dot_25)
    (openable Fridge_bar__minus_01_dot_50_bar__plus_00_dot_00_bar__plus_02_dot_30)
    (openable Cabinet_bar__plus_01_dot_50_bar__plus_01_dot_90_bar__plus_02_dot_30)
    (opened Cabinet_bar__plus_01_dot_50_bar__plus_01_dot_90_bar__plus_02_dot_30)
    (atLocation agent1 loc_bar_9_bar_9_bar_0_bar_0)
    (inReceptacle Mug_bar__minus_01_dot_50_bar__plus_00_dot_90_bar__plus_02_dot_25
                  Fridge_bar__minus_01_dot_50_bar__plus_00_dot_00_bar__plus_02_dot_30)
    (inReceptacle Mug_bar__plus_01_dot_50_bar__plus_00_dot_90_bar__plus_02_dot_25
                  CounterTop_bar__plus_01_dot_50_bar__plus_00_dot_80_bar__plus_02_dot_30)
    (inReceptacle Mug_bar__plus_01_dot_50_bar__plus_00_dot_90_bar__plus_02_dot_25
                  Cabinet_bar__plus_01_dot_50_bar__plus_01_dot_90_bar__plus_02_dot_30)
    (inReceptacleObject Spoon_bar__plus_01_dot_51_bar__plus_00_dot_91_bar__plus_02_dot_25
                        Mug_bar__plus_01_dot_50_bar__plus_00_dot_90_bar__plus_02_dot_25)
    (receptacleAtLocation Fridge_bar__minus_01_dot_50_bar__plus_00_dot_00_bar__plus_02_dot_30
                          loc_bar__minus_3_bar_2_bar_0_bar_30)
    (receptacleAtLocation Cabinet_bar__plus_00_dot_50_bar__plus_01_dot_90_bar__plus_02_dot_30
                          loc_bar_1_bar_2_bar_0_bar_60)
    (receptacleAtLocation Cabinet_bar__plus_01_dot_50_bar__plus_01_dot_90_bar__plus_02_dot_30
                          loc_bar_1_bar_2_bar_0_bar_60)
    (receptacleAtLocation CounterTop_bar__plus_01_dot_50_bar__plus_00_dot_80_bar__plus_02_dot_30
                          loc_bar_4_bar_2_bar_1_bar_45)
    (receptacleAtLocation Sink_bar__plus_00_dot_00_bar__plus_00_dot_80_bar__minus_01_dot_00_bar_SinkBasin
                          loc_bar_4_bar_2_bar_1_bar_45)
    (objectAtLocation Mug_bar__plus_01_dot_50_bar__plus_00_dot_90_bar__plus_02_dot_25
                      loc_bar_4_bar_2_bar_1_bar_45)
"""

PLACE = """(and (exists (?r - receptacle) (exists (?o - object)
    (and {flag} (objectType ?o MugType) (receptacleType ?r CounterTopType) {state} (inReceptacle ?o ?r)))))"""
GOALS = {
    1: PLACE.format(flag="", state=""),
    2: """(and
        (exists (?ot - object ?r - receptacle ?a - agent ?l - location)
            (and (objectType ?ot DeskLampType) (toggleable ?ot) (isToggled ?ot)
                 (receptacleAtLocation ?r ?l) (atLocation ?a ?l) (inReceptacle ?ot ?r)))
        (exists (?o - object ?a - agent) (and (objectType ?o MugType) (holds ?a ?o))))""",
    3: PLACE.format(flag="(cleanable ?o)", state="(isClean ?o)"),
    4: PLACE.format(flag="(heatable ?o)", state="(isHot ?o)"),
    5: PLACE.format(flag="(coolable ?o)", state="(isCool ?o)"),
    6: """(and (exists (?r - receptacle) (exists (?o1 - object)
        (and (objectType ?o1 MugType) (receptacleType ?r CounterTopType) (inReceptacle ?o1 ?r)
             (exists (?o2 - object)
                 (and (not (= ?o1 ?o2)) (objectType ?o2 MugType)
                      (receptacleType ?r CounterTopType) (inReceptacle ?o2 ?r)))))))""",
}


def problem(goal: str, init: str = INIT, objects: str = OBJECTS) -> str:
    return f"""
; an invented kitchen
(define (problem made_up) (:domain alfred)
(:objects {objects})
(:init {init})
(:goal {goal}))
"""


def write_game(folder: Path, goal: str, task: str = "put a mug in countertop", **changes: object) -> Path:
    """Write one game file; `changes` replace keys of its JSON."""
    data = {
        "pddl_domain": "(define (domain alfred))",
        "grammar": GRAMMAR % task,
        "pddl_problem": problem(goal),
        "walkthrough": [],
        "solvable": True,
    }
    folder.mkdir(parents=True)
    path = folder / "game.tw-pddl"
    path.write_text(json.dumps(data | changes))
    return path
