"""Examining a reward before anything is trained on it: one command, a verdict, and the episode that games it."""

from .examine import AuditReport, audit

__all__ = ["AuditReport", "audit"]
