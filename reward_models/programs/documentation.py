"""A world's state, told to whoever writes rewards: as a Python class, from the state's own docstring."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass

from ...envs.registration import about_env
from .state_fields import StateField, fields_of, state_class, world_named
from .term import KINDS

__all__ = ["StateDocument", "document_state"]

TYPES = {"vector": "np.ndarray", "number": "float", "flag": "float"}
LANGUAGE = """A reward is a sum of weighted terms. s is the state before a step, s2 the state after it.
near[a, b, scale]: 1 - tanh(|a - b| / scale) in s2; 1 where a and b meet, 0.24 at the distance `scale`. \
near[a, scale] compares a with 0.
progress[a, b, scale]: how much nearer a came to b in this step, divided by scale. progress[a, scale]: how much a fell.
gain[a, scale]: how much a rose in this step, divided by scale.
value[a, scale]: a / scale in s2, cut to [-1, 1].
flag[a]: 1 while the flag a is set in s2.
success[]: 1 while the task is done.
step[]: 1 in every step; with a negative weight, a cost of time.
"if FLAG" or "unless FLAG" after a term pays it only while the flag is set, or is not set, in s2.
a and b are fields; of a vector also its parts, as in object.z; b may be a number where a is one.
Beware: where an episode ends with success, terms that pay in every step (near, flag, value) reward waiting; use \
progress and gain there."""
"""What a language model is told of the language."""


@dataclass(frozen=True)
class StateDocument:
    """What is told of a state.

    Attributes:
        world: name of the world.
        env: id of the env, or "".
        fields: everything that may be read, by name.
        text: the state as a Python class with comments.
        task: what the env is about, from its own docstring; "" for a whole world.
        language: how programs are written.
    """

    world: str
    env: str
    fields: Mapping[str, StateField]
    text: str
    task: str
    language: str = LANGUAGE

    @property
    def prompt(self) -> str:
        """State and language, for the prompt of a language model."""
        return f"{self.text}\n\n{self.language}\nKinds of terms: {', '.join(KINDS)}."


def document_state(env_id: str) -> StateDocument:
    """Return what may be told of the state of an env, or of a world, to a language model.

    It lists every field that a program can read, with type, shape and unit, and no oracle: the objective and what
    stands for it are left out. That the class is shown as Python source with comments is the "Pythonic class view" of
    Xie et al. (2023), "Text2Reward" (arXiv 2309.11489).
    """
    world = world_named(env_id)
    fields = fields_of(world)
    env = "" if env_id == world else env_id.rpartition(":")[2]
    first = (inspect.getdoc(state_class(world)) or "").splitlines()[0]
    lines = [f"class {state_class(world).__name__}:", f'    """{first}"""']
    for field in fields.values():
        lines += ["", f"    {field.name}: {TYPES[field.kind]}  # {_type(field)}", f"    # {field.about}"]
    return StateDocument(world, env, fields, "\n".join(lines), about_env(env) if env else "")


def _type(field: StateField) -> str:
    span = "" if field.low is None or field.flag else f", in [{field.low:g}, {field.high:g}]"
    sort = {"vector": f"vector of {field.size}", "number": "number", "flag": "flag, 1 or 0"}[field.kind]
    return f"{sort}{span}{f', {field.unit}' if field.unit else ''}{', computed' if field.derived else ''}"
