"""The shapes of the arm: what each link looks like and which of its shapes can touch things.

Only primitives, no meshes, so that a model loads in milliseconds and a frame renders fast. The sizes follow the
outline of a Franka Panda; positions are in the frame of the link, which `arm` places by the published kinematics.
Coordinates and sizes in m.
"""

from __future__ import annotations

from dataclasses import dataclass

import mujoco

__all__ = ["MATERIALS", "SHELLS", "Shell"]

CAPSULE, CYLINDER = mujoco.mjtGeom.mjGEOM_CAPSULE, mujoco.mjtGeom.mjGEOM_CYLINDER
BOX, ELLIPSOID = mujoco.mjtGeom.mjGEOM_BOX, mujoco.mjtGeom.mjGEOM_ELLIPSOID

MATERIALS = {
    "shell": ((0.93, 0.94, 0.95), 0.5, 0.6),
    "graphite": ((0.17, 0.18, 0.20), 0.4, 0.5),
    "accent": ((0.10, 0.62, 0.62), 0.5, 0.6),
    "rubber": ((0.08, 0.08, 0.09), 0.1, 0.1),
}
"""Material name to (colour, specular, shininess)."""


@dataclass(frozen=True, slots=True)
class Shell:
    """One shape of a link.

    Attributes:
        type: A capsule or cylinder lies between the two ends `at`; a box or ellipsoid is centred there.
        material: A name of `MATERIALS`.
        at: Both ends (six numbers) or the centre (three numbers), in m.
        size: The radius (one number) or the half sizes (three numbers), in m.
        solid: Whether it can touch things, if `arm.TOUCHING` has the link. A link's first solid shape carries its mass.
        name: The name of the geom, if anything refers to it.
    """

    type: mujoco.mjtGeom
    material: str
    at: tuple[float, ...]
    size: tuple[float, ...]
    solid: bool = False
    name: str = ""


SHELLS: dict[str, tuple[Shell, ...]] = {
    "link0": (
        Shell(CAPSULE, "shell", (0, 0, 0.05, 0, 0, 0.085), (0.07,), solid=True),
        Shell(CYLINDER, "graphite", (0, 0, 0, 0, 0, 0.016), (0.095,)),
        Shell(ELLIPSOID, "shell", (-0.06, 0, 0.03), (0.095, 0.066, 0.07)),
        Shell(CYLINDER, "accent", (0, 0, 0.137, 0, 0, 0.145), (0.0615,)),
        Shell(CYLINDER, "shell", (0, 0, 0.09, 0, 0, 0.137), (0.062,)),
    ),
    "link1": (
        Shell(CAPSULE, "shell", (0, 0, -0.13, 0, 0, -0.01), (0.06,), solid=True),
        Shell(CYLINDER, "graphite", (0, 0, -0.188, 0, 0, -0.17), (0.058,)),
        Shell(CYLINDER, "shell", (0, 0, -0.17, 0, 0, -0.13), (0.06,)),
        Shell(CAPSULE, "shell", (0, -0.04, 0, 0, 0.04, 0), (0.062,)),
    ),
    "link2": (
        Shell(CAPSULE, "shell", (0, -0.03, 0, 0, -0.15, 0), (0.057,), solid=True),
        Shell(CYLINDER, "graphite", (0, 0, -0.108, 0, 0, 0.108), (0.044,)),
        Shell(CYLINDER, "shell", (0, -0.15, 0, 0, -0.158, 0), (0.057,)),
    ),
    "link3": (
        Shell(CAPSULE, "shell", (0, 0, -0.1, 0.05, 0, -0.02), (0.057,), solid=True),
        Shell(CYLINDER, "accent", (0, 0, -0.158, 0, 0, -0.15), (0.0585,)),
        Shell(CYLINDER, "shell", (0, 0, -0.15, 0, 0, -0.1), (0.057,)),
        Shell(CAPSULE, "shell", (0.0825, -0.035, 0, 0.0825, 0.035, 0), (0.055,)),
    ),
    "link4": (
        Shell(CAPSULE, "shell", (-0.035, 0.02, 0, -0.0825, 0.1, 0), (0.054,), solid=True),
        Shell(CYLINDER, "graphite", (0, 0, -0.096, 0, 0, 0.096), (0.04,)),
        Shell(CYLINDER, "shell", (-0.0825, 0.1, 0, -0.0825, 0.15, 0), (0.054,)),
    ),
    "link5": (
        Shell(CAPSULE, "shell", (0, 0, -0.2, 0, 0, -0.03), (0.047,), solid=True),
        Shell(CYLINDER, "accent", (0, 0, -0.234, 0, 0, -0.226), (0.056,)),
        Shell(ELLIPSOID, "shell", (0, 0, -0.226), (0.054, 0.054, 0.14)),
        Shell(CAPSULE, "shell", (0, -0.035, 0, 0, 0.035, 0), (0.05,)),
    ),
    "link6": (
        Shell(CAPSULE, "shell", (0.01, 0, 0, 0.088, 0, 0), (0.046,), solid=True),
        Shell(CYLINDER, "graphite", (0, 0, -0.091, 0, 0, 0.091), (0.037,)),
        Shell(CYLINDER, "shell", (0.088, 0, 0, 0.088, -0.046, 0), (0.046,)),
    ),
    "link7": (
        Shell(CAPSULE, "shell", (0, 0, 0.02, 0, 0, 0.06), (0.042,), solid=True),
        Shell(CYLINDER, "accent", (0, 0, 0.046, 0, 0, 0.053), (0.0455,)),
        Shell(CYLINDER, "shell", (0, 0, 0.053, 0, 0, 0.088), (0.044,)),
        Shell(CYLINDER, "graphite", (0, 0, 0.088, 0, 0, 0.107), (0.04,)),
    ),
    "hand": (
        Shell(CAPSULE, "shell", (0, -0.075, 0.03, 0, 0.075, 0.03), (0.031,), solid=True),
        Shell(BOX, "graphite", (0, 0, 0.052), (0.018, 0.08, 0.009)),
    ),
    "finger": (
        Shell(BOX, "graphite", (0, 0.0155, 0.018), (0.010, 0.0085, 0.022), solid=True),
        Shell(BOX, "accent", (0, 0.0135, 0.0483), (0.010, 0.0065, 0.0083)),
        Shell(BOX, "rubber", (0, 0.004, 0.045), (0.009, 0.004, 0.011), solid=True, name="pad"),
    ),
}
"""The shapes of every link; both fingers use "finger", the right one turned by half a turn about the hand's z."""
