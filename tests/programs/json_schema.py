"""As much of JSON schema as the reward language uses, for checking data against it."""

from __future__ import annotations

import re
from typing import Any

__all__ = ["fits"]


def fits(data: Any, schema: dict[str, Any]) -> bool:
    """Return whether data fits a JSON schema, of which only what the language uses is known."""
    if "anyOf" in schema:
        return any(fits(data, one) for one in schema["anyOf"])
    if "const" in schema or "enum" in schema:
        return data in schema.get("enum", [schema.get("const")])
    if schema["type"] == "object":
        known = schema["properties"]
        return (
            isinstance(data, dict)
            and set(schema["required"]) <= set(data) <= set(known)
            and all(fits(value, known[key]) for key, value in data.items())
        )
    if schema["type"] == "array":
        return schema["minItems"] <= len(data) <= schema["maxItems"] and all(fits(one, schema["items"]) for one in data)
    if schema["type"] == "string":
        return isinstance(data, str) and re.search(schema["pattern"], data) is not None
    number = isinstance(data, int | float) and not isinstance(data, bool)
    return schema["type"] == "number" and number and schema.get("minimum", data) <= data <= schema.get("maximum", data)
