"""Samplers: how a policy's experience is collected."""
