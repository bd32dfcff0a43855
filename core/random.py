"""Seeds and hashes that are equal on every machine, in every process (Python's own `hash` is not)."""

from __future__ import annotations

import hashlib

__all__ = ["derive_seed", "stable_hash"]


def stable_hash(text: str, bits: int = 64) -> int:
    """Return a `bits`-bit hash of `text` (BLAKE2b), the same everywhere and for ever; `bits` is at most 64."""
    digest = hashlib.blake2b(text.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> (64 - bits)


def derive_seed(*parts: object) -> int:
    """Derive a 32-bit seed from any printable parts: `derive_seed(7, "train", 12)`.

    Streams derived from different parts are independent for all practical purposes, so one run seed can
    feed the env, the policy and the evaluation without any of them sharing random numbers.
    """
    return stable_hash("\x1f".join(repr(part) for part in parts), bits=32)
