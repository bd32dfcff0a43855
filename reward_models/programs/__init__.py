"""Rewards that are programs, written by a language model or found by search: they run in a sandbox only."""
