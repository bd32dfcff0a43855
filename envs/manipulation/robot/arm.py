"""A seven-joint arm with a parallel gripper: the kinematics, limits and masses of a Franka Panda, in primitives.

`add_arm` builds it; the constants beside it are its published numbers, for controllers and for tests.

Sources: kinematics (modified Denavit-Hartenberg, Craig 1986), joint, velocity and torque limits: Franka Control
Interface documentation, "Robot and interface specifications". Link masses: Gaz et al., "Dynamic identification of the
Franka Emika Panda robot", RA-L 4(4), 2019. Servo gains: the usual ones of MuJoCo models of this arm.
"""

from __future__ import annotations

import math

import mujoco

from .kinematics import LINKS, LOWER, REST, TCP, UPPER, VELOCITY
from .shells import MATERIALS, SHELLS

__all__ = [
    "ACTUATORS",
    "FINGER_JOINTS",
    "GRIPPER",
    "GRIP_FORCE",
    "HOME",
    "JOINTS",
    "JOINT_LIMITS",
    "MASSES",
    "MAX_OPENING",
    "PADS",
    "SERVO_DAMPING",
    "SERVO_GAINS",
    "TORQUE_LIMITS",
    "TOUCHING",
    "VELOCITY_LIMITS",
    "WRIST_CAMERA",
    "add_arm",
]

JOINTS = tuple(f"joint{i}" for i in range(1, 8))
FINGER_JOINTS = ("left_finger_joint", "right_finger_joint")
GRIPPER = "gripper"
ACTUATORS = (*JOINTS, GRIPPER)
"""Seven position servos named as their joints (target in rad), and the gripper (target opening in m, 0 to 0.08)."""

PADS = ("left_pad", "right_pad")
"""The geoms that grasp."""
WRIST_CAMERA = "wrist"

JOINT_LIMITS = tuple(zip(LOWER.tolist(), UPPER.tolist(), strict=True))
"""Lower and upper limit of each joint in rad."""
VELOCITY_LIMITS = tuple(VELOCITY.tolist())
"""Greatest joint speed in rad/s. The model does not enforce it: controllers should."""
TORQUE_LIMITS = (87.0, 87.0, 87.0, 87.0, 12.0, 12.0, 12.0)
"""Greatest servo torque in N m, on top of the compensation of gravity."""
SERVO_GAINS = (4500.0, 4500.0, 3500.0, 3500.0, 2000.0, 2000.0, 2000.0)
"""Stiffness of the position servos in N m/rad."""
SERVO_DAMPING = (180.0, 180.0, 140.0, 140.0, 40.0, 40.0, 40.0)
"""Damping of the servos in N m s/rad. MuJoCo integrates a servo at its torque limit explicitly, so damping above
2 * inertia / timestep lets a joint that was once saturated chatter between its limits for ever; a tenth of the
stiffness, often seen, is above it. These values are below it, about critical, and follow targets within 25 ms."""
MASSES = {
    "link1": 4.9707,
    "link2": 0.6469,
    "link3": 3.2286,
    "link4": 3.5879,
    "link5": 1.2259,
    "link6": 1.6666,
    "link7": 0.7355,
    "hand": 0.73,
    "finger": 0.015,
}
"""Masses in kg, of each link, the hand and each finger."""

HOME = tuple(REST.tolist())
"""Joint angles in rad of the ready pose: tcp at (0.50, 0, 0.22) m, pointing straight down. It is keyframe "home"."""
MAX_OPENING = 0.08
"""Greatest distance between the pads in m; each finger moves half of it."""
GRIP_FORCE = 40.0
"""Greatest force of each pad in N. The Panda's hand gives 70 N continuously; light objects need less."""

TOUCHING = ("link5", "link6", "link7", "hand", "finger")
"""Links that can touch things. The shoulder and the upper arm cannot get to what stands on the table, and leaving them
out saves a tenth of the time; so the arm can pass through its own shoulder, where only joint control could send it."""

_FLANGE, _FINGERS, _TCP = 0.107, 0.0584, 0.1034  # m: link 7 to flange; hand to fingers; hand to tcp
_ARMATURE, _DAMPING = 0.1, 1.0  # kg m2 and N m s/rad: rotor and gear losses seen at the joint
_FINGER_ARMATURE, _FINGER_DAMPING = 0.1, 300.0  # kg and N s/m: a finger runs at 0.13 m/s at full force
_CAMERA_TILT = math.radians(20)
_GRIPPER_STIFFNESS = 2000.0  # N/m of missing opening


def add_arm(spec: mujoco.MjSpec, base: mujoco.MjsBody) -> None:
    """Build the arm on the body `base` of `spec`, its foot at the origin of the body, x ahead.

    The body frames are the Denavit-Hartenberg frames, so the site `TCP` stands where the closed form says. Gravity is
    compensated on every link, as the real controller does; what the hand holds is not compensated. The fingers are
    tied by an equality, so both move alike whatever pushes them.

    Adds the bodies link1 ... link7, hand, left_finger and right_finger, and the names listed in this module. They
    stand in `qpos` and `ctrl` in the order of `JOINTS`, `FINGER_JOINTS` and `ACTUATORS`.
    """
    for name, (rgb, specular, shininess) in MATERIALS.items():
        spec.add_material(name=name, rgba=[*rgb, 1], specular=specular, shininess=shininess)
    _add_shells(base, "link0", mass=0)  # it stands still: its mass means nothing
    body = base
    for i, (a, d, quarters) in enumerate(LINKS):
        body = body.add_body(name=f"link{i + 1}", pos=[a, -quarters * d, (1 - abs(quarters)) * d], gravcomp=1)
        body.quat = _turn(quarters * math.pi / 2, axis=1)
        joint = body.add_joint(name=JOINTS[i], axis=[0, 0, 1], range=JOINT_LIMITS[i])
        joint.armature, joint.damping[0] = _ARMATURE, _DAMPING
        _add_shells(body, body.name, MASSES[body.name])
    _add_hand(body)
    _add_servos(spec)
    for pair in (("link5", "link7"), ("left_finger", "right_finger")):
        spec.add_exclude(bodyname1=pair[0], bodyname2=pair[1])


def _add_hand(flange: mujoco.MjsBody) -> None:
    hand = flange.add_body(name="hand", pos=[0, 0, _FLANGE], quat=_turn(-math.pi / 4, axis=3), gravcomp=1)
    _add_shells(hand, "hand", MASSES["hand"])
    hand.add_site(name=TCP, pos=[0, 0, _TCP], size=[0.004], group=4)
    # The wrist camera sits ahead of the hand; image up is the hand's x, and it leans back towards the pads.
    lean, tilt = math.sin(_CAMERA_TILT / 2), math.cos(_CAMERA_TILT / 2)
    hand.add_camera(name=WRIST_CAMERA, pos=[0.08, 0, 0.02], fovy=70, quat=[lean, tilt, tilt, lean])
    for i, side in enumerate(("left", "right")):
        finger = hand.add_body(name=f"{side}_finger", pos=[0, 0, _FINGERS], quat=_turn(i * math.pi, axis=3), gravcomp=1)
        joint = finger.add_joint(name=FINGER_JOINTS[i], type=mujoco.mjtJoint.mjJNT_SLIDE, axis=[0, 1, 0])
        joint.range = [0, MAX_OPENING / 2]
        joint.armature, joint.damping[0] = _FINGER_ARMATURE, _FINGER_DAMPING
        _add_shells(finger, "finger", MASSES["finger"], prefix=f"{side}_")


def _add_servos(spec: mujoco.MjSpec) -> None:
    rows = zip(JOINTS, SERVO_GAINS, SERVO_DAMPING, TORQUE_LIMITS, JOINT_LIMITS, strict=True)
    for name, gain, damping, torque, limits in rows:
        servo = spec.add_actuator(name=name, target=name, trntype=mujoco.mjtTrn.mjTRN_JOINT)
        servo.set_to_position(kp=gain, kv=damping)
        servo.ctrlrange, servo.forcerange = limits, (-torque, torque)
    opening = spec.add_tendon(name="opening")
    for name in FINGER_JOINTS:
        opening.wrap_joint(name, 1.0)
    gripper = spec.add_actuator(name=GRIPPER, target="opening", trntype=mujoco.mjtTrn.mjTRN_TENDON)
    gripper.set_to_position(kp=_GRIPPER_STIFFNESS)
    gripper.ctrlrange, gripper.forcerange = (0, MAX_OPENING), (-GRIP_FORCE, GRIP_FORCE)
    tie = spec.add_equality(name1=FINGER_JOINTS[0], name2=FINGER_JOINTS[1], type=mujoco.mjtEq.mjEQ_JOINT)
    tie.objtype = mujoco.mjtObj.mjOBJ_JOINT
    tie.data[:2] = (0, 1)


def _add_shells(body: mujoco.MjsBody, link: str, mass: float, prefix: str = "") -> None:
    """Add the shapes of a link; the first solid one gets the whole mass, which also gives the inertia."""
    for shell in SHELLS[link]:
        geom = body.add_geom(type=shell.type, material=shell.material, mass=0)
        geom.size[: len(shell.size)] = shell.size
        if len(shell.at) == 6:
            geom.fromto = shell.at
        else:
            geom.pos = shell.at
        if shell.name:
            geom.name = prefix + shell.name
        if shell.solid:
            geom.mass, mass = mass, 0
        if not shell.solid or link not in TOUCHING:
            geom.contype = geom.conaffinity = 0
        if shell.name == "pad":
            # Of two touching geoms the one of higher priority sets the contact: a firm, rubbery one.
            geom.priority, geom.condim, geom.friction = 1, 4, (1.2, 0.01, 0.0001)
            geom.solref, geom.solimp[:2] = (0.01, 1), (0.95, 0.99)


def _turn(angle: float, axis: int) -> list[float]:
    """Return the quaternion (w, x, y, z) of a turn about x (axis 1), y (2) or z (3)."""
    quat = [math.cos(angle / 2), 0.0, 0.0, 0.0]
    quat[axis] = math.sin(angle / 2)
    return quat
