"""Attacking a reward: edits that should not matter and edits that should, its own gradient, and a policy after it."""

from .attack import attack
from .result import AttackReport

__all__ = ["AttackReport", "attack"]
