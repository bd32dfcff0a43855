"""What a scripted policy is there for, told by its name: "expert" and "manipulation/reach-expert" are both experts."""

from __future__ import annotations

__all__ = ["role_of"]


def role_of(policy: str) -> str:
    """Return "expert", "random" or "lazy" for the references that every comparison has, else the policy's own name.

    A world's own reference is called "world/role" or, where its envs differ, "world/env-role".
    """
    own = policy.rpartition("/")[2]
    for role in ("expert", "random", "lazy"):
        if own == role or own.endswith(f"-{role}"):
            return role
    return policy
