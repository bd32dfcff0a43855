"""Rewards that are learned from data."""
