"""The arm at its table: `build_model` compiles the whole scene, with what a task puts on the table.

The origin is the foot of the arm on the table top, x ahead, y to the left, z up, all in m. Objects come as MJCF text,
the language MuJoCo users know, or as a function on the spec where text is not enough.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import mujoco
import numpy as np

from ....core.names import check_name
from .arm import FINGER_JOINTS, GRIPPER, HOME, JOINTS, MAX_OPENING, PADS, WRIST_CAMERA, add_arm

__all__ = ["CAMERAS", "NUM_SUBSTEPS", "OBJECT_MATERIALS", "TABLE_SIZE", "TIMESTEP", "build_model", "touch_sensors"]

TIMESTEP = 0.005
"""Seconds of one mj_step. The integrator "discrete" grasps as well at this step as others do at 2 ms."""
NUM_SUBSTEPS = 10
"""Steps of one control step: 20 actions a second."""

CAMERAS = ("front", "side", WRIST_CAMERA)
TABLE_SIZE = (1.1, 1.0)
"""Length along x and width along y of the table in m; its top is z = 0, its centre x = 0.35."""

OBJECT_MATERIALS = {
    "coral": (0.93, 0.38, 0.29),
    "amber": (0.96, 0.70, 0.22),
    "blue": (0.25, 0.47, 0.85),
    "green": (0.36, 0.66, 0.40),
    "white": (0.93, 0.93, 0.92),
    "grey": (0.45, 0.47, 0.50),
}
"""Materials that objects can name: name to colour (red, green, blue)."""

# Elliptic cones, impratio 10 and condim 4 keep a grasped object from creeping out of the hand. Rendering without
# multisampling and cast shadows is about fifteen times faster on a CPU. Looking for islands of contact costs 6% of a
# step and finds one.
_SCENE = """
<mujoco model="manipulation">
  <compiler angle="radian"/>
  <option timestep="{timestep}" integrator="discrete" cone="elliptic" impratio="10" jacobian="dense">
    <flag island="disable"/>
  </option>
  <statistic center="0.35 0 0.2" extent="1.2"/>
  <visual>
    <global offwidth="1280" offheight="960"/>
    <quality offsamples="0" shadowsize="1024" numslices="24" numstacks="12"/>
    <headlight ambient="0.38 0.39 0.41" diffuse="0.28 0.28 0.28" specular="0.1 0.1 0.1"/>
    <map znear="0.01" zfar="12"/>
  </visual>
  <default>
    <geom condim="4" friction="1 0.005 0.0001"/>
    <default class="decoration">
      <geom contype="0" conaffinity="0" material="steel"/>
    </default>
  </default>
  <asset>
    <texture name="sky" type="skybox" builtin="gradient" rgb1="0.96 0.97 0.98" rgb2="0.74 0.83 0.91" width="64"
      height="384"/>
    <texture name="grid" type="2d" builtin="flat" rgb1="0.83 0.85 0.87" mark="edge" markrgb="0.72 0.75 0.78"
      width="128" height="128"/>
    <texture name="wood" type="2d" builtin="flat" width="{pixels}" height="{pixels}"/>
    <material name="floor" texture="grid" texuniform="true" texrepeat="2 2" specular="0" shininess="0"/>
    <material name="wood" texture="wood" specular="0.15" shininess="0.2"/>
    <material name="steel" rgba="0.30 0.31 0.33 1" specular="0.2"/>
    {materials}
  </asset>
  <worldbody>
    <light type="directional" pos="0 0 3" dir="-0.35 0.45 -1" diffuse="0.48 0.47 0.44" specular="0.25 0.25 0.25"
      castshadow="false"/>
    <light type="directional" pos="0 0 3" dir="0.6 0.3 -0.5" diffuse="0.14 0.15 0.18" specular="0 0 0"
      castshadow="false"/>
    <geom name="floor" type="plane" size="0 0 1" pos="0 0 -0.7" material="floor"/>
    <body name="table" pos="0.35 0 0">
      <geom name="table" type="box" size="0.55 0.5 0.02" pos="0 0 -0.02" material="wood"/>
      {legs}
    </body>
    <body name="link0"/>
    <camera name="front" pos="{front}" fovy="40" xyaxes="{front_axes}"/>
    <camera name="side" pos="{side}" fovy="40" xyaxes="{side_axes}"/>
    {objects}
  </worldbody>
</mujoco>
"""
_LEG = '<geom class="decoration" type="box" size="0.025 0.025 0.33" pos="{} {} -0.37"/>'
_FRONT, _LOOK_AT = (1.60, -0.85, 0.80), (0.33, 0.0, 0.26)
_SIDE, _LOOK_ASIDE_AT = (-0.25, -1.35, 0.85), (0.36, 0.0, 0.22)  # sees the fronts of furniture
_PIXELS = 256


def touch_sensors(geom: str) -> tuple[str, str]:
    """Return the names of the sensors that say whether the left and the right pad touch a geom."""
    return f"{PADS[0]}/{geom}", f"{PADS[1]}/{geom}"


def build_model(objects: str | Callable[[mujoco.MjSpec], object] = "", touch: Sequence[str] = ()) -> mujoco.MjModel:
    """Compile the arm, its table and the objects of a task.

    Args:
        objects: MJCF elements as they stand in a `<worldbody>` (bodies, geoms, sites), which may use
            `OBJECT_MATERIALS`; angles are in radians, and geoms have condim 4 unless they say otherwise. Or a
            function that changes the spec of the scene, arm included, before it is compiled: for sensors, equalities,
            other options.
        touch: Names of geoms of these objects. For each the model gets two sensors, named by `touch_sensors`, of four
            numbers: how many contacts the pad has with the geom, and the normal of the one that presses most.

    Returns:
        A model with keyframe "home": the arm at `arm.HOME`, the hand open, the objects where they were put.

    Raises:
        ValueError: If the text is not valid MJCF.
        UnknownNameError: If `touch` names a geom that the scene has not.
    """
    text = objects if isinstance(objects, str) else ""
    try:
        spec = mujoco.MjSpec.from_string(_scene_text(text))
    except ValueError as error:
        raise ValueError(f"objects are not valid MJCF for a <worldbody>: {error}\n{text}") from error
    spec.texture("wood").data = _wood().tobytes()
    add_arm(spec, spec.body("link0"))
    if not isinstance(objects, str):
        objects(spec)
    geoms = {geom.name for geom in spec.geoms if geom.name} if touch else set()
    for geom in touch:
        check_name("geom", geom, geoms, "touch")
        for pad, name in zip(PADS, touch_sensors(geom), strict=True):
            _add_touch(spec, name, pad, geom)
    spec.add_key(name="home")
    model = spec.compile()
    for name, angle in zip(JOINTS, HOME, strict=True):
        model.key("home").qpos[model.joint(name).qposadr] = model.key("home").ctrl[model.actuator(name).id] = angle
    for name in FINGER_JOINTS:
        model.key("home").qpos[model.joint(name).qposadr] = MAX_OPENING / 2
    model.key("home").ctrl[model.actuator(GRIPPER).id] = MAX_OPENING
    return model


def _add_touch(spec: mujoco.MjSpec, name: str, pad: str, geom: str) -> None:
    sensor = spec.add_sensor(name=name, type=mujoco.mjtSensor.mjSENS_CONTACT)
    sensor.objtype, sensor.objname = mujoco.mjtObj.mjOBJ_GEOM, pad
    sensor.reftype, sensor.refname = mujoco.mjtObj.mjOBJ_GEOM, geom
    found, normal = mujoco.mjtConDataField.mjCONDATA_FOUND, mujoco.mjtConDataField.mjCONDATA_NORMAL
    sensor.intprm[:3] = 1 << int(found) | 1 << int(normal), 2, 1  # data="found normal" reduce="maxforce" num="1"


def _scene_text(objects: str) -> str:
    material = '<material name="{}" rgba="{} {} {} 1" specular="0.3" shininess="0.4"/>'
    return _SCENE.format(
        timestep=TIMESTEP,
        pixels=_PIXELS,
        materials="".join(material.format(name, *rgb) for name, rgb in OBJECT_MATERIALS.items()),
        legs="".join(_LEG.format(x, y) for x in (-0.48, 0.48) for y in (-0.43, 0.43)),
        front="{} {} {}".format(*_FRONT),
        side="{} {} {}".format(*_SIDE),
        front_axes=_looking(_FRONT, _LOOK_AT),
        side_axes=_looking(_SIDE, _LOOK_ASIDE_AT),
        objects=objects,
    )


def _looking(eye: tuple[float, ...], target: tuple[float, ...]) -> str:
    """Return the x and y axes ("xyaxes") of an upright camera at `eye` whose -z axis points at `target`."""
    back = np.subtract(eye, target)
    right = np.array([-back[1], back[0], 0.0])
    return " ".join(str(number) for number in (*right, *np.cross(back, right)))


def _wood() -> np.ndarray:
    """Draw the table top: planks along x, each of its own tone, with grain.

    Returns:
        Array of shape (_PIXELS, _PIXELS, 3), uint8; rows run across the grain.
    """
    rng = np.random.default_rng(0)
    row, column = np.mgrid[0:_PIXELS, 0:_PIXELS] / _PIXELS
    plank = (row * 5).astype(int)
    shift = rng.uniform(0, 10, 5)[plank]
    wave = 0.015 * np.sin(2 * np.pi * (column + shift)) + 0.006 * np.sin(2 * np.pi * (column * 3 + 3 * shift))
    grain = np.sin(2 * np.pi * (26 * (row + wave) + shift)) + 0.6 * np.sin(
        2 * np.pi * (61 * (row + 0.6 * wave) + shift)
    )
    tone = 1 + 0.018 * grain + rng.uniform(-0.05, 0.05, 5)[plank] + rng.normal(0, 0.012, _PIXELS)[:, None]
    seam = np.abs(row * 5 - np.round(row * 5)) < 0.012
    color = np.where(seam[..., None], 0.72, tone[..., None]) * np.array([0.80, 0.64, 0.46]) * 255
    return np.clip(color, 0, 255).astype(np.uint8)
