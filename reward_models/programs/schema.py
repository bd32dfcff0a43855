"""The reward language as a JSON schema, for language models that are held to one."""

from __future__ import annotations

from typing import Any

from .state_fields import StateField, fields_of, world_named
from .term import AXES, KINDS, MAX_TERMS, MAX_WEIGHT

__all__ = ["program_schema"]


def program_schema(env_id: str, kinds: tuple[str, ...] = tuple(KINDS), max_terms: int = MAX_TERMS) -> dict[str, Any]:
    """Return the JSON schema of the programs of a world; its names are those that the state documents.

    What it cannot say (whether a and b can be compared, that names differ) is left to `Program.of`.

    Args:
        env_id: an env id or the name of a world.
        kinds: kinds of terms to offer.
        max_terms: most terms of a program.
    """
    world = world_named(env_id)
    terms = [one for kind in kinds for one in _term_schemas(kind, list(fields_of(world).values()))]
    return {
        "type": "object",
        "properties": {
            "world": {"const": world},
            "terms": {"type": "array", "minItems": 1, "maxItems": max_terms, "items": {"anyOf": terms}},
        },
        "required": ["world", "terms"],
        "additionalProperties": False,
    }


def _term_schemas(kind: str, fields: list[StateField]) -> list[dict[str, Any]]:
    """Return the schemas of one kind: vectors and numbers apart, as they are compared with their like."""
    flags = [field.name for field in fields if field.kind == "flag"]
    vectors = [field.name for field in fields if field.kind == "vector"]
    numbers = [field.name for field in fields if field.kind != "vector"]
    numbers += [f"{name}.{axis}" for name in vectors for axis in AXES]
    gates = [gate for flag in flags for gate in (flag, f"not {flag}")]
    number = {"type": "number"}
    if kind == "flag":
        return [_object(kind, gates, a={"enum": flags})] if flags else []
    if kind in ("gain", "value"):
        return [_object(kind, gates, a={"enum": numbers}, scale=number)]
    if not KINDS[kind]:
        return [_object(kind, gates)]
    with_number = _object(kind, gates, a={"enum": numbers}, b={"anyOf": [{"enum": numbers}, number]}, scale=number)
    with_vector = _object(kind, gates, a={"enum": vectors}, b={"enum": vectors}, scale=number)
    return [with_number, with_vector] if vectors else [with_number]


def _object(kind: str, gates: list[str], **parts: dict[str, Any]) -> dict[str, Any]:
    properties = {"name": {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,63}$"}, "kind": {"const": kind}, **parts}
    if gates:
        properties["when"] = {"enum": gates}
    weight = {"type": "number", "minimum": -MAX_WEIGHT, "maximum": MAX_WEIGHT}
    return {
        "type": "object",
        "properties": {**properties, "weight": weight},
        "required": ["name", "kind", *(name for name in parts if name != "b"), "weight"],
        "additionalProperties": False,
    }
