"""Scripted policies: experts, random and lazy ones, and exploits that earn a reward and fail the objective."""

from .base import SCRIPTED, ScriptedActor, ScriptedPolicy, find_scripted, register

__all__ = ["SCRIPTED", "ScriptedActor", "ScriptedPolicy", "find_scripted", "register"]
